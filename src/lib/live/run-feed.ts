import { joinStream } from './events.svelte.ts';
import type { LiveEvent, ContentEvent } from './topics.ts';

/** What a component does with live events of a run. */
export interface RunSubscriber {
	/** By kind: what changed, with what every reader may see of it; null when that is nothing any more. */
	kinds: Record<string, (content: unknown, id: string | null, at: number) => void>;
	/** Events may have been lost: what is shown is to be loaded again. */
	reload: () => void;
}

/** How long events are replayed for a load that began before them, in milliseconds: longer than any load takes. */
const replayWindowMs = 60_000;

/** The events of a run, for all components that follow it. */
class RunFeed {
	readonly subscribers = new Set<RunSubscriber>();
	/** The last of each thing. */
	readonly #lastEvents = new Map<string, ContentEvent>();
	readonly leave: () => void;

	constructor(topics: string) {
		this.leave = joinStream({
			topics: topics.split(','),
			onEvent: (event) => {
				// What comes without content is no state: it has been answered.
				if ('at' in event) this.#remember(event);
				for (const subscriber of this.subscribers) notify(subscriber, event);
			},
			resync: () => this.#reload()
		});
	}

	/** Says again what was read after a moment: what was loaded since may have been read before it. */
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

/** Joins the feed of a run's topics, which is opened with its first subscriber and closed after its last. */
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
