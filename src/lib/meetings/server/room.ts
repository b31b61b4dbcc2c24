import type {
	MeetingBooth,
	MeetingCaptioning,
	MeetingRoom,
	ReadRoomCaptions,
	RoomParts
} from '#lib/database/answers/meetings.ts';
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

/** Captions of the room in a language, also those later than `after`, in milliseconds; 404 for who is not in the room of all. */
export async function readRoomCaptions(
	client: DataClient,
	code: string,
	language: string,
	after: number | null
): Promise<ReadRoomCaptions> {
	const values = { code, language, ...(after !== null && { after }) };
	return (await rpc(client, 'read_meeting_captions', values)) ?? notFound();
}

/** The page of a captioner of a meeting; null for everybody else. */
export async function readMeetingCaptioning(
	client: DataClient,
	group: string,
	code: string,
	language: string
): Promise<MeetingCaptioning | null> {
	const view = await rpc(client, 'read_meeting_captioning', { code, language });
	return view?.group.code === group ? view : null;
}

/** The page of a booth of a meeting; null for everybody but its interpreters. */
export async function readMeetingBooth(
	client: DataClient,
	group: string,
	code: string,
	language: string
): Promise<MeetingBooth | null> {
	const view = await rpc(client, 'read_meeting_booth', { code, language });
	return view?.group.code === group ? view : null;
}

/** The reader's own code, by which chairs name them, and the meetings for which they were named as staff. */
export function readMeetingWork(client: DataClient) {
	return rpc(client, 'read_my_meeting_work');
}
