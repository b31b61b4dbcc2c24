import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { ListedPlaces, Places, PlacesFor, AccessChannel } from '#lib/agenda/places.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { SignedUp } from '#lib/database/answers/agenda/sessions.ts';

/**
 * The state of a session's limited places; null where everyone may come, or where the reader may not see the session.
 */
export async function readPlaces(client: DataClient, session: string): Promise<Places | null> {
	return rpc(client, 'read_places', { session });
}

/** The same for the sessions in the reader's own agenda, by session id. */
export async function readMyPlaces(client: DataClient, summit: string): Promise<Map<string, Places>> {
	return new Map(Object.entries(await rpc(client, 'read_my_places', { summit })));
}

/** Takes a place, or a place in the queue when none is free. */
export function signUp(client: DataClient, session: string, channel: AccessChannel): Promise<SignedUp> {
	return rpc(client, 'sign_up', { session, channel });
}

/** Gives up the reader's place, or place in the queue. */
export function cancelSignUp(client: DataClient, session: string) {
	return rpc(client, 'cancel_sign_up', { session });
}

/** The sessions with limited places. */
export function listPlaces(client: DataClient, summit: string): Promise<ListedPlaces[]> {
	return rpc(client, 'list_session_places', { summit });
}

/** Limits the places of a session; both null: everyone may come. */
export function setPlaces(
	client: DataClient,
	session: string,
	limits: { hall: number | null; online: number | null; closes_at: string | null; enforced_at_entry: PlacesFor }
): Promise<AnswerOf<'set_session_places'>> {
	return rpc(client, 'set_session_places', { session, ...limits });
}

/**
 * How a person is notified of changes: by mail, or on the page only; and which sessions are sent to their calendar by
 * mail.
 */
interface AgendaNotifications {
	how: 'mail' | 'page';
	calendar: (typeof calendarChoices)[number];
}

/**
 * What is sent to a calendar by mail: sessions in which the person participates or has a place, their whole agenda, or
 * nothing.
 */
export const calendarChoices = ['own', 'marked', 'none'] as const;

/** The person's choice. */
export async function readAgendaNotifications(client: DataClient, person: string): Promise<AgendaNotifications> {
	const columns = 'how:agenda_changes, calendar:calendar_invitations';
	const { data } = await client.from('person_preferences').select(columns).eq('person_id', person).limit(1);
	return (data as AgendaNotifications[] | null)?.[0] ?? { how: 'mail', calendar: 'own' };
}

/** Sets how the reader is notified of changes, and what is sent to their calendar. */
export async function saveAgendaNotifications(client: DataClient, how: string, calendar: string): Promise<void> {
	await rpc(client, 'set_agenda_notifications', { how });
	await rpc(client, 'choose_calendar_invitations', { how: calendar });
}
