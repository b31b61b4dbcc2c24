import { joinFacts } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { clock, day, zoneCity } from '#lib/i18n/time.ts';

/** Types of inputs whose order of day, month and hour is the browser's, not that of the page's language. */
export function isDateType(type: string | null | undefined): boolean {
	return type === 'date' || type === 'datetime-local' || type === 'time';
}

/**
 * The value of a date or time input in the reader's language, with the weekday: "Wednesday 9 June 2027, 09:00 in
 * Montevideo". `zone` is that of the times; '' for a value that is not complete.
 */
export function writtenDate(value: string, zone?: string): string {
	const [date = '', time = ''] = value.includes('-') ? value.split('T') : ['', value];
	const moment = Date.parse(`${date || '2000-01-01'}T${time || '12:00'}Z`);
	if (value === '' || Number.isNaN(moment)) return '';
	const words = joinFacts([date && day(moment, 'UTC', { weekday: 'long', year: true }), time && clock(moment, 'UTC')]);
	return date && time && zone ? m.ui_time_in({ time: words, place: zoneCity(zone) }) : words;
}
