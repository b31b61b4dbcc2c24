import { describe, expect, test } from 'vitest';
import { at, session, slot } from '../../../tests/fixtures/agenda.ts';
import { fractionAt, gridOf, gridRowOf } from './grid.ts';
import { entriesOf, type Session } from './session.ts';

const rooms = ['plenary', 'rio', 'ceibo'];
const grid = (sessions: Session[], everything = sessions) =>
	gridOf(entriesOf(sessions), rooms, -180, entriesOf(everything));
const placed = (sessions: Session[], everything = sessions) =>
	grid(sessions, everything)?.placed.map(({ entry, column, columnEnd, row, rowEnd, isBand }) => [
		entry.session.code,
		column,
		columnEnd,
		row,
		rowEnd,
		isBand
	]);

const beside = [
	session({ code: 'P', slots: [slot('09:15', '10:00')] }),
	session({ code: 'R', slots: [slot('09:15', '10:30', ['rio'])] })
];

describe('the grid', () => {
	test('starts and ends on full hours of the venue, in rows of five minutes', () => {
		const found = grid(beside);
		expect(found && [found.start, found.end, found.rows]).toEqual([
			Date.parse(at('09:00')),
			Date.parse(at('11:00')),
			24
		]);
		expect(found?.hours).toHaveLength(3);
	});

	test('draws an hour in which nothing is a quarter as high, and the present time in it', () => {
		const found = grid([
			session({ code: 'P', slots: [slot('09:00', '10:00')] }),
			session({ code: 'R', slots: [slot('12:00', '13:00', ['rio'])] })
		]);
		if (!found) throw new Error('no grid');
		expect(found.folded.map((hour) => new Date(hour).toISOString())).toEqual([
			new Date(at('10:00')).toISOString(),
			new Date(at('11:00')).toISOString()
		]);
		expect(found.rows).toBe(12 + 3 + 3 + 12);
		expect(found.placed.map(({ row, rowEnd }) => [row, rowEnd])).toEqual([
			[1, 13],
			[19, 31]
		]);
		expect(gridRowOf(Date.parse(at('11:00')), found)).toBe(15);
		expect(fractionAt(Date.parse(at('11:00')), found)).toBe(0.5);
		expect(fractionAt(Date.parse(at('08:59')), found)).toBe(-1);
		expect(fractionAt(found.end, found)).toBe(1);
	});

	test('uses the full hours of a zone with a half-hour offset', () => {
		const found = gridOf(entriesOf(beside), rooms, 330);
		// 09:15 in Montevideo is 17:45 in India.
		expect(found && new Date(found.start).toISOString()).toBe('2027-06-10T11:30:00.000Z');
	});

	test('has a column for each room that is used', () => {
		expect(grid(beside)?.rooms).toEqual(['plenary', 'rio']);
		expect(placed(beside)).toEqual([
			['P', 1, 2, 4, 13, false],
			['R', 2, 3, 4, 19, false]
		]);
	});

	test('spans all rooms by a session alone in the first room, also with a filter only when it is truly alone', () => {
		const plenary = session({ code: 'ALL', slots: [slot('11:00', '12:00')] });
		expect(placed([...beside, plenary])?.at(-1)).toEqual(['ALL', 1, 3, 25, 37, true]);
		expect(
			placed([beside[0] as Session, session({ code: 'O', slots: [slot('13:00', '14:00', ['rio'])] })], beside)?.[0]
		).toEqual(['P', 1, 2, 4, 13, false]);
	});

	test('spans all rooms by a break; joins adjacent rooms in one entry, and not others', () => {
		const pause = session({ code: 'B', is_break: true, slots: [slot('10:00', '10:30', ['plenary', 'rio'])] });
		const both = session({ code: 'X', slots: [slot('12:00', '13:00', ['plenary', 'rio'])] });
		const apart = session({ code: 'Y', slots: [slot('14:00', '15:00', ['plenary', 'ceibo'])] });
		const other = [
			session({ code: 'Z', slots: [slot('12:00', '13:00', ['ceibo'])] }),
			session({ code: 'W', slots: [slot('14:00', '15:00', ['rio'])] })
		];
		const found = placed([pause, both, apart, ...other]) ?? [];
		expect(found.filter(([code]) => code === 'B')).toEqual([['B', 1, 4, 1, 7, true]]);
		expect(found.filter(([code]) => code === 'X')).toEqual([['X', 1, 3, 16, 28, false]]);
		expect(found.filter(([code]) => code === 'Y').map(([, column, end]) => [column, end])).toEqual([
			[1, 2],
			[3, 4]
		]);
	});

	test('puts a cancelled session next to the one that replaced it', () => {
		const off = session({ code: 'OFF', is_cancelled: true, slots: [slot('09:15', '10:00')] });
		const shares = grid([off, ...beside])?.placed.map(({ entry, position, overlapping }) => [
			entry.session.code,
			position,
			overlapping
		]);
		expect(shares).toEqual([
			['OFF', 0, 2],
			['P', 1, 2],
			['R', 0, 1]
		]);
	});

	test('is null without sessions to place', () => {
		expect(grid([])).toBe(null);
		expect(grid([session({ slots: [slot('09:00', '10:00', [])] })])).toBe(null);
	});
});
