import { rpc } from '#lib/database/server/rpc.ts';
import { readGroup } from '#lib/groups/server/groups.ts';
import { listMeetings } from '#lib/meetings/server/meetings.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params }) => {
	const [group, meetings, polls] = await Promise.all([
		readGroup(supabase, params.group),
		listMeetings(supabase, params.group),
		rpc(supabase, 'list_meeting_polls', { code: params.group })
	]);
	return { group, meetings, polls: polls ?? [] };
};
