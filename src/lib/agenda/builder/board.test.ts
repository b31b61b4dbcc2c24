import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	boardDays,
	cardsOf,
	dayBounds,
	hoursOf,
	momentAt,
	nearestFree,
	neighbouringCard,
	placeAt,
	roomsMoved,
	snapToGap,
	spanOf
} from './board.ts';
import { conflictsOf, type BoardEntry } from './builder.ts';

const hour = 3_600_000;
const rooms = ['a', 'b', 'c'];
const entry = (start: string, end: string, where: string[] = ['a']): BoardEntry => ({
	placement: { slot: `${start} ${where.join()}`, session: null, block_reason: 'Held', start, end, rooms: where },
	session: null,
	start: Date.parse(start),
	end: Date.parse(end)
});
const clock = (at: number, zone: string) =>
	new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at);

describe('a day of the venue', () => {
	test.each([
		['2027-03-28', 'Europe/Brussels', 23],
		['2027-10-31', 'Europe/Brussels', 25],
		['2027-04-04', 'Australia/Lord_Howe', 24.5],
		['2027-06-10', 'Asia/Kathmandu', 24],
		['2027-06-10', 'Pacific/Kiritimati', 24],
		// Midnight itself is skipped.
		['2026-09-06', 'America/Santiago', 23]
	])('%s in %s has %d hours, each with its line once', (day, zone, length) => {
		const bounds = dayBounds(day, zone);
		expect((bounds.end - bounds.start) / hour).toBe(length);
		const span = spanOf(day, zone, [], true);
		const hours = hoursOf(span, zone);
		expect(hours.map((at) => clock(at, zone)).every((words) => words.endsWith(':00'))).toBe(true);
		expect(new Set(hours).size).toBe(hours.length);
		expect(hours.length).toBeGreaterThanOrEqual(Math.floor(length));
	});

	test('is shown from eight to eight, and further where sessions run past midnight', () => {
		const zone = 'America/Montevideo';
		expect(spanOf('2027-06-10', zone, [])).toEqual({
			start: Date.parse('2027-06-10T11:00Z'),
			end: Date.parse('2027-06-10T23:00Z')
		});
		const late = entry('2027-06-11T02:30Z', '2027-06-11T04:10Z');
		expect(spanOf('2027-06-10', zone, [late]).end).toBe(Date.parse('2027-06-11T05:00Z'));
		// The next day's board continues at its top, when it shows the night.
		const next = spanOf('2027-06-11', zone, [late], true);
		expect(cardsOf([late], rooms, next)).toMatchObject([{ top: 0, minutes: 70, isContinued: true }]);
	});

	test('keeps full hours in half-hour zones', () => {
		const span = spanOf('2027-06-10', 'Asia/Kolkata', []);
		expect(hoursOf(span, 'Asia/Kolkata').map((at) => clock(at, 'Asia/Kolkata'))[0]).toBe('08:00');
	});

	test('belongs to the venue at the date line, and is listed outside the Summit when it has sessions', () => {
		const summit = { starts_on: '2027-06-10', ends_on: '2027-06-11', zone: 'Pacific/Kiritimati' };
		expect(boardDays(summit, [Date.parse('2027-06-08T11:00Z'), Date.parse('2027-06-11T10:30Z')])).toEqual([
			'2027-06-09',
			'2027-06-10',
			'2027-06-11',
			'2027-06-12'
		]);
	});
});

test('snaps a drag to five minutes, also on days that change the clocks', () => {
	fc.assert(
		fc.property(
			fc.constantFrom('Europe/Brussels', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Santiago', 'Pacific/Apia'),
			fc.constantFrom('2027-03-28', '2027-10-31', '2027-04-04', '2026-09-06', '2027-06-10'),
			fc.double({ min: 0, max: 1500, noNaN: true }),
			(zone, day, minutes) => {
				const span = spanOf(day, zone, [], true);
				const at = momentAt(minutes, span);
				expect(Math.abs(at - span.start - minutes * 60_000)).toBeLessThanOrEqual(150_000);
				expect(Number(clock(at, zone).slice(-2)) % 5).toBe(0);
			}
		)
	);
});

test('moves several rooms together, and none off the board', () => {
	expect(roomsMoved(['a', 'b'], rooms, 1)).toEqual(['b', 'c']);
	expect(roomsMoved(['a', 'b'], rooms, 9)).toEqual(['b', 'c']);
	expect(roomsMoved(['c', 'a'], rooms, -5)).toEqual(['a', 'c']);
});

test('draws a card for each separate room and one for adjacent rooms; arrows go to the nearest', () => {
	const span = spanOf('2027-06-10', 'UTC', []);
	const cards = cardsOf(
		[
			entry('2027-06-10T09:00Z', '2027-06-10T10:00Z', ['a', 'c']),
			entry('2027-06-10T11:00Z', '2027-06-10T12:00Z', ['a', 'b']),
			entry('2027-06-10T09:30Z', '2027-06-10T10:00Z', ['b'])
		],
		rooms,
		span
	);
	expect(cards.map(({ column, columnEnd, top, isFirst }) => [column, columnEnd, top, isFirst])).toEqual([
		[1, 2, 60, true],
		[3, 4, 60, false],
		[2, 3, 90, true],
		[1, 3, 180, true]
	]);
	const [first, , second, third] = cards;
	if (!first || !second || !third) throw new Error('no card');
	expect(neighbouringCard(cards, first, 'right')).toBe(second);
	expect(neighbouringCard(cards, first, 'down')).toBe(third);
	expect(neighbouringCard(cards, third, 'up')).toBe(first);
	expect(neighbouringCard(cards, first, 'left')).toBeNull();
});

test('finds what occupies a room at a time, except the moved session', () => {
	const held = entry('2027-06-10T09:00Z', '2027-06-10T10:00Z', ['a', 'b']);
	const requested = { start: '2027-06-10T09:55Z', end: '2027-06-10T11:00Z', rooms: ['b'] };
	expect(conflictsOf([held], requested, null)).toEqual([held]);
	expect(conflictsOf([held], requested, held.placement.slot)).toEqual([]);
	expect(conflictsOf([held], { ...requested, start: '2027-06-10T10:00Z' }, null)).toEqual([]);
});

describe('a place on the board', () => {
	const at = (time: string) => `2027-06-09T${time}:00.000Z`;
	const there = [
		entry(at('09:00'), at('10:00')),
		entry(at('11:15'), at('12:00')),
		entry(at('10:20'), at('11:00'), ['b'])
	];
	const when = (start: string, end: string, where = ['a']) => ({ start: at(start), end: at(end), rooms: where });
	const span = { start: Date.parse(at('08:00')), end: Date.parse(at('20:00')) };

	test.each([
		['its start to the end of what is before it', when('10:05', '11:05'), when('10:00', '11:00')],
		['its end to the start of what is after it', when('10:25', '11:10'), when('10:30', '11:15')],
		['nothing that is far away', when('10:30', '11:00'), when('10:30', '11:00')],
		['nothing of another room', when('10:25', '10:55', ['c']), when('10:25', '10:55', ['c'])]
	])('takes %s', (_, wished, taken) => {
		expect(snapToGap(there, wished, [])).toEqual(taken);
	});

	test('keeps its start when only its end is dragged', () => {
		expect(snapToGap(there, when('10:05', '11:10'), [], true)).toEqual(when('10:05', '11:15'));
	});

	test.each([
		['before, where that is nearer', when('08:30', '09:30'), when('08:00', '09:00')],
		['after', when('09:30', '10:30'), when('10:00', '11:00')],
		['behind a gap that is too short', when('10:45', '12:15'), when('12:00', '13:30')]
	])('that is taken is offered %s', (_, wished, free) => {
		expect(nearestFree(there, wished, [], span)).toEqual(free);
	});

	test('is offered nowhere when the day is full', () => {
		const full = [entry(at('08:00'), at('20:00'))];
		expect(nearestFree(full, when('09:00', '10:00'), [], span)).toBeNull();
		expect(nearestFree(full, when('09:00', '10:00'), [full[0]?.placement.slot ?? ''], span)).toEqual(
			when('09:00', '10:00')
		);
	});

	test('that is new begins on a quarter of an hour and ends with its gap', () => {
		expect(placeAt(there, Date.parse(at('13:07')), 'a', span)).toEqual(when('13:00', '14:00'));
		expect(placeAt(there, Date.parse(at('10:35')), 'a', span)).toEqual(when('10:30', '11:15'));
	});
});
