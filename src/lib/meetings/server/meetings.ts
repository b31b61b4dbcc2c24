import type { Meeting, MeetingPoll } from '#lib/database/answers/meetings.ts';
import type { Group } from '#lib/database/answers/groups.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { leadsMeetings } from '#lib/meetings/meeting.ts';

/** A page of the meetings of a group, and the next one; 404 for who is not of it. */
export async function listMeetings(client: DataClient, group: string, page = 1) {
	return (await rpc(client, 'list_group_meetings', { code: group, page })) ?? notFound();
}

/** A meeting of a group; 404 for one that the reader does not see. */
export async function readMeeting(client: DataClient, group: string, code: string): Promise<Meeting> {
	const meeting = await rpc(client, 'read_meeting', { code });
	return meeting?.group.code === group ? meeting : notFound();
}

/** A meeting that the reader leads; 404 for all others. */
export async function readLedMeeting(client: DataClient, group: string, code: string): Promise<Meeting> {
	const meeting = await readMeeting(client, group, code);
	return meeting.leads ? meeting : notFound();
}

/** What the pages need on which chairs and secretaries plan; 404 for all others, and once the group has ended. */
export function planningOf(group: Group) {
	return {
		group: leadsMeetings(group) && !group.is_ended ? group : notFound(),
		zones: Intl.supportedValuesOf('timeZone'),
		/** By this id a form that is sent twice plans once. */
		once: crypto.randomUUID()
	};
}

/** The times that are offered to a group; 404 for a poll that the reader does not see. */
export async function readPoll(client: DataClient, group: string, code: string): Promise<MeetingPoll> {
	const poll = await rpc(client, 'read_meeting_poll', { code });
	return poll?.group.code === group ? poll : notFound();
}
