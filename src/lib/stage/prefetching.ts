/** The browser's hints about its connection, where it gives any. */
interface ConnectionHint {
	saveData?: boolean;
	effectiveType?: string;
}

/** A file that was loaded over the network: bytes, and from when to when, in milliseconds. */
interface LoadedFile {
	transferSize: number;
	startTime: number;
	responseEnd: number;
}

// A megabit a second: what joining needs is loaded within a second.
const enough = 125;

/** Whether the connection can afford what the reader may never need: by the browser's hints, and by the load times of the page's own files. */
export function canPrefetch({ saveData, effectiveType }: ConnectionHint, loaded: readonly LoadedFile[]): boolean {
	if (saveData || (effectiveType !== undefined && effectiveType !== '4g')) return false;
	const fetched = loaded.filter(({ transferSize }) => transferSize > 0);
	const bytes = fetched.reduce((sum, { transferSize }) => sum + transferSize, 0);
	// Cached files say little.
	if (bytes < 30_000) return true;
	const from = Math.min(...fetched.map(({ startTime }) => startTime));
	const until = Math.max(...fetched.map(({ responseEnd }) => responseEnd));
	return bytes / Math.max(1, until - from) >= enough;
}

/** Calls once the page is idle, on a sufficient connection; the returned function cancels it. */
export function whenIdle(work: () => void): () => void {
	const { connection } = navigator as { connection?: ConnectionHint };
	const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
	if (
		!canPrefetch(
			connection ?? {},
			resources.filter(({ initiatorType }) => initiatorType !== 'fetch')
		)
	)
		return () => undefined;
	if (typeof requestIdleCallback !== 'function') {
		const timer = setTimeout(work, 1000);
		return () => clearTimeout(timer);
	}
	const idle = requestIdleCallback(work, { timeout: 5000 });
	return () => cancelIdleCallback(idle);
}
