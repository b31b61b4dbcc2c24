import { describe, expect, test } from 'vitest';
import { at, session, slot } from '../../../tests/fixtures/agenda.ts';
import { clashesOf } from './clashes.ts';
import { daysOf, entriesOn, openingDay } from './days.ts';
import { lineBefore, nowAndNext, startRowsOf } from './now.ts';
import { entriesOf } from './session.ts';
import { atTheSameTime } from './same-time.ts';

const zone = 'America/Montevideo';
const moment = (time: string, day = 10) => Date.parse(at(time, day));
const first = session({ code: 'A', slots: [slot('09:00', '10:00')] });
const long = session({ code: 'B', slots: [slot('09:00', '12:00', ['rio'])] });
const coffee = session({ code: 'C', is_break: true, slots: [slot('10:00', '10:30')] });
const second = session({ code: 'D', slots: [slot('10:30', '11:30'), slot('09:00', '10:00', ['plenary'], 11)] });
const gone = session({ code: 'E', is_cancelled: true, slots: [slot('10:15', '11:00', ['ceibo'])] });
const entries = entriesOf([first, long, coffee, second, gone]);
const codes = (list: { session: { code: string } }[]) => list.map(({ session: { code } }) => code);

describe('days', () => {
	test('are the venue’s: a session at 23:30 there is not on the next day', () => {
		const late = entriesOf([session({ slots: [slot('23:30', '23:59')] })]);
		expect(daysOf(late, zone)).toEqual(['2027-06-10']);
		expect(daysOf(late, 'UTC')).toEqual(['2027-06-11']);
		expect(entriesOn(late, '2027-06-10', zone)).toEqual(late);
	});

	test.each([
		['2027-06-11', moment('09:00', 10), '2027-06-11'],
		['2027-06-30', moment('09:00', 10), '2027-06-10'],
		[null, moment('09:00', 11), '2027-06-11'],
		[null, moment('09:00', 1), '2027-06-10'],
		[null, moment('09:00', 20), '2027-06-10']
	])('asked for %s at %i opens %s', (asked, now, day) => {
		expect(openingDay(daysOf(entries, zone), asked, now, zone)).toBe(day);
	});

	test('have no opening day in an agenda without sessions', () => expect(openingDay([], null, 0, zone)).toBe(null));
});

describe('now and next', () => {
	test('are found in the middle of a session', () => {
		const { now, next } = nowAndNext(entries, moment('09:30'));
		expect(codes(now)).toEqual(['A', 'B']);
		expect(codes(next)).toEqual(['D']);
	});

	test('show a break as now, never as next, and a cancelled session as neither', () => {
		const { now, next } = nowAndNext(entries, moment('10:15'));
		expect(codes(now)).toEqual(['B', 'C']);
		expect(codes(next)).toEqual(['D']);
	});

	test('include the start of a session and exclude its end', () => {
		expect(codes(nowAndNext(entries, moment('10:00')).now)).toEqual(['B', 'C']);
	});

	test('keep an overrunning session as now for an hour, in its last time only', () => {
		const late = entriesOf([
			session({ code: 'F', run: 'live', slots: [slot('08:00', '08:30'), slot('09:00', '10:00')] }),
			session({ code: 'G', slots: [slot('09:00', '10:00')] })
		]);
		const on = (time: string) =>
			nowAndNext(late, moment(time)).now.map(({ session: { code }, slot: { start } }) => [code, start]);
		expect(on('10:40')).toEqual([['F', at('09:00')]]);
		expect(on('11:01')).toEqual([]);
		expect(startRowsOf(late, moment('10:40')).map(({ isPast }) => isPast)).toEqual([true, false]);
	});

	test('are empty after the last session', () => {
		expect(nowAndNext(entries, moment('20:00', 11))).toEqual({ now: [], next: [] });
	});
});

describe('the line of the present time', () => {
	const rows = (time: string) => startRowsOf(entriesOn(entries, '2027-06-10', zone), moment(time));
	test.each([
		['08:00', null],
		['09:30', 1],
		['10:20', 3],
		['11:45', 4],
		['12:00', null]
	])('at %s stands before row %s', (time, index) => expect(lineBefore(rows(time), moment(time))).toBe(index));

	test('marks a row as past only when all of it has ended', () => {
		expect(rows('10:30').map(({ isPast }) => isPast)).toEqual([false, true, false, false]);
	});
});

describe('overlaps', () => {
	test('are pairs with their common time; breaks, cancelled and adjacent sessions have none', () => {
		const found = clashesOf(entries).map(({ first: a, second: b, start, end }) => [
			a.session.code,
			b.session.code,
			start,
			end
		]);
		expect(found).toEqual([
			['A', 'B', moment('09:00'), moment('10:00')],
			['B', 'D', moment('10:30'), moment('11:30')]
		]);
	});

	test('do not include two times of one session', () => {
		expect(clashesOf(entriesOf([session({ slots: [slot('09:00', '10:00'), slot('09:30', '10:30')] })]))).toEqual([]);
	});

	test('list the other sessions at the same time', () => {
		const own = entries.find(({ session: { code } }) => code === 'B');
		expect(own && codes(atTheSameTime(own, entries))).toEqual(['A', 'D']);
	});
});
