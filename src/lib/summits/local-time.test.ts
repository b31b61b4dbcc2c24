import { expect, test } from 'vitest';
import { endOfDay, instantOf, isDate, localTimeOf } from './local-time.ts';

test.each([
	['2027-06-09', 'America/Montevideo', '2027-06-10T02:59:00.000Z'],
	['2027-06-09', 'Pacific/Auckland', '2027-06-09T11:59:00.000Z'],
	['2028-02-29', 'UTC', '2028-02-29T23:59:00.000Z'],
	// The days on which clocks change in Brussels have 23 and 25 hours.
	['2027-03-28', 'Europe/Brussels', '2027-03-28T21:59:00.000Z'],
	['2027-10-31', 'Europe/Brussels', '2027-10-31T22:59:00.000Z'],
	['2027-02-29', 'UTC', null],
	['2027-06-09T10:00', 'UTC', null],
	['', 'UTC', null]
])('the day %s ends in %s at %s', (day, zone, end) => {
	expect(endOfDay(day, zone)).toBe(end);
});

test('moves a skipped time to the one after, and takes the first of a repeated one', () => {
	expect(instantOf('2027-03-28T02:30', 'Europe/Brussels')).toBe('2027-03-28T01:30:00.000Z');
	expect(instantOf('2027-10-31T02:30', 'Europe/Brussels')).toBe('2027-10-31T00:30:00.000Z');
	expect(localTimeOf('2027-10-31T01:30:00Z', 'Europe/Brussels')).toBe('2027-10-31T02:30');
});

test('accepts dates of the calendar only', () => {
	expect(['2028-02-29', '2027-02-29', '2027-2-28', '1899-12-31', '2027-06-09T10:00'].map(isDate)).toEqual([
		true,
		false,
		false,
		false,
		false
	]);
});
