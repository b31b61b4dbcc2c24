import { allowReading } from '#lib/ui/server/open-feeds.ts';
import { calendarOf } from '#lib/calendar/feed.ts';
import { answerFile, prepareFile } from '#lib/calendar/server/answer.ts';
import { readPublicFeed } from '#lib/calendar/server/feeds.ts';
import { feedWords } from '#lib/calendar/words.ts';
import { href } from '#lib/i18n/locale.ts';
import { type RequestHandler } from '@sveltejs/kit';

/** The public agenda as a calendar: the same for every reader, signed in or not. */
export const GET: RequestHandler = async ({ locals, request, url }) => {
	const { summit } = locals;
	const address = url.origin + href(`/${summit.slug}/agenda.ics`);
	const body = calendarOf(await readPublicFeed(summit.id), feedWords(summit, url.origin, false), address);
	return answerFile(request, await prepareFile(address, body, false), 'text/calendar; charset=utf-8', false);
};

export const OPTIONS = allowReading;
