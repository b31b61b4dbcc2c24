import { joinFacts } from '#lib/i18n/list.ts';
import { clock, clockRange, day, dayKey } from '#lib/i18n/time.ts';

/** A time at the venue, and for a reader elsewhere (null when that is the same). */
interface ZoneTimes {
	here: string;
	there: string | null;
}

/** Formats a time or a range in both zones; with the day when it is not today, or not the venue's. */
export function zoneTimes(at: {
	start: string;
	end?: string;
	/** The venue's zone. */
	zone: string;
	reader: string | null;
	now: number;
}): ZoneTimes {
	const { start, end, zone, reader, now } = at;
	const time = (place: string) => (end ? clockRange(start, end, place) : clock(start, place));
	const isToday = dayKey(start, zone) === dayKey(now, zone);
	const here = isToday ? time(zone) : joinFacts([day(start, zone), time(zone)]);
	const sameDay = reader !== null && dayKey(start, reader) === dayKey(start, zone);
	if (reader === null || (sameDay && clock(start, reader) === clock(start, zone))) return { here, there: null };
	return { here, there: sameDay ? time(reader) : joinFacts([day(start, reader), time(reader)]) };
}
