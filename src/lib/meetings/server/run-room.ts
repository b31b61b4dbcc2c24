import type { RoomParts, RunBooth, RunRoom } from '#lib/database/answers/meetings.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { withNames } from '#lib/stage/naming.ts';
import * as v from 'valibot';

const uuid = v.pipe(v.string(), v.uuid());

/** The workshop that is on in a room of the venue, or the open one of this run, as the id of its run; null where there is none for the reader. */
export async function findWorkshop(
	client: DataClient,
	summit: string,
	room: string,
	run?: string
): Promise<string | null> {
	if (run !== undefined && !v.is(uuid, run)) return null;
	return rpc(client, 'find_run_room', { summit, room, ...(run !== undefined && { run }) });
}

/** The workshop of a run, which a page named: of another one that has begun meanwhile in the same room it gets nothing. 404 where there is none. */
export async function requireWorkshop(
	{ supabase, summit, viewer }: App.Locals,
	{ room, run }: { room: string; run: string }
): Promise<string> {
	return (viewer && (await findWorkshop(supabase, summit.id, room, run))) ?? notFound();
}

/** The room of a workshop; null for who may not be there. */
export async function readRunRoom(client: DataClient, run: string): Promise<RunRoom | null> {
	const room = await rpc(client, 'read_run_room', { run });
	return room && { ...room, ...named(room) };
}

/** The page of a booth of a workshop; null for everybody but its interpreters. */
export async function readRunBooth(
	client: DataClient,
	room: string,
	run: string,
	language: string
): Promise<RunBooth | null> {
	if (!v.is(uuid, run)) return null;
	const view = await rpc(client, 'read_run_booth', { run, language });
	return view?.room.slug === room ? { ...view, people: withNames(view.people) } : null;
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
