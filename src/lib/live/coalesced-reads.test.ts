import { expect, test, vi } from 'vitest';
import { CoalescedReads } from './coalesced-reads.ts';

function watched(read: (key: string) => Promise<number>) {
	const given: [string, number | 'failed'][] = [];
	const readings = new CoalescedReads<string, number>(
		(key) => key,
		{
			read,
			deliver: (key, value) => given.push([key, value]),
			fail: (key) => given.push([key, 'failed'])
		},
		5
	);
	return { readings, given };
}

test('reads once more after many events during a read, and uses the last value', async () => {
	let value = 0;
	let reads = 0;
	const { readings, given } = watched(async () => {
		reads++;
		const seen = value;
		await Promise.resolve();
		return seen;
	});
	for (value = 1; value <= 50; value++) readings.note('a');
	value = 50;
	await vi.waitFor(() => expect(given.at(-1)).toEqual(['a', 50]));
	expect(reads).toBe(2);
	readings.note('b');
	await vi.waitFor(() => expect(given.at(-1)).toEqual(['b', 50]));
	expect(reads).toBe(3);
});

test('reports a failed read, and reads again at the next change', async () => {
	let fails = true;
	const { readings, given } = watched(() => (fails ? Promise.reject(new Error('away')) : Promise.resolve(7)));
	readings.note('a');
	await vi.waitFor(() => expect(given).toEqual([['a', 'failed']]));
	fails = false;
	readings.note('a');
	await vi.waitFor(() => expect(given.at(-1)).toEqual(['a', 7]));
});
