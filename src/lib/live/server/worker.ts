import { setTimeout as pause } from 'node:timers/promises';
import { Logger, parseCronItems, run, type Runner } from 'graphile-worker';
import pg from 'pg';
import { connectTimeoutMs, limitSession, queryTimeoutMs } from '#lib/database/server/timeouts.ts';
import { adder, codeOf, taskList, wake, type Duty, type Report } from './duties.ts';

/** A running worker. */
export interface Worker {
	stop: () => Promise<void>;
}

export interface WorkerOptions {
	/** The owner's connection, direct or in session mode. */
	connectionString: string;
	duties: readonly Duty[];
	report: Report;
	concurrency?: number;
}

// Its own log would repeat messages of errors; ours has their codes.
const quiet = new Logger(() => () => undefined);

function oneByOne(runner: Runner) {
	return adder(async (specs) => {
		for (const { identifier, payload, ...spec } of specs) await runner.addJob(identifier, payload, spec);
	});
}

/**
 * The minute's rounds. The key keeps each to one that waits. No queue besides: a process that is killed in the midst of a round
 * would leave its queue locked for four hours, and nothing in it would run.
 */
export function rounds(duties: readonly Duty[]) {
	return duties
		.filter((duty) => duty.eachMinute)
		.map(({ task }) => ({ task, match: '* * * * *', options: { jobKey: task, maxAttempts: 1 } }));
}

/** Starts working, and begins again whenever the database was away. */
export function startWorker({ connectionString, duties, report, concurrency = 4 }: WorkerOptions): Worker {
	const stopping = new AbortController();
	let runner: Runner | undefined;

	async function once(): Promise<void> {
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
		let deaf: (() => void) | undefined;
		try {
			const current = await run({
				pgPool: pool,
				taskList: taskList(duties, report),
				parsedCronItems: parseCronItems(rounds(duties)),
				concurrency,
				pollInterval: 5000,
				noHandleSignals: true,
				gracefulShutdownAbortTimeout: 2000,
				logger: quiet
			});
			runner = current;
			if (stopping.signal.aborted) await current.stop();
			else deaf = wake(duties, oneByOne(current), report);
			await current.promise;
		} finally {
			runner = undefined;
			deaf?.();
			await pool.end().catch(() => undefined);
		}
	}

	async function always(): Promise<void> {
		for (let delay = 500; !stopping.signal.aborted; delay = Math.min(delay * 2, 30_000)) {
			const began = Date.now();
			try {
				await once();
			} catch (error) {
				if (!stopping.signal.aborted) report({ task: 'worker', code: codeOf(error) });
			}
			if (Date.now() - began > 60_000) delay = 500;
			await pause(delay, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
		}
	}

	const working = always();
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
export function workBehindPages(duties: readonly Duty[], report: Report, ended: () => void = () => undefined): void {
	const connectionString = process.env['DATABASE_URL'];
	if (!connectionString) return;
	const before = shared[place];
	if (before) void before.worker.stop();
	else
		process.once('sveltekit:shutdown', () => void shared[place]?.worker.stop().finally(() => shared[place]?.ended()));
	shared[place] = { worker: startWorker({ connectionString, duties, report }), ended };
}
