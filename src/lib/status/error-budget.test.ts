import { expect, test } from 'vitest';
import { errorBudget, quantile, timeBounds } from './error-budget.ts';

const times = (...counts: number[]) => [...counts, ...Array<number>(8 - counts.length).fill(0)];

test('one of a thousand requests may fail', () => {
	expect(errorBudget({ requests: 100_000, failed: 25, slow: 2000, times: times(98_000, 0, 0, 0, 2000) })).toEqual({
		requests: 100_000,
		answered: 0.99975,
		inTime: 0.98,
		p95: expect.closeTo(0.0969, 3) as number,
		allowed: 100,
		failed: 25,
		left: expect.closeTo(0.75) as number,
		isMet: true
	});
});

test('a budget can be spent more than once', () => {
	const budget = errorBudget({ requests: 1000, failed: 3, slow: 0, times: times(1000) });
	expect(budget.left).toBeCloseTo(-2);
	expect(budget).toMatchObject({ allowed: 1, isMet: false });
});

test('slow answers miss the objective too', () => {
	expect(errorBudget({ requests: 100, failed: 0, slow: 6, times: times(94, 0, 0, 0, 6) })).toMatchObject({
		left: 1,
		isMet: false
	});
});

test('without requests nothing is said', () => {
	expect(errorBudget({ requests: 0, failed: 0, slow: 0, times: times() })).toEqual({
		requests: 0,
		answered: null,
		inTime: null,
		p95: null,
		allowed: 0,
		failed: 0,
		left: null,
		isMet: null
	});
});

test('a quantile lies between the bounds that were measured', () => {
	expect(quantile(times(0, 0, 0, 100), 0.5)).toBeCloseTo(0.75);
	expect(quantile(times(0, 0, 0, 0, 0, 0, 0, 10), 0.95)).toBe(timeBounds.at(-1));
});
