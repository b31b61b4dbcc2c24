import { dayKey } from '#lib/i18n/time.ts';
import { localTimeOf } from '#lib/summits/local-time.ts';

/** Whether a time is within the humane hours of one day, in a person's own zone. */
export function isHumane(
	start: number,
	end: number,
	zone: string,
	limits: { daytime_from: string; daytime_until: string }
): boolean {
	const clock = (at: number) => localTimeOf(new Date(at).toISOString(), zone).slice(11);
	const [from, until] = [clock(start), clock(end)];
	const isOneDay = dayKey(start, zone) === dayKey(end, zone);
	return isOneDay && from >= limits.daytime_from.slice(0, 5) && until <= limits.daytime_until.slice(0, 5);
}
