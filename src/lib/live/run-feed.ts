import { joinNews } from './news.svelte.ts';
import type { News, Told } from './topics.ts';

/** What a part of the page does with news of a run. */
export interface RunHearer {
	/** By kind: what changed, with what every reader may see of it; null when that is nothing any more. */
	kinds: Record<string, (content: unknown, id: string | null, at: number) => void>;
	/** News may have been lost: what is shown is to be loaded again. */
	reload: () => void;
}

/** How long news are remembered for a load that began before them, in milliseconds: longer than any load takes. */
const remembered = 60_000;

/** The news of a run, for all parts of a page that hear it. */
class RunFeed {
	readonly hearers = new Set<RunHearer>();
	/** The last of each thing. */
	readonly #heard = new Map<string, Told>();
	readonly leave: () => void;

	constructor(topics: string) {
		this.leave = joinNews({
			topics: topics.split(','),
			heard: (news) => {
				// What comes without content is no state: it has been answered.
				if ('at' in news) this.#remember(news);
				for (const hearer of this.hearers) tell(hearer, news);
			},
			missed: () => this.#reload()
		});
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
}

function tell({ kinds }: RunHearer, news: News | Told) {
	const { content = null, at = 0 } = 'at' in news ? news : {};
	kinds[news.kind]?.(content, news.id, at);
}

// A server never joins one: feeds are joined in effects.
const feeds = new Map<string, RunFeed>();

/** Joins the feed of a run's topics, which is opened with its first hearer and closed after its last. */
export function joinFeed(topic: string, hearer: RunHearer): { leave: () => void; repeat: (since: number) => void } {
	const feed = feeds.get(topic) ?? new RunFeed(topic);
	feeds.set(topic, feed);
	feed.hearers.add(hearer);
	return {
		repeat: (moment) => feed.repeat(hearer, moment),
		leave() {
			feed.hearers.delete(hearer);
			if (feed.hearers.size > 0) return;
			feed.leave();
			feeds.delete(topic);
		}
	};
}
