import { describe, expect, test } from 'vitest';
import { TtlCache } from './ttl-cache.ts';

const limits = { entries: 2, ttl: 60_000 };

describe('a cached value', () => {
	test('is read once for all who want it at the same time, and again after a failure', async () => {
		const memory = new TtlCache<number>(limits);
		let asked = 0;
		const load = () => Promise.resolve((asked += 1));
		expect(await Promise.all([memory.get('a', load), memory.get('a', load)])).toEqual([1, 1]);
		await expect(memory.get('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
		expect(await memory.get('b', load)).toBe(2);
	});

	test('is not found when its read began before an invalidation', async () => {
		const memory = new TtlCache<string>(limits);
		let give: (value: string) => void = () => undefined;
		const before = memory.get('a', () => new Promise((done) => (give = done)));
		memory.deleteTopic('person:1');
		give('old');
		expect([await before, await memory.get('a', () => Promise.resolve('new'))]).toEqual(['old', 'new']);
	});

	test('is invalidated by an event of its person, and of no other', async () => {
		const memory = new TtlCache<string>(limits);
		const find = (key: string, value: string) =>
			memory.get(key, () => Promise.resolve(value), { topicOf: () => `person:${key}` });
		await Promise.all([find('1', 'one'), find('2', 'two')]);
		memory.deleteTopic('person:1');
		expect([await find('1', 'again'), await find('2', 'again')]).toEqual(['again', 'two']);
	});

	test('limits its size: the least recently used goes', async () => {
		const memory = new TtlCache<string>(limits);
		const find = (key: string, value: string) => memory.get(key, () => Promise.resolve(value));
		for (const key of ['1', '2', '3']) await find(key, 'first');
		expect([await find('3', 'second'), await find('1', 'second')]).toEqual(['first', 'second']);
	});
});
