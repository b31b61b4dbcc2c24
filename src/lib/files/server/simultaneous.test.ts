import { expect, test } from 'vitest';
import { Simultaneous } from './simultaneous.ts';

test('begins so much at once for one key, and again when some of it ended', async () => {
	const limit = new Simultaneous(2);
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	const first = [limit.run('a', () => promise), limit.run('a', () => promise)];
	expect(await limit.run('a', async () => 'third')).toBeNull();
	expect(await limit.run('b', async () => 'another')).toBe('another');
	resolve('done');
	expect(await Promise.all(first)).toEqual(['done', 'done']);
	reject();
	await expect(limit.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
	const again = [limit.run('a', async () => 1), limit.run('a', async () => 2), limit.run('a', async () => 3)];
	expect(await Promise.all(again)).toEqual([1, 2, null]);
});
