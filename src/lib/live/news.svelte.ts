import { page } from '$app/state';
import { untrack } from 'svelte';
import { reload } from './reload.ts';
import { isTopic, type News, type Told } from './topics.ts';

/** Whether the page hears news at this moment. */
export type NewsState = 'connecting' | 'open' | 'lost';

/** Something on the page that hears topics. */
export interface Hearer {
	topics: readonly string[];
	heard: (news: News | Told) => void;
	/** News may have been lost. */
	missed: () => void;
}

/** The one stream of a page, for all that hear news on it: a browser opens few connections to a site at once. */
class NewsStream {
	state = $state<NewsState>('connecting');
	#hearers = new Set<Hearer>();
	#source: EventSource | undefined;
	#open = '';
	#retry: ReturnType<typeof setTimeout> | undefined;
	/** What was sent of each topic, by the server's count. */
	readonly #sequences = new Map<string, number>();
	#changing = false;
	/** When the last stream was closed, by the clock of the page's own load; 0 before there was one. */
	#closed = 0;

	join(hearer: Hearer): () => void {
		this.#hearers.add(hearer);
		this.#change();
		return () => {
			this.#hearers.delete(hearer);
			this.#change();
		};
	}

	// Parts of a page come and go together: the stream follows once for all of them.
	#change() {
		if (this.#changing) return;
		this.#changing = true;
		queueMicrotask(() => {
			this.#changing = false;
			const wanted = [...new Set([...this.#hearers].flatMap(({ topics }) => topics))].sort().join(',');
			if (wanted === this.#open) return;
			this.#close();
			this.#open = wanted;
			if (wanted) this.#listen(since(this.#closed));
		});
	}

	#listen(from: number | null, isAgain = false) {
		const query = `topics=${encodeURIComponent(this.#open)}${from === null ? '' : `&since=${from}`}`;
		const source = new EventSource(`/api/news?${query}`);
		this.#source = source;
		let isAsked = isAgain;
		// What changed while the line was broken is told by the server: the browser names the last moment that it heard of.
		source.onopen = () => {
			this.#sequences.clear();
			if (isAsked) this.#missed();
			isAsked = false;
			this.state = 'open';
		};
		source.onerror = () => {
			this.state = 'lost';
			// The server's refusal ends an EventSource for good: it is asked again, calmly, and not by all pages at once.
			if (source.readyState === EventSource.CLOSED)
				this.#retry = setTimeout(() => this.#listen(null, true), 3000 + Math.random() * 4000);
		};
		source.addEventListener('missed', (event: MessageEvent<string>) => {
			const { topics } = JSON.parse(event.data) as { topics?: string[] };
			this.#missed(topics);
		});
		source.onmessage = (event: MessageEvent<string>) => {
			const news = JSON.parse(event.data) as News | Told;
			if (this.#hasGap(news)) this.#missed([news.topic]);
			for (const { topics, heard } of [...this.#hearers]) if (topics.includes(news.topic)) heard(news);
		};
	}

	#hasGap(news: News | Told): boolean {
		if (!('sequence' in news)) return false;
		const last = this.#sequences.get(news.topic);
		this.#sequences.set(news.topic, news.sequence);
		return last !== undefined && news.sequence !== last + 1;
	}

	// Without topics it may be any.
	#missed(changed?: string[]) {
		for (const { topics, missed } of [...this.#hearers])
			if (!changed || topics.some((topic) => changed.includes(topic))) missed();
	}

	#close() {
		if (this.#source) this.#closed = performance.now();
		this.#source?.close();
		this.#source = undefined;
		this.state = 'connecting';
		clearTimeout(this.#retry);
	}
}

// A server never joins it: hearers join in effects.
const stream = new NewsStream();

/** Joins the page's one stream, in an effect; what it gives back leaves it again. */
export function joinNews(hearer: Hearer): () => void {
	return stream.join(hearer);
}
const loaded = { at: 0, now: 0 };

// What changes between the making of the page, or the end of the stream before, and this line would else be lost.
function since(closed: number): number | null {
	const made = untrack(() => page.data['now'] as unknown);
	if (typeof made !== 'number') return null;
	if (loaded.now !== made) Object.assign(loaded, { at: performance.now(), now: made });
	return Math.max(made, Math.floor(made + closed - loaded.at - 1000));
}

/** Listens to topics while a component lives. */
export class NewsFeed {
	#pending: ReturnType<typeof setTimeout> | undefined;

	/** Call in a component's script. Without `heard`, each change reloads the page's data; so do changes of rights. */
	constructor(
		topics: () => (string | null | undefined)[],
		heard?: (news: News) => void,
		missed = () => this.#reload()
	) {
		// As one text: the same topics of a page that was loaded again are no others.
		const named = $derived(topics().filter(isTopic).join(','));
		$effect(() => {
			if (named === '') return;
			const wanted = named.split(',');
			const leave = stream.join({
				topics: wanted,
				heard: (news) => {
					if (news.kind === 'rights') missed();
					else if (heard) heard(news);
					// What is announced to readers has a place of its own on each page.
					else if (news.kind !== 'announcement' || news.topic.startsWith('organise:')) this.#reload();
				},
				missed
			});
			return () => {
				leave();
				clearTimeout(this.#pending);
				this.#pending = undefined;
			};
		});
	}

	get state(): NewsState {
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

/** `const feed = hearTopics(() => [`summit:${id}`])`: reloads the page's data on news, or calls `heard` (and `missed`, when some may be lost). */
export function hearTopics(
	topics: () => (string | null | undefined)[],
	heard?: (news: News) => void,
	missed?: () => void
): NewsFeed {
	return new NewsFeed(topics, heard, missed);
}
