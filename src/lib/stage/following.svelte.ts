import { subscribeToTopics } from '#lib/live/events.svelte.ts';
import { reload } from '#lib/live/reload.ts';

// Seats come and go all day; only these change what a stage shows.
const kinds = new Set(['run', 'stage', 'part', 'people', 'release', 'settings', 'recording']);

/** Loads what a stage page shows again, once the site answers. */
export async function reloadStage(what = 'stage:view'): Promise<void> {
	// Data that cannot be had would put a page of an error in the place of this one, whose line mends by itself.
	// An open stream of news proves nothing: it stays open for a while when the network is gone.
	while (!(await isReachable())) await new Promise((done) => setTimeout(done, 2000 + Math.random() * 1000));
	await reload(what);
}

async function isReachable(): Promise<boolean> {
	const answer = await fetch('/healthz', { method: 'HEAD', signal: AbortSignal.timeout(5000) }).catch(() => null);
	return answer !== null;
}

/** Loads a page's data again, once for all that asks for it in a while, and not at the same moment as other pages. */
export class ThrottledReload {
	readonly #what: string;
	#pending: { timer: ReturnType<typeof setTimeout>; within: number } | undefined;

	constructor(what = 'stage:view') {
		this.#what = what;
	}

	/** At a random moment within so many milliseconds; none: at once, with all of a burst. */
	soon(within = 0): void {
		if (this.#pending && this.#pending.within <= within) return;
		this.cancel();
		const timer = setTimeout(
			() => {
				this.#pending = undefined;
				void reloadStage(this.#what);
			},
			30 + Math.random() * within
		);
		this.#pending = { timer, within };
	}

	/** What was to be read has come by itself; `within`: only what was asked for with so much time. */
	cancel(within?: number): void {
		if (!this.#pending || (within !== undefined && this.#pending.within !== within)) return;
		clearTimeout(this.#pending.timer);
		this.#pending = undefined;
	}
}

/** Looks again, within so many milliseconds, when the page's session, its Summit or its reader changes. Call in a component's script. */
export function followStage(topics: () => (string | null)[], what = 'stage:view', within = 0): void {
	const reloading = new ThrottledReload(what);
	const missed = () => reloading.soon(within);
	subscribeToTopics(topics, ({ kind }) => void (kinds.has(kind) && missed()), missed);
}
