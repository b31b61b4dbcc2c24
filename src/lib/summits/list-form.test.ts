import * as v from 'valibot';
import { expect, test } from 'vitest';
import { fieldValue, rowFrom, rowSchema } from './list-form.ts';
import { cellText, currencyOf } from './list-words.ts';
import { listOf, type List, type ListRow } from './lists.ts';

const fees = listOf('fees');
const amount = fees.fields.find(({ name }) => name === 'amount') as List['fields'][number];
const fee: ListRow = {
	id: 'f',
	mode: 'in_person',
	sector: null,
	category: null,
	amount: 5_800_050,
	currency: 'KES'
};
const summit = 'JPY';
const place = { languages: ['en'], currency: currencyOf(fee, summit) };

test('shows a fee in its own currency, also when the Summit’s has changed', () => {
	expect(cellText(amount, fee, summit)).toMatch(/^(KES|Ksh)\s?58,000\.50$/);
	expect(fieldValue(amount, fee, place)).toBe('58000.50');
	expect(currencyOf(null, summit)).toBe(summit);
});

test('reads and saves a fee in its own currency', () => {
	const typed = { mode: 'in_person', sector: '', category: '', amount: '58000.50' };
	const parsed = v.safeParse(rowSchema(fees, fee, place), typed);
	expect(parsed.success && rowFrom(fees, parsed.output, fee, place)).toEqual({
		mode: 'in_person',
		sector: null,
		category: null,
		amount: 5_800_050,
		currency: 'KES'
	});
});
