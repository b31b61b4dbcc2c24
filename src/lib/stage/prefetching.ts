/** What a browser says of its line, where it says anything. */
export interface ConnectionHint {
	saveData?: boolean;
	effectiveType?: string;
}

/** What was loaded over the network: bytes, and from when to when, in milliseconds. */
export interface LoadedFile {
	transferSize: number;
	startTime: number;
	responseEnd: number;
}

// A megabit a second: what joining needs is there within a second.
const enough = 125;

/** Whether the line carries what the reader may never need: by what the browser says, and by what the page's own files took. */
export function canPrefetch({ saveData, effectiveType }: ConnectionHint, loaded: readonly LoadedFile[]): boolean {
	if (saveData || (effectiveType !== undefined && effectiveType !== '4g')) return false;
	const fetched = loaded.filter(({ transferSize }) => transferSize > 0);
	const bytes = fetched.reduce((sum, { transferSize }) => sum + transferSize, 0);
	// From the cache there is little to learn from.
	if (bytes < 30_000) return true;
	const from = Math.min(...fetched.map(({ startTime }) => startTime));
	const until = Math.max(...fetched.map(({ responseEnd }) => responseEnd));
	return bytes / Math.max(1, until - from) >= enough;
}

/** Calls once the page has nothing else to do, on a line that carries it; what it gives back takes that back. */
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
