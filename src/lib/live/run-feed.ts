import type { Told } from './topics.ts';

/** What a part of the page does with news of a run. */
export interface RunHearer {
	/** By kind: what changed, with what every reader may see of it; null when that is nothing any more. */
	kinds: Record<string, (content: unknown, id: string | null) => void>;
	/** News may have been lost: what is shown is to be loaded again. */
	reload: () => void;
}

/** How long news are remembered for a load that began before them, in milliseconds: longer than any load takes. */
const remembered = 60_000;

/** One stream of a run's news, shared by all parts of a page that hear it: a browser opens few connections at once. */
class RunFeed {
	readonly hearers = new Set<RunHearer>();
	#source: EventSource | undefined;
	#retry: ReturnType<typeof setTimeout> | undefined;
	#lost = false;
	/** The last of each thing. */
	readonly #heard = new Map<string, Told>();
	readonly #topic: string;

	constructor(topic: string, since: unknown) {
		this.#topic = topic;
		this.#open(typeof since === 'number' ? `&since=${since}` : '');
	}

	#open(since: string) {
		const source = new EventSource(`/api/news?topics=${encodeURIComponent(this.#topic)}${since}`);
		this.#source = source;
		source.onopen = () => {
			if (this.#lost) this.#reload();
			this.#lost = false;
		};
		source.onerror = () => {
			this.#lost = true;
			// A refusal ends an EventSource for good: it is asked again, calmly, should the reader be let in again.
			if (source.readyState === EventSource.CLOSED) this.#retry = setTimeout(() => this.#open(''), 5000);
		};
		source.addEventListener('missed', () => this.#reload());
		source.onmessage = (event: MessageEvent<string>) => {
			const told = JSON.parse(event.data) as Told;
			// What comes without content is no state: it has been answered.
			if ('at' in told) this.#remember(told);
			for (const hearer of this.hearers) tell(hearer, told);
		};
	}

	/** Says again what was read after a moment: what was loaded since may have been read before it. */
	repeat(hearer: RunHearer, since: number) {
		for (const told of this.#heard.values()) if (told.at > since) tell(hearer, told);
	}

	#remember(told: Told) {
		const name = `${told.kind} ${told.id}`;
		this.#heard.delete(name);
		this.#heard.set(name, told);
		for (const [old, { at }] of this.#heard) {
			if (at > told.at - remembered) break;
			this.#heard.delete(old);
		}
	}

	#reload() {
		this.#heard.clear();
		for (const { reload } of this.hearers) reload();
	}

	close() {
		clearTimeout(this.#retry);
		this.#source?.close();
	}
}

function tell({ kinds }: RunHearer, { kind, content, id }: Told) {
	kinds[kind]?.(content ?? null, id);
}

// A server never joins one: feeds are joined in effects.
const feeds = new Map<string, RunFeed>();

/** Joins the feed of a run's topics, which is opened with its first hearer and closed after its last. */
export function joinFeed(
	topic: string,
	since: unknown,
	hearer: RunHearer
): { leave: () => void; repeat: (since: number) => void } {
	const feed = feeds.get(topic) ?? new RunFeed(topic, since);
	feeds.set(topic, feed);
	feed.hearers.add(hearer);
	return {
		repeat: (moment) => feed.repeat(hearer, moment),
		leave() {
			feed.hearers.delete(hearer);
			if (feed.hearers.size > 0) return;
			feed.close();
			feeds.delete(topic);
		}
	};
}
