import { readSession } from '#lib/agenda/server/sessions.ts';
import { calendarOf } from '#lib/calendar/feed.ts';
import { answerFile, prepareFile } from '#lib/calendar/server/answer.ts';
import { readSessionFeed } from '#lib/calendar/server/feeds.ts';
import { feedWords } from '#lib/calendar/words.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, type RequestHandler } from '@sveltejs/kit';

/** One session as a calendar, for people who may see the session. */
export const GET: RequestHandler = async ({ locals, params, request, url }) => {
	const { summit, supabase, viewer } = locals;
	const session = await readSession(supabase, summit.id, params['code'] ?? '');
	if (!session) error(404, m.ui_not_found());
	const words = { ...feedWords(summit, url.origin, false), name: text(session.title).text };
	const body = calendarOf(await readSessionFeed(supabase, session), words, null);
	const address = `${url.origin}${url.pathname} ${viewer?.personId ?? ''}`;
	const answer = answerFile(
		request,
		await prepareFile(address, body, false),
		'text/calendar; charset=utf-8',
		viewer !== null
	);
	if (session.level !== 'public') answer.headers.set('x-robots-tag', 'noindex');
	answer.headers.set('content-disposition', `attachment; filename="${session.code}.ics"`);
	return answer;
};
