import type { JobHelpers, TaskList } from 'graphile-worker';
import type { News } from '#lib/live/topics.ts';
import { hearNews } from './listener.ts';

/** A job to add: one task for one row. The row's id is its key, so that a row never has two. */
export interface Job {
	task: string;
	id: string;
	/** Lower goes first. */
	priority?: number;
	runAt?: Date;
}

/** Adds jobs; those of rows that have one already replace it. */
export type AddJobs = (jobs: Job[]) => Promise<void>;

/** Work behind the pages, done by one of the processes. `id` is the row's, or null when the clock calls. */
export interface Duty {
	task: string;
	work: (id: string | null, add: AddJobs) => Promise<void>;
	/** Called each minute, once among all processes; and when this one may have missed news. */
	eachMinute?: boolean;
	/** For changes of this kind told to the topic "outbox": the jobs that they ask for. Ids come in batches. */
	wokenBy?: { kind: string; jobs: (ids: string[]) => Promise<Job[]> };
}

/** Told of what went wrong: the task, and the error's own code; never its words, which may repeat a person's. */
export type Report = (what: { task: string; code: string }) => void;

/** A short code for an error, fit for a log. */
export function codeOf(error: unknown): string {
	if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
		return error.code;
	return error instanceof Error ? error.name : 'unknown';
}

/** The duties as the library runs them; of a failure only its code is kept. */
export function taskList(duties: readonly Duty[], report: Report): TaskList {
	const one = (duty: Duty) => async (payload: unknown, helpers: JobHelpers) => {
		const add = adder((jobs) => helpers.addJobs(jobs));
		const failure = await duty.work(idOf(payload), add).then(() => null, codeOf);
		if (failure === null) return;
		report({ task: duty.task, code: failure });
		// The library keeps the message with the job; the original's could hold what a person wrote.
		throw new Error(`${duty.task} failed (${failure})`);
	};
	return Object.fromEntries(duties.map((duty) => [duty.task, one(duty)]));
}

function idOf(payload: unknown): string | null {
	const id = typeof payload === 'object' && payload !== null && 'id' in payload ? payload.id : null;
	return typeof id === 'string' ? id : null;
}

type Specs = { identifier: string; payload: unknown; jobKey: string; priority?: number; runAt?: Date }[];

/** Adds by the library's own call, whichever is at hand. */
export function adder(addJobs: (specs: Specs) => Promise<unknown>): AddJobs {
	return async (jobs) => {
		if (jobs.length === 0) return;
		await addJobs(
			jobs.map(({ task, id, priority, runAt }) => ({
				identifier: task,
				payload: { id },
				jobKey: `${task}:${id}`,
				...(priority !== undefined && { priority }),
				...(runAt !== undefined && { runAt })
			}))
		);
	};
}

/** Hears what was written to the outbox and adds the jobs, a burst at a time. Returns how to stop. */
export function wake(duties: readonly Duty[], add: AddJobs, report: Report): () => void {
	const waiting = new Map<Duty, Set<string>>();
	let timer: NodeJS.Timeout | undefined;
	const flush = () => {
		timer = undefined;
		for (const [duty, ids] of waiting) {
			waiting.delete(duty);
			// What fails here is found again by the minute's round.
			duty.wokenBy
				?.jobs([...ids])
				.then(add)
				.catch((error: unknown) => report({ task: duty.task, code: codeOf(error) }));
		}
	};
	const hearer = {
		news({ topic, kind, id }: News) {
			if (topic !== 'outbox' || id === null) return;
			for (const duty of duties.filter((one) => one.wokenBy?.kind === kind)) {
				waiting.set(duty, (waiting.get(duty) ?? new Set<string>()).add(id));
				timer ??= setTimeout(flush, 10);
			}
		},
		missed() {
			for (const duty of duties.filter((one) => one.eachMinute)) {
				duty.work(null, add).catch((error: unknown) => report({ task: duty.task, code: codeOf(error) }));
			}
		}
	};
	const stop = hearNews(hearer);
	// What was written before this process listened.
	hearer.missed();
	return () => {
		clearTimeout(timer);
		stop();
	};
}
