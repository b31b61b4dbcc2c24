import { scheduleOf, type Schedule } from '#lib/calendar/schedule.ts';
import { scheduleContext } from '#lib/calendar/words.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { readPublicFeed } from './feeds.ts';

/** The public agenda of a Summit in the exchange format, in the language of the request. */
export async function publicSchedule(summit: Summit, origin: string): Promise<Schedule> {
	const { release, sessions } = await readPublicFeed(summit.id);
	return scheduleOf(sessions, { ...scheduleContext(summit, origin), version: String(release?.number ?? 0) });
}
