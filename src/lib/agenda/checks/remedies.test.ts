import { describe, expect, test } from 'vitest';
import type { MoveFacts } from '../builder/proposals.ts';
import { remedyFor } from './remedies.ts';

const at = (time: string) => `2027-06-09T${time}:00.000Z`;
const room = (slug: string, capacity: number, busy: [string, string, string | null][] = []) => ({
	slug,
	name: { original: 'en', en: slug },
	kind: 'hall' as const,
	capacity,
	step_free: false,
	hearing_loop: false,
	equipment: [],
	busy
});
const facts = (expected: number | null, busy: [string, string][] = []): MoveFacts => ({
	rooms: [
		room('small', 30, [[at('10:00'), at('11:00'), 'mine']]),
		room('large', 100, [[at('11:00'), at('12:00'), null]])
	],
	needs: { expected, step_free: false, hearing_loop: false, equipment: [] },
	people: [{ name: 'Ana', remote: false, zone: null, available: [], busy }],
	limits: { daytime_from: '08:00', daytime_until: '22:00' }
});
const request = {
	session: 'mine',
	attendance: 'hall' as const,
	minutes: 60,
	zone: 'UTC',
	starts_on: '2027-06-09',
	ends_on: '2027-06-09'
};
const now = { start: at('10:00'), end: at('11:00'), rooms: ['small'] };

describe('a remedy', () => {
	test('for a room is another room at the same time', () => {
		expect(remedyFor('room_capacity', facts(46), request, now)).toEqual({ ...now, rooms: ['large'], kind: 'room' });
		expect(remedyFor('room_capacity', facts(460), request, now)).toBeNull();
	});

	test('for a person is the nearest time in the same room at which they are free', () => {
		const busy: [string, string][] = [[at('09:30'), at('11:30')]];
		expect(remedyFor('speaker_twice', facts(null, busy), request, now)).toEqual({
			start: at('08:30'),
			end: at('09:30'),
			rooms: ['small'],
			kind: 'time'
		});
	});

	test('for a session without a time is the first place at which everything fits', () => {
		expect(remedyFor('no_slot', facts(46), request, null)).toEqual({
			start: at('08:00'),
			end: at('09:00'),
			rooms: ['large'],
			kind: 'both'
		});
	});

	test('is never part of a change of several rooms', () => {
		expect(remedyFor('room_capacity', facts(46), request, { ...now, rooms: ['small', 'large'] })).toBeNull();
	});
});
