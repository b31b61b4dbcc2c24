import { describe, expect, test } from 'vitest';
import { at } from '../../../tests/fixtures/agenda.ts';
import { cityOf, fill, readerTime } from './reader-time.ts';

const venue = 'America/Montevideo';
const moment = (time: string) => Date.parse(at(time));

describe('the reader’s time', () => {
	test('is shown with its day only when the day differs', () => {
		expect(readerTime(moment('09:00'), 'Africa/Nairobi', venue, 'en')).toEqual({ time: '15:00', day: null });
		expect(readerTime(moment('21:00'), 'Africa/Nairobi', venue, 'en')).toEqual({ time: '03:00', day: 'Fri 11 June' });
		expect(readerTime(moment('01:00'), 'Pacific/Honolulu', venue, 'fr')).toEqual({ time: '18:00', day: 'mer. 9 juin' });
	});

	test('is hidden where both clocks agree, regardless of the name of the zone', () => {
		expect(readerTime(moment('09:00'), 'America/Sao_Paulo', venue, 'en')).toBe(null);
	});

	test('includes the date at the same hour of another day', () => {
		expect(readerTime(moment('09:00'), 'Pacific/Auckland', venue, 'en')).toEqual({ time: '00:00', day: 'Fri 11 June' });
	});

	test('keeps Latin digits in Arabic', () => {
		expect(readerTime(moment('21:00'), 'Asia/Amman', venue, 'ar')).toEqual({ time: '03:00', day: 'الجمعة، 11 يونيو' });
	});
});

test('names a zone by its city', () =>
	expect(['America/Argentina/Buenos_Aires', 'UTC'].map(cityOf)).toEqual(['Buenos Aires', 'UTC']));
test('fills a sentence by name', () =>
	expect(fill('{time} in {place} {other}', { time: '10:00', place: 'Nairobi' })).toBe('10:00 in Nairobi {other}'));
