/* Finding a time for a meeting: words, forms and local times. No I/O. */
import type { MeetingPoll, PollTime } from '#lib/database/answers/meetings.ts';
import { enums } from '#lib/database/types.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { clock, clockRange, day, dayKey, offsetMinutes } from '#lib/i18n/time.ts';
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

/** The form that offers times. */
export const pollSchema = v.object({
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

/** The same without the year, and without the day where it is that of another zone. */
export const shortTimeIn = ({ start, end }: Pick<PollTime, 'start' | 'end'>, zone: string, beside: string): string =>
	dayKey(start, zone) === dayKey(start, beside)
		? clockRange(start, end, zone)
		: joinFacts([day(start, zone), clockRange(start, end, zone)]);

/** The zones of a grid from west to east: one of those in which the clock is the same at all times offered. */
export function zonesOf({ times, zone, zones }: Pick<MeetingPoll, 'times' | 'zone' | 'zones'>, reader: string | null) {
	const key = (each: string) => times.map(({ start }) => offsetMinutes(start, each)).join();
	const first = times[0]?.start ?? '1970-01-01T00:00:00Z';
	const known = new Map<string, string>();
	for (const each of [reader, zone, ...zones]) if (each && !known.has(key(each))) known.set(key(each), each);
	return [...known.values()].sort((a, b) => offsetMinutes(first, a) - offsetMinutes(first, b));
}
