import { callPrivate } from '#lib/database/server/pool.ts';
import type { StreamHolder } from '#lib/live/connection-limits.ts';
import type { Guards, FollowedRun, RunIndex } from './run-index.ts';

interface ClientHandlers {
	send: (bytes: Uint8Array) => void;
	close: () => void;
}

/** One open stream. */
export class StreamClient {
	readonly topics: ReadonlySet<string>;
	/** Topics whose changes of rights may end this stream; nothing else of them is sent. */
	readonly guards: ReadonlySet<string>;
	readonly runs: readonly FollowedRun[];
	readonly holder: StreamHolder;
	hasLeft = false;
	readonly #ends: ClientHandlers;
	// How many checks of its rights are in progress, and the messages that wait for them.
	#checks = 0;
	#held: Uint8Array[] = [];

	constructor(topics: readonly string[], guards: Guards, holder: StreamHolder, ends: ClientHandlers) {
		this.topics = new Set(topics);
		this.guards = new Set(guards.topics);
		this.runs = guards.runs;
		this.holder = holder;
		this.#ends = ends;
	}

	/** Sends a message, or buffers it until it is known whether the client may have it. */
	send(bytes: Uint8Array): void {
		if (this.hasLeft) return;
		if (this.#checks > 0) this.#held.push(bytes);
		else this.#ends.send(bytes);
	}

	/** Sends nothing from here on before `release`. */
	hold(): void {
		this.#checks += 1;
	}

	/** The check passed: buffered messages are sent once no other check is under way. */
	release(): void {
		this.#checks -= 1;
		if (this.#checks > 0) return;
		const held = this.#held;
		this.#held = [];
		for (const bytes of held) this.send(bytes);
	}

	/** Ends the stream; buffered messages are never sent. */
	end(): void {
		this.#held = [];
		if (!this.hasLeft) this.#ends.close();
	}
}

/** The clients of a topic that have lost the right to it. */
export async function staleSubscribers(topic: string, listening: readonly StreamClient[]): Promise<Set<StreamClient>> {
	const people = [...new Set(listening.map(({ holder }) => holder.person ?? null))];
	if (people.length === 0) return new Set();
	const stale = await callPrivate('list_stale_subscribers', [topic, people]);
	const gone = new Set(stale.map(({ person_id }) => person_id));
	return new Set(listening.filter(({ holder }) => gone.has(holder.person ?? null)));
}

/**
 * After a change of a session's rights: the clients that may no longer follow all their topics. One query for each
 * topic, whatever the number of clients.
 */
export async function staleAfterRightsChange(
	listening: readonly StreamClient[],
	session: string,
	runs: RunIndex
): Promise<Set<StreamClient>> {
	const checks = new Map<string, StreamClient[]>();
	const ofSession = runs.of(session);
	for (const client of listening)
		for (const topic of topicsToCheck(client, session, ofSession)) {
			const following = checks.get(topic) ?? [];
			following.push(client);
			checks.set(topic, following);
		}
	const stale = await Promise.all([...checks].map(([topic, following]) => staleSubscribers(topic, following)));
	return new Set(stale.flatMap((found) => [...found]));
}

// People who may enter a run see its session, and exclusion from a chat does not change with a session.
function topicsToCheck({ topics }: StreamClient, session: string, runs: readonly string[]): string[] {
	const entered = runs.filter((run) => topics.has(`run:${run}`));
	return [
		...entered.map((run) => `run:${run}`),
		...runs.filter((run) => !entered.includes(run)).map((run) => `chat:${run}`),
		...runs.map((run) => `desk:${run}`),
		...(entered.length > 0 ? [] : [session])
	].filter((topic) => topics.has(topic));
}
