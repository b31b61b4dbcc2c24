import { calendarOf } from '#lib/calendar/feed.ts';
import { meetingEventOf } from '#lib/calendar/meeting.ts';
import { answerFile, prepareFile } from '#lib/calendar/server/answer.ts';
import { personalFile, type PersonalFile } from '#lib/calendar/server/feeds.ts';
import { feedOfLink, linkTokenHash } from '#lib/calendar/server/links.ts';
import { feedWords } from '#lib/calendar/words.ts';
import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { findSummit } from '#lib/summits/server/cache.ts';
import type { RequestHandler } from '@sveltejs/kit';

/** A person's own agenda for their calendar. The link signs nobody in; an ended one says so, and never works again. */
export const GET: RequestHandler = async ({ params, request, url }) => {
	const token = params['token'] ?? '';
	const key = `${linkTokenHash(token).toString('base64url')} ${locale()}`;
	const { status, file } = await personalFile(key, () => make(token, key, url));
	if (file) return answerFile(request, file, 'text/calendar; charset=utf-8', true);
	const headers = {
		'content-type': 'text/plain; charset=utf-8',
		'cache-control': 'no-store',
		'x-robots-tag': 'noindex'
	};
	return status === 'ended'
		? new Response(`${m.calendar_gone()}\n`, { status: 410, headers })
		: new Response(`${m.calendar_unknown()}\n`, { status: 404, headers });
};

async function make(token: string, key: string, url: URL): Promise<PersonalFile> {
	const found = await feedOfLink(token);
	if (found?.status !== 'ok') return { status: found?.status ?? 'unknown', person: found?.person ?? null, file: null };
	const summit = await findSummit(found.slug, null);
	if (!summit) return { status: 'unknown', person: found.person, file: null };
	// The address is a secret: a calendar that is shared on would give it away.
	const meetings = found.meetings.map((meeting) => meetingEventOf(meeting, url.origin));
	const body = calendarOf(found.feed, feedWords(summit, url.origin, true), null, meetings);
	return { status: 'ok', person: found.person, file: await prepareFile(key, body) };
}
