/** A cache entry holds the promise, so that a load that began before `clear` is never found after it. */
interface CacheEntry<Value> {
	value: Promise<Value>;
	until: number;
	/** The topic of its owner, once known. */
	topic: string | null;
}

/** A bounded cache with a time to live; a failed load is tried again. */
export class TtlCache<Value> {
	readonly #entries = new Map<string, CacheEntry<Value>>();
	readonly #limits: { entries: number; maxAge: number };

	constructor(limits: { entries: number; maxAge: number }) {
		this.#limits = limits;
	}

	/** The value of a key, loaded at most once for all who want it. `topicOf` names its owner's topic. */
	get(key: string, load: () => Promise<Value>, topicOf?: (value: Value) => string | null): Promise<Value> {
		const found = this.#entries.get(key);
		if (found && found.until > Date.now()) return found.value;
		this.#entries.delete(key);
		const fresh: CacheEntry<Value> = { value: load(), until: Date.now() + this.#limits.maxAge, topic: null };
		this.#entries.set(key, fresh);
		// The oldest goes: an entry moves to the end when it is loaded again.
		for (const oldest of this.#entries.keys()) {
			if (this.#entries.size <= this.#limits.entries) break;
			this.#entries.delete(oldest);
		}
		fresh.value.then(
			(value) => (fresh.topic = topicOf?.(value) ?? null),
			() => this.#entries.get(key) === fresh && this.#entries.delete(key)
		);
		return fresh.value;
	}

	/** Removes everything. */
	clear(): void {
		this.#entries.clear();
	}

	/** Removes the entries of a topic, and those still loading, whose topic is not yet known. */
	deleteTopic(topic: string): void {
		for (const [key, { topic: whose }] of this.#entries)
			if (whose === null || whose === topic) this.#entries.delete(key);
	}

	/** Removes one key. */
	delete(key: string): void {
		this.#entries.delete(key);
	}
}
