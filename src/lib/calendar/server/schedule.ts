import { eventFactsOf } from '#lib/calendar/feed.ts';
import { scheduleOf, type Schedule } from '#lib/calendar/schedule.ts';
import { scheduleContext } from '#lib/calendar/words.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { readPublicFeed } from './feeds.ts';

/** The public agenda of a Summit in the exchange format, in the language of the request. */
export async function publicSchedule(summit: Summit, origin: string): Promise<Schedule> {
	const feed = await readPublicFeed(summit.id);
	return scheduleOf(feed.sessions, {
		...scheduleContext(summit, origin),
		version: String(feed.release?.number ?? 0),
		dayBegins: feed.day_begins ?? 0,
		biographies: feed.biographies ?? {},
		facts: (session) => eventFactsOf(feed, session)
	});
}
