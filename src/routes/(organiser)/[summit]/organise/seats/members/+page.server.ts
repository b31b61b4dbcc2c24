import { memberQuery } from '#lib/members/registry.ts';
import { listMembers } from '#lib/members/server/members.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const query = memberQuery(url.searchParams);
	const mode = url.searchParams.get('mode') === 'virtual' ? ('virtual' as const) : ('in_person' as const);
	const list = await listMembers(locals.supabase, summit.id, query, size);
	if (!list) error(403);
	return { query, mode, size, list };
};
