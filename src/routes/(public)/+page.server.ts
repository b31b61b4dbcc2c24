import { holdsRole } from '#lib/accounts/viewer.ts';
import { listSummits } from '#lib/summits/server/settings.ts';
import type { PageServerLoad } from './$types';
import { readLanding } from './landing.ts';

export const csr = false;

/**
 * The current Summit; before the first one is announced there is none. Organisers find their other Summits here, drafts
 * included.
 */
export const load: PageServerLoad = async ({ locals }) => {
	const { viewer, shownSummit: summit, supabase } = locals;
	const organises = (viewer?.roles ?? []).some(({ role }) => role !== 'door');
	const [landing, own] = await Promise.all([readLanding(locals), organises ? listSummits(supabase) : []]);
	return {
		landing,
		own: own.filter(({ id }) => id !== summit?.id),
		mayMake: holdsRole(viewer, null, 'owner')
	};
};
