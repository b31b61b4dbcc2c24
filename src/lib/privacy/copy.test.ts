import { expect, test } from 'vitest';
import { openRows, valueText } from './copy.ts';

const open = (sealed: string, keyId: string, place: string) => {
	if (keyId === 'lost') throw new Error('no key');
	return `${sealed} of ${place}`;
};

test('opens sealed values under the place for which they were sealed', () => {
	expect(
		openRows(
			[
				{ at: '2027-06-10', address: { sealed: 'ab', key_id: '2026', place: 'address' } },
				{ address: { sealed: 'cd', key_id: 'lost', place: 'address' } },
				{ address: { sealed: null, key_id: null, place: 'address' } }
			],
			open
		)
	).toEqual([{ at: '2027-06-10', address: 'ab of address' }, { address: null }, { address: null }]);
});

test('opens a content of several values as these values', () => {
	const contact = '{"name":"Ada Example","phone":"+000"}';
	expect(openRows([{ contact: { sealed: 'ab', key_id: '2026', place: 'x' } }], () => contact)).toEqual([
		{ contact: { name: 'Ada Example', phone: '+000' } }
	]);
});

test.each([
	['a time in the zone of the reader', 'at', '2027-06-10T08:30:00+00:00', undefined, '10 June 2027, 10:30'],
	['a day', 'day', '2027-06-10', undefined, '10 June 2027'],
	['an amount in its currency', 'amount', 12050, 'EUR', '€120.50'],
	['a number', 'votes', 1200, undefined, '1,200'],
	['a text of several languages', 'title', { original: 'fr', fr: 'Ouverture' }, undefined, 'Ouverture'],
	['a list', 'languages', ['fr', 'es'], undefined, 'fr, es'],
	['an object', 'contact', { name: 'Ada', phone: null }, undefined, 'name: Ada'],
	['a truth', 'is_minor', false, undefined, 'No'],
	['nothing', 'reason', null, undefined, '']
])('writes %s', (_what, column, value, currency, words) => {
	expect(valueText(column, value, 'Europe/Luxembourg', currency)).toBe(words);
});
