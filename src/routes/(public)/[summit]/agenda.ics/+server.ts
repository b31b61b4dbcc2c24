import { readPublicAgenda } from '#lib/agenda/server/kept.ts';
import { calendarOf } from '#lib/calendar/feed.ts';
import { answerFile } from '#lib/calendar/server/answer.ts';
import { feedWords } from '#lib/calendar/words.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, type RequestHandler } from '@sveltejs/kit';

/** The public agenda as a calendar: the same for every reader, signed in or not. */
export const GET: RequestHandler = async ({ locals, request, url }) => {
	const { summit } = locals;
	if (!summit) error(404, m.shell_not_found());
	const agenda = await readPublicAgenda(summit.id);
	const body = calendarOf(
		agenda,
		feedWords(summit, url.origin, false),
		url.origin + href(`/${summit.slug}/agenda.ics`)
	);
	return answerFile(request, body, 'text/calendar; charset=utf-8', {
		released: agenda.release?.released_at ?? null,
		personal: false
	});
};
