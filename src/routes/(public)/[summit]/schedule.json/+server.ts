import { readPublicAgenda } from '#lib/agenda/server/kept.ts';
import { scheduleOf } from '#lib/calendar/schedule.ts';
import { answerFile } from '#lib/calendar/server/answer.ts';
import { scheduleContext } from '#lib/calendar/words.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, type RequestHandler } from '@sveltejs/kit';

/** The public agenda in the exchange format of frab and pentabarf. */
export const GET: RequestHandler = async ({ locals, request, url }) => {
	const { summit } = locals;
	if (!summit) error(404, m.shell_not_found());
	const agenda = await readPublicAgenda(summit.id);
	const schedule = scheduleOf(agenda.sessions, {
		...scheduleContext(summit, url.origin),
		version: String(agenda.release?.number ?? 0)
	});
	return answerFile(request, `${JSON.stringify({ schedule })}\n`, 'application/json; charset=utf-8', {
		released: agenda.release?.released_at ?? null,
		personal: false
	});
};
