import { expect, it } from 'vitest';
import { ariaSortOf, nextSorting, sorted, sortingFrom } from './sorting.ts';

const keys = ['name', 'days'] as const;
const from = (query: string) => sortingFrom(new URLSearchParams(query), keys);

it('reads the order of an address, and ignores what it does not know', () => {
	expect(['sort=name', 'sort=-days', 'sort=age', 'sort=--name', 'sort=', ''].map(from)).toEqual([
		'name',
		'-days',
		'',
		'',
		'',
		''
	]);
});

it('goes up, down and back to the order of the list', () => {
	expect(nextSorting('', 'name')).toBe('name');
	expect(nextSorting('name', 'name')).toBe('-name');
	expect(nextSorting('-name', 'name')).toBe('');
	expect(nextSorting('-days', 'name')).toBe('name');
	expect([ariaSortOf('name', 'name'), ariaSortOf('-name', 'name'), ariaSortOf('days', 'name')]).toEqual([
		'ascending',
		'descending',
		undefined
	]);
});

it('sorts texts and numbers in both directions, and keeps rows without a value last', () => {
	const rows = [
		{ name: 'Zoë', days: 2 },
		{ name: 'ana', days: null },
		{ name: 'Émile', days: 10 }
	];
	const valueOf = (row: (typeof rows)[number], key: string) => (key === 'name' ? row.name : row.days);
	const names = (order: '' | 'name' | '-name' | 'days' | '-days') =>
		sorted(rows, order, valueOf).map(({ name }) => name);
	expect(names('')).toEqual(['Zoë', 'ana', 'Émile']);
	expect(names('name')).toEqual(['ana', 'Émile', 'Zoë']);
	expect(names('-name')).toEqual(['Zoë', 'Émile', 'ana']);
	expect(names('days')).toEqual(['Zoë', 'Émile', 'ana']);
	expect(names('-days')).toEqual(['Émile', 'Zoë', 'ana']);
});
