/* The proposal of a schedule: processor time until every session has a place that breaks no rule, and how good the schedule is. */
import makeHighs from 'highs';
import { makeModel } from '../../src/lib/agenda/solver/model.ts';
import { unplacedCost } from '../../src/lib/agenda/solver/schedule.ts';
import { Search } from '../../src/lib/agenda/solver/search.ts';
import { inventFacts, optionsFor } from '../fixtures/scheduling.ts';
import { optimumProgram, smallProblem } from '../fixtures/scheduling-optimum.ts';
import { print, type Figure } from './report.ts';

/** Seconds of this process on a processor: other programs do not count. */
function processorSeconds(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

function timedSearch(sessions: number, rooms: number, days: number, seed: number) {
	const begin = processorSeconds();
	const model = makeModel(inventFacts(seed, { sessions, rooms, days }), optionsFor(days));
	const search = new Search(model, { seed });
	let [feasible, greedy, left] = [Number.NaN, 0, 0];
	for (const { phase, done } of search.run()) {
		if (Number.isNaN(feasible) && search.best().unplaced === 0) feasible = processorSeconds() - begin;
		if (phase === 'place' && done === 1) [greedy, left] = [search.best().cost, search.best().unplaced];
	}
	return { feasible, greedy, left, ...search.best(), all: processorSeconds() - begin };
}

const seconds = (value: number) => (Number.isNaN(value) ? 'not reached' : `${value.toFixed(1)} s`);

/** Measures the solver on three sizes, and small problems beside their proven optimum. */
export async function measureSchedule(): Promise<void> {
	const figures: Figure[] = [];
	for (const [sessions, rooms, days, aim] of [
		[120, 7, 3, '10 s'],
		[400, 17, 4, ''],
		[1200, 40, 5, '120 s']
	] as const) {
		const { feasible, greedy, left, cost, unplaced, all } = timedSearch(sessions, rooms, days, 1);
		figures.push(
			{
				what: `${sessions} sessions, ${rooms} rooms, ${days} days: all placed, no rule broken`,
				value: seconds(feasible),
				...(aim && { aim })
			},
			{
				what: '  construction alone',
				value: `${left} without a place, wishes cost ${greedy}`
			},
			{
				what: '  whole search',
				value: `${unplaced} without a place, wishes cost ${cost} (${Math.round((100 * cost) / greedy)} %), ${seconds(all)}`
			}
		);
	}
	const highs = await makeHighs();
	const sums = { optimum: 0, found: 0, greedy: 0, proof: 0, search: 0 };
	for (const seed of [1, 2, 3, 4, 5]) {
		const model = smallProblem(seed);
		const begin = processorSeconds();
		const { ObjectiveValue } = highs.solve(optimumProgram(model), { mip_rel_gap: 0 });
		const proved = processorSeconds();
		const search = new Search(model, { seed });
		let first: number | null = null;
		for (const { phase } of search.run()) if (phase === 'improve') first ??= search.best().cost;
		sums.optimum += Math.round(ObjectiveValue) % unplacedCost;
		sums.found += search.best().cost;
		sums.greedy += first ?? 0;
		sums.proof += proved - begin;
		sums.search += processorSeconds() - proved;
	}
	figures.push(
		{ what: '5 small problems, optimum (HiGHS)', value: `${sums.optimum}, ${seconds(sums.proof)}` },
		{ what: '  construction alone', value: `${sums.greedy}` },
		{ what: '  search', value: `${sums.found}, ${seconds(sums.search)}` }
	);
	print('A proposed schedule', figures);
}
