/* Counts of answered requests by hour, until they are written: for the error budget. Small, however long the database is away. */

/** Requests of an hour, as `private.record_requests` takes them. */
export interface RequestHour {
	hour: string;
	requests: number;
	/** Answered with a fault of the site, or not at all while the database was away. */
	failed: number;
	/** Took longer than a second. */
	slow: number;
	/** How many took up to each of the bounds, and longer. */
	times: number[];
}

// In milliseconds, as src/lib/status/error-budget.ts names them in seconds.
const bounds = [100, 250, 500, 1000, 2500, 5000, 10_000];
const slowAfter = 1000;
const hourMs = 3_600_000;
// Two weeks without a database.
const mostHours = 336;

/** Asked by monitors and by streams, not by readers. */
const isAside = (route: string) => /^\/(?:healthz|readyz|api\/(?:metrics|events|faults|stage-quality))$/.test(route);

/** Counts requests of this process. */
export class RequestTally {
	#hours = new Map<number, RequestHour>();

	/** Counts a request; `route` is null for files, cached pages and what was refused early, of which faults alone count. */
	count(route: string | null, status: number, milliseconds: number, now: number): void {
		if (route === null ? status < 500 : isAside(route)) return;
		const at = Math.floor(now / hourMs) * hourMs;
		const hour = this.#hours.get(at) ?? {
			hour: new Date(at).toISOString(),
			...{ requests: 0, failed: 0, slow: 0, times: [...bounds, Infinity].map(() => 0) }
		};
		if (!this.#hours.has(at) && this.#hours.size >= mostHours) return;
		this.#hours.set(at, hour);
		hour.requests += 1;
		if (status >= 500) hour.failed += 1;
		if (milliseconds > slowAfter) hour.slow += 1;
		const place = bounds.findIndex((bound) => milliseconds <= bound);
		const bucket = place < 0 ? bounds.length : place;
		hour.times[bucket] = (hour.times[bucket] ?? 0) + 1;
	}

	/** Takes what was counted. */
	take(): RequestHour[] {
		const taken = [...this.#hours.values()];
		this.#hours = new Map();
		return taken;
	}

	/** Takes back what could not be written. */
	putBack(hours: readonly RequestHour[]): void {
		for (const hour of hours) {
			const at = Date.parse(hour.hour);
			const since = this.#hours.get(at);
			if (!since) this.#hours.set(at, hour);
			else
				this.#hours.set(at, {
					hour: hour.hour,
					requests: hour.requests + since.requests,
					failed: hour.failed + since.failed,
					slow: hour.slow + since.slow,
					times: hour.times.map((count, index) => count + (since.times[index] ?? 0))
				});
		}
	}
}

// The http server and the app are separate builds in one process.
const place = Symbol.for('global-summit.request-tally');
const shared = globalThis as unknown as Record<symbol, RequestTally | undefined>;

/** The one of this process. */
export const requestTally = (): RequestTally => (shared[place] ??= new RequestTally());
