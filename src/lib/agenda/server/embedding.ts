import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The sites that may embed a Summit's public agenda. */
export async function readEmbedOrigins(client: DataClient, summit: string): Promise<string[]> {
	return (await rpc(client, 'read_embed_origins', { summit })) ?? [];
}

/** Answers ok | not_allowed | invalid. */
export function saveEmbedOrigins(client: DataClient, summit: string, origins: readonly string[]): Promise<string> {
	return rpc(client, 'save_embed_origins', { summit, origins });
}
