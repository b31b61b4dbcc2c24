import { describe, expect, test } from 'vitest';
import { readPdf } from '../../../../../../tests/fixtures/pdf.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { locales } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { ibanInFours, paperData, paperTemplate, type Paper } from '#lib/payments/invoice.ts';

const paper: Paper = {
	id: '1',
	summit_id: '2',
	order_id: '3',
	kind: 'invoice',
	state: 'due',
	reference: 'GS-2027-0042',
	issued_on: '2027-03-01',
	due_on: '2027-03-31',
	locale: 'en',
	answers: null,
	reason: '',
	summit: { original: 'en', en: 'Global Summit 2027', fr: 'Sommet mondial 2027', ar: 'القمة العالمية 2027' },
	order: 'QRST678923',
	currency: 'EUR',
	amount: 90000,
	paid: 10000,
	issuer: { name: 'Summit Secretariat', address: '1 Quay Street\nLisbon', tax_number: 'PT 509' },
	bank: { name: 'Bank of the Quay', iban: 'DE89370400440532013000', bic: 'COBADEFF' },
	note: 'Exempt from VAT.',
	buyer: { name: 'Ministry of *Justice*', address: '2 Main Road', tax_number: '', purchase_order: 'PO-77' },
	lines: [
		{ registration: 'ABCD2345', mode: 'in_person', amount: 45000 },
		{ registration: 'EFGH6789', mode: 'virtual', amount: 50000 }
	]
};
const set = (one: Paper) => withLocale(one.locale, () => renderPdf(paperTemplate, paperData(one)));

describe.each(locales)('in %s', (locale) => {
	test('an invoice names the payer, the items, the amount, the due date and the account', async () => {
		const read = readPdf(await set({ ...paper, locale }));
		expect([read.pages, read.lang]).toEqual([1, locale]);
		const printed = ['GS-2027-0042', 'PO-77', 'DE89 3704 0044 0532 0130 00', 'COBADEFF', 'QRST678923', 'EFGH6789'];
		for (const words of [...printed, 'Ministry of *Justice*']) expect(read.text).toContain(words);
		// 900.00 in all, 100.00 came, 800.00 is left; 50.00 was taken off before.
		for (const figure of ['450', '500', '900', '100', '800', '50']) expect(read.text).toContain(figure);
	});

	test('a credit note names the invoice that it answers and asks for no money', async () => {
		const { text } = readPdf(
			await set({ ...paper, locale, kind: 'credit_note', due_on: null, answers: 'GS-2027-0040', paid: 0, lines: [] })
		);
		expect(text).toContain('GS-2027-0040');
		expect(text).not.toContain('DE89');
	});
});

test('two hundred delegates take several pages, and a paid invoice asks for nothing', async () => {
	const lines = Array.from({ length: 200 }, (_, n) => ({
		registration: `R${1000 + n}`,
		mode: 'virtual' as const,
		amount: 100
	}));
	const read = readPdf(await set({ ...paper, lines, amount: 20000, paid: 20000 }));
	expect(read.pages).toBeGreaterThan(4);
	expect(read.text).toContain('R1199');
	expect(read.text).not.toContain('DE89');
});

test('an IBAN is grouped in fours', () => {
	expect(ibanInFours('GB82WEST12345698765432')).toBe('GB82 WEST 1234 5698 7654 32');
});
