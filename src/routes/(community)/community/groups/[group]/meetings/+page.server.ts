import { readGroup } from '#lib/groups/server/groups.ts';
import { listMeetings } from '#lib/meetings/server/meetings.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const [group, meetings] = await Promise.all([
		readGroup(supabase, params.group),
		listMeetings(supabase, params.group)
	]);
	return { group, meetings, done: url.searchParams.get('done') ?? '' };
};
