import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { Concern } from '#lib/safeguarding/concerns.ts';

/** What is reported, and where; `reporter` null: anonymous. */
export interface Report {
	summit: string;
	session: string | null;
	run: string | null;
	reporter: string | null;
	words: string;
}

/** Hands a concern to the safeguarding leads. */
export async function raiseConcern({ summit, session, run, reporter, words }: Report): Promise<void> {
	await callPrivate('raise_concern', [summit, session, run, reporter, '', words]);
}

/** The concerns of a Summit, for its safeguarding leads; null for everyone else. */
export function listConcerns(client: SupabaseClient, summit: string): Promise<Concern[] | null> {
	return ask<Concern[] | null>(client, 'list_concerns', { summit });
}

/** Closes one, or opens it again: ok, already or not_found. */
export function closeConcern(client: SupabaseClient, concern: string, closed: boolean, note: string): Promise<string> {
	return ask<string>(client, 'close_concern', { concern, closed, note });
}
