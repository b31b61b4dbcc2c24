import { LRUCache } from 'lru-cache';

/** A cache entry holds the promise, so that a load that began before `clear` is never found after it. */
interface CacheEntry<Value> {
	value: Promise<Value>;
	/** The topic of its owner, once known. */
	topic: string | null;
}

export interface CacheLimits {
	/** The most entries; the least recently used goes first. */
	entries: number;
	/** How long an entry lives, in milliseconds. */
	ttl: number;
}

/** Of one entry. */
export interface EntryOptions<Value> {
	/** Names the topic of its owner: `deleteTopic` removes it. */
	topicOf?: (value: Value) => string | null;
	/** Instead of the cache's own. */
	ttl?: number;
}

/** A bounded cache with a time to live. A load that fails is not cached. */
export class TtlCache<Value> {
	readonly #entries: LRUCache<string, CacheEntry<Value>>;

	constructor({ entries, ttl }: CacheLimits) {
		this.#entries = new LRUCache({ max: entries, ttl });
	}

	/** The value of a key, loaded once for all who ask for it. */
	get(key: string, load: () => Promise<Value>, { topicOf, ttl }: EntryOptions<Value> = {}): Promise<Value> {
		const found = this.#entries.get(key);
		if (found) return found.value;
		const fresh: CacheEntry<Value> = { value: load(), topic: null };
		this.#entries.set(key, fresh, ttl === undefined ? {} : { ttl });
		fresh.value.then(
			(value) => (fresh.topic = topicOf?.(value) ?? null),
			() => this.#entries.peek(key) === fresh && this.#entries.delete(key)
		);
		return fresh.value;
	}

	/** Removes everything. */
	clear(): void {
		this.#entries.clear();
	}

	/** Removes the entries of a topic, and those still loading: nobody knows yet whose they are. */
	deleteTopic(topic: string): void {
		const outdated = [...this.#entries.entries()].filter(([, entry]) => entry.topic === null || entry.topic === topic);
		for (const [key] of outdated) this.#entries.delete(key);
	}

	/** Removes one key. */
	delete(key: string): void {
		this.#entries.delete(key);
	}
}
