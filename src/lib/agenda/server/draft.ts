import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Draft, DraftSession, SessionGroups, SessionOrigin } from '#lib/agenda/draft.ts';
import { isId } from '#lib/forms/ids.ts';
import type { SessionSaved } from '#lib/database/answers/agenda/draft.ts';

/** The draft as this organiser may see it. */
export async function readDraft(client: DataClient, summit: string): Promise<Draft> {
	return rpc(client, 'read_draft', { summit });
}

/** One session of the draft, or null when it is unknown or invisible. */
export async function readDraftSession(client: DataClient, session: string): Promise<DraftSession | null> {
	if (!isId(session)) return null;
	const found = await rpc(client, 'read_draft_session', { session });
	return found?.id ? found : null;
}

/** Fields of the file from which a session was imported. */
export async function readOrigins(client: DataClient, session: string): Promise<SessionOrigin[]> {
	return rpc(client, 'read_session_origins', { session });
}

/** Creates (`session` null) or changes a session with its times and rooms, all or nothing. */
export async function saveSession(
	client: DataClient,
	summit: string,
	session: string | null,
	fields: Record<string, unknown>
): Promise<SessionSaved> {
	return rpc(client, 'save_session', { summit, session, fields });
}

/** Changes a session beside the board, so that it can be undone there. */
export async function editSession(
	client: DataClient,
	summit: string,
	session: string,
	fields: Record<string, unknown>
): Promise<SessionSaved> {
	return rpc(client, 'edit_session', { summit, session, fields });
}

/** Adds a person to a session. */
export async function addSessionPerson(
	client: DataClient,
	session: string,
	person: string,
	role: Enums<'session_role'>
) {
	return rpc(client, 'add_session_person', { session, person, role });
}

/** Records the answer of a person of a session. */
export async function changeSessionPerson(client: DataClient, entry: string, state: Enums<'participation_state'>) {
	return rpc(client, 'change_session_person', { entry, state });
}

/** Removes a person from a session. */
export async function removeSessionPerson(client: DataClient, entry: string) {
	return rpc(client, 'remove_session_person', { entry });
}

/** Adds a member or a person to the audience. */
export async function addToAudience(
	client: DataClient,
	session: string,
	who: { person: string | null; member: string | null }
) {
	return rpc(client, 'add_to_audience', { session, ...who });
}

/** The groups of a session, and those that may be chosen; none for who may not edit it. */
export async function readSessionGroups(client: DataClient, session: string): Promise<SessionGroups> {
	return (await rpc(client, 'read_session_groups', { session })) ?? { groups: [], choices: [] };
}

/** Removes an entry of the audience. */
export async function removeFromAudience(client: DataClient, entry: string) {
	return rpc(client, 'remove_from_audience', { entry });
}
