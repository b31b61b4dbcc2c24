import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';
import { hearTopics } from '#lib/live/news.svelte.ts';

// Seats come and go all day; only these change what a stage shows.
const kinds = new Set(['run', 'stage', 'people', 'release', 'settings', 'recording']);

/** Loads what a stage page shows again. It waits for a page change that is under way, which it would else cancel. */
export async function lookAgain(what = 'stage:view'): Promise<void> {
	// Data that cannot be had would put a page of an error in the place of this one, whose line mends by itself.
	while (!(await isReachable())) await new Promise((done) => setTimeout(done, 2000));
	// At the end: a link may be followed while the site is asked.
	await navigating.complete?.catch(() => undefined);
	await invalidate(what);
}

async function isReachable(): Promise<boolean> {
	const answer = await fetch('/healthz', { method: 'HEAD', signal: AbortSignal.timeout(5000) }).catch(() => null);
	return answer !== null;
}

/** Looks again when the page's session, its Summit or its reader changes. Call in a component's script. */
export function followStage(topics: () => (string | null)[], what = 'stage:view'): void {
	let pending: ReturnType<typeof setTimeout> | undefined;
	hearTopics(topics, ({ kind }) => {
		if (!kinds.has(kind)) return;
		// One look answers all of a burst.
		pending ??= setTimeout(() => {
			pending = undefined;
			void lookAgain(what);
		}, 30);
	});
}
