import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Defaults, Participation } from '#lib/participation/participation.ts';

/** What stands beside the picture of a room; null where nothing is on that the reader may watch. */
export async function readParticipation(
	client: SupabaseClient,
	summit: string,
	room: string
): Promise<Participation | null> {
	const readAt = Date.now();
	const read = await ask<Omit<Participation, 'readAt'> | null>(client, 'read_stage_sidebar', { summit, room });
	return read && { ...read, readAt };
}

/** How sessions of a Summit begin; null for whoever may not know. */
export function readDefaults(client: SupabaseClient, summit: string): Promise<Defaults | null> {
	return ask<Defaults | null>(client, 'read_participation_defaults', { summit });
}

/** Sets how sessions of a Summit begin. `ok`, or why not: invalid, not_found. */
export function saveDefaults(client: SupabaseClient, summit: string, defaults: Defaults): Promise<string> {
	return ask<string>(client, 'save_participation_defaults', { summit, ...defaults });
}
