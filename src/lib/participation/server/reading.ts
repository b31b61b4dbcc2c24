import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Participation } from '#lib/participation/participation.ts';

/** What stands beside the picture of a room; null where nothing is on that the reader may watch. */
export function readParticipation(client: SupabaseClient, summit: string, room: string): Promise<Participation | null> {
	return ask<Participation | null>(client, 'read_participation', { summit, room });
}
