import { callPrivate } from '#lib/database/server/pool.ts';
import type { Holder } from '#lib/live/places.ts';
import type { Guards, HeardRun, RunIndex } from './run-index.ts';

interface Ends {
	send: (bytes: Uint8Array) => void;
	close: () => void;
}

/** One open stream. */
export class Reader {
	readonly topics: ReadonlySet<string>;
	/** Topics whose news of rights may end this stream, though nothing else of them is heard. */
	readonly guards: ReadonlySet<string>;
	readonly runs: readonly HeardRun[];
	readonly holder: Holder;
	hasLeft = false;
	readonly #ends: Ends;
	// How many checks of its rights are under way, and what waits for them.
	#checks = 0;
	#held: Uint8Array[] = [];

	constructor(topics: readonly string[], guards: Guards, holder: Holder, ends: Ends) {
		this.topics = new Set(topics);
		this.guards = new Set(guards.topics);
		this.runs = guards.runs;
		this.holder = holder;
		this.#ends = ends;
	}

	/** Sends a message, or keeps it until it is known whether the reader may have it. */
	send(bytes: Uint8Array): void {
		if (this.hasLeft) return;
		if (this.#checks > 0) this.#held.push(bytes);
		else this.#ends.send(bytes);
	}

	/** From here on nothing is sent before `release`. */
	hold(): void {
		this.#checks += 1;
	}

	/** They still may: what was kept is sent, once no other check is under way. */
	release(): void {
		this.#checks -= 1;
		if (this.#checks > 0) return;
		const held = this.#held;
		this.#held = [];
		for (const bytes of held) this.send(bytes);
	}

	/** Ends the stream; what was kept is never sent. */
	end(): void {
		this.#held = [];
		if (!this.hasLeft) this.#ends.close();
	}
}

/** Of those who hear a topic, who may no longer. */
export async function staleHearers(topic: string, listening: readonly Reader[]): Promise<Set<Reader>> {
	const people = [...new Set(listening.map(({ holder }) => holder.person ?? null))];
	if (people.length === 0) return new Set();
	const stale = await callPrivate<{ person_id: string | null }>('list_stale_subscribers', [topic, people]);
	const gone = new Set(stale.map(({ person_id }) => person_id));
	return new Set(listening.filter(({ holder }) => gone.has(holder.person ?? null)));
}

/** After a change of a session's rights: of those who hear it or its runs, who may no longer hear all that they do. One query for each topic, whatever the number of readers. */
export async function staleReaders(
	listening: readonly Reader[],
	session: string,
	runs: RunIndex
): Promise<Set<Reader>> {
	const checks = new Map<string, Reader[]>();
	const ofSession = runs.of(session);
	for (const reader of listening)
		for (const topic of topicsToCheck(reader, session, ofSession)) {
			const hearing = checks.get(topic) ?? [];
			hearing.push(reader);
			checks.set(topic, hearing);
		}
	const stale = await Promise.all([...checks].map(([topic, hearing]) => staleHearers(topic, hearing)));
	return new Set(stale.flatMap((found) => [...found]));
}

// Who may enter a run sees its session, and whether somebody is left out of a chat does not change with a session.
function topicsToCheck({ topics }: Reader, session: string, runs: readonly string[]): string[] {
	const entered = runs.filter((run) => topics.has(`run:${run}`));
	return [
		...entered.map((run) => `run:${run}`),
		...runs.filter((run) => !entered.includes(run)).map((run) => `chat:${run}`),
		...runs.map((run) => `desk:${run}`),
		...(entered.length > 0 ? [] : [session])
	].filter((topic) => topics.has(topic));
}
