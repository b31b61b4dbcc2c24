import type { DataClient } from '#lib/database/client.ts';
import type { RequestEvent } from '@sveltejs/kit';
import type { Announcement, AnnouncementDraft, SentAnnouncement, Target } from '#lib/announcements/announcement.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { locale, type Locale } from '#lib/i18n/locale.ts';
import { LiveCache } from '#lib/live/server/live-cache.ts';

/** Whether a Summit shows nothing to anybody: its pages then ask once in five seconds, or when something is announced. */
const silences = new LiveCache<boolean>({
	entries: 200,
	ttl: 5000,
	onEvent: ({ kind }, cache) => {
		if (kind === 'announcement') cache.clear();
	}
});

/** What is shown to a person, null while the Summit shows nothing to anybody; asking is being delivered to. */
async function deliver(person: string, summit: string, language: Locale): Promise<Announcement[] | null> {
	const rows = await callPrivate<{ deliver_announcements: Announcement[] | null }>('deliver_announcements', [
		person,
		summit,
		language
	]);
	return rows[0]?.deliver_announcements ?? null;
}

/** What every page of this person shows, in its language. Without an answer there is none: no page fails for it. */
export async function takeAnnouncements(person: string, summit: string, language: Locale): Promise<Announcement[]> {
	return (await deliver(person, summit, language).catch(() => null)) ?? [];
}

/** What this page shows its reader of them, asked once a request. A device that keeps a page keeps none of it. */
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

/** Their own, those of before too, newest first. */
export async function myAnnouncements(client: DataClient, summit: string): Promise<Announcement[]> {
	return rpc(client, 'list_my_announcements', { summit, language: locale() });
}

/** They had these before their eyes; `away`: they put them away, of an urgent one by saying that they read it. */
export async function seeAnnouncements(client: DataClient, ids: string[], away: boolean): Promise<void> {
	await rpc(client, 'mark_announcements_seen', { announcements: ids, away });
}

/** How many a target names at this moment; null when it names nothing, or the reader may not announce. */
export async function countAnnounced(
	client: DataClient,
	summit: string,
	target: Target
): Promise<{ people: number; push: number; mail: number } | null> {
	const answer = await rpc<{ status: string; people: number; push: number; mail: number }>(
		client,
		'count_announcement_recipients',
		{
			summit,
			target
		}
	);
	return answer.status === 'ok' ? answer : null;
}

/** Makes an announcement; `once` is the form's own id, so that a second click makes no second. */
export async function announce(
	client: DataClient,
	summit: string,
	once: string,
	target: Target,
	written: AnnouncementDraft
): Promise<{ status: 'ok' | 'already' | 'nobody' | 'invalid' | 'not_allowed'; id?: string; people?: number }> {
	return rpc(client, 'announce', { summit, once, target, written });
}

/** Those that were made, newest first; null for whoever may not announce. */
export async function listAnnouncements(client: DataClient, summit: string): Promise<SentAnnouncement[] | null> {
	return rpc(client, 'list_announcements', { summit });
}

/** Takes one off every page. */
export async function withdrawAnnouncement(
	client: DataClient,
	announcement: string
): Promise<'ok' | 'already' | 'not_allowed'> {
	return rpc(client, 'withdraw_announcement', { announcement });
}
