import type { SupabaseClient } from '@supabase/supabase-js';
import type { Answer, Builder, Change } from '#lib/agenda/builder/builder.ts';
import type { MoveFacts } from '#lib/agenda/builder/proposals.ts';
import { ask } from '#lib/database/server/ask.ts';

/** The draft for the builder; null for all but programme organisers. */
export async function readBuilder(client: SupabaseClient, summit: string): Promise<Builder | null> {
	return ask(client, 'read_agenda_builder', { summit });
}

/** Places, moves, swaps and takes away, all or nothing. */
export async function changePlacements(
	client: SupabaseClient,
	summit: string,
	changes: readonly Change[]
): Promise<Answer> {
	return ask(client, 'change_placements', { summit, changes });
}

/** Undoes the organiser's own last change, or (`forward`) does it again. */
export async function stepPlacements(client: SupabaseClient, summit: string, forward: boolean): Promise<Answer> {
	return ask(client, 'undo_or_redo_placement', { summit, forward });
}

/** What is known for moving a session; null when it is not to be edited. */
export async function readMove(client: SupabaseClient, session: string): Promise<MoveFacts | null> {
	return ask(client, 'read_move_options', { session });
}
