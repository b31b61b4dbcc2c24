import { expect, it } from 'vitest';
import { displayFrom, displayText, listOfRoute } from './list-display.ts';

it('reads what it wrote', () => {
	for (const text of ['', 'compact', 'compact.orders~due~state', '.members~sector.money/invoices~due'])
		expect(displayText(displayFrom(text))).toBe(text);
	expect(displayFrom('compact.orders~due')).toEqual({ isCompact: true, hidden: { orders: ['due'] } });
});

it('ignores values of another form', () => {
	const everything = { isCompact: false, hidden: {} };
	for (const text of [undefined, 'wide', '.orders', '.Orders~due', '.orders~<b>', '.__proto__~x', '.../..~a'])
		expect(displayFrom(text)).toEqual(everything);
	expect(Object.keys(displayFrom(`.${Array.from({ length: 99 }, () => 'a~b').join('.')}`).hidden)).toEqual(['a']);
});

it('names a list by its route', () => {
	expect(listOfRoute('/(organiser)/[summit]/organise/money/invoices')).toBe('money/invoices');
	expect(listOfRoute('/(organiser)/[summit]/organise/registrations/[id]')).toBe('registrations');
	expect(listOfRoute('/(public)/[summit]/agenda')).toBe('');
});
