import { minorDigits } from './currency.ts';
import { intlTag, locale } from './locale.ts';

/** A moment: an instant as Date, milliseconds or an ISO string with an offset. */
type Moment = Date | number | string;

type Style = Intl.DateTimeFormatOptions;

const formats = new Map<string, Intl.DateTimeFormat>();

// Latin digits and the Gregorian calendar in every language, as on the clocks in the hall.
function tagOf(language: string): string {
	return `${intlTag(language)}-u-ca-gregory-nu-latn`;
}

function formatter(zone: string, style: Style, language: string): Intl.DateTimeFormat {
	const key = `${language} ${zone} ${JSON.stringify(style)}`;
	let found = formats.get(key);
	if (!found) {
		found = new Intl.DateTimeFormat(tagOf(language), { ...style, timeZone: zone });
		if (formats.size > 2000) formats.clear();
		formats.set(key, found);
	}
	return found;
}

function instant(moment: Moment): Date {
	return moment instanceof Date ? moment : new Date(moment);
}

/** "10:30", 24 hours. */
export function clock(moment: Moment, zone: string, language: string = locale()): string {
	return formatter(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, language).format(instant(moment));
}

/** "Thu 10 June", or with `weekday: 'long'` "Thursday 10 June"; `year` adds the year. */
export function day(
	moment: Moment,
	zone: string,
	options: { weekday?: 'short' | 'long' | 'none'; year?: boolean } = {},
	language: string = locale()
): string {
	const { weekday = 'short', year = false } = options;
	const style: Style = { day: 'numeric', month: 'long', ...(year && { year: 'numeric' }) };
	const written = (of: Style) => formatter(zone, of, language).format(instant(moment));
	if (weekday === 'none') return withoutYearMark(written(style));
	return language === 'en'
		? `${written({ weekday })} ${written(style)}`
		: withoutYearMark(written({ weekday, ...style }));
}

// In Russian a year ends with "г.", whose full stop would be doubled at the end of a sentence.
const withoutYearMark = (date: string) => date.replace(/\sг\.$/u, '');

/** "10 June 2027": a date of the calendar, or that of an instant by UTC. */
export const utcDate = (moment: Moment): string => day(moment, 'UTC', { weekday: 'none', year: true });

/** "10 June 2027, 10:30" */
export function dayAndClock(moment: Moment, zone: string, language: string = locale()): string {
	const comma = { ar: '،', zh: '' }[language] ?? ',';
	return `${day(moment, zone, { weekday: 'none', year: true }, language)}${comma} ${clock(moment, zone, language)}`;
}

/** "2027-06-10" in the zone: the key of a day. */
export function dayKey(moment: Moment, zone: string): string {
	const parts = formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }, 'en').formatToParts(
		instant(moment)
	);
	const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
	return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The calendar date so many days after another ("2027-06-09"), before it when negative: days of a zone have 23 to 25 hours. */
export function addDays(from: string, days: number): string {
	return new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

// The separator before the first part and between the two.
const hourWords: Record<string, [from: string, to: string]> = {
	en: ['', ' to '],
	fr: ['', ' à '],
	es: ['', ' a '],
	ar: ['', ' إلى '],
	ru: ['', '–'],
	zh: ['', '至'],
	pt: ['', ' às ']
};
const dateWords: Record<string, [from: string, to: string]> = {
	...hourWords,
	fr: ['du ', ' au '],
	es: ['del ', ' al '],
	ru: ['', ' – '],
	pt: ['', ' a ']
};
// A date of these languages begins with the year, so that the second one is shortened.
const yearFirst = new Set(['zh']);

/** "10:30 to 11:30" */
export function clockRange(start: Moment, end: Moment, zone: string, language: string = locale()): string {
	const [from, to] = hourWords[language] ?? ['', ' – '];
	return `${from}${clock(start, zone, language)}${to}${clock(end, zone, language)}`;
}

/** "9 to 11 June 2027" from two calendar dates ("2027-06-09") or moments in the zone. */
export function dateRange(start: Moment, end: Moment, zone = 'UTC', language: string = locale()): string {
	const [a, b] = [instant(start), instant(end)];
	const whole = (date: Date) => day(date, zone, { weekday: 'none', year: true }, language);
	if (dayKey(a, zone) === dayKey(b, zone)) return whole(a);
	const [from, to] = dateWords[language] ?? ['', ' – '];
	const same = (length: number) => dayKey(a, zone).slice(0, length) === dayKey(b, zone).slice(0, length);
	const short = formatter(zone, same(7) ? { day: 'numeric' } : { day: 'numeric', month: 'long' }, language);
	const shortened = (date: Date) => (same(4) ? short.format(date) : whole(date));
	if (yearFirst.has(language)) return `${from}${whole(a)}${to}${shortened(b)}`;
	// Russian sets no spaces around the dash between two numbers.
	const dash = same(7) && to === ' – ' ? '–' : to;
	return `${from}${shortened(a)}${dash}${whole(b)}`;
}

/** "in 12 minutes", "3 days ago"; `now` in milliseconds. */
export function relative(moment: Moment, now: number, language: string = locale()): string {
	const seconds = (instant(moment).getTime() - now) / 1000;
	const words = new Intl.RelativeTimeFormat(tagOf(language), { numeric: 'auto' });
	const size = Math.abs(seconds);
	if (size < 3570) return words.format(Math.round(seconds / 60), 'minute');
	if (size < 84_600) return words.format(Math.round(seconds / 3600), 'hour');
	return words.format(Math.round(seconds / 86_400), 'day');
}

/** Minutes east of UTC at that moment. */
export function offsetMinutes(moment: Moment, zone: string): number {
	const name =
		formatter(zone, { timeZoneName: 'longOffset' }, 'en')
			.formatToParts(instant(moment))
			.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
	const found = /GMT([+-])(\d{1,2}):?(\d{2})?/.exec(name);
	if (!found) return 0;
	return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0));
}

/** The city that names a zone: "America/Montevideo" → "Montevideo". */
export function zoneCity(zone: string): string {
	return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** A whole number or fraction in the reader's language, Latin digits. */
export function number(value: number, options: Intl.NumberFormatOptions = {}, language: string = locale()): string {
	return new Intl.NumberFormat(tagOf(language), options).format(value);
}

/** Money from minor units and an ISO currency: 25000, EUR → "€250.00". */
export function money(minor: number, currency: string, language: string = locale()): string {
	const digits = minorDigits(currency);
	const options = {
		style: 'currency',
		currency,
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	} as const;
	const written = new Intl.NumberFormat(tagOf(language), options).format(minor / 10 ** digits);
	// A Latin symbol beside digits would be separated from them in a line of Arabic: isolated, from left to right.
	return language === 'ar' ? `\u2066${written.replace(/[\u200e\u200f\u061c]/g, '')}\u2069` : written;
}

/** Sizes as in "4.1 MB". */
export function bytes(size: number, language: string = locale()): string {
	const [value, unit] =
		size < 1_000_000 ? [Math.max(1, Math.round(size / 1000)), 'kilobyte'] : [size / 1_000_000, 'megabyte'];
	return number(value, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }, language);
}

/** A duration in whole minutes, or seconds below one: "30 seconds", "60 minutes". */
export function duration(seconds: number, language: string = locale()): string {
	const [value, unit] =
		seconds < 60 ? [Math.max(1, Math.ceil(seconds)), 'second'] : [Math.ceil(seconds / 60), 'minute'];
	return number(value, { style: 'unit', unit, unitDisplay: 'long' }, language);
}

/** A longer duration in hours and minutes, below an hour in minutes, from two days in days: "2 hours, 5 minutes", "3 days". */
export function longDuration(seconds: number, language: string = locale()): string {
	const minutes = Math.max(1, Math.round(seconds / 60));
	const days = Math.round(minutes / 1440);
	const parts: [number, string][] =
		minutes >= 2880
			? [[days, 'day']]
			: [
					[Math.floor(minutes / 60), 'hour'],
					[minutes % 60, 'minute']
				];
	const words = parts
		.filter(([value]) => value > 0)
		.map(([value, unit]) => number(value, { style: 'unit', unit, unitDisplay: 'long' }, language));
	return new Intl.ListFormat(tagOf(language), { type: 'unit' }).format(words);
}
