import { rpc } from '#lib/database/server/rpc.ts';
import { readGroup } from '#lib/groups/server/groups.ts';
import { listMeetings } from '#lib/meetings/server/meetings.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const page = pageNumber(url.searchParams);
	const [group, list, polls] = await Promise.all([
		readGroup(supabase, params.group),
		listMeetings(supabase, params.group, page),
		rpc(supabase, 'list_meeting_polls', { code: params.group })
	]);
	return { group, page, total: list.total, meetings: list.meetings, polls: polls ?? [] };
};
