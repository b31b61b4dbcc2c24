import { expect, test } from 'vitest';
import { readCode } from './code.ts';

test('a code is read with any grouping and case, and nothing else is', () => {
	expect(['abcd 2345', 'ABCD-2345', ' a b c d 2 3 4 5 '].map((typed) => readCode(typed, 8))).toEqual(
		Array(3).fill('ABCD2345')
	);
	// I, L, O, 0 and 1 are in none: they are taken for each other.
	expect(['ABCD 234', 'ABCD 23456', 'ABCD 234O', 'ABCI 2345', '', 'ÄBCD2345'].map((t) => readCode(t, 8))).toEqual(
		Array(6).fill(null)
	);
});
