import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Builder, Change } from '#lib/agenda/builder/builder.ts';
import type { BoardNote } from '#lib/agenda/builder/presence.ts';
import type { BoardPerson } from '#lib/database/answers/agenda/builder.ts';
import type { MoveFacts } from '#lib/agenda/builder/proposals.ts';
import type { ScheduleFacts } from '#lib/agenda/solver/problem.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The draft for the builder; null for all but programme organisers. */
export async function readBuilder(client: DataClient, summit: string): Promise<Builder | null> {
	return rpc(client, 'read_agenda_builder', { summit });
}

/** Places, moves, swaps and unschedules, all or nothing. */
export async function changePlacements(
	client: DataClient,
	summit: string,
	changes: readonly Change[]
): Promise<AnswerOf<'change_placements'>> {
	return rpc(client, 'change_placements', { summit, changes });
}

/** Undoes the organiser's own last change, or (`forward`) redoes it. */
export async function stepPlacements(
	client: DataClient,
	summit: string,
	forward: boolean
): Promise<AnswerOf<'undo_or_redo_placement'>> {
	return rpc(client, 'undo_or_redo_placement', { summit, forward });
}

/** Notes what the reader has open on a page of the board, and answers who else is there; null where they may not build. */
export async function noteBoardPresence(
	client: DataClient,
	summit: string,
	{ page, session, isDragging, leaves }: BoardNote
): Promise<BoardPerson[] | null> {
	return rpc(client, 'note_board_presence', { summit, page, session, is_dragging: isDragging, leaves });
}

/** The data for moving a session; null when the reader may not edit it. */
export async function readMove(client: DataClient, session: string): Promise<MoveFacts | null> {
	return rpc(client, 'read_move_options', { session });
}

/** Copies the breaks and blocked rooms of a day, or everything, to another day. */
export async function copyDay(
	client: DataClient,
	summit: string,
	{ from, to, sessions }: { from: string; to: string; sessions: boolean }
): Promise<AnswerOf<'copy_agenda_day'>> {
	return rpc(client, 'copy_agenda_day', { summit, from_day: from, to_day: to, sessions });
}

/** Everything that decides where sessions may be, for a proposal; null for all but programme organisers. */
export async function readScheduleFacts(client: DataClient, summit: string): Promise<ScheduleFacts | null> {
	return rpc(client, 'read_schedule_facts', { summit });
}
