import { expect, test } from 'vitest';
import { pseudo } from './pseudo.ts';

test('a text has accents and brackets, is a third longer, and keeps its values', () => {
	expect(pseudo('Sign in')).toBe('[Šíĝń íń ~~~~]');
	expect(pseudo('{name} pays for {count} seats')).toBe('[{name} páýš fóř {count} šéáťš ~~~~ ~~~~]');
});

test('variants are changed, and what chooses them is not', () => {
	const source = { declarations: ['input mode'], selectors: ['mode'] };
	expect(pseudo([{ ...source, match: { 'mode=virtual': 'Online' } }])).toEqual([
		{ ...source, match: { 'mode=virtual': '[Óńĺíńé ~~~~]' } }
	]);
});
