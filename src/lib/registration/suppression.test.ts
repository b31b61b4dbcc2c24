/* Attacks on suppressed figures: by a reader who has every release, subtracts, and knows the rule. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNewRelease, releaseOf, type OutwardGroup, type ReleasedFigures } from './figures.ts';
import { counted, namedGroups } from './suppression.ts';

const domain = ['a', 'b', 'c', 'd'];

/** A reader's view of counts by value: the total and the named groups. */
function seen(counts: readonly number[], threshold: number): { named: Set<string>; key: string } {
	const groups = domain.map((value, at) => ({ value, count: counts[at] ?? 0 }));
	const named = namedGroups({ groups, domain }, threshold);
	const total = counts.reduce((sum, count) => sum + count, 0);
	return {
		named,
		key: JSON.stringify([
			total,
			groups.filter(({ value }) => named.has(value)).map(({ value, count }) => [value, count])
		])
	};
}

describe('in one release', () => {
	test('never names a group below the threshold, and leaves no small group by subtraction', () => {
		const groups = fc.array(fc.record({ value: fc.constantFrom('a', 'b', 'c', 'd', 'e', null), count: fc.nat(30) }), {
			maxLength: 8
		});
		fc.assert(
			fc.property(groups, fc.integer({ min: 3, max: 10 }), fc.boolean(), (listed, threshold, known) => {
				const sums = new Map<string | null, number>();
				for (const { value, count } of listed) sums.set(value, (sums.get(value) ?? 0) + count);
				const named = namedGroups({ groups: listed, ...(known && { domain }) }, threshold);
				const rest = [...sums].reduce((sum, [value, count]) => sum + (value && named.has(value) ? 0 : count), 0);
				const small = [...named].filter((value) => (sums.get(value) ?? 0) < threshold);
				expect(small).toEqual([]);
				// Where no group is named there is only the total, which is judged where it is released.
				expect(rest === 0 || rest >= threshold || named.size === 0).toBe(true);
			}),
			{ numRuns: 3000 }
		);
	});

	test.each([3, 4, 5, 6])(
		'a reader who knows the rule, and tries every world of four groups, finds no group that is left out (threshold %i)',
		(threshold) => {
			const most = 3 * threshold + 3;
			const worlds = new Map<string, { named: Set<string>; all: number[][] }>();
			for (let a = 0; a <= most; a += 1)
				for (let b = 0; a + b <= most; b += 1)
					for (let c = 0; a + b + c <= most; c += 1)
						for (let d = 0; a + b + c + d <= most; d += 1) {
							const { key, named } = seen([a, b, c, d], threshold);
							const world = worlds.get(key) ?? { named, all: [] };
							world.all.push([a, b, c, d]);
							worlds.set(key, world);
						}
			const found = [...worlds].flatMap(([key, { named, all }]) =>
				domain.flatMap((value, at) => {
					const sizes = new Set(all.map((counts) => counts[at] ?? 0));
					const [only] = sizes;
					return !named.has(value) && sizes.size === 1 && only && only < threshold
						? [`${key}: ${value} is ${only}`]
						: [];
				})
			);
			expect(found).toEqual([]);
		}
	);

	test('gives the same answer for the same figures in any order', () => {
		const groups = domain.map((value, at) => ({ value, count: [3, 7, 7, 7][at] ?? 0 }));
		const answers = [groups, groups.toReversed()].map((each) => [...namedGroups({ groups: each, domain }, 5)].sort());
		expect(answers[0]).toEqual(answers[1]);
	});
});

test('updates a figure only when a whole group joined or left', () => {
	const before = { count: 20, on: '2027-01-01' };
	const again = [16, 20, 24, 25, 15].map((count) => counted(count, '2027-02-01', 5, before));
	expect(again).toEqual([before, before, before, { count: 25, on: '2027-02-01' }, { count: 15, on: '2027-02-01' }]);
});

interface Person {
	mode: string;
	category: string;
	sector: string | null;
	region: string | null;
	country: string | null;
	guarded: boolean;
}

const places = [
	['Africa', 'KE'],
	['Africa', 'NG'],
	['Africa', 'GH'],
	['Europe', 'FR'],
	['Europe', 'LU'],
	['Oceania', 'FJ'],
	[null, null]
] as const;
const anyone: fc.Arbitrary<Person> = fc
	.record({
		mode: fc.constantFrom('in_person', 'virtual'),
		category: fc.constantFrom('delegate', 'delegate', 'delegate', 'speaker', 'press'),
		sector: fc.constantFrom('government', 'civil_society', 'private_sector'),
		place: fc.constantFrom(...places),
		guarded: fc.boolean()
	})
	.map(({ place: [region, country], sector, ...person }) => ({
		...person,
		guarded: person.guarded && person.mode === 'virtual',
		sector: person.category === 'delegate' ? sector : null,
		region,
		country
	}));

/** As the database counts them. */
function outwardOf(people: readonly Person[]): OutwardGroup[] {
	const groups = new Map<string, OutwardGroup>();
	const add = (dimension: OutwardGroup['dimension'], family: string, value: string | null) => {
		const key = JSON.stringify([dimension, family, value]);
		const group = groups.get(key) ?? { dimension, family, value, count: 0 };
		groups.set(key, { ...group, count: group.count + 1 });
	};
	for (const person of people) {
		add('total', '', '');
		add('mode', '', person.mode);
		add('category', '', person.guarded ? null : person.category);
		if (!person.guarded && person.category === 'delegate') add('sector', 'delegate', person.sector);
		const region = person.guarded ? null : person.region;
		add('region', '', region);
		if (region) add('country', region, person.country);
	}
	return [...groups.values()];
}

const rowsIn = (release: ReleasedFigures | null, dimension: string) =>
	release?.tables.find((table) => table.dimension === dimension)?.rows ?? [];
const fresh = (release: ReleasedFigures, dimension: string) => {
	const rows = rowsIn(release, dimension);
	return rows.every(({ on }) => on === release.total?.on) ? rows.reduce((sum, { count }) => sum + count, 0) : null;
};

describe('a release', () => {
	const crowd = fc.array(anyone, { maxLength: 120 });

	test('gives no small group by subtracting any table from its total, or countries from their region', () => {
		fc.assert(
			fc.property(crowd, fc.integer({ min: 3, max: 8 }), (people, threshold) => {
				const release = releaseOf(outwardOf(people), threshold, null, '2027-01-01');
				if (!release) {
					expect(people.length).toBeLessThan(threshold);
					return;
				}
				const rests: [string, number][] = ['mode', 'category', 'region', 'country'].map((dimension) => [
					dimension,
					people.length - (fresh(release, dimension) ?? 0)
				]);
				const delegates = rowsIn(release, 'category').find(({ value }) => value === 'delegate')?.count;
				if (delegates !== undefined) rests.push(['sector', delegates - (fresh(release, 'sector') ?? 0)]);
				for (const { value, count } of rowsIn(release, 'region')) {
					const inside = rowsIn(release, 'country').filter(({ family }) => family === value);
					rests.push([value, inside.reduce((rest, row) => rest - row.count, count)]);
				}
				const named = new Set(rowsIn(release, 'region').map(({ value }) => value));
				const elsewhere = rowsIn(release, 'region').reduce((rest, { count }) => rest - count, people.length);
				const shown = rowsIn(release, 'country').filter(({ value }) => {
					const [region] = places.find(([, country]) => country === value) ?? [];
					return !region || !named.has(region);
				});
				rests.push(['elsewhere', shown.reduce((rest, row) => rest - row.count, elsewhere)]);
				expect(rests.filter(([, rest]) => rest !== 0 && rest < threshold)).toEqual([]);
				const rows = release.tables.flatMap((table) => table.rows);
				expect(rows.filter(({ count }) => count < threshold)).toEqual([]);
			}),
			{ numRuns: 600 }
		);
	});

	test('counts protected people only in the total and the mode', () => {
		fc.assert(
			fc.property(crowd, anyone, (people, person) => {
				const guarded = { ...person, mode: 'virtual', guarded: true };
				const other = { ...guarded, category: 'press', sector: null, region: 'Oceania', country: 'FJ' };
				const [one, two] = [guarded, other].map((each) =>
					releaseOf(outwardOf([...people, each]), 5, null, '2027-01-01')
				);
				expect(one).toEqual(two);
			}),
			{ numRuns: 300 }
		);
	});

	test('reveals over time no single person: figures differ by nothing or by a whole group', () => {
		const change = fc.record({
			leave: fc.array(fc.nat(200), { maxLength: 12 }),
			come: fc.array(anyone, { maxLength: 12 })
		});
		fc.assert(
			fc.property(crowd, fc.array(change, { minLength: 1, maxLength: 8 }), (start, changes) => {
				const threshold = 5;
				let people = start;
				let before = releaseOf(outwardOf(people), threshold, null, '2027-01-01');
				for (const [week, { leave, come }] of changes.entries()) {
					people = [...people.filter((_, at) => !leave.includes(at)), ...come];
					const next = releaseOf(outwardOf(people), threshold, before, `2027-02-0${week + 1}`);
					if (!next || !before) {
						before = next ?? before;
						continue;
					}
					const pairs = [
						[before.total, next.total],
						...next.tables.flatMap(({ dimension, rows }) =>
							rows.map((row) => [rowsIn(before, dimension).find(({ value }) => value === row.value), row])
						)
					];
					const steps = pairs.flatMap(([one, two]) => (one && two ? [Math.abs(one.count - two.count)] : []));
					expect(steps.filter((step) => step > 0 && step < threshold)).toEqual([]);
					// A named group is named again, if only with its old figure: a decrease is not shown.
					const lost = before.tables.flatMap(({ dimension, rows }) =>
						rows.filter(({ value }) => !rowsIn(next, dimension).some((row) => row.value === value))
					);
					expect(lost).toEqual([]);
					before = next;
				}
			}),
			{ numRuns: 300 }
		);
	});

	test('is not new when no figure was updated, in any order of its keys', () => {
		const people = Array.from({ length: 30 }, (_, n): Person => ({
			mode: n % 2 ? 'in_person' : 'virtual',
			category: 'delegate',
			sector: 'government',
			region: 'Africa',
			country: n % 3 ? 'KE' : 'NG',
			guarded: false
		}));
		const first = releaseOf(outwardOf(people), 5, null, '2027-01-01');
		const kept = first && ({ tables: first.tables.toReversed(), total: first.total, threshold: 5 } as ReleasedFigures);
		const joined = [...people, ...people.slice(0, 3)];
		expect(isNewRelease(releaseOf(outwardOf(joined), 5, first, '2027-02-01'), kept)).toBe(false);
		expect(isNewRelease(releaseOf(outwardOf([...joined, ...people]), 5, first, '2027-02-01'), kept)).toBe(true);
		expect(isNewRelease(first, null)).toBe(true);
		expect(isNewRelease(null, null)).toBe(false);
	});
});
