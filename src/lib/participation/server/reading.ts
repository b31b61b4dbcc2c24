import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { ParticipationDefaults, ParticipationData } from '#lib/participation/participation.ts';

/** What stands beside the picture of a room; null where nothing is on that the reader may watch. */
export async function readParticipation(
	client: DataClient,
	summit: string,
	room: string
): Promise<ParticipationData | null> {
	const readAt = Date.now();
	const read = await rpc<Omit<ParticipationData, 'readAt'> | null>(client, 'read_stage_sidebar', { summit, room });
	return read && { ...read, readAt };
}

/** How sessions of a Summit begin; null for whoever may not know. */
export function readDefaults(client: DataClient, summit: string): Promise<ParticipationDefaults | null> {
	return rpc<ParticipationDefaults | null>(client, 'read_participation_defaults', { summit });
}

/** Sets how sessions of a Summit begin. `ok`, or why not: invalid, not_found. */
export function saveDefaults(client: DataClient, summit: string, defaults: ParticipationDefaults): Promise<string> {
	return rpc<string>(client, 'save_participation_defaults', { summit, ...defaults });
}
