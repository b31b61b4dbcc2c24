import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';

/** Opens the stage of a session. `ok`, or why not: not_found, cancelled, too_early, no_room. */
export async function openRun(client: SupabaseClient, session: string): Promise<string> {
	return (await ask<{ status: string }>(client, 'open_run', { session })).status;
}

/** Moves a run on. `ok`, `already`, or why not: not_found, not_possible, room_busy. */
export function setRunState(client: SupabaseClient, run: string, state: string): Promise<string> {
	return ask<string>(client, 'set_run_state', { run, state });
}

/** Brings somebody on stage or takes them off. `ok`, `already`, or why not: not_found, not_a_speaker, kept_off, ended. */
export function setOnStage(client: SupabaseClient, run: string, person: string, onStage: boolean): Promise<string> {
	return ask<string>(client, 'set_on_stage', { run, person, on_stage: onStage });
}

/** Bars somebody from a session, or lets them in again. `ok`, `already`, or why not: not_found, not_allowed. */
export function barFromSession(
	client: SupabaseClient,
	session: string,
	person: string,
	barred: boolean
): Promise<string> {
	return ask<string>(client, 'bar_from_session', { session, person, barred });
}
