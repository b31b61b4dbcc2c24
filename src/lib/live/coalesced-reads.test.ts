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

test('what is told many times during a reading is read once more, with the last value', async () => {
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

test('what cannot be read is said to have failed, and the next change is read again', async () => {
	let fails = true;
	const { readings, given } = watched(() => (fails ? Promise.reject(new Error('away')) : Promise.resolve(7)));
	readings.note('a');
	await vi.waitFor(() => expect(given).toEqual([['a', 'failed']]));
	fails = false;
	readings.note('a');
	await vi.waitFor(() => expect(given.at(-1)).toEqual(['a', 7]));
});
