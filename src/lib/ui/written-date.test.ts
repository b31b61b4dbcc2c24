import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { expect, test } from 'vitest';
import { writtenDate } from './written-date.ts';

test('writes a date with its weekday, and a time with the place of its zone', () => {
	expect(writtenDate('2027-06-09', 'America/Montevideo')).toBe('Wednesday 9 June 2027');
	expect(writtenDate('2027-06-09T09:05', 'America/Montevideo')).toBe('Wednesday 9 June 2027, 09:05 in Montevideo');
	expect(writtenDate('09:05', 'America/Montevideo')).toBe('09:05');
	expect(withLocale('fr', () => writtenDate('2027-06-09T09:05', 'America/Montevideo'))).toBe(
		'mercredi 9 juin 2027, 09:05 à Montevideo'
	);
});

test('writes nothing for a value that is empty or no date', () => {
	for (const value of ['', '2027-13-40', 'soon', '25:99']) expect(writtenDate(value)).toBe('');
});
