import { createHash, randomBytes } from 'node:crypto';
import { emptyFeed, type Feed } from '#lib/calendar/feed.ts';
import type { CalendarMeeting } from '#lib/database/answers/calendar.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** What a link opens: a Summit's slug with what the person marked or takes part in, and the meetings of their groups. */
type PersonalFeed = { person: string } & (
	{ status: 'ended' } | { status: 'ok'; slug: string; feed: Feed; meetings: CalendarMeeting[] }
);

const shape = /^[A-Za-z0-9_-]{32}$/;

/** The stored form of a token. */
export function linkTokenHash(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}

/** Makes the person's calendar link, and ends the former one. The token is shown once, and only its hash is stored. */
export async function renewCalendarLink(reader: DataClient, summit: string): Promise<string | null> {
	const token = randomBytes(24).toString('base64url');
	const made = await rpc(reader, 'create_calendar_link', { summit, token_hash: linkTokenHash(token).toString('hex') });
	return made === 'ok' ? token : null;
}

/** Ends the person's calendar link; calendars with it find nothing from then on. */
export async function revokeCalendarLink(reader: DataClient, summit: string): Promise<void> {
	await rpc(reader, 'revoke_calendar_link', { summit });
}

/** Whether the person has a calendar link now. */
export async function hasCalendarLink(reader: DataClient, summit: string): Promise<boolean> {
	return rpc(reader, 'has_calendar_link', { summit });
}

/** The feed of a link: `ended` when it was renewed, ended or expired; null for an unknown one. */
export async function feedOfLink(token: string): Promise<PersonalFeed | null> {
	if (!shape.test(token)) return null;
	const [row] = await callPrivate('read_personal_feed', [linkTokenHash(token)]);
	const found = row?.read_personal_feed;
	if (found?.status !== 'ok') return found ?? null;
	const { agenda, ...rest } = found;
	return { ...rest, feed: agenda ?? emptyFeed };
}
