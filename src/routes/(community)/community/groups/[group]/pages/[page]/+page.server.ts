import { readGroupPage } from '#lib/groups/server/pages.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => ({
	page: await readGroupPage(supabase, params.group, params.page, url.searchParams.get('version'))
});
