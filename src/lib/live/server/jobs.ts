import type { JobHelpers, TaskList } from 'graphile-worker';
import type { LiveEvent } from '#lib/live/topics.ts';
import { subscribe } from './listener.ts';
import { recordJob, traced } from './measures.ts';

/** A job to queue: one task for one row. The row's id is its key, so that a row is never queued twice. */
export interface QueuedJob {
	task: string;
	id: string;
	/** Lower numbers run first. */
	priority?: number;
	runAt?: Date;
}

/** Adds jobs; a new job for a row replaces a waiting one. */
export type AddJobs = (jobs: QueuedJob[]) => Promise<void>;

/** Background work, done by one of the processes. `id` is the row's, or null when the clock calls. */
export interface Job {
	task: string;
	run: (id: string | null, add: AddJobs) => Promise<void>;
	/** Called each minute, once among all processes; and when this process may have missed events. */
	everyMinute?: boolean;
	/** What an event of this kind on the topic "outbox" starts. Ids come in batches; `stopping` asks it to end soon. */
	trigger?: { kind: string; run: (ids: string[], add: AddJobs, stopping: AbortSignal) => Promise<void> };
}

/** Receives errors: the task, and the error's own code; never its message, which may repeat personal text. */
export type ReportJobError = (what: { task: string; code: string }) => void;

/** A short code for an error, fit for a log. */
export function errorCode(error: unknown): string {
	if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
		return error.code;
	return error instanceof Error ? error.name : 'unknown';
}

/** The jobs as graphile-worker runs them; of a failure only its code is stored. */
export function taskList(jobs: readonly Job[], report: ReportJobError): TaskList {
	const one = (job: Job) => async (payload: unknown, helpers: JobHelpers) => {
		const add = jobAdder((jobs) => helpers.addJobs(jobs));
		const began = performance.now();
		const failure = await traced(`job ${job.task}`, () => job.run(idOf(payload), add)).then(() => null, errorCode);
		recordJob(job.task, failure !== null, performance.now() - began);
		if (failure === null) return;
		report({ task: job.task, code: failure });
		// The library stores the message with the job; the original one could contain personal text.
		throw new Error(`${job.task} failed (${failure})`);
	};
	return Object.fromEntries(jobs.map((job) => [job.task, one(job)]));
}

function idOf(payload: unknown): string | null {
	const id = typeof payload === 'object' && payload !== null && 'id' in payload ? payload.id : null;
	return typeof id === 'string' ? id : null;
}

type Specs = { identifier: string; payload: unknown; jobKey: string; priority?: number; runAt?: Date }[];

/** Queues jobs through the given graphile-worker call. */
export function jobAdder(addJobs: (specs: Specs) => Promise<unknown>): AddJobs {
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

/**
 * Follows the outbox and runs the triggers, a burst at a time. Returns the function that stops it, which waits for what
 * runs.
 */
export function listenForTriggers(jobs: readonly Job[], add: AddJobs, report: ReportJobError): () => Promise<void> {
	const waiting = new Map<Job, Set<string>>();
	const running = new Set<Promise<void>>();
	const stopping = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	// The next cron run finds again what fails here.
	const start = (job: Job, work: Promise<void>) => {
		const ended = work.catch((error: unknown) => report({ task: job.task, code: errorCode(error) }));
		running.add(ended);
		void ended.then(() => running.delete(ended));
	};
	const flush = () => {
		timer = undefined;
		for (const [job, ids] of waiting) {
			waiting.delete(job);
			if (job.trigger) start(job, job.trigger.run([...ids], add, stopping.signal));
		}
	};
	const subscriber = {
		onEvent({ topic, kind, id }: LiveEvent) {
			if (topic !== 'outbox' || id === null) return;
			for (const job of jobs.filter((one) => one.trigger?.kind === kind)) {
				waiting.set(job, (waiting.get(job) ?? new Set<string>()).add(id));
				timer ??= setTimeout(flush, 10);
			}
		},
		resync() {
			for (const job of jobs.filter((one) => one.everyMinute)) start(job, job.run(null, add));
		}
	};
	const stop = subscribe(subscriber);
	// Rows that were written before this process listened.
	subscriber.resync();
	return async () => {
		stopping.abort();
		clearTimeout(timer);
		stop();
		await Promise.all(running);
	};
}
