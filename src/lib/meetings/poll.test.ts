/* Local times of a meeting that is looked for. */
import { expect, test } from 'vitest';
import { isAtNight, shortTimeIn, zonesOf } from './poll.ts';

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

test('a local time names its day where it is another one', () => {
	expect(shortTimeIn(at('2027-06-10T20:00:00Z'), 'Europe/Berlin', 'UTC')).not.toContain('June');
	expect(shortTimeIn(at('2027-06-10T20:00:00Z'), 'Asia/Tokyo', 'UTC')).toContain('11 June');
});

test('the grid has one column for zones with the same clock, from west to east', () => {
	const summer = { times: [at('2027-06-10T12:00:00Z')] as never, zone: 'Europe/Berlin' };
	expect(zonesOf({ ...summer, zones: ['Europe/Paris', 'Asia/Tokyo', 'America/Montevideo'] }, 'Europe/Madrid')).toEqual([
		'America/Montevideo',
		'Europe/Madrid',
		'Asia/Tokyo'
	]);
	const both = { times: [at('2027-06-10T12:00:00Z'), at('2027-12-10T12:00:00Z')] as never, zone: 'Europe/Berlin' };
	expect(zonesOf({ ...both, zones: ['Africa/Johannesburg'] }, null)).toHaveLength(2);
});
