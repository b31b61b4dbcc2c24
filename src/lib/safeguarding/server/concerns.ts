import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { Concern } from '#lib/safeguarding/concerns.ts';

/** What is reported, and where; `reporter` null: anonymous. */
export interface Report {
	summit: string;
	session: string | null;
	run: string | null;
	reporter: string | null;
	words: string;
}

interface SealedConcern extends Omit<Concern, 'words' | 'note'> {
	words_sealed: string;
	key_id: string;
	note_sealed: string | null;
	note_key_id: string | null;
}

/** Hands a concern to the safeguarding leads, sealed. */
export async function raiseConcern({ summit, session, run, reporter, words }: Report): Promise<void> {
	const { sealed, keyId } = theSealer().seal(words.trim(), contexts.concern);
	await callPrivate('raise_concern', [summit, session, run, reporter, '', sealed, keyId]);
}

/** Reports a message of the chat as a concern, by whoever hears it: ok, already or not_found. */
export async function reportMessage(person: string | null, message: string): Promise<string> {
	const found = await callPrivate<{ reported_words: string | null }>('reported_words', [person, message]);
	const words = found[0]?.reported_words;
	if (!words) return 'not_found';
	const { sealed, keyId } = theSealer().seal(words, contexts.concern);
	const rows = await callPrivate<{ report_message: string }>('report_message', [person, message, sealed, keyId]);
	return rows[0]?.report_message ?? 'not_found';
}

// Null: its key is gone.
function opened(sealed: string | null, keyId: string | null): string | null {
	if (sealed === null || keyId === null) return '';
	try {
		return theSealer().open(Buffer.from(sealed, 'hex'), keyId, contexts.concern);
	} catch {
		return null;
	}
}

/** The concerns of a Summit, opened, for its safeguarding leads; null for everyone else. */
export async function listConcerns(client: SupabaseClient, summit: string): Promise<Concern[] | null> {
	const list = await ask<SealedConcern[] | null>(client, 'list_concerns', { summit });
	return (
		list?.map(({ words_sealed, key_id, note_sealed, note_key_id, ...concern }) => ({
			...concern,
			words: opened(words_sealed, key_id),
			note: opened(note_sealed, note_key_id) ?? ''
		})) ?? null
	);
}

/** Closes one with what was done, or opens it again: ok, already or not_found. */
export function closeConcern(client: SupabaseClient, concern: string, closed: boolean, note: string): Promise<string> {
	const { sealed, keyId } = theSealer().seal(note, contexts.concern);
	const kept = note === '' ? {} : { note_sealed: sealed.toString('hex'), note_key_id: keyId };
	return ask<string>(client, 'close_concern', { concern, closed, ...kept });
}
