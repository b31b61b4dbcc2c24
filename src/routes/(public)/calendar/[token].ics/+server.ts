import { calendarOf } from '#lib/calendar/feed.ts';
import { answerFile } from '#lib/calendar/server/answer.ts';
import { agendaOfLink } from '#lib/calendar/server/links.ts';
import { feedWords } from '#lib/calendar/words.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { findSummit } from '#lib/summits/server/kept.ts';
import { error, type RequestHandler } from '@sveltejs/kit';

/** A person's own agenda, for their calendar. The link signs nobody in; an ended one is as if it had never been. */
export const GET: RequestHandler = async ({ params, request, url }) => {
	const found = await agendaOfLink(params['token'] ?? '');
	const summit = found && (await findSummit(found.slug, null));
	if (!found || !summit) error(404, m.shell_not_found());
	const body = calendarOf(found.agenda, feedWords(summit, url.origin, true), url.origin + href(url.pathname));
	return answerFile(request, body, 'text/calendar; charset=utf-8', { released: null, personal: true });
};
