import { subscribeToTopics } from '#lib/live/events.svelte.ts';
import { reload } from '#lib/live/reload.ts';

// Seats change all day; only these kinds change what a stage shows.
const kinds = new Set(['run', 'stage', 'part', 'people', 'release', 'settings', 'recording', 'photographs']);

/** Loads the data of a stage page again, once the site answers. */
export async function reloadStage(what = 'stage:view'): Promise<void> {
	// A failed load would replace this page by an error page, although its connection recovers automatically.
	// An open event stream proves nothing: it stays open for a while after the network is gone.
	while (!(await isReachable())) await new Promise((done) => setTimeout(done, 2000 + Math.random() * 1000));
	await reload(what);
}

async function isReachable(): Promise<boolean> {
	const answer = await fetch('/healthz', { method: 'HEAD', signal: AbortSignal.timeout(5000) }).catch(() => null);
	return answer !== null;
}

/** Loads a page's data again, once for several calls within a while, and at another moment than other pages. */
export class ThrottledReload {
	readonly #what: string;
	#pending: { timer: ReturnType<typeof setTimeout>; within: number } | undefined;

	constructor(what = 'stage:view') {
		this.#what = what;
	}

	/** At a random moment within so many milliseconds; none: at once, for a whole burst. */
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

	/** The data arrived by an event instead; `within`: cancels only loads that were given so much time. */
	cancel(within?: number): void {
		if (!this.#pending || (within !== undefined && this.#pending.within !== within)) return;
		clearTimeout(this.#pending.timer);
		this.#pending = undefined;
	}
}

/** Loads the data again, within so many milliseconds, when the page's session, its Summit or its reader changes. Call it in a component's script. */
export function followStage(topics: () => (string | null)[], what = 'stage:view', within = 0): void {
	const reloading = new ThrottledReload(what);
	const missed = () => reloading.soon(within);
	subscribeToTopics(topics, ({ kind }) => void (kinds.has(kind) && missed()), missed);
}
