/** What is kept under a key: the promise, so that what was asked before a drop is never found after it. */
interface Held<Value> {
	value: Promise<Value>;
	until: number;
	/** Whose it is, once that is known. */
	topic: string | null;
}

/** A bounded memory of answers, each for a while; a failed one is asked again. */
export class Remembered<Value> {
	readonly #held = new Map<string, Held<Value>>();
	readonly #limits: { entries: number; maxAge: number };

	constructor(limits: { entries: number; maxAge: number }) {
		this.#limits = limits;
	}

	/** The answer under a key, asked at most once for all who want it. `topicOf` says whose it is. */
	find(key: string, ask: () => Promise<Value>, topicOf?: (value: Value) => string | null): Promise<Value> {
		const found = this.#held.get(key);
		if (found && found.until > Date.now()) return found.value;
		this.#held.delete(key);
		const fresh: Held<Value> = { value: ask(), until: Date.now() + this.#limits.maxAge, topic: null };
		this.#held.set(key, fresh);
		// The oldest goes: an entry is at its end when it is asked anew.
		for (const oldest of this.#held.keys()) {
			if (this.#held.size <= this.#limits.entries) break;
			this.#held.delete(oldest);
		}
		fresh.value.then(
			(value) => (fresh.topic = topicOf?.(value) ?? null),
			() => this.#held.get(key) === fresh && this.#held.delete(key)
		);
		return fresh.value;
	}

	/** Drops everything. */
	drop(): void {
		this.#held.clear();
	}

	/** Drops what is of a topic, and what is still being asked: nobody knows yet whose that is. */
	dropOf(topic: string): void {
		for (const [key, { topic: whose }] of this.#held) if (whose === null || whose === topic) this.#held.delete(key);
	}

	/** Drops one key. */
	forget(key: string): void {
		this.#held.delete(key);
	}
}
