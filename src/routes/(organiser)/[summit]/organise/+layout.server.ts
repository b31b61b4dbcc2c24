import { holdsRole } from '#lib/accounts/viewer.ts';
import { listWaiting } from '#lib/organising/server/waiting.ts';
import { listSummits } from '#lib/summits/server/settings.ts';
import type { LayoutServerLoad } from './$types';

/** What the menu needs on each page: counts, and the Summits to go to. */
export const load: LayoutServerLoad = async ({ locals, params }) => {
	// Read here so that another Summit has its own.
	void params.summit;
	const { summit, supabase, viewer } = locals;
	const [waiting, ownSummits] = await Promise.all([listWaiting(supabase, summit.id), listSummits(supabase)]);
	return { waiting, ownSummits, mayMake: holdsRole(viewer, null, 'owner') };
};
