import { invalidate, invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';

// On a line that was cut a load may never end; the next one then takes its place.
const longestMs = 10_000;
const planned = new Map<string | undefined, Promise<void>>();
let last: Promise<void> = Promise.resolve();

/**
 * Loads the page's data again, or only what depends on `what`, and answers once the page shows what was read after the call.
 * Loads take turns, as one that begins while another is under way takes its place, and the promise of that one then ends before
 * anything new is shown. A page change is waited for: a load would cancel the one after a form whose own news this is.
 */
export function reload(what?: string): Promise<void> {
	const waiting = planned.get(what);
	if (waiting) return waiting;
	const turn = last.then(async () => {
		await navigating.complete?.catch(() => undefined);
		planned.delete(what);
		const loading = what === undefined ? invalidateAll() : invalidate(what);
		await Promise.race([loading, new Promise((done) => setTimeout(done, longestMs))]);
	});
	planned.set(what, turn);
	last = turn.catch(() => undefined);
	return turn;
}
