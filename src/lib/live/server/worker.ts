import { setTimeout as pause } from 'node:timers/promises';
import { Logger, parseCronItems, run, type Runner } from 'graphile-worker';
import pg from 'pg';
import { connectTimeoutMs, limitSession, queryTimeoutMs } from '#lib/database/server/timeouts.ts';
import { jobAdder, errorCode, taskList, listenForTriggers, type Job, type ReportJobError } from './jobs.ts';

/** A running worker. */
export interface Worker {
	stop: () => Promise<void>;
}

interface WorkerOptions {
	/** The owner's connection, direct or in session mode. */
	connectionString: string;
	jobs: readonly Job[];
	report: ReportJobError;
	concurrency?: number;
}

// Its own log would contain error messages; our log has only codes.
const quiet = new Logger(() => () => undefined);

function addOneByOne(runner: Runner) {
	return jobAdder(async (specs) => {
		for (const { identifier, payload, ...spec } of specs) await runner.addJob(identifier, payload, spec);
	});
}

/**
 * Jobs that run every minute. The job key keeps at most one of each waiting. No named queue: a process that is killed during a job
 * would leave its queue locked for four hours, and nothing in it would run.
 */
export function cronJobs(jobs: readonly Job[]) {
	return jobs
		.filter((job) => job.everyMinute)
		.map(({ task }) => ({ task, match: '* * * * *', options: { jobKey: task, maxAttempts: 1 } }));
}

/** Starts working, and starts again whenever the database was unavailable. */
export function startWorker({ connectionString, jobs, report, concurrency = 4 }: WorkerOptions): Worker {
	const stopping = new AbortController();
	let runner: Runner | undefined;

	async function runOnce(): Promise<void> {
		const pool = new pg.Pool({
			connectionString,
			max: 4,
			idleTimeoutMillis: 10_000,
			keepAlive: true,
			connectionTimeoutMillis: connectTimeoutMs,
			query_timeout: queryTimeoutMs,
			onConnect: (client: pg.ClientBase) => client.query(limitSession),
			application_name: 'global-summit worker'
		});
		// A connection that breaks is replaced; without a listener it would end the process.
		pool.on('error', () => undefined);
		pool.on('connect', (client) => client.on('error', () => undefined));
		let stopListening: (() => Promise<void>) | undefined;
		try {
			const current = await run({
				pgPool: pool,
				taskList: taskList(jobs, report),
				parsedCronItems: parseCronItems(cronJobs(jobs)),
				concurrency,
				pollInterval: 5000,
				noHandleSignals: true,
				gracefulShutdownAbortTimeout: 2000,
				logger: quiet
			});
			runner = current;
			if (stopping.signal.aborted) await current.stop();
			else stopListening = listenForTriggers(jobs, addOneByOne(current), report);
			await current.promise;
		} finally {
			runner = undefined;
			await stopListening?.();
			await pool.end().catch(() => undefined);
		}
	}

	async function runForever(): Promise<void> {
		for (let delay = 500; !stopping.signal.aborted; delay = Math.min(delay * 2, 30_000)) {
			const began = Date.now();
			try {
				await runOnce();
			} catch (error) {
				if (!stopping.signal.aborted) report({ task: 'worker', code: errorCode(error) });
			}
			if (Date.now() - began > 60_000) delay = 500;
			await pause(delay, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
		}
	}

	const working = runForever();
	return {
		async stop() {
			stopping.abort();
			await runner?.stop().catch(() => undefined);
			await working;
		}
	};
}

const place = Symbol.for('global-summit.worker');
const shared = globalThis as unknown as Record<symbol, { worker: Worker; ended: () => void } | undefined>;

/**
 * The one worker of this process, on DATABASE_URL; ends with the process, then calls `ended`. Called again (the development
 * server reloads), the newer code takes over. Without a database there is nothing to do.
 */
export function startProcessWorker(
	jobs: readonly Job[],
	report: ReportJobError,
	ended: () => void = () => undefined
): void {
	const connectionString = process.env['DATABASE_URL'];
	if (!connectionString) return;
	const before = shared[place];
	if (before) void before.worker.stop();
	else
		process.once('sveltekit:shutdown', () => void shared[place]?.worker.stop().finally(() => shared[place]?.ended()));
	shared[place] = { worker: startWorker({ connectionString, jobs, report }), ended };
}
