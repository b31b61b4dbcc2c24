import { joinStream } from './events.svelte.ts';
import type { LiveEvent, ContentEvent } from './topics.ts';

/** A component's handlers of live events of a run. */
export interface RunSubscriber {
	/** By kind: what changed, with what every reader may see of it; null when it no longer exists. */
	kinds: Record<string, (content: unknown, id: string | null, at: number) => void>;
	/** Events may have been lost: load the shown data again. */
	reload: () => void;
}

/** How long events are replayed for a load that began before them, in milliseconds: longer than any load takes. */
const replayWindowMs = 60_000;

/** The events of a run, for all components that follow it. */
class RunFeed {
	readonly subscribers = new Set<RunSubscriber>();
	/** The last event of each thing. */
	readonly #lastEvents = new Map<string, ContentEvent>();
	readonly leave: () => void;

	constructor(topics: string) {
		this.leave = joinStream({
			topics: topics.split(','),
			onEvent: (event) => {
				// An event without content holds no state: it was already handled.
				if ('at' in event) this.#remember(event);
				for (const subscriber of this.subscribers) notify(subscriber, event);
			},
			resync: () => this.#reload()
		});
	}

	/** Repeats the events after a moment: data loaded since may have been read before them. */
	repeat(subscriber: RunSubscriber, since: number) {
		for (const event of this.#lastEvents.values()) if (event.at > since) notify(subscriber, event);
	}

	#remember(event: ContentEvent) {
		const name = `${event.kind} ${event.id}`;
		this.#lastEvents.delete(name);
		this.#lastEvents.set(name, event);
		for (const [old, { at }] of this.#lastEvents) {
			if (at > event.at - replayWindowMs) break;
			this.#lastEvents.delete(old);
		}
	}

	#reload() {
		this.#lastEvents.clear();
		for (const { reload } of this.subscribers) reload();
	}
}

function notify({ kinds }: RunSubscriber, event: LiveEvent | ContentEvent) {
	const { content = null, at = 0 } = 'at' in event ? event : {};
	kinds[event.kind]?.(content, event.id, at);
}

// A server never joins one: feeds are joined in effects.
const feeds = new Map<string, RunFeed>();

/** Joins the feed of a run's topics, which opens with its first subscriber and closes after its last. */
export function joinFeed(
	topic: string,
	subscriber: RunSubscriber
): { leave: () => void; repeat: (since: number) => void } {
	const feed = feeds.get(topic) ?? new RunFeed(topic);
	feeds.set(topic, feed);
	feed.subscribers.add(subscriber);
	return {
		repeat: (moment) => feed.repeat(subscriber, moment),
		leave() {
			feed.subscribers.delete(subscriber);
			if (feed.subscribers.size > 0) return;
			feed.leave();
			feeds.delete(topic);
		}
	};
}
