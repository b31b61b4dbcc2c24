/* Searches for a schedule beside the page, which stays usable and may end it at any time; then it explains places. */
import { Explainer } from './explain.ts';
import type { FromSolver, ToSolver } from './messages.ts';
import { makeModel } from './model.ts';
import { proposalOf, draftScheduleOf } from './proposal.ts';
import { Search } from './search.ts';

/** How many milliseconds pass before the worker reports, and hears whether it shall stop. */
const turn = 60;

let isStopped = false;
let explainer: Explainer | null = null;

const say = (words: FromSolver) => postMessage(words);
const pause = () => new Promise((resolve) => setTimeout(resolve));

async function solve({ facts, options, seed }: Extract<ToSolver, { kind: 'start' }>): Promise<void> {
	isStopped = false;
	explainer = null;
	const model = makeModel(facts, options);
	const search = new Search(model, { seed });
	let reported = performance.now();
	for (const progress of search.run()) {
		if (performance.now() - reported < turn) continue;
		say({ kind: 'progress', progress, total: model.movable.length });
		await pause();
		reported = performance.now();
		if (isStopped) break;
	}
	const { solution, cost } = search.best();
	explainer = new Explainer(model, draftScheduleOf(model, solution));
	say({ kind: 'done', proposed: proposalOf(model, solution), cost });
}

addEventListener('message', ({ data }: MessageEvent<ToSolver>) => {
	if (data.kind === 'start') void solve(data);
	else if (data.kind === 'stop') isStopped = true;
	else if (data.kind === 'why') say({ kind: 'why', session: data.session, why: explainer?.why(data.session) ?? null });
	else
		say({
			kind: 'why_not',
			session: data.session,
			reasons: explainer?.reasonsAt(data.session, data.place) ?? null
		});
});
