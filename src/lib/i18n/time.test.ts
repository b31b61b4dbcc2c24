import { describe, expect, it } from 'vitest';
import {
	addDays,
	bytes,
	clock,
	clockRange,
	dateRange,
	day,
	dayAndClock,
	dayKey,
	duration,
	longDuration,
	money,
	number,
	offsetMinutes,
	relative,
	zoneCity
} from './time.ts';
import { isZone } from './zone.ts';

const at = '2027-06-10T13:30:00Z';
const montevideo = 'America/Montevideo';

describe('a time', () => {
	it('is written in a zone, with 24 hours and Latin digits in every language', () => {
		expect(['en', 'fr', 'es', 'ar'].map((language) => clock(at, montevideo, language))).toEqual([
			'10:30',
			'10:30',
			'10:30',
			'10:30'
		]);
		expect(clock('2027-06-10T00:05:00Z', 'UTC', 'en')).toBe('00:05');
		expect(clock(at, 'Asia/Kathmandu', 'en')).toBe('19:15');
	});

	it('is a range with words between', () => {
		expect(clockRange(at, '2027-06-10T14:30:00Z', montevideo, 'en')).toBe('10:30 to 11:30');
		expect(clockRange(at, '2027-06-10T14:30:00Z', montevideo, 'ar')).toBe('10:30 إلى 11:30');
		expect(['ru', 'zh', 'pt'].map((language) => clockRange(at, '2027-06-10T14:30:00Z', montevideo, language))).toEqual([
			'10:30–11:30',
			'10:30至11:30',
			'10:30 às 11:30'
		]);
	});

	it('belongs to a day that differs by zone', () => {
		expect(dayKey('2027-06-10T23:30:00Z', 'Asia/Tokyo')).toBe('2027-06-11');
		expect(dayKey('2027-06-10T23:30:00Z', montevideo)).toBe('2027-06-10');
	});

	it('has its offset, summer time and half hours included', () => {
		expect(offsetMinutes(at, montevideo)).toBe(-180);
		expect(offsetMinutes(at, 'Asia/Kolkata')).toBe(330);
		expect(offsetMinutes('2027-01-10T00:00:00Z', 'Europe/Paris')).toBe(60);
		expect(offsetMinutes('2027-07-10T00:00:00Z', 'Europe/Paris')).toBe(120);
		expect(offsetMinutes(at, 'UTC')).toBe(0);
	});
});

describe('a day', () => {
	it('is written as people say it', () => {
		expect(day(at, montevideo, {}, 'en')).toBe('Thu 10 June');
		expect(day(at, montevideo, { weekday: 'long', year: true }, 'en')).toBe('Thursday 10 June 2027');
		expect(day(at, montevideo, { weekday: 'none' }, 'fr')).toBe('10 juin');
		expect(day(at, montevideo, { weekday: 'long' }, 'es')).toBe('jueves, 10 de junio');
		expect(day(at, montevideo, { weekday: 'long', year: true }, 'ru')).toBe('четверг, 10 июня 2027');
		expect(day(at, montevideo, { weekday: 'none', year: true }, 'ru')).toBe('10 июня 2027');
		expect(['en', 'ru', 'zh', 'pt'].map((language) => dayAndClock(at, montevideo, language))).toEqual([
			'10 June 2027, 10:30',
			'10 июня 2027, 10:30',
			'2027年6月10日 10:30',
			'10 de junho de 2027, 10:30'
		]);
	});

	it('is a range that names common parts once', () => {
		expect(dateRange('2027-06-09', '2027-06-11', 'UTC', 'en')).toBe('9 to 11 June 2027');
		expect(dateRange('2027-06-29', '2027-07-01', 'UTC', 'en')).toBe('29 June to 1 July 2027');
		expect(dateRange('2027-12-31', '2028-01-01', 'UTC', 'en')).toBe('31 December 2027 to 1 January 2028');
		expect(dateRange('2027-06-09', '2027-06-09', 'UTC', 'en')).toBe('9 June 2027');
		expect(dateRange('2027-06-09', '2027-06-11', 'UTC', 'fr')).toBe('du 9 au 11 juin 2027');
		expect(dateRange('2027-06-09', '2027-06-11', 'UTC', 'es')).toBe('del 9 al 11 de junio de 2027');
		expect(
			['ru', 'zh', 'pt'].map((language) => [
				dateRange('2027-06-09', '2027-06-11', 'UTC', language),
				dateRange('2027-06-29', '2027-07-01', 'UTC', language)
			])
		).toEqual([
			['9–11 июня 2027', '29 июня – 1 июля 2027'],
			['2027年6月9日至11日', '2027年6月29日至7月1日'],
			['9 a 11 de junho de 2027', '29 de junho a 1 de julho de 2027']
		]);
		expect(dateRange('2027-06-09', '2027-06-11', 'UTC', 'ar')).toBe('9 إلى 11 يونيو 2027');
	});

	it('is counted on the calendar, over changes of the clocks and the ends of months', () => {
		expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
		expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
		// 25 October has 25 hours in Brussels, 28 March 23.
		for (const [moment, today, yesterday, tomorrow] of [
			['2026-10-25T22:30:00Z', '2026-10-25', '2026-10-24', '2026-10-26'],
			['2026-10-24T22:30:00Z', '2026-10-25', '2026-10-24', '2026-10-26'],
			['2027-03-27T22:30:00Z', '2027-03-27', '2027-03-26', '2027-03-28']
		] as const) {
			const key = dayKey(moment, 'Europe/Brussels');
			expect([key, addDays(key, -1), addDays(key, 1)]).toEqual([today, yesterday, tomorrow]);
		}
	});

	it('is relative to now', () => {
		const now = Date.parse(at);
		expect(relative(now + 12 * 60_000, now, 'en')).toBe('in 12 minutes');
		expect(relative(now - 2 * 86_400_000, now, 'en')).toBe('2 days ago');
		expect(relative(now - 3 * 3_600_000, now, 'fr')).toBe('il y a 3 heures');
	});
});

it('accepts existing zones only', () => {
	expect([montevideo, 'UTC', 'Mars/Olympus', '', null].map(isZone)).toEqual([true, true, false, false, false]);
	expect(zoneCity('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
});

it('writes numbers, money, sizes and durations with Latin digits', () => {
	expect(number(1234, {}, 'ar')).toMatch(/^1[,٬]234$/);
	expect(money(25_050, 'EUR', 'en')).toBe('€250.50');
	expect(money(500, 'JPY', 'en')).toBe('JP¥500');
	expect(money(45_000, 'USD', 'ar')).toBe('\u2066450.00\u00a0US$\u2069');
	expect(bytes(4_100_000, 'en')).toBe('4.1 MB');
	expect(bytes(320_000, 'en')).toBe('320 kB');
	expect(duration(29.2, 'en')).toBe('30 seconds');
	expect(duration(3600, 'fr')).toBe('60 minutes');
	expect([190, 7200, 7500, 86_400, 400_000].map((span) => longDuration(span, 'en'))).toEqual([
		'3 minutes',
		'2 hours',
		'2 hours, 5 minutes',
		'24 hours',
		'5 days'
	]);
	expect(longDuration(7200, 'ar')).toBe('ساعتان');
});
