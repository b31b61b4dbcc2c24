import { expect, test } from 'vitest';
import { isReference, makeReference, readReference, shownReference } from './reference.ts';

test('a reference has eight signs, none of which is taken for another', () => {
	for (let count = 0; count < 200; count++) expect(makeReference()).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
	expect(makeReference(new Uint8Array([0, 1, 31, 32, 33, 63, 255, 9]))).toBe('01Z01ZZ9');
	expect(new Set(Array.from({ length: 200 }, () => makeReference())).size).toBe(200);
});

test('reads what people type and say', () => {
	expect(shownReference('K7QF2M9X')).toBe('K7QF-2M9X');
	for (const typed of ['K7QF-2M9X', 'k7qf 2m9x', ' k7qf–2m9x. ', 'K7QF2M9X', 'Ｋ7QF-2M9X'])
		expect(readReference(typed), typed).toBe('K7QF2M9X');
	expect(readReference('oOiIlL11')).toBe('00111111');
	for (const typed of ['', 'K7QF', 'K7QF-2M9XX', 'K7QF-2M9U', 'farid@example.org'])
		expect(readReference(typed)).toBeNull();
	expect(isReference('K7QF-2M9X')).toBe(false);
});
