import { describe, expect, test } from 'vitest';
import { readPdf } from '../../../../../../tests/fixtures/pdf.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { locales } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { codeInFours, letterData, letterTemplate, type LetterContent } from '#lib/logistics/letter.ts';

const content: LetterContent = {
	locale: 'en',
	head: {
		issuer_name: 'Summit Secretariat',
		issuer_address: '1 Quay Street\nMontevideo',
		signatory_name: 'Inés Ferreira',
		signatory_office: 'Head of Secretariat'
	},
	summit: {
		name: { original: 'en', en: 'Global Summit 2027', ar: 'القمة العالمية 2027' },
		starts_on: '2027-06-09',
		ends_on: '2027-06-11',
		venue: { original: 'en', en: 'River Hall' },
		city: { original: 'en', en: 'Montevideo' },
		country: 'UY'
	},
	passport_name: 'LIMA, Ana',
	passport_number: 'X1234567',
	nationality: 'PT',
	birth_date: '1984-05-31',
	embassy: 'Embassy in Lisbon'
};
const set = (one: LetterContent) =>
	withLocale(one.locale, () =>
		renderPdf(
			letterTemplate,
			letterData(
				{ reference: 'VL-0042', code: 'ABCD2345EFGH', issuedAt: '2027-03-01T10:00:00Z', content: one },
				'America/Montevideo',
				'https://summit.example.org/montevideo/letter'
			)
		)
	);

describe.each(locales)('in %s', (locale) => {
	test('a letter names the person and the purpose, and how to verify it', async () => {
		const read = readPdf(await set({ ...content, locale }));
		expect([read.pages, read.lang]).toEqual([1, locale]);
		for (const words of [
			'VL-0042',
			'LIMA, Ana',
			'X1234567',
			'1984',
			codeInFours('ABCD2345EFGH'),
			'Inés Ferreira',
			'Embassy in Lisbon'
		])
			expect(read.text).toContain(words);
	});
});

test('names in other alphabets are printed, and no name acts as markup', async () => {
	const { text } = readPdf(await set({ ...content, passport_name: 'Щукина, Юлия #pagebreak() *x*' }));
	expect(text).toContain('Щукина, Юлия #pagebreak() *x*');
	const arabic = readPdf(await set({ ...content, locale: 'ar', passport_name: 'محمد حداد' }));
	for (const letter of 'محدا') expect(arabic.text).toContain(letter);
});

test('a letter without an embassy is addressed “To whom it may concern”', async () => {
	expect(readPdf(await set({ ...content, embassy: '' })).text).toContain('To whom it may concern');
	expect(codeInFours('ABCD2345EFGH')).toBe('ABCD\u20112345\u2011EFGH');
});
