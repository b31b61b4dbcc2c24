import type { MeetingRoom } from '#lib/database/answers/meetings.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';

/** The live room of a meeting; 404 for who is not of its group. */
export async function readMeetingRoom(client: DataClient, group: string, code: string): Promise<MeetingRoom> {
	const room = await rpc(client, 'read_meeting_room', { code });
	return room?.group.code === group ? room : notFound();
}
