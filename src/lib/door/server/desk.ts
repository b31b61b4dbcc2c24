import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Checkpoint } from '#lib/door/checkpoint.ts';
import type { DoorDesk, PersonInside } from '#lib/door/desk.ts';

/** The door as organisers see it; null for everybody else. */
export function readDoorDesk(client: DataClient, summit: string): Promise<DoorDesk | null> {
	return rpc(client, 'read_door_desk', { summit });
}

/** Everybody inside by name; the reading is audited. Null for everybody else. */
export function readInside(client: DataClient, summit: string): Promise<PersonInside[] | null> {
	return rpc(client, 'list_people_inside', { summit });
}

/** Ends a device: its next request is refused, and its data is wiped. */
export function shutOutDevice(client: DataClient, device: string) {
	return rpc(client, 'revoke_door_device', { device });
}

/** Records how a conflict was resolved. */
export function resolveConflict(client: DataClient, conflict: string, note: string) {
	return rpc(client, 'resolve_door_conflict', { conflict, note });
}

/** Adds a checkpoint, or changes the one with this id. */
export function saveCheckpoint(
	client: DataClient,
	summit: string,
	checkpoint: string | null,
	fields: Record<string, unknown>
): Promise<AnswerOf<'save_checkpoint'>> {
	return rpc(client, 'save_checkpoint', { summit, checkpoint, fields });
}

/** All checkpoints, closed ones included. */
export function listAllCheckpoints(client: DataClient, summit: string): Promise<Checkpoint[]> {
	return rpc(client, 'list_checkpoints', { summit, with_ended: true });
}
