import { expect, test } from 'vitest';
import { retryDelay } from './waiting.ts';

test('waits longer each time, never over ten seconds, and at random intervals', () => {
	expect([0, 1, 2, 3, 4, 5, 50].map((tries) => retryDelay(tries, 1))).toEqual([
		500, 1000, 2000, 4000, 8000, 10_000, 10_000
	]);
	expect(retryDelay(0, 0)).toBe(250);
	expect(retryDelay(50, 0)).toBe(5000);
});
