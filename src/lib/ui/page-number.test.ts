import { expect, test } from 'vitest';
import { pageNumber } from './page-number.ts';

test('is always a number that a database takes', () => {
	const pages = [
		'',
		'page=',
		'page=3',
		'page=2.7',
		'page=-4',
		'page=1e400',
		'page=-1e400',
		'page=x',
		'page=99999999999'
	];
	expect(pages.map((query) => pageNumber(new URLSearchParams(query)))).toEqual([1, 1, 3, 2, 1, 10_000, 1, 1, 10_000]);
});
