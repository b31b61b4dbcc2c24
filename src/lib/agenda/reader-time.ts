/*
 * Times by the reader's own clocks. The browser fills them in where the server does not know the zone, so this file imports nothing: it is
 * part of the small script that every public page loads.
 */

/** A time in the reader's zone, and its day where that is not the venue's. */
interface ReaderTime {
	time: string;
	day: string | null;
}

// Latin digits and the Gregorian calendar in every language, as on the clocks in the hall.
function tagOf(language: string): string {
	const variety = { en: 'en-GB', pt: 'pt-PT' }[language] ?? language;
	return `${variety}-u-ca-gregory-nu-latn`;
}

const made = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = language + JSON.stringify(options);
	const known = made.get(key) ?? new Intl.DateTimeFormat(tagOf(language), options);
	made.set(key, known);
	return known;
}

/** The time of a moment (milliseconds) in the reader's zone; null where their clocks and the venue's agree. */
export function readerTime(moment: number, zone: string, venue: string, language: string): ReaderTime | null {
	const inZone = (timeZone: string, options: Intl.DateTimeFormatOptions) =>
		format(language, { ...options, timeZone }).format(moment);
	const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
	const date = { weekday: 'short', day: 'numeric', month: 'long' } as const;
	const time = inZone(zone, clock);
	const day = inZone(zone, date);
	const sameDay = day === inZone(venue, date);
	if (sameDay && time === inZone(venue, clock)) return null;
	return { time, day: sameDay ? null : day };
}

/** The city that names a zone: "America/Montevideo" → "Montevideo". */
export function cityOf(zone: string): string {
	return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** Fills in "{time} in {place}" and similar texts. */
export function fill(pattern: string, words: Record<string, string>): string {
	return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
}
