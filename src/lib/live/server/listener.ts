import pg from 'pg';
import { parseLiveEvent, type LiveEvent } from '#lib/live/topics.ts';

/** Receives live events. `resync` is called when some may have been lost: clear what was cached. */
interface Subscriber {
	onEvent: (event: LiveEvent) => void;
	resync: () => void;
}

/** The one LISTEN connection of a process. */
interface Listener {
	subscribe: (subscriber: Subscriber) => () => void;
	connected: () => boolean;
	close: () => Promise<void>;
}

const place = Symbol.for('global-summit.live-events');
const shared = globalThis as unknown as Record<symbol, Listener | undefined>;

// This query detects a connection that broke without notice.
const heartbeatMs = 20_000;

function listen(connectionString: string): Listener {
	const subscribers = new Set<Subscriber>();
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
		for (const subscriber of subscribers) subscriber.resync();
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
			application_name: 'global-summit live events'
		});
		client = fresh;
		fresh.on('error', () => lost(fresh));
		fresh.on('end', () => lost(fresh));
		fresh.on('notification', (message) => {
			const event = parseLiveEvent(message.payload);
			if (event) for (const subscriber of subscribers) subscriber.onEvent(event);
		});
		try {
			await fresh.connect();
			await fresh.query('listen live_events');
			ready = true;
			delay = 100;
			for (const subscriber of subscribers) subscriber.resync();
		} catch {
			lost(fresh);
		}
	}

	const pulse = setInterval(() => {
		const asked = client;
		if (!asked || !ready) return;
		// Without an answer it ends with the limit of every query.
		asked.query('select 1').catch(() => lost(asked));
	}, heartbeatMs).unref();

	void connect();
	return {
		subscribe(subscriber) {
			subscribers.add(subscriber);
			return () => subscribers.delete(subscriber);
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
export function eventListener(): Listener | null {
	const connectionString = process.env['APP_DATABASE_URL'] ?? process.env['DATABASE_URL'];
	if (!connectionString) return null;
	return (shared[place] ??= listen(connectionString));
}

/** Calls `onEvent` for each change and `resync` when some may have been lost. Returns the function that unsubscribes. */
export function subscribe(subscriber: Subscriber): () => void {
	return eventListener()?.subscribe(subscriber) ?? (() => undefined);
}

/** Ends the connection of this process. */
export async function closeListener(): Promise<void> {
	const listener = shared[place];
	shared[place] = undefined;
	await listener?.close();
}
