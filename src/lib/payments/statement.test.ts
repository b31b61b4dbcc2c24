import { describe, expect, test } from 'vitest';
import { readCsv } from '#lib/files/csv.ts';
import { readAmount, readDay, readStatement } from './statement.ts';

function read(text: string, currency = 'EUR', order: 'day_first' | 'month_first' = 'day_first') {
	const csv = readCsv(new TextEncoder().encode(text), { bytes: 1_000_000, rows: 5000 });
	if (!csv.ok) throw new Error(csv.fault.code);
	return readStatement(csv.table, { currency, order, today: '2027-02-10' });
}

test('reads a German statement: semicolons, commas, days first', () => {
	expect(
		read(
			'Buchungstag;Valuta;Auftraggeber;Verwendungszweck;Betrag;Währung\n01.02.2027;02.02.2027;Müller AG;INV-2027-0001;1.234,56;EUR\n03.02.2027;;Bank;Gebühr;-2,00;EUR\n'
		)
	).toEqual({
		ok: true,
		rows: [{ line: 2, booked_on: '2027-02-01', amount: 123456, currency: 'EUR', words: 'Müller AG · INV-2027-0001' }],
		left: [{ line: 3, why: 'outgoing' }]
	});
});

test('reads an English one with columns for each direction, and reports unreadable rows', () => {
	expect(
		read(
			'Date,Description,Paid out,Paid in\n2027-02-01,"=HYPERLINK(""x"")",,450.00\n2027-02-02,rent,100.00,\n31/31/2027,x,,5\n2027-02-03,x,,five\n',
			'GBP'
		)
	).toEqual({
		ok: true,
		rows: [{ line: 2, booked_on: '2027-02-01', amount: 45000, currency: 'GBP', words: '=HYPERLINK("x")' }],
		left: [
			{ line: 3, why: 'outgoing' },
			{ line: 4, why: 'date' },
			{ line: 5, why: 'amount' }
		]
	});
});

test('finds the bank’s reference in any column when no column name is known', () => {
	expect(read('Date,Kommentti,Viite,Amount\n2027-02-01,Fee,INV-2027-0001,450.00\n')).toMatchObject({
		ok: true,
		rows: [{ words: 'Fee · INV-2027-0001' }]
	});
	expect(read('Date,Text,Balance,Amount\n2027-02-01,INV-2027-0001,9.00,450.00\n')).toMatchObject({
		ok: true,
		rows: [{ words: 'INV-2027-0001' }]
	});
});

test('refuses a table that is not a statement', () => {
	expect(read('Name,Town\nA,B\n')).toEqual({ ok: false });
});

describe('amounts', () => {
	test.each([
		['1.234,56', 'EUR', 123456],
		['1,234.56', 'EUR', 123456],
		['1 234,5', 'EUR', 123450],
		['1.234', 'EUR', 123400],
		['1,234', 'KWD', 1234],
		['1.234.567', 'EUR', 123456700],
		['€ 450', 'EUR', 45000],
		['450.00 CR', 'EUR', 45000],
		['(12.00)', 'EUR', -1200],
		['12,00-', 'EUR', -1200],
		['4500', 'JPY', 4500],
		['45.5', 'JPY', null],
		['1.005', 'USD', 100500],
		['1.0051', 'USD', null],
		['99999999999', 'EUR', null],
		['', 'EUR', null],
		['x', 'EUR', null]
	])('%s %s', (text, currency, minor) => expect(readAmount(text, currency)).toBe(minor));
});

describe('days', () => {
	test.each([
		['2027-02-01', 'day_first', '2027-02-01'],
		['1.2.27', 'day_first', '2027-02-01'],
		['02/01/2027', 'month_first', '2027-02-01'],
		['30.02.2027', 'day_first', null],
		['2027-02-01T10:00', 'day_first', '2027-02-01'],
		['soon', 'day_first', null]
	] as const)('%s, %s', (text, order, day) => expect(readDay(text, order)).toBe(day));
});
