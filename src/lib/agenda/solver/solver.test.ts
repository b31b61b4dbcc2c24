/*
 * The solver: what it places breaks no rule of the checks, changes are counted without looking at everything again, locks hold, and the same
 * seed gives the same schedule. On small problems it is compared with the optimum that HiGHS proves (optimum.test.ts).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { naiveChecks } from '../../../../tests/fixtures/naive-checks.ts';
import { drawDraft } from '../../../../tests/fixtures/random-draft.ts';
import {
	factsOf,
	inventFacts,
	optionsFor,
	personNamed,
	roomNamed,
	sessionNamed,
	severities
} from '../../../../tests/fixtures/scheduling.ts';
import { factsOfDraft } from '../../../../tests/fixtures/scheduling-drafts.ts';
import { makeModel, type Model } from './model.ts';
import type { ScheduleFacts, ScheduleOptions } from './problem.ts';
import { makeRandom } from './random.ts';
import { findingsOf, type PlacedSession } from './rules.ts';
import { DraftSchedule } from './schedule.ts';
import { Search, type FoundSchedule } from './search.ts';
import { costOf, pairCosts, placeUnits, unitsOfRoom } from './wishes.ts';

function solve(model: Model, seed = 1, iterations = 4000): FoundSchedule {
	const search = new Search(model, { seed, iterations });
	for (const _ of search.run());
	return search.best();
}

/** Everything that is placed: what the solver placed and what was fixed. */
function placedBy(model: Model, { solution }: Pick<FoundSchedule, 'solution'>): PlacedSession[] {
	return model.items.flatMap(({ session, moves, now, minutes }, item) => {
		if (session < 0) return [];
		if (!moves) return now ? [{ session, ...now }] : [];
		const place = solution.get(item);
		return place ? [{ session, start: place.start, end: place.start + minutes, rooms: [place.room] }] : [];
	});
}

/** What placements cost, counted from the beginning. */
function fullCost(model: Model, schedule: DraftSchedule): number {
	const { costs } = pairCosts(model);
	const placed = schedule.placements();
	let cost = 0;
	const used = new Map<string, Set<number>>();
	for (const [index, one] of placed.entries()) {
		for (const other of placed.slice(index + 1))
			if (one.start < other.end && other.start < one.end)
				cost += costs[one.session * model.sessions.length + other.session] ?? 0;
		const { track } = model.sessions[one.session] ?? { track: -1 };
		if (track >= 0) {
			const key = `${track} ${model.dayOf(one.start)}`;
			used.set(key, new Set([...(used.get(key) ?? []), ...one.rooms]));
		}
		if (model.items[one.item]?.moves) cost += costOf(model, placeUnits(model, one.item, one.start, one.rooms[0] ?? 0));
	}
	for (const rooms of used.values()) cost += (rooms.size - 1) * unitsOfRoom * model.options.weights.rooms;
	return cost;
}

const hardOnes = (model: Model, placed: readonly PlacedSession[]) =>
	findingsOf(model, placed).filter(({ code }) => model.hard.has(code));

function clashes(model: Model, placed: readonly PlacedSession[]): number {
	return placed.filter((one, index) =>
		placed
			.slice(index + 1)
			.some(
				(other) =>
					one.start < other.end && other.start < one.end && one.rooms.some((room) => other.rooms.includes(room))
			)
	).length;
}

const sizes = fc.record({
	seed: fc.integer({ min: 0, max: 1000 }),
	sessions: fc.integer({ min: 5, max: 40 }),
	rooms: fc.integer({ min: 2, max: 6 }),
	days: fc.integer({ min: 1, max: 2 })
});

describe('the rules', () => {
	test('find what the checks find, on random drafts', { timeout: 120_000 }, () => {
		const people = Array.from({ length: 6 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);
		// These are the same wherever a session is.
		const elsewhere = ['no_slot', 'no_people', 'unconfirmed_speaker', 'interpreter_pairs'];
		const seen = new Set<string>();
		fc.assert(
			fc.property(fc.gen(), (value) => {
				const draft = drawDraft((arbitrary) => value(arbitrary), people);
				for (const [index, person] of people.entries()) if (index % 2 === 0) draft.member[person] = `m${index % 4}`;
				const facts = factsOfDraft(draft);
				const { zone, startsOn, endsOn } = draft;
				const model = makeModel(facts, {
					...optionsFor(2),
					zone,
					startsOn,
					endsOn,
					locked: facts.sessions.map(({ id }) => id)
				});
				const placed = model.items.flatMap(({ session, now }) => (now && session >= 0 ? [{ session, ...now }] : []));
				const idOf = (session: number) => facts.sessions[session]?.id ?? '';
				const mine = findingsOf(model, placed).map(
					({ code, sessions }) => `${code} ${sessions.map(idOf).sort().join(' ')}`
				);
				const theirs = naiveChecks(draft).filter((one) => !elsewhere.includes(one.split(' ')[0] ?? ''));
				for (const one of theirs) seen.add(one.split(' ')[0] ?? '');
				// Of an interpreter's hours the checks name all sessions at once, and the rules each of them.
				const of = (some: string[]) => [...new Set(some.filter((one) => !one.startsWith('interpreter_hours')))].sort();
				expect(of(mine)).toEqual(of(theirs));
				const tired = (some: string[]) =>
					[
						...new Set(
							some.filter((one) => one.startsWith('interpreter_hours')).flatMap((one) => one.split(' ').slice(1))
						)
					].sort();
				expect(tired(mine)).toEqual(tired(theirs));
			}),
			{ numRuns: 30, seed: 3 }
		);
		expect([...seen]).toEqual(
			expect.arrayContaining(['speaker_twice', 'humane_hours', 'room_capacity', 'member_parallel'])
		);
	});
});

describe('a schedule', () => {
	test('breaks no rule and takes no room twice, whatever the problem', () => {
		fc.assert(
			fc.property(sizes, ({ seed, ...size }) => {
				const facts = inventFacts(seed, size);
				// A Summit may also make rules of what is usually a note.
				const strict = seed % 3 === 0 ? { track_parallel: 'warn' as const, member_parallel: 'block' as const } : {};
				const model = makeModel({ ...facts, severities: { ...severities, ...strict } }, optionsFor(size.days));
				const found = solve(model, seed, 1500);
				const placed = placedBy(model, found);
				expect(hardOnes(model, placed)).toEqual([]);
				expect(clashes(model, placed)).toBe(0);
				expect(placed.length + found.unplaced).toBe(size.sessions);
			}),
			{ numRuns: 12, seed: 5 }
		);
	});

	test('is valid at every moment at which the search is stopped', () => {
		const model = makeModel(inventFacts(4, { sessions: 60, rooms: 4, days: 2 }), optionsFor(2));
		const search = new Search(model, { seed: 2, iterations: 20_000 });
		let [reports, worst] = [0, Infinity];
		for (const { unplaced } of search.run()) {
			const best = search.best();
			const placed = placedBy(model, best);
			expect(hardOnes(model, placed)).toEqual([]);
			expect(clashes(model, placed)).toBe(0);
			expect(best.unplaced).toBeLessThanOrEqual(Math.max(unplaced, best.unplaced));
			expect(best.unplaced).toBeLessThanOrEqual(worst);
			worst = best.unplaced;
			reports += 1;
		}
		expect(reports).toBeGreaterThan(10);
	});

	test('costs what a full count gives, after any moves', () => {
		fc.assert(
			fc.property(sizes, ({ seed, ...size }) => {
				const model = makeModel(inventFacts(seed, size), optionsFor(size.days));
				const schedule = new DraftSchedule(model);
				const random = makeRandom(seed);
				const any = <T>(of: ArrayLike<T>) => of[Math.floor(random() * of.length)];
				for (let n = 0; n < 150; n += 1) {
					const item = any(model.movable) ?? 0;
					if (schedule.isPlaced(item)) {
						const before = schedule.cost;
						const gain = schedule.remove(item);
						expect(schedule.cost).toBe(before - gain);
						continue;
					}
					const start = any(model.starts[item] ?? []);
					const room = any(model.allowed[item] ?? []);
					if (start === undefined || room === undefined) continue;
					const cost = schedule.costAt(item, start, room);
					const blockers = schedule.blockers(item, start, room, 99);
					// A place is free exactly when nothing stands in its way.
					expect(blockers === null || blockers.length > 0).toBe(cost === Infinity);
					if (cost < Infinity) schedule.place(item, start, room, cost);
					expect(schedule.cost).toBe(fullCost(model, schedule));
				}
				expect(hardOnes(model, schedule.placements())).toEqual([]);
			}),
			{ numRuns: 12, seed: 6 }
		);
	});

	test('is the same for the same seed, and another for another', () => {
		const model = () => makeModel(inventFacts(9, { sessions: 40, rooms: 4, days: 2 }), optionsFor(2));
		const one = solve(model(), 5);
		expect(solve(model(), 5)).toEqual(one);
		expect([...solve(model(), 6).solution]).not.toEqual([...one.solution]);
	});
});

describe('what stays', () => {
	const at = (time: string, day = '09') => `2027-06-${day}T${time}:00.000-03:00`;
	const slot = (from: string, until: string, ...rooms: string[]) => ({
		id: `${from}`,
		start: at(from),
		end: at(until),
		rooms
	});
	const modelOf = (
		sessions: ScheduleFacts['sessions'],
		change: Partial<ScheduleOptions> = {},
		more: Partial<ScheduleFacts> = {}
	) =>
		makeModel(
			factsOf({
				rooms: [roomNamed('a'), roomNamed('b')],
				people: [personNamed('p'), personNamed('q')],
				sessions,
				...more
			}),
			optionsFor(2, change)
		);
	const person = (id: string) => ({ person: id, is_sure: true, is_staged: true, is_interpreter: false });

	test('locked sessions, breaks, and sessions with several times or rooms are never moved', () => {
		const sessions = [
			sessionNamed('locked', { slots: [slot('10:00', '11:00', 'a')], people: [person('p')] }),
			sessionNamed('pause', { slots: [slot('12:00', '13:00', 'a', 'b')], is_break: true }),
			sessionNamed('twice', { slots: [slot('13:00', '14:00', 'a'), slot('15:00', '16:00', 'a')] }),
			sessionNamed('wide', { slots: [slot('09:00', '10:00', 'a', 'b')] }),
			sessionNamed('free', { people: [person('p')] })
		];
		const model = modelOf(sessions, { locked: ['id-locked'] });
		expect(model.movable.map((item) => model.sessions[model.items[item]?.session ?? -1]?.facts.code)).toEqual(['free']);
		const placed = placedBy(model, solve(model));
		expect(placed).toHaveLength(6);
		expect(hardOnes(model, placed)).toEqual([]);
		expect(clashes(model, placed)).toBe(0);
	});

	test('what has begun stays, and nothing moves to a time that is over', () => {
		const sessions = [
			sessionNamed('begun', { slots: [slot('10:30', '13:00', 'a')] }),
			sessionNamed('later', { slots: [slot('14:00', '15:00', 'a')] }),
			sessionNamed('none')
		];
		const after = Date.parse(at('12:00'));
		const model = modelOf(sessions, { after });
		expect([...model.itemOf.keys()]).toEqual(['id-later', 'id-none']);
		for (const { start } of placedBy(model, solve(model)).filter(({ session }) => session > 0))
			expect(start * 60_000).toBeGreaterThan(after);
	});

	test('only sessions in the scope move', () => {
		const sessions = [
			sessionNamed('first', { slots: [slot('10:00', '11:00', 'a')] }),
			sessionNamed('second', {
				slots: [{ ...slot('10:00', '11:00', 'a'), start: at('10:00', '10'), end: at('11:00', '10') }]
			}),
			sessionNamed('none')
		];
		const codes = (change: Partial<ScheduleOptions>) => {
			const model = modelOf(sessions, change);
			return model.movable.map((item) => model.sessions[model.items[item]?.session ?? -1]?.facts.code);
		};
		expect(codes({})).toEqual(['first', 'second', 'none']);
		expect(codes({ scope: { kind: 'day', day: '2027-06-10' } })).toEqual(['second', 'none']);
		expect(codes({ scope: { kind: 'unplaced' } })).toEqual(['none']);
	});

	test('sessions that follow each other without a pause stay, and what is moved gets its pause', () => {
		const hours = Array.from({ length: 9 }, (_, n) => `${String(9 + n).padStart(2, '0')}:00`);
		const placed = hours.map((hour, n) =>
			sessionNamed(`s${n}`, { slots: [slot(hour, `${String(10 + n).padStart(2, '0')}:00`, 'a')] })
		);
		const model = modelOf([...placed, sessionNamed('new')], { days: ['2027-06-09'], pause: 15 });
		const found = solve(model);
		expect(found.unplaced).toBe(0);
		expect(placedBy(model, found).filter(({ session, rooms }) => session < 9 && rooms[0] === 0)).toHaveLength(9);
	});

	test('a session that no place suits stays where it is, and one without a place gets none', () => {
		const big = { needs: { expected: 900, step_free: false, hearing_loop: false, equipment: [] } };
		const model = modelOf([
			sessionNamed('placed', { ...big, slots: [slot('10:00', '11:00', 'a')] }),
			sessionNamed('new', big)
		]);
		expect(model.stuck).toEqual([0]);
		const found = solve(model);
		expect(found.unplaced).toBe(1);
		expect(placedBy(model, found)).toEqual([expect.objectContaining({ session: 0 })]);
	});

	test('rooms that something else holds, and people whom hidden sessions need, are left alone', () => {
		const blocks = [{ start: at('09:00'), end: at('18:00'), rooms: ['a'] }];
		const model = modelOf(
			[sessionNamed('new', { people: [person('busy')] })],
			{ days: ['2027-06-09'] },
			{
				blocks,
				people: [personNamed('busy', { busy: [[at('09:00'), at('17:00')]] })]
			}
		);
		const [placed] = placedBy(model, solve(model));
		expect(placed).toMatchObject({ start: Date.parse(at('17:00')) / 60_000, rooms: [1] });
	});

	test('an interpreter rests after a session that is hidden', () => {
		const interpreter = { ...person('i'), is_staged: false, is_interpreter: true };
		const model = modelOf(
			[sessionNamed('new', { people: [interpreter], minutes: 60 })],
			{ days: ['2027-06-09'], from: '09:00', until: '13:00', step: 60 },
			{ people: [personNamed('i', { busy: [[at('09:00'), at('11:00')]] })] }
		);
		const [placed] = placedBy(model, solve(model));
		expect(placed?.start).toBe(Date.parse(at('12:00')) / 60_000);
	});

	test('a good place is kept, and pushed sessions find another: both rooms are full', () => {
		// Two people in three sessions and two rooms for three hours: everything has to be moved to fit.
		const sessions = [
			sessionNamed('one', { people: [person('p')], slots: [slot('10:00', '11:00', 'a')] }),
			sessionNamed('two', { people: [person('p')] }),
			sessionNamed('three', { people: [person('p')] })
		];
		const model = modelOf(sessions, { days: ['2027-06-09'], from: '09:30', until: '12:30', pause: 0, step: 30 });
		const found = solve(model);
		expect(found.unplaced).toBe(0);
		expect(hardOnes(model, placedBy(model, found))).toEqual([]);
	});
});
