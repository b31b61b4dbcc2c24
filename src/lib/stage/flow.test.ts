import { describe, expect, test } from 'vitest';
import { asClock, minutesLeft, secondsUntil } from './flow.ts';

const at = '2027-06-09T10:00:00.000Z';
const moment = Date.parse(at);

describe('a countdown', () => {
	test('counts by the server’s clock, not by the reader’s', () => {
		expect(secondsUntil(at, moment - 90_000, 0)).toBe(90);
		expect(secondsUntil(at, moment - 90_000 + 3_600_000, 3_600_000)).toBe(90);
	});

	test('ends at zero', () => {
		expect([secondsUntil(at, moment - 1, 0), secondsUntil(at, moment, 0), secondsUntil(at, moment + 5000, 0)]).toEqual([
			1, 0, 0
		]);
	});

	test('is written as a clock time', () => {
		expect([0, 5, 65, 600, 3605].map(asClock)).toEqual(['0:00', '0:05', '1:05', '10:00', '1:00:05']);
	});
});

describe('the minutes of a session', () => {
	test('count down to its end and up after it', () => {
		const left = (ms: number) => minutesLeft(at, moment + ms);
		expect([left(-60_001), left(-60_000), left(-1), left(0), left(59_999), left(60_000), left(125_000)]).toEqual([
			2, 1, 1, 0, 0, -1, -2
		]);
	});
});
