import { RecentChanges } from '#lib/live/recent.ts';
import { ConnectionLimiter, streamLimits, type StreamHolder } from '#lib/live/connection-limits.ts';
import { CoalescedReads, type ReadHandlers } from '#lib/live/coalesced-reads.ts';
import {
	carriesContent,
	clientTopic,
	isThrottled,
	isRestrictedTopic,
	staffEvent,
	type LiveEvent,
	type ContentEvent
} from '#lib/live/topics.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isDraining, onDrain, timeLeft } from './drain.ts';
import { subscribe } from './listener.ts';
import { StreamClient, staleSubscribers, staleAfterRightsChange } from './stream-client.ts';
import { guardsOf, noGuards, RunIndex, type Guards } from './run-index.ts';

export { guardsOf };

const clients = new Map<string, Set<StreamClient>>();
const runs = new RunIndex();
const sequences = new Map<string, number>();
const encoder = new TextEncoder();
const heartbeatMs = 25_000;
/**
 * After a stream ended its client reconnects within this range, because a thousand at once would be a rush.
 * Milliseconds.
 */
const retry = { least: 1000, spread: 3000 };
// The affected topics are unknown.
const resyncMessage = encoder.encode('event: resync\ndata: {}\n\n');
const recent = new RecentChanges(Date.now());
const limiter = new ConnectionLimiter();
/** How often open streams are compared with live sessions: no event announces a barred account. */
const checkIntervalMs = 60_000;
let checkTimer: NodeJS.Timeout | undefined;
let unsubscribe: (() => void) | undefined;

// Each change is serialised once and sent to all subscribers of its topic.
function dispatch(event: LiveEvent) {
	if (event.topic === 'sessions') return endSessions(event);
	recent.note(event.topic, Date.now());
	const forStaff = staffEvent(event);
	if (forStaff) dispatch(forStaff);
	if (isThrottled(event)) notices.note(event);
	else if (carriesContent(event)) (event.topic.startsWith('door:') ? counts : contents).note(event);
	else deliver(event);
	// A change on a stage is sent to people who may enter it with the new state of the stage, so that no page has to
	// read it.
	for (const run of runs.shownBy(event)) {
		recent.note(`run:${run}`, Date.now());
		contents.note({ topic: `run:${run}`, kind: 'stage', id: null });
	}
}

function deliver(event: LiveEvent | ContentEvent) {
	const listening = [...(clients.get(event.topic) ?? [])];
	if (listening.length === 0) return sequences.delete(event.topic);
	const message = encoder.encode(`data: ${JSON.stringify({ ...event, topic: clientTopic(event.topic) })}\n\n`);
	for (const client of listening) if (client.topics.has(event.topic)) client.send(message);
	if (event.kind === 'rights') void recheck(event.topic, listening);
}

/** Ends the streams of people who lost the right to a topic; the others receive nothing until that is known. */
async function recheck(topic: string, listening: StreamClient[]): Promise<void> {
	if (!topic.startsWith('session:')) return listening.forEach((client) => client.end());
	for (const client of listening) client.hold();
	const stale = await staleAfterRightsChange(listening, topic, runs).catch(() => new Set(listening));
	for (const client of listening)
		if (stale.has(client)) client.end();
		else client.release();
}

// A client that sees a gap in the sequence has missed an event.
function nextSequence(topic: string): number {
	const next = (sequences.get(topic) ?? 0) + 1;
	sequences.set(topic, next);
	return next;
}

// The function that reads the content of a change, by its kind.
const eventFunctions = [
	'caption_event',
	'hands_event',
	'languages_event',
	'message_event',
	'poll_event',
	'question_event',
	'settings_event',
	'slides_event',
	'stage_event',
	'today_event'
] as const;

// One read of a change for all who follow its run.
const nameOf = ({ topic, kind, id }: LiveEvent) => `${topic} ${kind} ${id}`;
const handlers: ReadHandlers<LiveEvent, { content: unknown; at: number }> = {
	async read({ topic, kind, id }) {
		if (!clients.has(topic)) return { content: null, at: Date.now() };
		const name = eventFunctions.find((known) => known === `${kind}_event`);
		if (!name) throw new Error(`No function reads changes of kind "${kind}".`);
		const at = Date.now();
		const rows = await callPrivate(name, [topic.slice(topic.indexOf(':') + 1), id]);
		return { content: Object.values(rows[0] ?? {})[0] ?? null, at };
	},
	deliver: (event, read) => deliver({ ...event, ...read, sequence: nextSequence(event.topic) }),
	fail: ({ topic }) => clients.get(topic)?.forEach((client) => client.send(resyncMessage))
};
const contents = new CoalescedReads(nameOf, handlers);
// A door scans many badges a minute, so its counts are sent every two seconds at most.
const counts = new CoalescedReads(nameOf, handlers, 2000);
// These carry no content: clients read the data themselves.
const notices = new CoalescedReads<LiveEvent, null>(
	nameOf,
	{ read: async () => null, deliver: deliver, fail: () => undefined },
	2000
);

/** Ends the streams of a session, or of every session of an account: each browser reconnects with its new rights. */
function endSessions({ kind, id }: LiveEvent): void {
	for (const client of allClients()) {
		if (id !== null && client.holder[kind === 'account' ? 'account' : 'session'] === id) client.end();
	}
}

/** Ends the streams of sessions that Auth no longer has. */
export async function endExpiredStreams(): Promise<void> {
	const sessions = [...new Set([...allClients()].flatMap(({ holder }) => holder.session ?? []))];
	if (sessions.length === 0) return;
	const ended = await callPrivate('ended_auth_sessions', [sessions]);
	for (const { ended_auth_sessions: id } of ended) endSessions({ topic: 'sessions', kind: 'session', id });
}

/** Ends the streams of people who may no longer watch or run what they follow. */
export async function endUnauthorisedStreams(): Promise<void> {
	for (const [topic, listening] of clients) {
		if (!isRestrictedTopic(topic) && !topic.startsWith('registered:')) continue;
		for (const client of await staleSubscribers(topic, [...listening])) client.end();
	}
}

async function endInvalidStreams(): Promise<void> {
	await endExpiredStreams();
	await endUnauthorisedStreams();
}

function allClients(): Set<StreamClient> {
	return new Set([...clients.values()].flatMap((listening) => [...listening]));
}

function start() {
	if (unsubscribe) return;
	unsubscribe = subscribe({
		onEvent: dispatch,
		resync() {
			recent.forget(Date.now());
			allClients().forEach((client) => client.send(resyncMessage));
		}
	});
	recent.forget(Date.now());
	// Without the database the next check finds them.
	checkTimer = setInterval(() => void endInvalidStreams().catch(() => undefined), checkIntervalMs).unref();
	process.once('sveltekit:shutdown', closeStreams);
	// The development server says only this. A server that drains ends them one after the other.
	process.once('SIGTERM', () => isDraining() || closeStreams());
	onDrain(() => allClients().forEach(leaveInTime));
}

/** As long as it takes until proxies send nobody here any more, and the end of the time that is left. Milliseconds. */
const drainMargins = { first: 3000, last: 2000 };

// Spread over the time that is left, so that a thousand pages do not reconnect at once; each then comes back within a second.
function leaveInTime(client: StreamClient): void {
	const left = timeLeft();
	const first = Math.min(drainMargins.first, left / 3);
	const last = Math.max(first, left - drainMargins.last);
	setTimeout(
		() => {
			client.send(encoder.encode(`retry: ${Math.round(200 + Math.random() * 800)}\n\n`));
			client.end();
		},
		first + Math.random() * (last - first)
	).unref();
}

/** Ends every open stream, so that the process can end. */
export function closeStreams(): void {
	for (const client of allClients()) client.end();
	unsubscribe?.();
	unsubscribe = undefined;
	clearInterval(checkTimer);
}

function register(client: StreamClient): () => void {
	const all = new Set([...client.topics, ...client.guards]);
	for (const topic of all) {
		const listening = clients.get(topic) ?? new Set();
		listening.add(client);
		clients.set(topic, listening);
	}
	runs.add(client.runs);
	return () => {
		runs.remove(client.runs);
		for (const topic of all) {
			clients.get(topic)?.delete(client);
			if (clients.get(topic)?.size === 0) clients.delete(topic);
		}
	};
}

/** How many streams are open in this process. */
export function openStreams(): number {
	return allClients().size;
}

/** Whether this holder may open one more stream. */
export function canOpenStream(holder: StreamHolder): boolean {
	return limiter.hasRoom(streamLimits(holder));
}

/**
 * A stream of server-sent events for topics that were already checked; `since` is when the page was made. Null when the
 * holder has too many open.
 */
export function eventStream(
	topics: string[],
	since: number | null,
	holder: StreamHolder,
	guards: Guards = noGuards
): Response | null {
	const release = limiter.take(streamLimits(holder));
	if (!release) return null;
	start();
	let leave: () => void = () => undefined;
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			const write = (text: string) => controller.enqueue(encoder.encode(text));
			// A browser that reconnects names the last of these moments, and reloads only what changed since.
			const heartbeat = setInterval(() => write(`id: ${Date.now()}\n\n`), heartbeatMs).unref();
			const client = new StreamClient(topics, guards, holder, {
				send: (bytes) => controller.enqueue(bytes),
				close: () => {
					leave();
					controller.close();
				}
			});
			const remove = register(client);
			leave = () => {
				if (client.hasLeft) return;
				client.hasLeft = true;
				clearInterval(heartbeat);
				remove();
				release();
			};
			write(`retry: ${Math.round(retry.least + Math.random() * retry.spread)}\nid: ${Date.now()}\n\n`);
			const changed =
				since === null ? [] : topics.filter((topic) => recent.changedSince([topic], since)).map(clientTopic);
			if (isDraining()) leaveInTime(client);
			if (changed.length > 0) write(`event: resync\ndata: ${JSON.stringify({ topics: changed })}\n\n`);
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
