import { describe, expect, it } from 'vitest';
import { dayAlarms, inAllRooms, missingFrom, type OnTheDay, type SessionSoon } from './today.ts';

const now = Date.parse('2027-06-09T08:00:00Z');
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
const text = (en: string) => ({ original: 'en', en });
const session = (minutes: number, seen: 'stage' | 'building' | null): SessionSoon => ({
	code: 'ABC123',
	title: text('Opening'),
	room: text('Hall'),
	at: at(minutes),
	run: null,
	state: null,
	people: [
		{ name: 'Ada', role: 'chair', identity: null, seen: 'building' },
		{ name: 'Bo', role: 'speaker', identity: null, seen }
	]
});
const quiet: OnTheDay = {
	day: '2027-06-09',
	came: 0,
	building: 0,
	arrivals: [],
	doors: [],
	soon: [],
	conflicts: 0,
	mail: 0,
	mark: ''
};
const door = { id: 'd', name: text('East'), kind: 'room', now: 0, refused: 0, devices: 1, silent: 0, queued: 0 };
const words = (change: Partial<OnTheDay>) => dayAlarms({ ...quiet, ...change }, now, (map) => map['en'] ?? '');

describe('missing people', () => {
	it('are listed from a quarter of an hour before the start', () => {
		expect(missingFrom(session(16, null), now)).toEqual([]);
		expect(missingFrom(session(15, null), now).map(({ name }) => name)).toEqual(['Bo']);
		expect(missingFrom(session(-5, 'stage'), now)).toEqual([]);
	});
});

describe('alarms', () => {
	it('are none on a quiet day', () => expect(words({})).toEqual([]));

	it('list the most severe first, each with its page', () => {
		const soon = [session(10, null), session(-2, null)];
		const doors = [
			{ ...door, inside: 300, capacity: 300 },
			{ ...door, name: text('West'), inside: 3, capacity: null, devices: 2, silent: 1, queued: 21 }
		];
		expect(words({ soon, doors, conflicts: 1, mail: 2 })).toEqual([
			{ words: 'Started without: Bo (Opening)', path: '/sessions/ABC123', grave: true },
			{ words: 'East is full', path: '/organise/door', grave: true },
			{ words: 'Not seen yet: Bo (Opening)', path: '/sessions/ABC123', grave: false },
			{ words: '1 device is offline at West', path: '/organise/door', grave: false },
			{ words: '21 scans wait in devices at West', path: '/organise/door', grave: false },
			{ words: 'One door warning', path: '/organise/door', grave: false },
			{ words: '2 mails were not sent', path: '/organise/mail', grave: false }
		]);
	});

	it('list a session once that is in two rooms at a time', () => {
		const soon = [session(-2, null), { ...session(-2, null), room: text('Overflow') }];
		expect(words({ soon }).map((alarm) => alarm.words)).toEqual(['Started without: Bo (Opening)']);
		expect(inAllRooms(soon).map(({ rooms }) => rooms)).toEqual([[text('Hall'), text('Overflow')]]);
	});

	it('treat a door without any online device as severe', () => {
		expect(words({ doors: [{ ...door, inside: 0, capacity: null, silent: 1 }] })[0]?.grave).toBe(true);
	});
});
