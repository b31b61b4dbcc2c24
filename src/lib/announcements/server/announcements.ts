import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { RequestEvent } from '@sveltejs/kit';
import type { Announcement, AnnouncementDraft, SentAnnouncement, Target } from '#lib/announcements/announcement.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { locale, type Locale } from '#lib/i18n/locale.ts';
import { LiveCache } from '#lib/live/server/live-cache.ts';

/**
 * Whether a Summit shows no announcement to anybody: its pages then ask once in five seconds, or when something is
 * announced.
 */
const silences = new LiveCache<boolean>({
	entries: 200,
	ttl: 5000,
	onEvent: ({ kind }, cache) => {
		if (kind === 'announcement') cache.clear();
	}
});

/**
 * The announcements shown to a person, null while the Summit shows none to anybody; reading them counts as delivery.
 */
async function deliver(person: string, summit: string, language: Locale): Promise<Announcement[] | null> {
	const rows = await callPrivate('deliver_announcements', [person, summit, language]);
	return rows[0]?.deliver_announcements ?? null;
}

/**
 * The announcements on every page of this person, in its language. An error gives none, so that no page fails because
 * of it.
 */
export async function takeAnnouncements(person: string, summit: string, language: Locale): Promise<Announcement[]> {
	return (await deliver(person, summit, language).catch(() => null)) ?? [];
}

/** The announcements for this page's reader, read once a request. An offline copy contains none. */
export async function announcedOn({
	locals,
	request
}: Pick<RequestEvent, 'locals' | 'request'>): Promise<Announcement[]> {
	const { viewer, shownSummit: summit } = locals;
	const person = viewer?.personId;
	if (!person || !summit || new URL(request.url).searchParams.has('keep')) return [];
	const isSilent = async () => (await deliver(person, summit.id, locale())) === null;
	if (await silences.get(summit.id, isSilent).catch(() => true)) return [];
	return (locals.announcements ??= takeAnnouncements(person, summit.id, locale()));
}

/** All announcements of the reader, past ones too, newest first. */
export async function myAnnouncements(client: DataClient, summit: string): Promise<Announcement[]> {
	return rpc(client, 'list_my_announcements', { summit, language: locale() });
}

/** Records that the reader saw these; `away`: they dismissed them, which confirms that they have read an urgent one. */
export async function seeAnnouncements(client: DataClient, ids: string[], away: boolean): Promise<void> {
	await rpc(client, 'mark_announcements_seen', { announcements: ids, away });
}

/** The current number of people in an audience; null when it names nothing, or the reader may not announce. */
export async function countAnnounced(
	client: DataClient,
	summit: string,
	target: Target
): Promise<{ people: number; push: number; mail: number } | null> {
	const answer = await rpc(client, 'count_announcement_recipients', {
		summit,
		target
	});
	return answer.status === 'ok' ? answer : null;
}

/** Makes an announcement; `once` is the form's own id, so that a second click makes no second one. */
export async function announce(
	client: DataClient,
	summit: string,
	once: string,
	target: Target,
	written: AnnouncementDraft
): Promise<AnswerOf<'announce'>> {
	return rpc(client, 'announce', { summit, once, target, written });
}

/** The announcements that were made, newest first; null for readers who may not announce. */
export async function listAnnouncements(client: DataClient, summit: string): Promise<SentAnnouncement[] | null> {
	return rpc(client, 'list_announcements', { summit });
}

/** Withdraws one from every page. */
export async function withdrawAnnouncement(client: DataClient, announcement: string) {
	return rpc(client, 'withdraw_announcement', { announcement });
}
