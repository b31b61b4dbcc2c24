import { addDays } from '#lib/i18n/time.ts';
import { Temporal } from 'temporal-polyfill';

// A year without exactly four digits breaks pages and calendars; the database refuses it too.
const [first, last] = [Date.UTC(1970, 0, 1), Date.UTC(2200, 0, 1)];

/**
 * The instant of a wall time in a zone ("2027-06-09T10:30", "America/Montevideo") as ISO UTC; null when it is invalid or out of range. A
 * time that a clock change skips is moved to the one after it.
 */
export function instantOf(wall: string, zone: string): string | null {
	try {
		const at = Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
		return isInYears(at) ? new Date(at).toISOString() : null;
	} catch {
		return null;
	}
}

/** The start of a calendar day in a zone, in milliseconds. Throws when it is invalid. */
export function startOfDay(day: string, zone: string): number {
	return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
}

/** When a Summit is over, in milliseconds: the midnight after its last day, at its venue (private.summit_end). */
export function endOfSummit({ ends_on: day, zone }: { ends_on: string; zone: string }): number {
	return startOfDay(addDays(day, 1), zone);
}

/** The last minute of a calendar day ("2027-06-09") in a zone, as ISO UTC; null when it is invalid. */
export function endOfDay(day: string, zone: string): string | null {
	// eslint-disable-next-line no-restricted-syntax -- this is the one place.
	return instantOf(`${day}T23:59`, zone);
}

/** The wall time of an instant in a zone, for a field: "2027-06-09T10:30"; '' for none. */
export function localTimeOf(instant: string | null | undefined, zone: string): string {
	if (!instant) return '';
	const at = Temporal.Instant.from(new Date(instant).toISOString()).toZonedDateTimeISO(zone);
	return at.toPlainDateTime().toString({ smallestUnit: 'minute' });
}

/** Whether an instant (milliseconds) is in range for a Summit: from 1970 to 2199. */
export function isInYears(at: number): boolean {
	return at >= first && at < last;
}

/** Whether a text is a calendar date, "2027-06-09". */
export function isDate(value: string): boolean {
	try {
		const date = Temporal.PlainDate.from(value);
		return date.toString() === value && date.year >= 1900 && date.year < 2200;
	} catch {
		return false;
	}
}
