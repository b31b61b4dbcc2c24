import { describe, expect, test } from 'vitest';
import type { ComparedEdition } from '#lib/database/answers/impact.ts';
import { chosenEditions, figureTables, outcomeTables, pacePicture } from './editions.ts';

const edition = (slug: string, starts_on: string, more: Partial<ComparedEdition> = {}): ComparedEdition => ({
	slug,
	name: { original: 'en', en: slug },
	starts_on,
	is_own: false,
	is_before: false,
	today: -1,
	pace: null,
	figures: null,
	indicators: null,
	...more
});

const own = edition('own', '2027-05-01', { is_own: true });
const [one, two, three, next] = [
	edition('one', '2025-05-01'),
	edition('two', '2023-05-01'),
	edition('three', '2021-05-01'),
	edition('next', '2029-05-01')
];
const slugs = (editions: readonly ComparedEdition[]) => editions.map(({ slug }) => slug);

describe('the editions shown', () => {
	const all = [next, own, one, two, three];
	test('are the own one and the two before it', () => {
		expect(slugs(chosenEditions(all, []))).toEqual(['own', 'one', 'two']);
		const created = all.map((each) => (each === three ? { ...each, is_before: true } : each));
		expect(slugs(chosenEditions(created, []))).toEqual(['own', 'three', 'one']);
	});
	test('are those chosen, at most four with the own one', () => {
		expect(slugs(chosenEditions(all, ['three', 'next', 'nothing']))).toEqual(['own', 'next', 'three']);
		expect(chosenEditions(all, ['next', 'one', 'two', 'three'])).toHaveLength(4);
	});
});

test('a group has its count and its share, and nothing where it was not named', () => {
	const released = (count: number, rows: [string, number][]): ComparedEdition['figures'] => ({
		number: 1,
		content: {
			total: { count, on: '2027-05-01' },
			tables: [
				{ dimension: 'mode', rows: rows.map(([value, of]) => ({ family: '', value, count: of, on: '2027-05-01' })) }
			]
		}
	});
	const tables = figureTables([
		{ ...own, figures: released(200, [['virtual', 50]]) },
		{
			...one,
			figures: released(100, [
				['virtual', 40],
				['in_person', 60]
			])
		},
		two
	]);
	expect(tables.map(({ key }) => key)).toEqual(['total', 'mode']);
	expect(
		tables[1]?.rows.map(({ key, cells }) => [key, ...cells.map(({ value, share }) => `${value} ${share}`)])
	).toEqual([
		['in_person', ' ', '60 60%', ' '],
		['virtual', '50 25%', '40 40%', ' ']
	]);
});

test('results are those of released reports, and a suppressed one is empty', () => {
	const indicator = (key: string, value: number | null) => ({
		key,
		value,
		on: '2027-05-01',
		of_people: false,
		rows: []
	});
	const tables = outcomeTables([own, { ...one, indicators: [indicator('sessions', 12), indicator('members', null)] }]);
	expect(tables).toHaveLength(1);
	expect(tables[0]?.rows.map(({ key, cells }) => [key, ...cells.map(({ value }) => value)])).toEqual([
		['sessions', '', '12']
	]);
});

describe('the pace', () => {
	const day = (before: number, sent: number) => ({ before, sent });
	test('is cumulative, and ends today', () => {
		const picture = pacePicture([
			{ ...own, today: 5, pace: [day(9, 2), day(6, 3)] },
			{ ...one, pace: [day(10, 1), day(0, 4), day(-1, 9)] },
			two
		]);
		expect(picture?.columns).toEqual(['own', 'one']);
		expect(picture?.rows.map(({ label, values }) => [label, ...values])).toEqual([
			['10', '0', '1'],
			['7', '2', '1'],
			['3', '', '1'],
			['0', '', '5']
		]);
	});
	test('is not drawn when nobody registered before the Summit, or nobody may know', () => {
		expect(pacePicture([{ ...own, pace: [day(-1, 3)] }, two])).toBeNull();
	});
});
