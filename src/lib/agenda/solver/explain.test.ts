import { describe, expect, test } from 'vitest';
import {
	factsOf,
	inventFacts,
	optionsFor,
	personNamed,
	roomNamed,
	sessionNamed
} from '../../../../tests/fixtures/scheduling.ts';
import { Explainer } from './explain.ts';
import { makeModel } from './model.ts';
import { proposalOf, draftScheduleOf } from './proposal.ts';
import { Search } from './search.ts';

const at = (time: string) => Date.parse(`2027-06-09T${time}:00-03:00`);
const person = (id: string) => ({ person: id, is_sure: true, is_staged: true, is_interpreter: false });
const needs = { expected: null, step_free: false, hearing_loop: false, equipment: [] as string[] };
const slotOf = (from: string, until: string, room: string) => [
	{ id: 'slot', start: new Date(at(from)).toISOString(), end: new Date(at(until)).toISOString(), rooms: [room] }
];

function solved(facts: Parameters<typeof factsOf>[0]) {
	const model = makeModel(factsOf(facts), optionsFor(1, { pause: 0, step: 60, until: '12:00' }));
	const search = new Search(model, { seed: 1, iterations: 2000 });
	for (const _ of search.run());
	const { solution } = search.best();
	return { model, solution, explainer: new Explainer(model, draftScheduleOf(model, solution)) };
}

describe('reasons', () => {
	const rooms = [roomNamed('small', { capacity: 30 }), roomNamed('large', { capacity: 100 })];
	const people = [
		personNamed('ana'),
		personNamed('late', { available: [['2027-06-09T11:00-03:00', '2027-06-09T12:00-03:00']] })
	];

	test('name the rules that another place would break, and what stands there', () => {
		const { explainer } = solved({
			rooms,
			people,
			sessions: [
				sessionNamed('held', { people: [person('ana')], slots: slotOf('10:00', '11:00', 'large') }),
				sessionNamed('big', {
					people: [person('late')],
					needs: { ...needs, expected: 80, equipment: ['Piano', 'Projector'] }
				}),
				sessionNamed('ours', { people: [person('ana')] })
			]
		});
		expect(explainer.reasonsAt('id-ours', { start: at('10:00'), room: 'large' })?.rules).toEqual([
			{ code: 'speaker_twice', person: 'ana', other: 'id-held' },
			{ code: 'room_taken', other: 'id-held' }
		]);
		expect(explainer.reasonsAt('id-big', { start: at('10:00'), room: 'small' })?.rules).toEqual([
			{ code: 'outside_availability', person: 'late' },
			{ code: 'room_capacity', seats: 30 },
			{ code: 'equipment_missing', things: ['Piano'] }
		]);
		expect(explainer.reasonsAt('id-unknown', { start: at('09:00'), room: 'small' })).toBeNull();
		for (const time of ['03:07', '08:30'])
			expect(explainer.reasonsAt('id-ours', { start: at(time), room: 'small' })?.rules).toEqual([
				{ code: 'time_not_offered' }
			]);
	});

	test('say how often each rule stands against a session without a place', () => {
		const { explainer, model, solution } = solved({
			rooms,
			people,
			sessions: [sessionNamed('big', { people: [person('late')], needs: { ...needs, expected: 200 } })]
		});
		expect(proposalOf(model, solution)).toEqual([{ session: 'id-big', change: 'unplaced', from: null, to: null }]);
		expect(explainer.why('id-big')).toEqual({
			here: null,
			places: 6,
			free: 0,
			others: [],
			against: [
				{ code: 'room_capacity', count: 6 },
				{ code: 'outside_availability', count: 4 }
			]
		});
	});

	test('cost what the schedule costs more with the session, at every place', () => {
		const facts = inventFacts(3, { sessions: 25, rooms: 4, days: 1 });
		const model = makeModel(facts, optionsFor(1));
		const search = new Search(model, { seed: 1, iterations: 3000 });
		for (const _ of search.run());
		const schedule = draftScheduleOf(model, search.best().solution);
		const explainer = new Explainer(model, schedule);
		const before = schedule.cost;
		for (const item of model.movable) {
			const session = model.sessions[model.items[item]?.session ?? -1]?.facts.id ?? '';
			const why = explainer.why(session);
			expect(schedule.cost).toBe(before);
			if (!schedule.isPlaced(item)) {
				expect(why?.here).toBeNull();
				continue;
			}
			expect(why?.here?.rules).toEqual([]);
			for (const { place, cost } of why?.others ?? []) {
				const there = explainer.reasonsAt(session, place);
				expect(there?.rules).toEqual([]);
				expect(there?.cost).toBe(cost);
			}
		}
	});

	test('tell what moves, stays and cannot move', () => {
		const { model, solution } = solved({
			rooms,
			people,
			sessions: [
				sessionNamed('stays', { slots: slotOf('09:00', '10:00', 'small') }),
				sessionNamed('moves', { people: [person('late')], slots: slotOf('09:00', '10:00', 'large') }),
				sessionNamed('stuck', { needs: { ...needs, expected: 500 }, slots: slotOf('10:00', '11:00', 'large') }),
				sessionNamed('new')
			]
		});
		expect(proposalOf(model, solution).map(({ session, change }) => [session, change])).toEqual([
			['id-stays', 'stays'],
			['id-moves', 'moved'],
			['id-stuck', 'stuck'],
			['id-new', 'placed']
		]);
	});
});
