import { createHash, randomBytes } from 'node:crypto';
import { feedFrom, type Feed } from '#lib/calendar/feed.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { DataClient } from '#lib/database/client.ts';

const shape = /^[A-Za-z0-9_-]{32}$/;

/** The stored form of a token. */
export function hashOf(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}

/** Makes the person's calendar link, and ends the former one. The token is shown once, and only its hash is stored. */
export async function renewCalendarLink(reader: DataClient, summit: string): Promise<string | null> {
	const token = randomBytes(24).toString('base64url');
	const { data, error } = await reader.rpc('create_calendar_link', {
		summit,
		token_hash: hashOf(token).toString('hex')
	});
	if (error) throw new Error(`create_calendar_link was refused (${error.code}).`);
	return data === 'ok' ? token : null;
}

/** Ends the person's calendar link; calendars with it find nothing from then on. */
export async function revokeCalendarLink(reader: DataClient, summit: string): Promise<void> {
	const { error } = await reader.rpc('revoke_calendar_link', { summit });
	if (error) throw new Error(`revoke_calendar_link was refused (${error.code}).`);
}

/** Whether the person has a calendar link now. */
export async function hasCalendarLink(reader: DataClient, summit: string): Promise<boolean> {
	const { data, error } = await reader.rpc('has_calendar_link', { summit });
	if (error) throw new Error(`has_calendar_link was refused (${error.code}).`);
	return data === true;
}

/** The content of a link: a Summit's slug with the sessions that the person marked or participates in. */
export interface PersonalFeed {
	status: 'ok' | 'ended';
	person: string;
	slug: string;
	feed: Feed;
}

/** The feed of a link: `ended` when it was renewed, ended or expired; null for an unknown one. */
export async function feedOfLink(token: string): Promise<PersonalFeed | null> {
	if (!shape.test(token)) return null;
	const [row] = await callPrivate<{ read_personal_feed: (PersonalFeed & { agenda: unknown }) | null }>(
		'read_personal_feed',
		[hashOf(token)]
	);
	const found = row?.read_personal_feed;
	return found ? { ...found, feed: feedFrom(found.agenda) } : null;
}
