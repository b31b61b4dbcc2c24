import { dayKey } from '#lib/i18n/time.ts';
import type { Entry } from './session.ts';

/** The days with entries, as "2027-06-10" in the venue's zone, in order. */
export function daysOf(entries: readonly Entry[], zone: string): string[] {
	return [...new Set(entries.map((entry) => dayKey(entry.start, zone)))].sort();
}

/** The day to open with: the requested one if it exists, today, else the next one, else the first. */
export function openingDay(days: readonly string[], asked: string | null, now: number, zone: string): string | null {
	if (asked !== null && days.includes(asked)) return asked;
	const today = dayKey(now, zone);
	const last = days.at(-1);
	// When all is over, a reader starts again at the first day.
	if (last === undefined || last < today) return days[0] ?? null;
	return days.find((day) => day >= today) ?? null;
}

/** The entries that start on a day of the venue. */
export function entriesOn(entries: readonly Entry[], day: string, zone: string): Entry[] {
	return entries.filter((entry) => dayKey(entry.start, zone) === day);
}

/** Noon of a day in UTC: a moment that names the day when formatted in UTC. */
export function noonOf(day: string): string {
	return `${day}T12:00:00Z`;
}
