import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Checkpoint } from '#lib/door/checkpoint.ts';
import type { DoorDesk, Inside } from '#lib/door/desk.ts';

/** The door as organisers see it; null for who may not. */
export function readDoorDesk(client: SupabaseClient, summit: string): Promise<DoorDesk | null> {
	return ask(client, 'read_door_desk', { summit });
}

/** Everybody inside by name; the look is audited. Null for who may not. */
export function readInside(client: SupabaseClient, summit: string): Promise<Inside[] | null> {
	return ask(client, 'list_people_inside', { summit });
}

/** Ends a device: its next request is refused, and what it holds is wiped. */
export function shutOutDevice(client: SupabaseClient, device: string): Promise<'ok' | 'not_found'> {
	return ask(client, 'revoke_door_device', { device });
}

/** Writes how a conflict ended. */
export function resolveConflict(
	client: SupabaseClient,
	conflict: string,
	note: string
): Promise<'ok' | 'not_found' | 'invalid'> {
	return ask(client, 'resolve_door_conflict', { conflict, note });
}

/** Adds a checkpoint, or changes the one of this id. */
export function saveCheckpoint(
	client: SupabaseClient,
	summit: string,
	checkpoint: string | null,
	fields: Record<string, unknown>
): Promise<{ status: 'ok' | 'not_allowed' | 'not_found' | 'invalid'; id?: string }> {
	return ask(client, 'save_checkpoint', { summit, checkpoint, fields });
}

/** All checkpoints, those too that were closed. */
export function listAllCheckpoints(client: SupabaseClient, summit: string): Promise<Checkpoint[]> {
	return ask(client, 'list_checkpoints', { summit, with_ended: true });
}
