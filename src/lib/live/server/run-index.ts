import { callPrivate } from '#lib/database/server/pool.ts';
import { isRestrictedTopic, type LiveEvent } from '#lib/live/topics.ts';
import type { StreamHolder } from '#lib/live/connection-limits.ts';

/** A run that a stream follows, with the session and Summit that decide its rights. */
export interface FollowedRun {
	run: string;
	session: string;
	summit: string;
}

/** Topics that may end a stream without being sent on it, and the runs that it follows. */
export interface Guards {
	topics: readonly string[];
	runs: readonly FollowedRun[];
}

export const noGuards: Guards = { topics: [], runs: [] };

/** For topics of a run: the topics whose changes of rights must end the stream. */
export async function guardsOf(topics: readonly string[], holder: StreamHolder): Promise<Guards> {
	const ids = topics.filter(isRestrictedTopic).map((topic) => topic.slice(topic.indexOf(':') + 1));
	if (ids.length === 0) return noGuards;
	const runs = await callPrivate('sessions_of_runs', [[...new Set(ids)]]);
	const sessions = [...new Set(runs.map(({ session }) => `session:${session}`))];
	return { runs, topics: [...sessions, ...(holder.person ? [`person:${holder.person}`] : [])] };
}

// By topic: the changes that are visible on the stage of a run, for all who may enter it.
const shown: Record<string, ReadonlySet<string>> = {
	session: new Set(['run', 'stage', 'people', 'recording', 'rights']),
	summit: new Set(['release', 'settings'])
};

/** Which runs are followed in this process, by session and by Summit. */
export class RunIndex {
	readonly #runs = new Map<string, Map<string, number>>();

	/** A stream that follows them was opened. */
	add(runs: readonly FollowedRun[]): void {
		for (const { run, topic } of placesOf(runs)) {
			const found = this.#runs.get(topic) ?? new Map<string, number>();
			this.#runs.set(topic, found.set(run, (found.get(run) ?? 0) + 1));
		}
	}

	/** A stream ended. */
	remove(runs: readonly FollowedRun[]): void {
		for (const { run, topic } of placesOf(runs)) {
			const found = this.#runs.get(topic);
			const rest = (found?.get(run) ?? 0) - 1;
			if (rest > 0) found?.set(run, rest);
			else found?.delete(run);
			if (found?.size === 0) this.#runs.delete(topic);
		}
	}

	/** The runs on whose stage a change is visible. */
	shownBy({ topic, kind }: LiveEvent): string[] {
		return shown[topic.slice(0, topic.indexOf(':'))]?.has(kind) ? this.of(topic) : [];
	}

	/** The runs of a session's or a Summit's topic. */
	of(topic: string): string[] {
		return [...(this.#runs.get(topic)?.keys() ?? [])];
	}
}

function placesOf(runs: readonly FollowedRun[]): { run: string; topic: string }[] {
	return runs.flatMap(({ run, session, summit }) => [
		{ run, topic: `session:${session}` },
		{ run, topic: `summit:${summit}` }
	]);
}
