import { Temporal } from 'temporal-polyfill';

/**
 * The instant of a wall time in a zone ("2027-06-09T10:30", "America/Montevideo") as ISO UTC; null when it is no time. A
 * time that a clock change skips is the one after it.
 */
export function instantOf(wall: string, zone: string): string | null {
	try {
		return new Date(Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds).toISOString();
	} catch {
		return null;
	}
}

/** The wall time of an instant in a zone, for a field: "2027-06-09T10:30"; '' for none. */
export function wallOf(instant: string | null | undefined, zone: string): string {
	if (!instant) return '';
	const at = Temporal.Instant.from(new Date(instant).toISOString()).toZonedDateTimeISO(zone);
	return at.toPlainDateTime().toString({ smallestUnit: 'minute' });
}

/** Whether a text is a calendar date, "2027-06-09". */
export function isDate(value: string): boolean {
	try {
		return Temporal.PlainDate.from(value).toString() === value;
	} catch {
		return false;
	}
}
