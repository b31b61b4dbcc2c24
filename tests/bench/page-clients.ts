/*
 * Many open pages of one stage, as HTTP clients in their own process: each reads the stream of its page, and does what the page's code does
 * (src/lib/stage/viewing.svelte.ts): it applies events that carry content, removes names on a change of rights, and reads its data again
 * within a while only where no event carries the content. Takes orders from its parent process, and answers with what every page recorded.
 */
import { type Agent, type ClientRequest } from 'node:http';
import { clientFor } from './requests.ts';

/** The address of the pages, and their readers: a cookie each, '' for a visitor. */
export interface PageReaders {
	origin: string;
	/** The page's path. */
	path: string;
	run: string;
	session: string;
	summit: string;
	people: { person: string; cookie: string }[];
}

/** What the pages recorded since the last order, in milliseconds since 1970. */
export interface PageRecords {
	/** When each page had the stage's new content. */
	content: number[];
	/** When each page removed its names. */
	blank: number[];
	/** When each page was told that there is an announcement. */
	announced: number[];
	/** How many pages read data again, and how many of these reads failed. */
	reloads: number;
	failures: number;
	/** Pages that show no names at this moment. */
	nameless: number;
	open: number;
}

const spread = { rights: 9000, reconnect: 8000 };
let agent: Agent | undefined;
const met: PageRecords = { content: [], blank: [], announced: [], reloads: 0, failures: 0, nameless: 0, open: 0 };

class PageClient {
	readonly #crowd: PageReaders;
	readonly #headers: Record<string, string>;
	readonly #topics: string;
	#stream: ClientRequest | undefined;
	#pending: { timer: NodeJS.Timeout; within: number } | undefined;
	#isBlank = false;

	constructor(crowd: PageReaders, { person, cookie }: PageReaders['people'][number]) {
		this.#crowd = crowd;
		this.#headers = cookie ? { cookie } : {};
		const { run, session, summit } = crowd;
		const own = person ? [`person:${person}`] : [];
		this.#topics = [`chat:${run}`, `run:${run}`, `session:${session}`, `summit:${summit}`, ...own].join(',');
	}

	listen(lastId = String(Date.now())): Promise<void> {
		return new Promise((opened, refused) => {
			const headers = { ...this.#headers, 'last-event-id': lastId };
			let retry = 1000;
			let id = lastId;
			const url = `${this.#crowd.origin}/api/events?topics=${encodeURIComponent(this.#topics)}`;
			const { Agent, get } = clientFor(url);
			agent ??= new Agent({ keepAlive: true, maxSockets: Infinity });
			this.#stream = get(url, { agent, headers }, (response) => {
				if (response.statusCode !== 200) return refused(new Error(`events answered ${response.statusCode}`));
				met.open += 1;
				opened();
				let text = '';
				response.setEncoding('utf8').on('data', (part: string) => {
					const blocks = (text + part).split('\n\n');
					text = blocks.pop() ?? '';
					for (const block of blocks) {
						const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
						retry = Number(fields.get('retry') ?? retry);
						id = fields.get('id') ?? id;
						if (fields.has('data')) this.#onEvent(fields.get('event') ?? 'message', fields.get('data') ?? '{}');
					}
				});
				response.on('close', () => {
					met.open -= 1;
					if (this.#stream) setTimeout(() => void this.listen(id).catch(() => (met.failures += 1)), retry);
				});
				response.on('error', () => undefined);
			});
			this.#stream.on('error', (error) => refused(error));
		});
	}

	#onEvent(event: string, data: string): void {
		if (event === 'resync') return this.#reloadWithin(spread.reconnect);
		const { topic = '', kind } = JSON.parse(data) as { topic?: string; kind?: string };
		if (kind === 'rights' && topic.startsWith('session:')) {
			met.blank.push(Date.now());
			this.#isBlank = true;
			met.nameless += 1;
			this.#reloadWithin(spread.rights);
		} else if (kind === 'announcement') {
			met.announced.push(Date.now());
		} else if (kind === 'stage' && topic.startsWith('run:')) {
			met.content.push(Date.now());
			this.#named();
			if (this.#pending?.within === spread.rights) this.#cancel();
		}
	}

	#named(): void {
		if (this.#isBlank) met.nameless -= 1;
		this.#isBlank = false;
	}

	#reloadWithin(within: number): void {
		if (this.#pending && this.#pending.within <= within) return;
		this.#cancel();
		const timer = setTimeout(() => void this.#reload(), 30 + Math.random() * within);
		this.#pending = { timer, within };
	}

	#cancel(): void {
		clearTimeout(this.#pending?.timer);
		this.#pending = undefined;
	}

	async #reload(): Promise<void> {
		this.#pending = undefined;
		met.reloads += 1;
		const answer = await fetch(`${this.#crowd.origin}${this.#crowd.path}/__data.json?x-sveltekit-invalidated=0001`, {
			headers: this.#headers,
			signal: AbortSignal.timeout(30_000)
		}).catch(() => null);
		await answer?.arrayBuffer().catch(() => undefined);
		if (answer?.ok || answer?.status === 404) this.#named();
		else met.failures += 1;
	}

	close(): void {
		const stream = this.#stream;
		this.#stream = undefined;
		this.#cancel();
		stream?.destroy();
	}
}

const pages: PageClient[] = [];

process.on('message', (order: PageReaders | 'met' | 'close') => {
	void (async () => {
		if (order === 'met') {
			process.send?.({ ...met });
			Object.assign(met, { content: [], blank: [], announced: [], reloads: 0, failures: 0 });
		} else if (order === 'close') {
			for (const page of pages) page.close();
			agent?.destroy();
			process.disconnect();
		} else {
			const all = order.people.map((who) => new PageClient(order, who));
			for (let first = 0; first < all.length; first += 20)
				await Promise.all(all.slice(first, first + 20).map((page) => page.listen()));
			pages.push(...all);
			process.send?.({ ...met });
		}
	})();
});
