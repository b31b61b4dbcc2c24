import { describe, expect, it } from 'vitest';
import { DoorList, hashFor } from './list.ts';
import type { OfflineSnapshot } from './messages.ts';

const now = Date.parse('2027-06-09T10:00:00Z');
const snapshot = (values: Partial<OfflineSnapshot> = {}): OfflineSnapshot => ({
	checkpoint: {
		id: 'c',
		kind: 'room',
		place: 'r',
		name: { original: 'en', en: 'Hall' },
		both_ways: true,
		capacity: 2,
		own_capacity: null,
		categories: [],
		opens_at: null,
		closes_at: null,
		position: 0,
		ended: false
	},
	expires: '2027-06-10T06:00:00Z',
	day: '2027-06-09',
	cursor: 0,
	sessions: [],
	rows: [
		['b0', 'l0', 'ok', 1],
		['b1', 'l1', 'ok', 6],
		['b2', 'l2', 'revoked', 0],
		['b3', 'l3', 'stop', 0],
		['b4', 'l4', 'ok', 0]
	],
	inside: {},
	...values
});

describe('an offline list', () => {
	it('admits once, by code or badge letters, and stores marks and no name', () => {
		const list = new DoorList(snapshot());
		expect(list.answer('b0', 'in', now)).toMatchObject({
			answer: 'welcome',
			flags: ['no_photographs'],
			displayName: null
		});
		list.note('b0', now / 1000);
		expect(list.answer('l0', 'in', now)).toMatchObject({ answer: 'already_in', since: '2027-06-09T10:00:00.000Z' });
		expect(list.answer('b1', 'in', now)).toMatchObject({ answer: 'welcome', flags: ['escort', 'access_need'] });
	});

	it('refuses known refusals, holds nobody inside, and calls an unknown badge unknown', () => {
		const list = new DoorList(snapshot());
		const answerFor = (hash: string, way: 'in' | 'out' = 'in') => list.answer(hash, way, now).answer;
		expect([answerFor('b2'), answerFor('b3'), answerFor('zz')]).toEqual(['revoked', 'stop', 'unlisted']);
		expect([answerFor('b2', 'out'), answerFor('b3', 'out'), answerFor('zz', 'out')]).toEqual([
			'left',
			'stop',
			'unlisted'
		]);
	});

	it('says when it is full where else the session can be followed', () => {
		const session = { from: '2027-06-09T09:00:00Z', to: '2027-06-09T11:00:00Z', only: null, except: null };
		const room = { original: 'en', en: 'Overflow' };
		const list = new DoorList(snapshot({ inside: { 0: 1, 1: 1 }, sessions: [{ ...session, elsewhere: { room } }] }));
		expect(list.answer('b4', 'in', now)).toMatchObject({ answer: 'full', elsewhere: { room } });
		expect(list.answer('b4', 'in', now + 3 * 3_600_000)).toMatchObject({ answer: 'full', elsewhere: null });
	});

	it('counts who is inside, and is full with the last', () => {
		const list = new DoorList(snapshot({ inside: { 0: now / 1000 } }));
		list.note('b1', now / 1000);
		expect([list.inside, list.answer('b4', 'in', now).answer]).toEqual([2, 'full']);
		list.note('l0', null);
		expect(list.answer('b4', 'in', now).answer).toBe('welcome');
	});

	it('follows the sessions of a room through the day', () => {
		const sessions = [
			{ from: '2027-06-09T09:00:00Z', to: '2027-06-09T10:30:00Z', only: [4], except: null },
			{ from: '2027-06-09T11:00:00Z', to: '2027-06-09T12:00:00Z', only: null, except: [1] }
		];
		const list = new DoorList(snapshot({ sessions }));
		const at = (time: string, hash: string) => list.answer(hash, 'in', Date.parse(`2027-06-09T${time}:00Z`)).answer;
		expect([at('10:00', 'b0'), at('10:00', 'b4')]).toEqual(['not_here', 'welcome']);
		expect([at('10:45', 'b0'), at('10:45', 'b1')]).toEqual(['welcome', 'stop']);
		expect(at('13:00', 'b1')).toBe('welcome');
		expect([list.isOver(now), list.isOver(Date.parse('2027-06-10T06:00:00Z'))]).toEqual([false, true]);
	});

	it('marks who needs an interpreter in the present session', () => {
		const from = '2027-06-09T11:00:00Z';
		const sessions = [{ from, to: '2027-06-09T12:00:00Z', only: null, except: [], sets: [1] }];
		const list = new DoorList(snapshot({ sessions }));
		const signs = (time: string, hash: string) => list.answer(hash, 'in', Date.parse(`2027-06-09T${time}:00Z`)).flags;
		expect([signs('10:29', 'b1'), signs('10:30', 'b1'), signs('11:59', 'l1'), signs('12:00', 'b1')]).toEqual([
			['escort', 'access_need'],
			['escort', 'access_need', 'interpreter_set'],
			['escort', 'access_need', 'interpreter_set'],
			['escort', 'access_need']
		]);
		expect(signs('11:30', 'b0')).toEqual(['no_photographs']);
	});

	it('finds a badge by half a hash as the database makes it', async () => {
		// select private.door_hash('5f0c…', 'ABCDEFGHJKMN')
		expect(await hashFor('00000000-0000-4000-8000-000000000001', 'ABCDEFGHJKMN')).toMatch(/^[0-9a-f]{16}$/);
	});
});
