/*
 * The error budget: how many requests may fail before the objective is missed, and how much of that is left. Pure, for the organisers'
 * page and for reports.
 */
import type { RequestTotals } from '#lib/database/answers/status.ts';

/** What the site promises: the share of requests that is answered without a fault of the site, and the share that is answered in time. */
export const objective = { answered: 0.999, inTime: 0.95, seconds: 1 } as const;

/** The upper ends of `times`, in seconds; the last has none. */
export const timeBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** What is left of a budget. */
export interface ErrorBudget {
	requests: number;
	/** Of all requests, those that were answered without a fault of the site; null without requests. */
	answered: number | null;
	/** Those that were answered within `objective.seconds`; null without requests. */
	inTime: number | null;
	/** In how many seconds 95 of 100 were answered, as far as it was measured; null without requests. */
	p95: number | null;
	/** How many may fail by the objective, and how many did. */
	allowed: number;
	failed: number;
	/** The share of the budget that is left: 1 when nothing failed, below 0 when more failed than may. Null without requests. */
	left: number | null;
	/** Whether both objectives are met; null without requests. */
	isMet: boolean | null;
}

/** What is left of the budget after these requests. */
export function errorBudget({ requests, failed, slow, times }: RequestTotals): ErrorBudget {
	const allowed = requests * (1 - objective.answered);
	const share = (bad: number) => (requests === 0 ? null : 1 - bad / requests);
	const [answered, inTime] = [share(failed), share(slow)];
	return {
		requests,
		answered,
		inTime,
		p95: quantile(times, 0.95),
		allowed: Math.floor(allowed + 1e-9),
		failed,
		left: requests === 0 ? null : 1 - failed / allowed,
		isMet: answered === null || inTime === null ? null : answered >= objective.answered && inTime >= objective.inTime
	};
}

/** The time within which a share of the requests was answered, between two bounds in proportion; beyond the last bound, that bound. */
export function quantile(times: readonly number[], share: number): number | null {
	const all = times.reduce((sum, count) => sum + count, 0);
	if (all === 0) return null;
	let before = 0;
	for (const [index, count] of times.entries()) {
		const upper = timeBounds[index];
		if (upper === undefined) break;
		if (before + count >= share * all) {
			const lower = index === 0 ? 0 : (timeBounds[index - 1] ?? 0);
			return lower + (upper - lower) * ((share * all - before) / count);
		}
		before += count;
	}
	return timeBounds.at(-1) ?? null;
}
