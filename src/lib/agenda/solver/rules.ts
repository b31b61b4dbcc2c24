/*
 * The rules of the agenda's checks (supabase/schemas/12_agenda/checks_of_….sql) for places that are only proposed. A test compares what they
 * find with the checks. Minutes since 1970. No I/O.
 */
import type { FindingCode } from '#lib/database/answers/agenda/checks.ts';
import { isHumane } from '../builder/humane.ts';
import type { Model, ModelSession } from './model.ts';
import { meet } from './sets.ts';

const minute = 60_000;

/** What a place would break, with the other session and the person concerned, by index. */
export interface BrokenCheck {
	code: FindingCode;
	person?: number;
	other?: number;
	/** What it is about: minutes, seats, things. */
	minutes?: number;
	seats?: number;
	things?: string[];
}

/** A session at a time in rooms. */
export interface PlacedSession {
	session: number;
	start: number;
	end: number;
	rooms: readonly number[];
}

const sessionOf = ({ sessions }: Model, index: number): ModelSession => {
	const found = sessions[index];
	if (!found) throw new Error('no such session');
	return found;
};

/** What rooms, taken together, lack for a session. */
export function roomFindings(model: Model, session: number, rooms: readonly number[]): BrokenCheck[] {
	const { facts, expected } = sessionOf(model, session);
	if (facts.is_break) return [];
	const all = rooms.flatMap((room) => model.rooms[room] ?? []);
	const halls = all.filter(({ facts }) => facts.kind !== 'online');
	const seats = halls.every(({ facts }) => facts.capacity !== null)
		? halls.reduce((sum, { facts }) => sum + (facts.capacity ?? 0), 0)
		: null;
	const found: BrokenCheck[] = [];
	const isHeld = facts.attendance !== 'online';
	if (isHeld && halls.length > 0 && expected !== null && seats !== null && expected > seats)
		found.push({ code: 'room_capacity', seats });
	const hasStream = all.some(({ facts }) => facts.kind === 'online' || (facts.facts?.is_streamed ?? true));
	if ((isHeld && halls.length === 0) || (facts.attendance !== 'hall' && !hasStream))
		found.push({ code: 'audience_room' });
	if (['chatham_house', 'closed'].includes(facts.level) && all.some(({ facts }) => facts.facts?.is_open))
		found.push({ code: 'level_stream' });
	const missing = facts.needs.equipment.filter((one) => !all.some(({ equipment }) => equipment.has(one.toLowerCase())));
	if (halls.length > 0 && missing.length > 0) found.push({ code: 'equipment_missing', things: missing });
	const lacks = (what: 'is_step_free' | 'has_hearing_loop') => halls.some(({ facts }) => !facts.facts?.[what]);
	const { step_free, hearing_loop } = facts.needs;
	if ((step_free && lacks('is_step_free')) || (hearing_loop && lacks('has_hearing_loop')))
		found.push({ code: 'access_missing' });
	return found;
}

/** What is wrong with a time for a session alone: the Summit, and those whom it needs. */
export function timeFindings(model: Model, session: number, start: number, end: number): BrokenCheck[] {
	const found: BrokenCheck[] = [];
	if (start < model.first || end > model.last) found.push({ code: 'outside_summit' });
	for (const { person, isRemote, isSure } of sessionOf(model, session).staff) {
		const about = model.people[person];
		if (!about) continue;
		const { available, busy, facts } = about;
		if (available.length > 0 && !available.some(([from, until]) => from <= start && end <= until))
			found.push({ code: 'outside_availability', person });
		if (isRemote && facts.zone && !isHumane(start * minute, end * minute, facts.zone, model.facts.limits))
			found.push({ code: 'humane_hours', person });
		if (busy.some(([from, until]) => from < end && start < until))
			found.push({ code: isSure ? 'speaker_twice' : 'speaker_maybe_twice', person });
	}
	return found;
}

/** The least minutes on foot between two placements. */
export function walkingMinutes({ walks, rooms }: Model, from: readonly number[], to: readonly number[]): number {
	let least = Infinity;
	for (const a of from) for (const b of to) least = Math.min(least, walks[a * rooms.length + b] ?? 0);
	return least === Infinity ? 0 : least;
}

/** What is wrong with one person in two sessions; null: nothing. */
export function personFinding(
	model: Model,
	one: PlacedSession & { isSure: boolean; isRemote: boolean },
	other: PlacedSession & { isSure: boolean; isRemote: boolean }
): FindingCode | null {
	if (one.session === other.session) return null;
	if (one.start < other.end && other.start < one.end)
		return one.isSure && other.isSure ? 'speaker_twice' : 'speaker_maybe_twice';
	const gap = one.start >= other.end ? one.start - other.end : other.start - one.end;
	if (one.isRemote || other.isRemote || gap >= model.longestWalk) return null;
	return gap < walkingMinutes(model, one.rooms, other.rooms) ? 'speaker_travel' : null;
}

/** What is wrong with two sessions because of the people in both, or their members. */
export function pairFindings(model: Model, one: PlacedSession, other: PlacedSession): BrokenCheck[] {
	const found: BrokenCheck[] = [];
	const [a, b] = [sessionOf(model, one.session), sessionOf(model, other.session)];
	for (const mine of a.staff)
		for (const theirs of b.staff) {
			if (mine.person !== theirs.person) continue;
			const code = personFinding(model, { ...one, ...mine }, { ...other, ...theirs });
			if (code) found.push({ code, person: mine.person, other: other.session });
		}
	const isAtOnce = one.start < other.end && other.start < one.end;
	if (one.session !== other.session && isAtOnce && meet(a.members, b.members))
		found.push({ code: 'member_parallel', other: other.session });
	return found;
}

/** The break after which an interpreter's work is counted from zero again. */
const rest = 10;

/**
 * The stretch of work around one time of an interpreter, and all of that day: in minutes, and whether each is too long. Sessions that the
 * reader does not see count as work.
 */
export function workOf(
	model: Model,
	person: number,
	mine: { start: number; end: number },
	seen: readonly { start: number; end: number }[]
): { turn: number; day: number; isTooMuch: boolean } {
	const hidden = model.people[person]?.busy ?? [];
	const others = hidden.length === 0 ? seen : [...seen, ...hidden.map(([start, end]) => ({ start, end }))];
	let [start, end] = [mine.start, mine.end];
	for (let grows = true; grows;) {
		grows = false;
		for (const one of others) {
			if (one.start > end + rest || one.end + rest < start || (one.start >= start && one.end <= end)) continue;
			[start, end, grows] = [Math.min(start, one.start), Math.max(end, one.end), true];
		}
	}
	const today = model.dayOf(mine.start);
	const day = others.reduce(
		(sum, one) => (model.dayOf(one.start) === today ? sum + one.end - one.start : sum),
		mine.end - mine.start
	);
	const { turn_minutes, day_minutes } = model.facts.limits;
	return { turn: end - start, day, isTooMuch: end - start > turn_minutes || day > day_minutes };
}

/** Which sessions of a track are too many at the start of one of them; empty: none. `beside`: all of the track that meet the first. */
export function crowded(model: Model, placed: PlacedSession, beside: readonly PlacedSession[]): number[] {
	const all = [placed, ...beside];
	for (const { start } of all) {
		if (start < placed.start || start >= placed.end) continue;
		const there = all.filter((one) => one.start <= start && start < one.end).map(({ session }) => session);
		if (new Set(there).size > model.facts.limits.track_limit) return [...new Set(there)];
	}
	return [];
}

/** Everything that is wrong with placements, as the checks find it: for tests, and to look at a result once more. */
export function findingsOf(
	model: Model,
	placed: readonly PlacedSession[]
): { code: FindingCode; sessions: number[] }[] {
	const found: { code: FindingCode; sessions: number[] }[] = [];
	for (const [index, one] of placed.entries()) {
		const { session, start, end, rooms } = one;
		const about = sessionOf(model, session);
		const alone = [...timeFindings(model, session, start, end), ...roomFindings(model, session, rooms)];
		found.push(...alone.map(({ code }) => ({ code, sessions: [session] })));
		for (const other of placed.slice(index + 1))
			found.push(...pairFindings(model, one, other).map(({ code }) => ({ code, sessions: [session, other.session] })));
		const beside = placed.filter(
			(other, at) =>
				at !== index && sessionOf(model, other.session).track === about.track && other.start < end && start < other.end
		);
		const many = about.track < 0 ? [] : crowded(model, one, beside);
		if (many.length > 0) found.push({ code: 'track_parallel', sessions: many });
		for (const person of about.interpreters) {
			const others = placed.filter(
				(other, at) => at !== index && sessionOf(model, other.session).interpreters.includes(person)
			);
			if (workOf(model, person, one, others).isTooMuch) found.push({ code: 'interpreter_hours', sessions: [session] });
		}
	}
	return found;
}
