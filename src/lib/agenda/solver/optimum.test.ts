/* The search on small problems beside the optimum, which HiGHS proves: a whole-number programme over every place of every session. */
import makeHighs from 'highs';
import { expect, test } from 'vitest';
import { optimumProgram, smallProblem } from '../../../../tests/fixtures/scheduling-optimum.ts';
import { unplacedCost } from './schedule.ts';
import { Search } from './search.ts';

test('is the optimum, or close to it, and better than construction alone', { timeout: 120_000 }, async () => {
	const highs = await makeHighs();
	let [sum, best, greedy] = [0, 0, 0];
	for (const seed of [1, 2, 3]) {
		const model = smallProblem(seed);
		const solved = highs.solve(optimumProgram(model), { mip_rel_gap: 0 });
		expect(solved.Status).toBe('Optimal');
		const search = new Search(model, { seed, iterations: 20_000 });
		let first: number | null = null;
		for (const { phase } of search.run()) {
			const { cost, unplaced } = search.best();
			if (phase === 'improve') first ??= cost + unplaced * unplacedCost;
		}
		const { cost, unplaced } = search.best();
		const optimum = Math.round(solved.ObjectiveValue);
		expect(cost + unplaced * unplacedCost).toBeGreaterThanOrEqual(optimum);
		expect(unplaced).toBe(Math.floor(optimum / unplacedCost));
		sum += cost;
		best += optimum % unplacedCost;
		greedy += (first ?? 0) % unplacedCost;
	}
	expect(sum).toBeLessThanOrEqual(best * 1.05);
	expect(sum).toBeLessThanOrEqual(greedy);
});
