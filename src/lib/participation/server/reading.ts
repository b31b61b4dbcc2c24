import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { ParticipationDefaults, ParticipationData } from '#lib/participation/participation.ts';

/** The sidebar's content for the current run of a room, or for this open run there; null when the reader may watch nothing in it. */
export async function readParticipation(
	client: DataClient,
	summit: string,
	room: string,
	run?: string
): Promise<ParticipationData | null> {
	const readAt = Date.now();
	const read = await rpc(client, 'read_stage_sidebar', { summit, room, ...(run !== undefined && { run }) });
	return read && { ...read, readAt };
}

/** The defaults for sessions of a Summit; null for readers who may not see them. */
export function readDefaults(client: DataClient, summit: string): Promise<ParticipationDefaults | null> {
	return rpc(client, 'read_participation_defaults', { summit });
}

/** Sets the defaults for sessions of a Summit. */
export function saveDefaults(client: DataClient, summit: string, defaults: ParticipationDefaults) {
	return rpc(client, 'save_participation_defaults', { summit, ...defaults });
}
