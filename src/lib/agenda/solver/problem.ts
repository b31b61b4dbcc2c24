/* What the solver is asked: which sessions may move, when sessions are held, and how much each wish weighs. No I/O. */
import type { ScheduleFacts } from '#lib/database/answers/agenda/schedule.ts';

export type { ScheduleFacts } from '#lib/database/answers/agenda/schedule.ts';

export type SessionFacts = ScheduleFacts['sessions'][number];
export type SchedulePerson = ScheduleFacts['people'][number];

/** What a proposal tries to give, where no rule is broken by it. */
export const wishes = [
	'marks',
	'track',
	'members',
	'balance',
	'plenary',
	'breaks',
	'rooms',
	'size',
	'stay',
	'notes'
] as const;
export type Wish = (typeof wishes)[number];

/** How much each wish weighs, from 0 (not at all) to 10. */
export type Weights = Readonly<Record<Wish, number>>;

export const defaultWeights: Weights = {
	marks: 5,
	track: 5,
	members: 2,
	balance: 2,
	plenary: 9,
	breaks: 9,
	rooms: 2,
	size: 2,
	stay: 2,
	notes: 5
};

/** The weights that organisers choose among: not at all, a little, normal, strongly. */
export const weightChoices = [0, 2, 5, 9] as const;

/** Which sessions may be placed: all, those of one day with those that have no time, or only the latter. */
export type Scope = { kind: 'all' } | { kind: 'day'; day: string } | { kind: 'unplaced' };

/** What an organiser chooses for a proposal. */
export interface ScheduleOptions {
	scope: Scope;
	/** Sessions that stay where they are, by id. */
	locked: readonly string[];
	weights: Weights;
	/** The days on which sessions are held, and from when until when by the clock of the venue. */
	days: readonly string[];
	from: string;
	until: string;
	/** Sessions start every so many minutes. */
	step: number;
	/** Minutes between two sessions in one room. */
	pause: number;
	/** The moment, in milliseconds, before which nothing changes: what has begun stays, and nothing moves to an earlier time. */
	after: number;
	zone: string;
	startsOn: string;
	endsOn: string;
}

/** A session's place: milliseconds and the slug of its room. */
export interface ProposedPlace {
	start: number;
	end: number;
	room: string;
}

/** Whether the solver never moves a session: a break, one with several times, or with several rooms at once. */
export function isFixed(session: Pick<SessionFacts, 'is_break' | 'slots'>): boolean {
	return session.is_break || session.slots.length > 1 || (session.slots[0]?.rooms.length ?? 1) > 1;
}
