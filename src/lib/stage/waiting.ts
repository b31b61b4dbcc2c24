/** Milliseconds before the next retry: short at first, then longer, with random spread so that not all retry at once. `chance` is 0 to 1. */
export function retryDelay(tries: number, chance: number): number {
	const longest = Math.min(500 * 2 ** Math.max(0, tries), 10_000);
	return Math.round(longest * (0.5 + chance / 2));
}
