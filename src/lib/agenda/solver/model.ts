/* The problem as numbers: sessions, rooms and people by index, minutes since 1970. Made once; search and explanations read it. */
import { addDays, dayKey } from '#lib/i18n/time.ts';
import { instantOf, startOfDay } from '#lib/summits/local-time.ts';
import type { FindingCode } from '#lib/database/answers/agenda/checks.ts';
import {
	isFixed,
	type SchedulePerson,
	type ScheduleFacts,
	type ScheduleOptions,
	type SessionFacts
} from './problem.ts';
import { roomFindings, timeFindings } from './rules.ts';

const minute = 60_000;

/** A time of a session, or of something else that takes a room. Those with `moves` are placed by the solver. */
export interface Item {
	/** -1: no session, or one that the reader does not see. */
	session: number;
	moves: boolean;
	/** The present place in minutes; null: none. */
	now: { start: number; end: number; rooms: number[] } | null;
	minutes: number;
}

/** A session with what its rules need. */
export interface ModelSession {
	facts: SessionFacts;
	/** Who is needed: none in a break. */
	staff: { person: number; isSure: boolean; isRemote: boolean }[];
	interpreters: number[];
	/** The number of its track; -1: none. */
	track: number;
	/** Members, sectors and regions of those who are seen. */
	members: Set<string>;
	sectors: Set<string>;
	regions: Set<string>;
	/** How many are expected: at least those who marked it. */
	expected: number | null;
	isPlenary: boolean;
}

export interface ModelRoom {
	facts: ScheduleFacts['rooms'][number];
	equipment: Set<string>;
}

export interface ModelPerson {
	facts: SchedulePerson;
	/** Minutes. */
	available: [number, number][];
	busy: [number, number][];
}

export interface Model {
	facts: ScheduleFacts;
	options: ScheduleOptions;
	sessions: ModelSession[];
	rooms: ModelRoom[];
	people: ModelPerson[];
	items: Item[];
	/** The items that the solver places. */
	movable: number[];
	/** The session's item that moves, by the session's id. */
	itemOf: Map<string, number>;
	/** Sessions that stay because no place keeps their own rules. */
	stuck: number[];
	/** The walking minutes from room to room, by index: one * rooms + other. */
	walks: Int32Array;
	longestWalk: number;
	/** Of each movable item, the starts and rooms that keep the rules of the session alone. */
	starts: Float64Array[];
	allowed: Int32Array[];
	/** All starts at which an item may be asked for, also those that break rules. */
	asked: Float64Array[];
	/** The bounds of the Summit in minutes. */
	first: number;
	last: number;
	hard: ReadonlySet<FindingCode>;
	/** The day of the venue on which a minute is, by number. */
	dayOf: (start: number) => number;
}

const spans = (some: readonly (readonly [string, string])[]): [number, number][] =>
	some.map(([from, until]) => [Date.parse(from) / minute, Date.parse(until) / minute]);

/** Reads facts and options. */
export function makeModel(facts: ScheduleFacts, options: ScheduleOptions): Model {
	const rooms = facts.rooms.map((room) => ({
		facts: room,
		equipment: new Set((room.facts?.equipment ?? []).map((one) => one.toLowerCase()))
	}));
	const roomIndex = new Map(facts.rooms.map(({ slug }, index) => [slug, index]));
	const people = facts.people.map((one) => ({ facts: one, available: spans(one.available), busy: spans(one.busy) }));
	const personIndex = new Map(facts.people.map(({ id }, index) => [id, index]));
	const tracks = new Map<string, number>();
	const sessions = facts.sessions.map((session) => modelSession(session, facts, personIndex, tracks));
	const days = new Map<number, number>();
	const named = new Map<string, number>();
	const model: Model = {
		facts,
		options,
		sessions,
		rooms,
		people,
		items: [],
		movable: [],
		itemOf: new Map(),
		stuck: [],
		walks: walksOf(facts, roomIndex),
		longestWalk: 0,
		starts: [],
		allowed: [],
		asked: [],
		first: startOfDay(options.startsOn, options.zone) / minute,
		// The last night belongs to the Summit until six in the morning.
		last: Date.parse(instantOf(`${addDays(options.endsOn, 1)}T06:00`, options.zone) ?? '') / minute,
		hard: new Set((Object.keys(facts.severities) as FindingCode[]).filter((code) => facts.severities[code] !== 'note')),
		dayOf: (start) => {
			const known = days.get(start);
			if (known !== undefined) return known;
			const at = start * minute;
			const key = dayKey(at, options.zone);
			const day = named.get(key) ?? named.size;
			named.set(key, day);
			days.set(start, day);
			return day;
		}
	};
	model.longestWalk = model.walks.reduce((most, one) => Math.max(most, one), 0);
	addItems(model, roomIndex);
	return model;
}

function modelSession(
	session: SessionFacts,
	facts: ScheduleFacts,
	personIndex: ReadonlyMap<string, number>,
	tracks: Map<string, number>
): ModelSession {
	if (session.track !== null && !tracks.has(session.track)) tracks.set(session.track, tracks.size);
	const known = session.people.flatMap((one) => {
		const person = personIndex.get(one.person);
		const about = person === undefined ? undefined : facts.people[person];
		return person === undefined || !about ? [] : [{ ...one, person, about }];
	});
	const staged = known.filter(({ is_staged }) => is_staged).map(({ about }) => about);
	const set = (pick: (one: SchedulePerson) => string | null) => new Set(staged.map(pick).filter((one) => one !== null));
	const { expected } = session.needs;
	return {
		facts: session,
		staff: session.is_break
			? []
			: known.map(({ person, is_sure, about }) => ({
					person,
					isSure: is_sure,
					isRemote: session.attendance === 'online' || about.is_remote
				})),
		interpreters: known.filter(({ is_interpreter }) => is_interpreter).map(({ person }) => person),
		track: session.track === null || session.is_break ? -1 : (tracks.get(session.track) ?? -1),
		members: session.is_break ? new Set() : set(({ member }) => member),
		sectors: set(({ sector }) => sector),
		regions: set(({ region }) => region),
		expected: session.marks > 0 || expected !== null ? Math.max(expected ?? 0, session.marks) : null,
		isPlenary:
			!session.is_break &&
			(session.format?.startsWith('plenary') === true || session.slots.some((slot) => slot.rooms.length > 1))
	};
}

function walksOf(facts: ScheduleFacts, roomIndex: ReadonlyMap<string, number>): Int32Array {
	const { rooms, limits } = facts;
	const walks = new Int32Array(rooms.length * rooms.length);
	const said = new Map(
		facts.walks.flatMap(({ one, other, minutes }) => {
			const [a, b] = [roomIndex.get(one), roomIndex.get(other)];
			return a === undefined || b === undefined ? [] : [[Math.min(a, b) * rooms.length + Math.max(a, b), minutes]];
		})
	);
	const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
	for (const [a, one] of rooms.entries())
		for (const [b, other] of rooms.entries()) {
			if (a === b || one.kind === 'online' || other.kind === 'online') continue;
			const stated = said.get(Math.min(a, b) * rooms.length + Math.max(a, b));
			if (stated !== undefined) walks[a * rooms.length + b] = stated;
			else if (!one.facts || !other.facts) continue;
			else if (!same(one.facts.building, other.facts.building)) walks[a * rooms.length + b] = limits.building_minutes;
			else if (!same(one.facts.floor, other.facts.floor)) walks[a * rooms.length + b] = limits.floor_minutes;
		}
	return walks;
}

function addItems(model: Model, roomIndex: ReadonlyMap<string, number>): void {
	const { facts, options, sessions } = model;
	const grid = gridOf(options);
	const after = options.after / minute;
	const locked = new Set(options.locked);
	const timeOk = timesOf(model);
	const roomsOf = (slugs: readonly string[]) => slugs.flatMap((slug) => roomIndex.get(slug) ?? []);
	for (const block of facts.blocks)
		model.items.push({ session: -1, moves: false, now: placeOf(block, roomsOf(block.rooms)), minutes: 0 });
	for (const [index, { facts: session }] of sessions.entries()) {
		const [slot] = session.slots;
		const now = slot ? placeOf(slot, roomsOf(slot.rooms)) : null;
		const hasBegun = now !== null && now.start <= after;
		const moves = !hasBegun && !isFixed(session) && !locked.has(session.id) && isInScope(session, options);
		const minutes = now ? now.end - now.start : session.minutes;
		if (moves) {
			const starts = grid.flatMap(({ from, until }) => {
				const some: number[] = [];
				for (let at = from; at + minutes <= until; at += options.step) if (at > after) some.push(at);
				return some;
			});
			// To stay is always among the choices.
			if (now && !starts.includes(now.start)) starts.push(now.start);
			const ok = starts.filter((start) => timeOk(index, start, start + minutes));
			const rooms = model.rooms.flatMap((room, at) =>
				!room.facts.is_quiet && !breaks(model, roomFindings(model, index, [at])) ? at : []
			);
			if (now && (ok.length === 0 || rooms.length === 0)) model.stuck.push(index);
			else {
				const item = model.items.length;
				model.items.push({ session: index, moves: true, now, minutes });
				model.movable.push(item);
				model.itemOf.set(session.id, item);
				model.starts[item] = Float64Array.from(ok);
				model.asked[item] = Float64Array.from(starts);
				model.allowed[item] = Int32Array.from(rooms);
				continue;
			}
		}
		for (const one of session.slots)
			model.items.push({ session: index, moves: false, now: placeOf(one, roomsOf(one.rooms)), minutes });
	}
}

const placeOf = ({ start, end }: { start: string; end: string }, rooms: number[]) => ({
	start: Date.parse(start) / minute,
	end: Date.parse(end) / minute,
	rooms
});

/** Whether findings contain one that is more than a note. */
export const breaks = (model: Pick<Model, 'hard'>, found: readonly { code: FindingCode }[]) =>
	found.some(({ code }) => model.hard.has(code));

function isInScope(session: SessionFacts, { scope, zone }: ScheduleOptions): boolean {
	const [slot] = session.slots;
	if (!slot || scope.kind === 'all') return true;
	return scope.kind === 'day' && dayKey(slot.start, zone) === scope.day;
}

/** From when until when sessions are held on each day, in minutes. */
function gridOf({ days, from, until, zone, scope }: ScheduleOptions): { from: number; until: number }[] {
	return days
		.filter((day) => scope.kind !== 'day' || day === scope.day)
		.map((day) => {
			const [first, last] = [from, until].map((time) => Date.parse(instantOf(`${day}T${time}`, zone) ?? '') / minute);
			return { from: first ?? Number.NaN, until: last ?? Number.NaN };
		});
}

// Whether a time keeps the rules of a session alone; what it asks about a person at a time is asked once.
function timesOf(model: Model) {
	const known = new Map<string, boolean>();
	return (session: number, start: number, end: number): boolean => {
		const staff = model.sessions[session]?.staff ?? [];
		const people = staff.filter(({ person, isRemote }) => {
			const about = model.people[person];
			return about && (about.available.length > 0 || about.busy.length > 0 || (isRemote && about.facts.zone));
		});
		// Sessions of the same people at the same time have the same answer.
		const key = `${start} ${end} ${people.map(({ person, isRemote, isSure }) => `${person}${isRemote ? 'r' : ''}${isSure ? 's' : ''}`).join()}`;
		let ok = known.get(key);
		if (ok === undefined) known.set(key, (ok = !breaks(model, timeFindings(model, session, start, end))));
		return ok;
	};
}
