import { invalidateAll } from '$app/navigation';
import { navigating, page } from '$app/state';
import { untrack } from 'svelte';
import { isTopic, type News } from './topics.ts';

/** Whether the page hears news at this moment. */
export type NewsState = 'connecting' | 'open' | 'lost';

/** Listens to topics while a component lives. */
export class NewsFeed {
	state = $state<NewsState>('connecting');
	#source: EventSource | undefined;
	#lost = false;
	#pending: ReturnType<typeof setTimeout> | undefined;
	#topics: () => (string | null | undefined)[];
	#heard: ((news: News) => void) | undefined;

	/** Call in a component's script. Without `heard`, each change reloads the page's data. */
	constructor(topics: () => (string | null | undefined)[], heard?: (news: News) => void) {
		this.#topics = topics;
		this.#heard = heard;
		$effect(() => {
			const wanted = this.#topics().filter(isTopic);
			if (wanted.length === 0) return;
			this.#open(wanted);
			return () => this.#close();
		});
	}

	// Changes come in bursts; one reload answers all of a burst.
	#reload() {
		this.#pending ??= setTimeout(() => {
			this.#pending = undefined;
			void reloadPage();
		}, 60);
	}

	#open(topics: string[]) {
		// What changes between the making of the page and this line would else be lost.
		const since = untrack(() => page.data['now'] as unknown);
		const query = `topics=${encodeURIComponent(topics.join(','))}${typeof since === 'number' ? `&since=${since}` : ''}`;
		const source = new EventSource(`/api/news?${query}`);
		this.#source = source;
		source.onopen = () => {
			if (this.#lost) this.#reload();
			this.#lost = false;
			this.state = 'open';
		};
		source.onerror = () => {
			this.#lost = true;
			this.state = 'lost';
			// The server's refusal ends an EventSource for good: it is asked again, calmly.
			if (source.readyState === EventSource.CLOSED) {
				this.#close();
				this.#pending = setTimeout(() => {
					this.#pending = undefined;
					this.#open(topics);
				}, 5000);
			}
		};
		source.addEventListener('missed', () => this.#reload());
		source.onmessage = (event: MessageEvent<string>) => {
			const news = JSON.parse(event.data) as News;
			if (this.#heard && news.kind !== 'rights') this.#heard(news);
			else this.#reload();
		};
	}

	#close() {
		this.#source?.close();
		this.#source = undefined;
		clearTimeout(this.#pending);
		this.#pending = undefined;
	}
}

// A reload would cancel a page change that is under way, such as the one after a form whose own news this is.
async function reloadPage(): Promise<void> {
	await navigating.complete?.catch(() => undefined);
	await invalidateAll();
}

/** `const feed = hearTopics(() => [`summit:${id}`])`: reloads the page's data on news, or calls `heard`. */
export function hearTopics(topics: () => (string | null | undefined)[], heard?: (news: News) => void): NewsFeed {
	return new NewsFeed(topics, heard);
}
