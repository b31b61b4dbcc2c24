/* The forms of meetings. No I/O. */
import type { Meeting } from '#lib/database/answers/meetings.ts';
import { enums } from '#lib/database/types.ts';
import {
	checkbox,
	optionalId,
	optionalLines,
	optionalText,
	requiredLines,
	requiredText,
	timeZone,
	wholeNumber
} from '#lib/forms/fields.ts';
import { locales, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { instantOf, isDate } from '#lib/summits/local-time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

const tags = (map?: TextMap) => tagsFor(locales, map);

/** The time of a meeting that the reader of a form saw (`timeOf`); an answer to another time is refused. */
export const seenTime = () => v.optional(v.pipe(v.string(), v.maxLength(80)), '');

/** How often a meeting is repeated. */
export const repeats = ['week', 'two_weeks', 'month'] as const;

const isAddress = (value: string) => /^https:\/\/[^\s<>"]+$/.test(value) && URL.canParse(value);

/** An address that begins with https. */
const address = () =>
	v.pipe(
		requiredText(500),
		v.check(isAddress, () => m.meetings_link_wrong())
	);

/** A wall time, "2027-06-09T10:30". */
const wallTime = () =>
	v.pipe(
		requiredText(30),
		v.check(
			(value) => instantOf(value, 'UTC') !== null,
			() => m.meetings_time_wrong()
		)
	);

const optionalAddress = () => v.optional(v.union([v.literal(''), address()]), '');

/** What a meeting and an offer of times have in common. */
export const placeEntries = (map?: TextMap) => ({
	...textEntries('title', tags(map), { required: true, most: 120 }),
	zone: timeZone(),
	minutes: wholeNumber(5, 10_080),
	place: optionalText(200),
	link: optionalAddress(),
	level: v.picklist(enums.group_level)
});

/** The form of a meeting; a new one has no version yet, and is planned once by the id of its form. */
export const meetingSchema = (meeting: Pick<Meeting, 'title'> | null) =>
	v.object({
		once: optionalId(),
		...placeEntries(meeting?.title),
		local: wallTime(),
		every: v.optional(v.picklist(['', ...repeats]), ''),
		times: v.optional(wholeNumber(1, 52), '1'),
		with_later: checkbox(),
		version: wholeNumber(0)
	});

/** The same of what the database takes. */
export function placeFields(input: Record<string, unknown>, map?: TextMap) {
	return {
		title: gatherText(input, 'title', tags(map)),
		zone: String(input['zone']),
		minutes: Number(input['minutes']),
		place: String(input['place']),
		link: String(input['link']),
		level: String(input['level'])
	};
}

/** The fields of a meeting for the database. */
export function meetingFields(input: Record<string, unknown>, meeting: Pick<Meeting, 'title'> | null) {
	return {
		...placeFields(input, meeting?.title),
		local: String(input['local']),
		every: String(input['every']) || null,
		times: Number(input['times'])
	};
}

/** The form of an item of the agenda; a new one has no version yet, and is made once by the id of its form. */
export const itemSchema = v.object({
	item: optionalId(),
	once: optionalId(),
	version: wholeNumber(0),
	title: requiredText(200),
	minutes: v.optional(v.union([v.literal(''), wholeNumber(1, 600)]), ''),
	presenter: optionalId(),
	note: optionalLines(1000)
});

/** The form that adds an address as a paper. */
export const linkSchema = v.object({ name: requiredText(120), link: address(), item: optionalId() });

/** The form of the minutes. */
export const minutesSchema = v.object({ body: requiredLines(20_000), version: wholeNumber(0) });

/** The form that opens them for comments. */
export const commentsUntilSchema = v.object({
	until: v.pipe(
		requiredText(10),
		v.check(isDate, () => m.meetings_time_wrong())
	)
});
