import { invalidate, invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';

// On a cut connection a load may never end; the next one then replaces it.
const longestMs = 10_000;
const planned = new Map<string | undefined, Promise<void>>();
let last: Promise<void> = Promise.resolve();

/**
 * Loads the page's data again, or only what depends on `what`, and resolves once the page shows what was read after the call. Loads run one
 * after the other: SvelteKit lets a new load replace a running one, whose promise then resolves before anything new is shown. A page change
 * is waited for: a load would cancel the navigation after a form that caused this very event.
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
