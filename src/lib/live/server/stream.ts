import { RecentChanges } from '#lib/live/recent.ts';
import type { News } from '#lib/live/topics.ts';
import { hearNews } from './listener.ts';

interface Reader {
	topics: Set<string>;
	send: (text: string) => void;
	end: () => void;
}

const readers = new Map<string, Set<Reader>>();
const encoder = new TextEncoder();
const heartbeat = 25_000;
const missed = 'event: missed\ndata: {}\n\n';
const recent = new RecentChanges(Date.now());
let stopHearing: (() => void) | undefined;

// Each change is written once and handed to all who read its topic.
function fan(news: News) {
	recent.note(news.topic, Date.now());
	const listening = readers.get(news.topic);
	if (!listening) return;
	const message = `data: ${JSON.stringify(news)}\n\n`;
	for (const reader of [...listening]) {
		reader.send(message);
		// Theirs, or those of everyone who hears a session: each is asked again whether they may.
		if (news.kind === 'rights') reader.end();
	}
}

function everyReader(): Set<Reader> {
	return new Set([...readers.values()].flatMap((listening) => [...listening]));
}

function start() {
	if (stopHearing) return;
	stopHearing = hearNews({
		news: fan,
		missed() {
			recent.forget(Date.now());
			everyReader().forEach((reader) => reader.send(missed));
		}
	});
	recent.forget(Date.now());
	process.once('sveltekit:shutdown', closeStreams);
	process.once('SIGTERM', closeStreams);
}

/** Ends every open stream, so that the process can end. */
export function closeStreams(): void {
	for (const reader of everyReader()) reader.end();
	stopHearing?.();
	stopHearing = undefined;
}

function enrol(reader: Reader): () => void {
	for (const topic of reader.topics) {
		const listening = readers.get(topic) ?? new Set();
		listening.add(reader);
		readers.set(topic, listening);
	}
	return () => {
		for (const topic of reader.topics) {
			readers.get(topic)?.delete(reader);
			if (readers.get(topic)?.size === 0) readers.delete(topic);
		}
	};
}

/** How many streams are open in this process. */
export function openStreams(): number {
	return everyReader().size;
}

/** A stream of server-sent events for topics that were already checked; `since` is when the page was made. */
export function newsStream(topics: string[], since: number | null): Response {
	start();
	let leave: () => void = () => undefined;
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			const send = (text: string) => controller.enqueue(encoder.encode(text));
			const beat = setInterval(() => send(': \n\n'), heartbeat).unref();
			let open = true;
			const remove = enrol({
				topics: new Set(topics),
				send,
				end: () => {
					leave();
					controller.close();
				}
			});
			leave = () => {
				if (!open) return;
				open = false;
				clearInterval(beat);
				remove();
			};
			send('retry: 1000\n\n');
			if (since !== null && recent.changedSince(topics, since)) send(missed);
		},
		cancel: () => leave()
	});
	return new Response(body, {
		headers: {
			'content-type': 'text/event-stream',
			'cache-control': 'no-store, no-transform',
			'x-accel-buffering': 'no'
		}
	});
}
