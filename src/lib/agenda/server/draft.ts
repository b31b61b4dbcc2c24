import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Draft, DraftSession, SessionOrigin } from '#lib/agenda/draft.ts';
import { isId } from '#lib/forms/ids.ts';

/** What saving a session answers. */
export interface SessionSaved {
	status: 'ok' | 'not_allowed' | 'unknown' | 'conflict' | 'room_taken' | 'invalid';
	id?: string;
	version?: number;
}

/** The draft as this organiser sees it. */
export async function readDraft(client: SupabaseClient, summit: string): Promise<Draft> {
	return ask(client, 'read_draft', { summit });
}

/** One session of the draft, or null when unknown or not to be seen. */
export async function readDraftSession(client: SupabaseClient, session: string): Promise<DraftSession | null> {
	if (!isId(session)) return null;
	const found = await ask<DraftSession | null>(client, 'read_draft_session', { session });
	return found?.id ? found : null;
}

/** What the file said from which a session was imported. */
export async function readOrigins(client: SupabaseClient, session: string): Promise<SessionOrigin[]> {
	return ask(client, 'read_session_origins', { session });
}

/** Makes (`session` null) or changes a session with its times and rooms, all or nothing. */
export async function saveSession(
	client: SupabaseClient,
	summit: string,
	session: string | null,
	fields: Record<string, unknown>
): Promise<SessionSaved> {
	return ask(client, 'save_session', { summit, session, fields });
}

/** Answers ok | already | not_allowed | unknown_person. */
export async function addSessionPerson(
	client: SupabaseClient,
	session: string,
	person: string,
	role: string
): Promise<string> {
	return ask(client, 'add_session_person', { session, person, role });
}

/** Answers ok | not_allowed. */
export async function changeSessionPerson(client: SupabaseClient, entry: string, state: string): Promise<string> {
	return ask(client, 'change_session_person', { entry, state });
}

/** Answers ok | not_allowed. */
export async function removeSessionPerson(client: SupabaseClient, entry: string): Promise<string> {
	return ask(client, 'remove_session_person', { entry });
}

/** Lists a member or a person by name. Answers ok | already | not_allowed | unknown. */
export async function addToAudience(
	client: SupabaseClient,
	session: string,
	who: { person: string | null; member: string | null }
): Promise<string> {
	return ask(client, 'add_to_audience', { session, ...who });
}

/** Answers ok | not_allowed. */
export async function removeFromAudience(client: SupabaseClient, entry: string): Promise<string> {
	return ask(client, 'remove_from_audience', { entry });
}
