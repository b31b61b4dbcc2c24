import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { HallRun } from '#lib/stage/hall.ts';

/** The runs of a room that are not over, with what sends for its hall; null for whoever does not answer for all stages. */
export function readEncoders(client: SupabaseClient, summit: string, room: string): Promise<HallRun[] | null> {
	return ask<HallRun[] | null>(client, 'read_encoders', { summit, room });
}

/** The code of a run's encoder, told once; the one before it ends. Null for whoever may not make one. */
export async function makeEncoderCode(client: SupabaseClient, run: string): Promise<string | null> {
	return (await ask<{ code?: string }>(client, 'make_encoder_code', { run })).code ?? null;
}

/** Ends an encoder's code, or the ingress of a run. `ok`, `already` or not_found. */
export function endEncoder(client: SupabaseClient, run: string, kind: 'encoder' | 'ingress'): Promise<string> {
	return ask<string>(client, 'end_encoder', { run, kind });
}
