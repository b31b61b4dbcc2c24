import { RecentChanges } from '#lib/live/recent.ts';
import { Places, streamLimits, type Holder } from '#lib/live/places.ts';
import { Readings, type Ends } from '#lib/live/readings.ts';
import { carriesContent, heardAs, isCalm, isOfRun, type News, type Told } from '#lib/live/topics.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { hearNews } from './listener.ts';

interface Reader {
	topics: Set<string>;
	/** Topics whose news of rights ends this stream, though nothing else of them is heard. */
	guards: Set<string>;
	holder: Holder;
	send: (text: string) => void;
	end: () => void;
}

const readers = new Map<string, Set<Reader>>();
const encoder = new TextEncoder();
const heartbeat = 25_000;
// Of which topics is not known.
const missed = 'event: missed\ndata: {}\n\n';
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
	if (!readers.has(news.topic)) return;
	if (isCalm(news)) calls.note(news);
	else if (carriesContent(news)) (news.topic.startsWith('door:') ? counts : contents).note(news);
	else hand(news);
}

function hand(news: News | Told) {
	const message = `data: ${JSON.stringify({ ...news, topic: heardAs(news.topic) })}\n\n`;
	for (const reader of [...(readers.get(news.topic) ?? [])]) {
		if (reader.topics.has(news.topic)) reader.send(message);
		// Theirs, or those of everyone who hears a session: each is asked again whether they may.
		if (news.kind === 'rights') reader.end();
	}
}

// The one reading of a change for all who hear its run.
const nameOf = ({ topic, kind, id }: News) => `${topic} ${kind} ${id}`;
const ends: Ends<News, { content: unknown; at: number }> = {
	async read({ topic, kind, id }) {
		const name = `told_${kind}`;
		const at = Date.now();
		const rows = await callPrivate<Record<string, unknown>>(name, [topic.slice(topic.indexOf(':') + 1), id]);
		return { content: rows[0]?.[name] ?? null, at };
	},
	give: (news, told) => hand({ ...news, ...told }),
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
	const ended = await callPrivate<{ ended_sessions: string }>('ended_sessions', [sessions]);
	for (const { ended_sessions: id } of ended) endSessions({ topic: 'sessions', kind: 'session', id });
}

/** Ends the streams of those who may no longer watch, or run, what they hear. */
export async function endStaleHearers(): Promise<void> {
	for (const [topic, listening] of readers) {
		if (!isOfRun(topic) && !topic.startsWith('registered:')) continue;
		const people = [...new Set([...listening].map(({ holder }) => holder.person ?? null))];
		const stale = await callPrivate<{ person_id: string | null }>('stale_hearers', [topic, people]);
		const gone = new Set(stale.map(({ person_id }) => person_id));
		for (const reader of [...listening]) if (gone.has(reader.holder.person ?? null)) reader.end();
	}
}

async function look(): Promise<void> {
	await endStaleStreams();
	await endStaleHearers();
}

/** Of topics that are a run's: the topics whose news of rights must end the stream. */
export async function guardsOf(topics: readonly string[], holder: Holder): Promise<string[]> {
	const runs = topics.filter(isOfRun).map((topic) => topic.slice(topic.indexOf(':') + 1));
	if (runs.length === 0) return [];
	const sessions = await callPrivate<{ sessions_of_runs: string }>('sessions_of_runs', [runs]);
	return [
		...sessions.map(({ sessions_of_runs: session }) => `session:${session}`),
		...(holder.person ? [`person:${holder.person}`] : [])
	];
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
	return () => {
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
	guards: string[] = []
): Response | null {
	const release = places.take(streamLimits(holder));
	if (!release) return null;
	start();
	let leave: () => void = () => undefined;
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			const send = (text: string) => controller.enqueue(encoder.encode(text));
			const beat = setInterval(() => send(': \n\n'), heartbeat).unref();
			let open = true;
			const remove = enrol({
				topics: new Set(topics),
				guards: new Set(guards),
				holder,
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
				release();
			};
			send('retry: 1000\n\n');
			const changed = since === null ? [] : topics.filter((topic) => recent.changedSince([topic], since)).map(heardAs);
			if (changed.length > 0) send(`event: missed\ndata: ${JSON.stringify({ topics: changed })}\n\n`);
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
