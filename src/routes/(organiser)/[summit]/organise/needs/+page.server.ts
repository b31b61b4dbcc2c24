import { m } from '#lib/i18n/messages.ts';
import { readerRoles } from '#lib/logistics/logistics.ts';
import { needsQuery } from '#lib/logistics/needs.ts';
import { listNeeds, needsPageSize } from '#lib/logistics/server/needs.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const query = needsQuery(url.searchParams);
	const list = await listNeeds(supabase, summit.id, query);
	if (!list) error(403, m.ui_forbidden());
	// An owner may enter, but is in no team by that alone.
	const isInTeam = locals.viewer?.roles.some(
		({ role, summitId }) =>
			(summitId === null || summitId === summit.id) && readerRoles.some((reader) => reader === role)
	);
	return { list, query, size: needsPageSize, isInTeam };
};
