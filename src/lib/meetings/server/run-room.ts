import type { RoomParts, RunRoom } from '#lib/database/answers/meetings.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { withNames } from '#lib/stage/naming.ts';

/** The workshop that is on in a room of the venue, as the id of its run; null where there is none for the reader. */
export function findWorkshop(client: DataClient, summit: string, room: string): Promise<string | null> {
	return rpc(client, 'find_run_room', { summit, room });
}

/** The same; 404 where there is none. */
export async function requireWorkshop({ supabase, summit, viewer }: App.Locals, room: string): Promise<string> {
	return (viewer && (await findWorkshop(supabase, summit.id, room))) ?? notFound();
}

/** The room of a workshop; null for who may not be there. */
export async function readRunRoom(client: DataClient, run: string): Promise<RunRoom | null> {
	const room = await rpc(client, 'read_run_room', { run });
	return room && { ...room, ...named(room) };
}

/** People without a name for this reader are participants, and so are authors where the level names nobody. */
export function named<Part extends Pick<RoomParts, 'people' | 'messages'>>(part: Part): Part {
	return {
		...part,
		...(part.people && { people: withNames(part.people) }),
		...(part.messages && {
			messages: part.messages.map((message) => ({ ...message, from: message.from || m.stage_unnamed() }))
		})
	};
}
