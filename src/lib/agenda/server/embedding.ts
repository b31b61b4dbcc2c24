import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';

/** The sites that may show a Summit's public agenda. */
export async function readEmbedOrigins(client: SupabaseClient, summit: string): Promise<string[]> {
	const found = await ask<unknown>(client, 'read_embed_origins', { summit });
	return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : [];
}

/** Answers ok | not_allowed | invalid. */
export function saveEmbedOrigins(client: SupabaseClient, summit: string, origins: readonly string[]): Promise<string> {
	return ask(client, 'save_embed_origins', { summit, origins });
}
