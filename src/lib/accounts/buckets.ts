/** A token bucket for each key: `burst` at once, then `perSecond`. */
export class Buckets {
	readonly #burst: number;
	readonly #perSecond: number;
	readonly #most: number;
	readonly #levels = new Map<string, { level: number; at: number }>();

	constructor(options: { burst: number; perSecond: number; most?: number }) {
		this.#burst = options.burst;
		this.#perSecond = options.perSecond;
		this.#most = options.most ?? 20_000;
	}

	/** Takes one at the moment `now` (milliseconds); false when the bucket is empty. */
	take(key: string, now: number): boolean {
		const found = this.#levels.get(key);
		const level = found
			? Math.min(this.#burst, found.level + ((now - found.at) / 1000) * this.#perSecond)
			: this.#burst;
		if (!found && this.#levels.size >= this.#most) this.#forgetFull(now);
		this.#levels.set(key, { level: level >= 1 ? level - 1 : level, at: now });
		return level >= 1;
	}

	// A full bucket holds no information; when none is full, the oldest half is removed.
	#forgetFull(now: number) {
		for (const [key, { level, at }] of this.#levels) {
			if (level + ((now - at) / 1000) * this.#perSecond >= this.#burst) this.#levels.delete(key);
		}
		for (const key of [...this.#levels.keys()].slice(0, Math.max(0, this.#levels.size - this.#most / 2)))
			this.#levels.delete(key);
	}
}
