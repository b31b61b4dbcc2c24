import { allowReading } from '#lib/ui/server/open-feeds.ts';
import { scheduleXml } from '#lib/calendar/schedule-xml.ts';
import { answerFile, prepareFile } from '#lib/calendar/server/answer.ts';
import { publicSchedule } from '#lib/calendar/server/schedule.ts';
import { type RequestHandler } from '@sveltejs/kit';

/** The public agenda in the exchange format of frab and pentabarf. */
export const GET: RequestHandler = async ({ locals, request, url }) => {
	const { summit } = locals;
	const schedule = await publicSchedule(summit, url.origin);
	const file = await prepareFile(url.origin + url.pathname, scheduleXml(schedule), false);
	return answerFile(request, file, 'application/xml; charset=utf-8', false);
};

export const OPTIONS = allowReading;
