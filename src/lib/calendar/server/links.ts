import { createHash, randomBytes } from 'node:crypto';
import { agendaFrom } from '#lib/agenda/reading.ts';
import type { Agenda } from '#lib/agenda/session.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { SupabaseClient } from '@supabase/supabase-js';

const shape = /^[A-Za-z0-9_-]{32}$/;

function hashOf(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}

/** Makes the person's calendar link, ending the one before. The token is shown once: only its hash is kept. */
export async function renewCalendarLink(reader: SupabaseClient, summit: string): Promise<string | null> {
	const token = randomBytes(24).toString('base64url');
	const { data, error } = await reader.rpc('create_calendar_link', {
		summit,
		token_hash: hashOf(token).toString('hex')
	});
	if (error) throw new Error(`create_calendar_link was refused (${error.code}).`);
	return data === 'ok' ? token : null;
}

/** Ends the person's calendar link; calendars that have it find nothing from then on. */
export async function revokeCalendarLink(reader: SupabaseClient, summit: string): Promise<void> {
	const { error } = await reader.rpc('revoke_calendar_link', { summit });
	if (error) throw new Error(`revoke_calendar_link was refused (${error.code}).`);
}

/** Whether the person has a calendar link now. */
export async function hasCalendarLink(reader: SupabaseClient, summit: string): Promise<boolean> {
	const { data, error } = await reader.rpc('has_calendar_link', { summit });
	if (error) throw new Error(`has_calendar_link was refused (${error.code}).`);
	return data === true;
}

/** Whose agenda a link opens: the Summit's slug and what the person marked or takes part in. Null when unknown or ended. */
export async function agendaOfLink(token: string): Promise<{ slug: string; agenda: Agenda } | null> {
	if (!shape.test(token)) return null;
	const [link] = await callPrivate<{ person_id: string; summit_id: string; summit_slug: string }>('person_of_link', [
		hashOf(token),
		'calendar'
	]);
	if (!link) return null;
	const [row] = await callPrivate<{ read_agenda_for: unknown }>('read_agenda_for', [
		link.person_id,
		link.summit_id,
		true
	]);
	return { slug: link.summit_slug, agenda: agendaFrom(row?.read_agenda_for) };
}
