/*
 * A process that was told to end goes on serving for a while: proxies learn of it by /healthz, live pages leave one after the other, and what
 * another process can take over is given to it at once.
 */

interface Drain {
	/** When the process ends, by performance.now(); null while it only serves. */
	until: number | null;
	listeners: Set<(milliseconds: number) => void>;
}

// The http server and the app are separate builds in one process.
const place = Symbol.for('global-summit.drain');
const shared = globalThis as unknown as Record<symbol, Drain | undefined>;
const drain = (): Drain => (shared[place] ??= { until: null, listeners: new Set() });

/** Whether this process was told to end, and serves only until it does. */
export const isDraining = (): boolean => drain().until !== null;

/** How long it still serves, in milliseconds; Infinity while it was not told to end. */
export function timeLeft(): number {
	const { until } = drain();
	return until === null ? Infinity : Math.max(0, until - performance.now());
}

/** Calls `listener` once the process drains, with the milliseconds that it has. */
export function onDrain(listener: (milliseconds: number) => void): () => void {
	drain().listeners.add(listener);
	return () => void drain().listeners.delete(listener);
}

/** Begins to drain; told again, nothing changes. */
export function beginDrain(milliseconds: number): void {
	const state = drain();
	if (state.until !== null) return;
	state.until = performance.now() + milliseconds;
	for (const listener of state.listeners) listener(milliseconds);
}
