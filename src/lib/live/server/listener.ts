import pg from 'pg';
import { parseNews, type News } from '#lib/live/topics.ts';

/** Hears news. `missed` is called when some may have been lost: whatever was kept must be dropped. */
export interface Hearer {
	news: (news: News) => void;
	missed: () => void;
}

/** The one LISTEN connection of a process. */
export interface Listener {
	hear: (hearer: Hearer) => () => void;
	connected: () => boolean;
	close: () => Promise<void>;
}

const place = Symbol.for('global-summit.news');
const shared = globalThis as unknown as Record<symbol, Listener | undefined>;

// A connection that died without a word is found by this question.
const heartbeat = 20_000;

function listen(connectionString: string): Listener {
	const hearers = new Set<Hearer>();
	let client: pg.Client | undefined;
	let ready = false;
	let closed = false;
	let delay = 100;
	let timer: NodeJS.Timeout | undefined;

	const lost = (dead: pg.Client) => {
		if (client !== dead) return;
		client = undefined;
		ready = false;
		dead.end().catch(() => undefined);
		for (const hearer of hearers) hearer.missed();
		if (closed) return;
		timer = setTimeout(connect, delay).unref();
		delay = Math.min(delay * 2, 5000);
	};

	async function connect() {
		const fresh = new pg.Client({
			connectionString,
			keepAlive: true,
			connectionTimeoutMillis: 5000,
			query_timeout: 5000,
			application_name: 'global-summit news'
		});
		client = fresh;
		fresh.on('error', () => lost(fresh));
		fresh.on('end', () => lost(fresh));
		fresh.on('notification', (message) => {
			const news = parseNews(message.payload);
			if (news) for (const hearer of hearers) hearer.news(news);
		});
		try {
			await fresh.connect();
			await fresh.query('listen news');
			ready = true;
			delay = 100;
			for (const hearer of hearers) hearer.missed();
		} catch {
			lost(fresh);
		}
	}

	const pulse = setInterval(() => {
		const asked = client;
		if (!asked || !ready) return;
		// Without an answer it ends with the limit of every query.
		asked.query('select 1').catch(() => lost(asked));
	}, heartbeat).unref();

	void connect();
	return {
		hear(hearer) {
			hearers.add(hearer);
			return () => hearers.delete(hearer);
		},
		connected: () => ready,
		async close() {
			closed = true;
			clearInterval(pulse);
			clearTimeout(timer);
			const ending = client;
			client = undefined;
			await ending?.end().catch(() => undefined);
		}
	};
}

/** The process's listener, made on the first call; the http server and the app share it. Null without a database. */
export function newsListener(): Listener | null {
	const connectionString = process.env['APP_DATABASE_URL'] ?? process.env['DATABASE_URL'];
	if (!connectionString) return null;
	return (shared[place] ??= listen(connectionString));
}

/** Calls `news` for each change and `missed` when some may have been lost. Returns how to stop. */
export function hearNews(hearer: Hearer): () => void {
	return newsListener()?.hear(hearer) ?? (() => undefined);
}

/** Ends the connection of this process. */
export async function closeNews(): Promise<void> {
	const listener = shared[place];
	shared[place] = undefined;
	await listener?.close();
}
