/* Finding a time for a meeting: words, forms and local times. No I/O. */
import type { MeetingPoll, PollTime } from '#lib/database/answers/meetings.ts';
import { enums } from '#lib/database/types.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { clock, clockRange, day, dayKey, offsetMinutes, zoneCity } from '#lib/i18n/time.ts';
import { optionalId } from '#lib/forms/fields.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import * as v from 'valibot';
import { placeEntries, placeFields } from './forms.ts';

export type { MeetingPoll, PollTime } from '#lib/database/answers/meetings.ts';

type Vote = NonNullable<PollTime['own']>;

/** How many times can be offered. */
export const mostTimes = 20;

const timeField = (index: number) => `time.${index}`;

/** The names of the fields of the times. */
export const timeFields = Array.from({ length: mostTimes }, (_, index) => timeField(index));

const time = () =>
	v.optional(
		v.pipe(
			v.string(),
			v.check(
				(value) => value === '' || instantOf(value, 'UTC') !== null,
				() => m.meetings_time_wrong()
			)
		),
		''
	);

/** The form that offers times, once by its id. */
export const pollSchema = v.object({
	once: optionalId(),
	...placeEntries(),
	...Object.fromEntries(timeFields.map((name) => [name, time()]))
});

/** The times of a form, as the database takes them, and what else it says. */
export function pollFields(input: Record<string, unknown>) {
	const times = timeFields.map((name) => input[name]).filter((each) => typeof each === 'string' && each !== '');
	return { ...placeFields(input), times: [...new Set(times)] };
}

/** A vote in a word. */
export function voteWord(vote: Vote): string {
	return { yes: m.meetings_vote_yes, if_needed: m.meetings_vote_if_needed, no: m.meetings_vote_no }[vote]();
}

/** The choices of a vote. */
export const voteOptions = () => enums.time_vote.map((value) => ({ value, label: voteWord(value) }));

/** The form of the reader's votes: one for each time, which may be left out. */
export const votesSchema = (poll: Pick<MeetingPoll, 'times'>) =>
	v.object(Object.fromEntries(poll.times.map(({ id }) => [`vote.${id}`, v.optional(v.picklist(enums.time_vote))])));

/** The votes of a form by time. */
export const votesOf = (input: Record<string, unknown>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(input).flatMap(([name, vote]) =>
			name.startsWith('vote.') && typeof vote === 'string' ? [[name.slice(5), vote]] : []
		)
	);

const minuteOfDay = (moment: string, zone: string): number => {
	const [hours = 0, minutes = 0] = clock(moment, zone, 'en').split(':').map(Number);
	return hours * 60 + minutes;
};

/** Whether a meeting begins, goes on or ends between 22:00 and 07:00 in a zone. */
export function isAtNight({ start, end }: Pick<PollTime, 'start' | 'end'>, zone: string): boolean {
	const from = minuteOfDay(start, zone);
	const length = (Date.parse(end) - Date.parse(start)) / 60_000;
	return from < 7 * 60 || from + length > 22 * 60;
}

/** A time in a zone: "Thu 10 June 2027, 10:30 to 11:30". */
export const timeIn = ({ start, end }: Pick<PollTime, 'start' | 'end'>, zone: string): string =>
	joinFacts([day(start, zone, { year: true }), clockRange(start, end, zone)]);

const timeOfDay = ({ start, end }: Pick<PollTime, 'start' | 'end'>): string =>
	joinFacts([day(start, 'UTC'), clockRange(start, end, 'UTC')]);

/** An offset from UTC in minutes: "UTC+05:30". */
export function offsetName(minutes: number): string {
	const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
	return minutes === 0
		? 'UTC'
		: `UTC${minutes < 0 ? '−' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

const shifted = (moment: string, minutes: number) => new Date(Date.parse(moment) + minutes * 60_000).toISOString();

/** A time elsewhere, with the name of the place, and whether it is at night there. */
export interface LocalTime {
	place: string;
	words: string;
	night: boolean;
}

/**
 * A time in the zone of the poll and at the offsets of the group, from west to east, without those at which the clock is
 * that of the reader.
 */
export function localTimes(time: PollTime, pollZone: string, reader: string): LocalTime[] {
	const own = offsetMinutes(time.start, reader);
	const ofPoll = offsetMinutes(time.start, pollZone);
	const ownDay = dayKey(time.start, reader);
	return [...new Set([ofPoll, ...time.offsets])]
		.filter((offset) => offset !== own)
		.sort((a, b) => a - b)
		.map((offset) => {
			const there = { start: shifted(time.start, offset), end: shifted(time.end, offset) };
			return {
				place: offset === ofPoll ? zoneCity(pollZone) : offsetName(offset),
				words: dayKey(there.start, 'UTC') === ownDay ? clockRange(there.start, there.end, 'UTC') : timeOfDay(there),
				night: isAtNight(there, 'UTC')
			};
		});
}
