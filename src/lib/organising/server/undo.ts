import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The acts that the reader can undo at a Summit, the latest first. */
export const listUndoable = (client: DataClient, summit: string) => rpc(client, 'my_undoable_acts', { summit });

/** Undoes an act of the reader, in whole or not at all. */
export const undoAct = (client: DataClient, summit: string, act: string): Promise<AnswerOf<'undo_act'>> =>
	rpc(client, 'undo_act', { summit, act });
