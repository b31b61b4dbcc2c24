import { expect, test } from 'vitest';
import { isHumane } from './humane.ts';
import { freePlaces, type MoveFacts } from './proposals.ts';

const room = (slug: string, more: Partial<MoveFacts['rooms'][number]> = {}): MoveFacts['rooms'][number] => ({
	slug,
	name: {},
	kind: 'hall',
	capacity: 100,
	step_free: true,
	hearing_loop: false,
	equipment: [],
	busy: [],
	...more
});
const facts = (more: Partial<MoveFacts> = {}): MoveFacts => ({
	rooms: [room('a'), room('b')],
	needs: { expected: null, step_free: false, hearing_loop: false, equipment: [] },
	people: [],
	limits: { daytime_from: '08:00:00', daytime_until: '22:00:00' },
	...more
});
const request = {
	session: 'mine',
	attendance: 'hall_and_online',
	minutes: 60,
	zone: 'America/Montevideo',
	starts_on: '2027-06-10',
	ends_on: '2027-06-10'
} as const;
const starts = (given: MoveFacts, more: Partial<Parameters<typeof freePlaces>[1]> = {}) =>
	freePlaces(given, { ...request, ...more }).map(({ start, room: slug, misses }) => [
		start.slice(0, 16),
		slug,
		...misses
	]);

test('proposes the first free time of each room, and lists what the room lacks', () => {
	const small = room('a', { capacity: 20, busy: [['2027-06-10T10:00Z', '2027-06-10T12:30Z', 'other']] });
	expect(
		starts(
			facts({
				rooms: [small, room('b', { equipment: ['Projector'] })],
				needs: { expected: 46, step_free: true, hearing_loop: false, equipment: ['projector'] }
			})
		)
	).toEqual([
		['2027-06-10T11:00', 'b'],
		['2027-06-10T12:30', 'a', '46 people for 20 seats', 'no projector']
	]);
});

test('ignores the session’s own time, but not that of others', () => {
	const busy = (session: string) => [room('a', { busy: [['2027-06-10T11:00Z', '2027-06-10T23:00Z', session]] })];
	expect(starts(facts({ rooms: busy('mine') }))).toEqual([['2027-06-10T11:00', 'a']]);
	expect(starts(facts({ rooms: busy('other') }))).toEqual([]);
});

test('finds a time at which everyone is available, else the one with the fewest absences', () => {
	const person = {
		name: 'Ana Lima',
		remote: true,
		zone: 'Asia/Tokyo',
		busy: [['2027-06-10T11:00Z', '2027-06-10T12:00Z']],
		available: [['2027-06-10T11:00Z', '2027-06-10T13:30Z']]
	} as MoveFacts['people'][number];
	expect(starts(facts({ rooms: [room('a')], people: [person] }))).toEqual([['2027-06-10T12:00', 'a']]);
	expect(starts(facts({ rooms: [room('a')], people: [person] }), { minutes: 120 })).toEqual([
		['2027-06-10T11:00', 'a', 'Ana Lima is in another session']
	]);
});

test('uses the venue’s days at the date line, and starts at eight on a day that changes the clocks', () => {
	const line = { zone: 'Pacific/Kiritimati', starts_on: '2027-06-10', ends_on: '2027-06-10' };
	const only = facts({ rooms: [room('a')] });
	expect(freePlaces(only, { ...request, ...line })[0]?.start).toBe('2027-06-09T18:00:00.000Z');
	const change = { zone: 'Europe/Brussels', starts_on: '2027-03-28', ends_on: '2027-03-28' };
	expect(freePlaces(only, { ...request, ...change })[0]?.start).toBe('2027-03-28T06:00:00.000Z');
	const half = { zone: 'Asia/Kathmandu' };
	expect(freePlaces(only, { ...request, ...half })[0]?.start).toBe('2027-06-10T02:15:00.000Z');
});

test('finds humane hours within one day of the person', () => {
	const limits = { daytime_from: '08:00:00', daytime_until: '22:00:00' };
	const at = (time: string) => Date.parse(`2027-06-10T${time}Z`);
	expect(isHumane(at('08:00'), at('22:00'), 'UTC', limits)).toBe(true);
	expect(isHumane(at('07:55'), at('09:00'), 'UTC', limits)).toBe(false);
	expect(isHumane(at('21:30'), at('22:05'), 'UTC', limits)).toBe(false);
	expect(isHumane(at('23:30'), at('23:30') + 9 * 3_600_000, 'UTC', limits)).toBe(false);
	expect(isHumane(at('02:15'), at('03:15'), 'Asia/Kathmandu', limits)).toBe(true);
});
