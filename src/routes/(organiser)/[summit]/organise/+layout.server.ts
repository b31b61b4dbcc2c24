import { listWaiting } from '#lib/organising/server/waiting.ts';
import type { LayoutServerLoad } from './$types';

/** The counts of the menu. */
export const load: LayoutServerLoad = async ({ locals }) => {
	const { summit, supabase } = locals;
	return { waiting: await listWaiting(supabase, summit.id) };
};
