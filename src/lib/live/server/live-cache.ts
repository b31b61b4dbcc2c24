import { TtlCache, type CacheLimits, type EntryOptions } from '#lib/live/ttl-cache.ts';
import { affectsCache, type LiveEvent } from '#lib/live/topics.ts';
import { eventListener, subscribe } from './listener.ts';

interface LiveCacheOptions<Value> extends CacheLimits {
	/** Removes what an event makes out of date. */
	onEvent: (event: LiveEvent, cache: LiveCache<Value>) => void;
	/** Whether values are also cached while no events arrive, and may be as old as `ttl` then. */
	cachesWithoutEvents?: boolean;
}

/** A cache that live events keep current. It is emptied when events may have been lost. */
export class LiveCache<Value> extends TtlCache<Value> {
	readonly #options: LiveCacheOptions<Value>;
	#isSubscribed = false;

	constructor(options: LiveCacheOptions<Value>) {
		super(options);
		this.#options = options;
	}

	override get(key: string, load: () => Promise<Value>, options?: EntryOptions<Value>): Promise<Value> {
		this.#subscribe();
		const isCurrent = this.#options.cachesWithoutEvents || eventListener()?.connected();
		return isCurrent ? super.get(key, load, options) : load();
	}

	// On first use, because importing the module must open no connection.
	#subscribe(): void {
		if (this.#isSubscribed) return;
		this.#isSubscribed = true;
		subscribe({ onEvent: (event) => this.#options.onEvent(event, this), resync: () => this.clear() });
	}
}

/** For `onEvent`: empties the cache when what a Summit or its agenda shows has changed. */
export function clearOnChange(event: LiveEvent, cache: { clear(): void }): void {
	if (affectsCache(event)) cache.clear();
}

/** The same for values of persons, by their topic: an event of a person removes theirs alone. */
export function clearOnChangeOrPerson(
	event: LiveEvent,
	cache: { clear(): void; deleteTopic(topic: string): void }
): void {
	if (event.topic.startsWith('person:')) cache.deleteTopic(event.topic);
	else clearOnChange(event, cache);
}
