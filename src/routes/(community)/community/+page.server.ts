import { myGroupActions } from '#lib/groups/server/groups.ts';
import { listImpactReports } from '#lib/impact/server/released.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, viewer } }) => ({
	actions: viewer?.personId ? await myGroupActions(supabase) : [],
	reports: await listImpactReports()
});
