import { page } from '$app/state';
import { untrack } from 'svelte';
import { openEvents } from './event-source.ts';
import { reload } from './reload.ts';
import { isTopic, type LiveEvent, type ContentEvent } from './topics.ts';

/** Whether the page receives live events now. */
type EventStreamState = 'connecting' | 'open' | 'lost';

/** A part of the page that follows topics. */
interface TopicSubscriber {
	topics: readonly string[];
	onEvent: (event: LiveEvent | ContentEvent) => void;
	/** Events may have been lost: read the data again. */
	resync: () => void;
}

/** The one stream of a page, for all its subscribers: a browser opens few connections to a site at once. */
class EventStream {
	state = $state<EventStreamState>('connecting');
	#subscribers = new Set<TopicSubscriber>();
	#end: (() => void) | undefined;
	#open = '';
	/** The last number of each topic, by the server's count. */
	readonly #sequences = new Map<string, number>();
	#changing = false;
	/** When the last stream was closed, by the clock of the page's own load; 0 before there was one. */
	#closed = 0;

	join(subscriber: TopicSubscriber): () => void {
		this.#subscribers.add(subscriber);
		this.#change();
		return () => {
			this.#subscribers.delete(subscriber);
			this.#change();
		};
	}

	// Components mount and unmount together: the stream reconnects once for all of them.
	#change() {
		if (this.#changing) return;
		this.#changing = true;
		queueMicrotask(() => {
			this.#changing = false;
			const wanted = [...new Set([...this.#subscribers].flatMap(({ topics }) => topics))].sort().join(',');
			if (wanted === this.#open) return;
			this.#close();
			this.#open = wanted;
			if (wanted) this.#listen(since(this.#closed));
		});
	}

	#listen(since: number | null) {
		this.#end = openEvents(
			{ topics: this.#open, since },
			{
				onOpen: () => {
					this.#sequences.clear();
					this.state = 'open';
				},
				onLost: () => (this.state = 'lost'),
				onResync: (topics) => this.#resync(topics),
				onEvent: (event) => {
					if (this.#hasGap(event)) this.#resync([event.topic]);
					for (const { topics, onEvent } of [...this.#subscribers]) if (topics.includes(event.topic)) onEvent(event);
				}
			}
		);
	}

	#hasGap(event: LiveEvent | ContentEvent): boolean {
		if (!('sequence' in event)) return false;
		const last = this.#sequences.get(event.topic);
		this.#sequences.set(event.topic, event.sequence);
		return last !== undefined && event.sequence !== last + 1;
	}

	// Without topics it may concern any.
	#resync(changed?: string[]) {
		for (const { topics, resync } of [...this.#subscribers])
			if (!changed || topics.some((topic) => changed.includes(topic))) resync();
	}

	#close() {
		if (this.#end) this.#closed = performance.now();
		this.#end?.();
		this.#end = undefined;
		this.state = 'connecting';
	}
}

// A server never joins it: subscribers join in effects.
const stream = new EventStream();

/** Joins the page's one stream, in an effect; the returned function leaves it again. */
export function joinStream(subscriber: TopicSubscriber): () => void {
	return stream.join(subscriber);
}
const loaded = { at: 0, now: 0 };

// Otherwise changes between the rendering of the page, or the end of the previous stream, and this line would be lost.
function since(closed: number): number | null {
	const made = untrack(() => page.data['now'] as unknown);
	if (typeof made !== 'number') return null;
	if (loaded.now !== made) Object.assign(loaded, { at: performance.now(), now: made });
	return Math.max(made, Math.floor(made + closed - loaded.at - 1000));
}

// Announcements and notices about the site have their own place on each page, which follows them itself.
const ownPlace = new Set(['announcement', 'status']);

/** Follows topics while a component lives. */
export class TopicSubscription {
	#pending: ReturnType<typeof setTimeout> | undefined;

	/** Call in a component's script. Without `onEvent`, each change reloads the page's data; so do changes of rights. */
	constructor(
		topics: () => (string | null | undefined)[],
		onEvent?: (event: LiveEvent) => void,
		resync = () => this.#reload()
	) {
		// As one text: the same topics of a reloaded page are no change.
		const named = $derived(topics().filter(isTopic).join(','));
		$effect(() => {
			if (named === '') return;
			const wanted = named.split(',');
			const leave = stream.join({
				topics: wanted,
				onEvent: (event) => {
					if (event.kind === 'rights') resync();
					else if (onEvent) onEvent(event);
					else if (!ownPlace.has(event.kind) || event.topic.startsWith('organise:')) this.#reload();
				},
				resync
			});
			return () => {
				leave();
				clearTimeout(this.#pending);
				this.#pending = undefined;
			};
		});
	}

	get state(): EventStreamState {
		return stream.state;
	}

	// Changes come in bursts; one reload answers all of a burst.
	#reload() {
		this.#pending ??= setTimeout(() => {
			this.#pending = undefined;
			void reload();
		}, 60);
	}
}

/** `const feed = subscribeToTopics(() => [`summit:${id}`])`: reloads the page's data on each event, or calls `onEvent` (and `resync`, when events may have been lost). */
export function subscribeToTopics(
	topics: () => (string | null | undefined)[],
	onEvent?: (event: LiveEvent) => void,
	resync?: () => void
): TopicSubscription {
	return new TopicSubscription(topics, onEvent, resync);
}
