import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The sites that may embed a Summit's public agenda. */
export async function readEmbedOrigins(client: DataClient, summit: string): Promise<string[]> {
	return (await rpc(client, 'read_embed_origins', { summit })) ?? [];
}

/** Replaces the sites that may show the agenda. */
export function saveEmbedOrigins(client: DataClient, summit: string, origins: readonly string[]) {
	return rpc(client, 'save_embed_origins', { summit, origins });
}
