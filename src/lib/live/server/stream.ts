import { RecentChanges } from '#lib/live/recent.ts';
import { Places, streamLimits, type Holder } from '#lib/live/places.ts';
import { Readings, type Ends } from '#lib/live/readings.ts';
import { carriesContent, heardAs, isCalm, isOfRun, type News, type Told } from '#lib/live/topics.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { hearNews } from './listener.ts';
import { Reader, staleHearers, staleReaders } from './reader.ts';
import { guardsOf, noGuards, RunIndex, type Guards } from './run-index.ts';

export { guardsOf };

const readers = new Map<string, Set<Reader>>();
const runs = new RunIndex();
const sequences = new Map<string, number>();
const encoder = new TextEncoder();
const heartbeat = 25_000;
/** After a stream ended its reader comes back within these: a thousand at once would be a rush. Milliseconds. */
const retry = { least: 1000, spread: 3000 };
// Of which topics is not known.
const missed = encoder.encode('event: missed\ndata: {}\n\n');
const recent = new RecentChanges(Date.now());
const places = new Places();
/** How often open streams are held against the sessions that live: nobody tells of an account that was barred. */
const round = 60_000;
let rounds: NodeJS.Timeout | undefined;
let stopHearing: (() => void) | undefined;

// Each change is written once and handed to all who read its topic.
function fan(news: News) {
	if (news.topic === 'sessions') return endSessions(news);
	recent.note(news.topic, Date.now());
	if (isCalm(news)) calls.note(news);
	else if (carriesContent(news)) (news.topic.startsWith('door:') ? counts : contents).note(news);
	else hand(news);
	// What shows on a stage goes to those who may enter it with what it is now, so that no page has to read it.
	for (const run of runs.shownBy(news)) {
		recent.note(`run:${run}`, Date.now());
		contents.note({ topic: `run:${run}`, kind: 'stage', id: null });
	}
}

function hand(news: News | Told) {
	const listening = [...(readers.get(news.topic) ?? [])];
	if (listening.length === 0) return sequences.delete(news.topic);
	const message = encoder.encode(`data: ${JSON.stringify({ ...news, topic: heardAs(news.topic) })}\n\n`);
	for (const reader of listening) if (reader.topics.has(news.topic)) reader.send(message);
	if (news.kind === 'rights') void recheck(news.topic, listening);
}

/** Ends the streams of those who may no longer hear what a change of rights concerns; the others hear nothing before that is known. */
async function recheck(topic: string, listening: Reader[]): Promise<void> {
	if (!topic.startsWith('session:')) return listening.forEach((reader) => reader.end());
	for (const reader of listening) reader.hold();
	const stale = await staleReaders(listening, topic, runs).catch(() => new Set(listening));
	for (const reader of listening)
		if (stale.has(reader)) reader.end();
		else reader.release();
}

// A reader who meets a gap has missed something.
function nextOf(topic: string): number {
	const next = (sequences.get(topic) ?? 0) + 1;
	sequences.set(topic, next);
	return next;
}

// The one reading of a change for all who hear its run.
const nameOf = ({ topic, kind, id }: News) => `${topic} ${kind} ${id}`;
const ends: Ends<News, { content: unknown; at: number }> = {
	async read({ topic, kind, id }) {
		if (!readers.has(topic)) return { content: null, at: Date.now() };
		const name = `${kind}_event`;
		const at = Date.now();
		const rows = await callPrivate<Record<string, unknown>>(name, [topic.slice(topic.indexOf(':') + 1), id]);
		return { content: rows[0]?.[name] ?? null, at };
	},
	give: (news, told) => hand({ ...news, ...told, sequence: nextOf(news.topic) }),
	fail: ({ topic }) => readers.get(topic)?.forEach((reader) => reader.send(missed))
};
const contents = new Readings(nameOf, ends);
// A door scans many badges a minute: its counts come every two seconds at most.
const counts = new Readings(nameOf, ends, 2000);
// Nothing is read for these: those who hear them look themselves.
const calls = new Readings<News, null>(nameOf, { read: async () => null, give: hand, fail: () => undefined }, 2000);

/** Ends the streams of a session, or of every session of an account: each browser comes again as who it is by then. */
function endSessions({ kind, id }: News): void {
	for (const reader of everyReader()) {
		if (id !== null && reader.holder[kind === 'account' ? 'account' : 'session'] === id) reader.end();
	}
}

/** Ends the streams of sessions that Auth knows no more. */
export async function endStaleStreams(): Promise<void> {
	const sessions = [...new Set([...everyReader()].flatMap(({ holder }) => holder.session ?? []))];
	if (sessions.length === 0) return;
	const ended = await callPrivate<{ ended_auth_sessions: string }>('ended_auth_sessions', [sessions]);
	for (const { ended_auth_sessions: id } of ended) endSessions({ topic: 'sessions', kind: 'session', id });
}

/** Ends the streams of those who may no longer watch, or run, what they hear. */
export async function endStaleHearers(): Promise<void> {
	for (const [topic, listening] of readers) {
		if (!isOfRun(topic) && !topic.startsWith('registered:')) continue;
		for (const reader of await staleHearers(topic, [...listening])) reader.end();
	}
}

async function look(): Promise<void> {
	await endStaleStreams();
	await endStaleHearers();
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
	// Without the database the next round finds them.
	rounds = setInterval(() => void look().catch(() => undefined), round).unref();
	process.once('sveltekit:shutdown', closeStreams);
	process.once('SIGTERM', closeStreams);
}

/** Ends every open stream, so that the process can end. */
export function closeStreams(): void {
	for (const reader of everyReader()) reader.end();
	stopHearing?.();
	stopHearing = undefined;
	clearInterval(rounds);
}

function enrol(reader: Reader): () => void {
	const all = new Set([...reader.topics, ...reader.guards]);
	for (const topic of all) {
		const listening = readers.get(topic) ?? new Set();
		listening.add(reader);
		readers.set(topic, listening);
	}
	runs.add(reader.runs);
	return () => {
		runs.remove(reader.runs);
		for (const topic of all) {
			readers.get(topic)?.delete(reader);
			if (readers.get(topic)?.size === 0) readers.delete(topic);
		}
	};
}

/** How many streams are open in this process. */
export function openStreams(): number {
	return everyReader().size;
}

/** Whether this holder may open one more stream. */
export function mayListen(holder: Holder): boolean {
	return places.free(streamLimits(holder));
}

/**
 * A stream of server-sent events for topics that were already checked; `since` is when the page was made. Null when the
 * holder has too many open.
 */
export function newsStream(
	topics: string[],
	since: number | null,
	holder: Holder,
	guards: Guards = noGuards
): Response | null {
	const release = places.take(streamLimits(holder));
	if (!release) return null;
	start();
	let leave: () => void = () => undefined;
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			const say = (text: string) => controller.enqueue(encoder.encode(text));
			// A browser that comes back names the last of these moments: it reloads only what changed since.
			const beat = setInterval(() => say(`id: ${Date.now()}\n\n`), heartbeat).unref();
			const reader = new Reader(topics, guards, holder, {
				send: (bytes) => controller.enqueue(bytes),
				close: () => {
					leave();
					controller.close();
				}
			});
			const remove = enrol(reader);
			leave = () => {
				if (reader.hasLeft) return;
				reader.hasLeft = true;
				clearInterval(beat);
				remove();
				release();
			};
			say(`retry: ${Math.round(retry.least + Math.random() * retry.spread)}\nid: ${Date.now()}\n\n`);
			const changed = since === null ? [] : topics.filter((topic) => recent.changedSince([topic], since)).map(heardAs);
			if (changed.length > 0) say(`event: missed\ndata: ${JSON.stringify({ topics: changed })}\n\n`);
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
