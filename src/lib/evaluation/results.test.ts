import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SurveyCounts } from '#lib/database/answers/evaluation.ts';
import { shownResults } from './results.ts';

type Question = SurveyCounts['questions'][number];
const label = { original: 'en', en: 'Question' };
function question(kind: Question['kind'], counts: Record<string, number>, more: Partial<Question> = {}): Question {
	const values = kind === 'scale' ? ['1', '2', '3', '4', '5'] : kind === 'yes_no' ? ['yes', 'no'] : Object.keys(counts);
	const answered = Object.values(counts).reduce((sum, count) => sum + count, 0);
	return {
		...{ id: 'q', key: 'q', kind, label, help: {}, choices: [], is_required: true, depends_on: null, version: 1 },
		...{ depends_values: [], values, answered, counts, median: null, ...more }
	};
}
const shown = (...questions: Question[]) =>
	shownResults({ answered: 20, smallest_group: 5, questions, texts: [] }).map(({ answered, groups, average }) => ({
		answered,
		counts: Object.fromEntries(groups.map(({ value, count }) => [value, count])),
		average: average?.value ?? null
	}));

test('counts of small groups are suppressed, and those from which they could be computed', () => {
	expect(shown(question('yes_no', { yes: 12, no: 8 }))[0]?.counts).toEqual({ yes: 12, no: 8 });
	expect(shown(question('yes_no', { yes: 18, no: 2 }))[0]?.counts).toEqual({ yes: null, no: null });
	expect(shown(question('choice', { a: 9, b: 6, c: 5, d: 2 }))[0]?.counts).toEqual({ a: 9, b: null, c: null, d: null });
	expect(shown(question('yes_no', { yes: 3, no: 1 }))[0]).toEqual({ answered: null, counts: {}, average: null });
});

test('an average is exact only where all counts are shown', () => {
	expect(shown(question('scale', { 4: 8, 5: 12 }))[0]).toEqual({
		answered: 20,
		counts: { 1: 0, 2: 0, 3: 0, 4: 8, 5: 12 },
		average: 4.6
	});
	expect(shown(question('scale', { 1: 1, 4: 8, 5: 11 }))[0]).toEqual({
		answered: 20,
		counts: { 1: null, 2: null, 3: null, 4: null, 5: null },
		average: 4.5
	});
	// Of few people, or at an end, the average would tell the counts.
	expect(shown(question('scale', { 1: 1, 4: 8, 5: 10 }))[0]?.average).toBeNull();
	expect(shown(question('scale', { 4: 1, 5: 30 }))[0]?.average).toBeNull();
});

test('what all answered is suppressed, and so is the median of few', () => {
	for (const kind of ['yes_no', 'choice', 'choices'] as const)
		expect(shown(question(kind, { yes: 20, no: 0 }))[0]?.counts).toEqual({ yes: null, no: null });
	const medianOf = (answered: number) => {
		const number = question('number', {}, { values: [], answered, median: 12 });
		return shownResults({ answered, smallest_group: 5, questions: [number], texts: [] })[0]?.median;
	};
	expect([medianOf(9), medianOf(10)]).toEqual([null, 12]);
});

test('with an average beside suppressed counts each count could still have several values', () => {
	fc.assert(
		fc.property(fc.array(fc.nat(12), { minLength: 5, maxLength: 5 }), (sizes) => {
			const [result] = shown(question('scale', Object.fromEntries(sizes.map((size, at) => [at + 1, size]))));
			if (!result || result.answered === null || result.average === null || result.counts[1] !== null) return;
			const { answered, average } = result;
			const [low, high] = [answered * (average - 0.25), answered * (average + 0.25)];
			for (const value of [1, 2, 3, 4, 5]) {
				const others = [1, 2, 3, 4, 5].filter((other) => other !== value);
				const possible = [...Array(answered + 1).keys()].filter(
					(count) =>
						count * value + (answered - count) * Math.min(...others) <= high &&
						count * value + (answered - count) * Math.max(...others) >= low
				);
				expect(possible.length).toBeGreaterThanOrEqual(3);
			}
		})
	);
});

test('of several choices each is suppressed where few chose it, or few did not', () => {
	const several = question('choices', { a: 19, b: 10, c: 1, d: 20 }, { answered: 20 });
	expect(shown(several)[0]?.counts).toEqual({ a: null, b: 10, c: null, d: null });
});

test('a question after a suppressed answer is suppressed: how many it was asked is the size of that group', () => {
	const parent = question('choice', { a: 9, b: 7, c: 4 }, { key: 'p' });
	const after = question('yes_no', { yes: 7, no: 0 }, { depends_on: 'p', depends_values: ['b'] });
	const words = question('text', {}, { answered: 3, depends_on: 'p', depends_values: ['c'] });
	expect(shown(parent, after, { ...words, key: 'w' }).map(({ answered }) => answered)).toEqual([20, null, null]);
});

test('other counts with the same total show the same: nothing that is shown tells a group below the smallest one', () => {
	const small = fc.array(fc.nat(12), { minLength: 2, maxLength: 5 });
	fc.assert(
		fc.property(small, (counts) => {
			const made = question('choice', Object.fromEntries(counts.map((count, n) => [`c${n}`, count])));
			const [result] = shown(made);
			if (!result || result.answered === null) return;
			const hidden = Object.values(result.counts).filter((count) => count === null).length;
			const rest = result.answered - Object.values(result.counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
			// Nothing is hidden alone, and what is hidden is together no small group.
			expect(hidden === 0 ? rest : Math.min(hidden - 2, rest - 5)).toBeGreaterThanOrEqual(0);
			for (const count of Object.values(result.counts)) if (count) expect(count).toBeGreaterThanOrEqual(5);
		})
	);
});
