import { list, wholeNumber } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { instantOf, isDate } from '#lib/summits/local-time.ts';
import * as v from 'valibot';
import type { Placement, When } from './builder.ts';

const chooseDay = () => m.agenda_builder_choose_day();
const chooseTime = () => m.agenda_builder_choose_time();

/** The fields of a time: day, clock, length and rooms, and the time as the organiser saw it. */
export const placingFields = {
	slot: v.optional(v.union([v.literal(''), v.pipe(v.string(), v.uuid())]), ''),
	seen: v.optional(v.pipe(v.string(), v.maxLength(4000)), ''),
	date: v.pipe(v.string(chooseDay), v.check(isDate, chooseDay)),
	time: v.pipe(v.string(chooseTime), v.regex(/^([01]\d|2[0-3]):[0-5]\d/, chooseTime)),
	minutes: wholeNumber(5, 1440),
	'rooms[]': list(v.string())
};

type Output = v.InferOutput<ReturnType<typeof placingSchema>>;

/** The schema of the form. */
export function placingSchema() {
	return v.object(placingFields);
}

/** The time and rooms of a form; null with the errors in `form`. */
export function whenFrom(output: Output, form: FormResult, zone: string): { when: When | null; form: FormResult } {
	const rooms = output['rooms[]'];
	const start = instantOf(`${output.date}T${output.time}`, zone);
	if (rooms.length === 0) return { when: null, form: withIssue(form, 'rooms[]', m.agenda_builder_choose_room()) };
	if (!start) return { when: null, form: withIssue(form, 'time', m.agenda_builder_choose_time()) };
	const end = new Date(Date.parse(start) + output.minutes * 60_000).toISOString();
	return { when: { start, end, rooms }, form };
}

/** The time that the organiser saw, from the form; nothing when it contains none. */
export function seenFrom(seen: string): When {
	const [start = '', end = '', ...rooms] = seen.split(' ');
	return { start: start || '1970-01-01T00:00:00Z', end: end || '1970-01-01T00:00:00Z', rooms };
}

/** The time as the organiser sees it, for the form's hidden fields. */
export function seenWords(placement: Pick<Placement, 'start' | 'end' | 'rooms'>): string {
	return [placement.start, placement.end, ...placement.rooms].join(' ');
}
