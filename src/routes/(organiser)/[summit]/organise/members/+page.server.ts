import { holdsRole } from '#lib/accounts/viewer.ts';
import { memberQuery } from '#lib/members/registry.ts';
import { listMemberRequests, listMembers } from '#lib/members/server/members.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	const query = memberQuery(url.searchParams);
	const [list, requests] = await Promise.all([
		listMembers(supabase, summit.id, query, size),
		listMemberRequests(supabase, summit.id)
	]);
	if (!list) error(403);
	return { query, size, list, requests, mayChange: holdsRole(viewer, summit.id, 'registration') };
};
