import type { MeetingRoom, RoomParts } from '#lib/database/answers/meetings.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { PartName } from '../room/room-parts.ts';

/** The live room of a meeting; 404 for who is not of its group. */
export async function readMeetingRoom(client: DataClient, group: string, code: string): Promise<MeetingRoom> {
	const room = await rpc(client, 'read_meeting_room', { code });
	return room?.group.code === group ? room : notFound();
}

/** Parts of the room, for who is in it: people, hands, the reader's own place, the messages, or those after one. 404 for others. */
export async function readRoomParts(
	client: DataClient,
	code: string,
	parts: readonly PartName[],
	after: string | null
): Promise<RoomParts> {
	const values = { code, parts: [...parts], ...(after !== null && { after }) };
	return (await rpc(client, 'read_meeting_room_parts', values)) ?? notFound();
}
