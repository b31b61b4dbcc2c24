/* Local times of a meeting that is looked for. */
import { expect, test } from 'vitest';
import { isAtNight, localTimes, type PollTime } from './poll.ts';

const at = (start: string, minutes = 60) => ({
	start,
	end: new Date(Date.parse(start) + minutes * 60_000).toISOString()
});

test('a meeting that touches the hours from 22:00 to 07:00 is at night', () => {
	expect(isAtNight(at('2027-06-10T20:00:00Z'), 'UTC')).toBe(false);
	expect(isAtNight(at('2027-06-10T21:00:00Z'), 'UTC')).toBe(false);
	expect(isAtNight(at('2027-06-10T21:01:00Z'), 'UTC')).toBe(true);
	expect(isAtNight(at('2027-06-10T07:00:00Z'), 'UTC')).toBe(false);
	expect(isAtNight(at('2027-06-10T06:59:00Z'), 'UTC')).toBe(true);
	expect(isAtNight(at('2027-06-10T23:30:00Z'), 'UTC')).toBe(true);
});

test('a time of the same instant is day in one zone and night in another, before and after clocks change', () => {
	// Berlin goes back by an hour on 31 October 2027; the instant keeps its hour in UTC.
	expect(isAtNight(at('2027-10-29T05:30:00Z'), 'Europe/Berlin')).toBe(false);
	expect(isAtNight(at('2027-11-05T05:30:00Z'), 'Europe/Berlin')).toBe(true);
	expect(isAtNight(at('2027-06-10T14:00:00Z'), 'Asia/Tokyo')).toBe(true);
});

test('local times go from west to east, name their day where it is another one, and leave out the clock of the reader', () => {
	const time = { ...at('2027-06-10T20:00:00Z'), offsets: [540, -180, 60, 120] } as PollTime;
	expect(localTimes(time, 'Europe/Berlin', 'Europe/London')).toMatchObject([
		{ place: 'UTC−03:00', night: false },
		{ place: 'Berlin', night: true },
		{ place: 'UTC+09:00', night: true }
	]);
	const [west, , east] = localTimes(time, 'Europe/Berlin', 'Europe/London');
	expect(west?.words).not.toContain('June');
	expect(east?.words).toContain('11 June');
});
