import { m } from '#lib/i18n/messages.ts';
import { needsQuery } from '#lib/logistics/needs.ts';
import { listNeeds, needsPageSize } from '#lib/logistics/server/needs.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const query = needsQuery(url.searchParams);
	const list = await listNeeds(supabase, summit.id, query);
	if (!list) error(403, m.ui_forbidden());
	return { list, query, size: needsPageSize };
};
