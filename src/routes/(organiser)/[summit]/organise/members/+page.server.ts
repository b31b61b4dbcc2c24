import { isSector } from '#lib/members/member.ts';
import { listMemberRequests, listMembers } from '#lib/members/server/members.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	if (!summit) error(404);
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 100);
	const asked = url.searchParams.get('sector');
	const sector = isSector(asked) ? asked : null;
	const page = Math.max(1, Math.min(9999, Number.parseInt(url.searchParams.get('page') ?? '1', 10) || 1));
	const [{ total, members }, requests] = await Promise.all([
		listMembers(supabase, summit.id, { query, sectors: sector ? [sector] : [], page, size }),
		listMemberRequests(supabase, summit.id)
	]);
	return {
		query,
		sector,
		page,
		pages: Math.max(1, Math.ceil(total / size)),
		total,
		members,
		requests,
		mayChange: holdsRole(viewer, summit.id, 'registration')
	};
};
