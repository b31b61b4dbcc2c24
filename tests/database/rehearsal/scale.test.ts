/* The model of docs/scale.md: its table is what the model says, larger Summits need no less, and the simulated rush is as it can be computed. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planFor, scaleTable, simulateRush } from '../../bench/scale.ts';

test('docs/scale.md shows what the model says', () => {
	const rows = readFileSync('docs/scale.md', 'utf8')
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.map((line) =>
			line
				.split('|')
				.slice(1, -1)
				.map((cell) => cell.trim())
		);
	for (const row of scaleTable()) expect(rows).toContainEqual(row);
});

test('a larger Summit needs no less of anything', () => {
	const plans = [100, 1000, 5000, 10_000, 50_000, 100_000].map((size) => planFor(size));
	for (const [n, plan] of plans.entries()) {
		const before = plans[n - 1] ?? plan;
		for (const of of [
			'appProcesses',
			'databaseCores',
			'viewers',
			'liveViewers',
			'mediaNodes',
			'gigabits',
			'euros'
		] as const)
			expect(plan[of], of).toBeGreaterThanOrEqual(before[of]);
	}
	expect(plans[0]?.breaksFirst).toBeNull();
	expect(plans.at(-1)?.breaksFirst).not.toBeNull();
});

test('a simulated rush takes as long as its work on its cores', () => {
	expect(simulateRush(1000, 0, 2, 10).last).toBeCloseTo(5);
	expect(simulateRush(1000, 0, 4, 10).last).toBeCloseTo(2.5);
	// Who comes one after the other waits for their own work alone.
	expect(simulateRush(100, 10, 1, 50)).toEqual({ last: expect.closeTo(0.05), p95: expect.closeTo(0.05) });
});
