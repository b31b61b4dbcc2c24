/*
 * Everything that `npm start` runs on one machine. By hand, while developing:
 *
 *   PORT=4100 DATA_DIR=/tmp/data-me node_modules/.bin/node src/local/stack.ts dev     vite over the sources
 *   PORT=4100 DATA_DIR=/tmp/data-me node_modules/.bin/node src/local/stack.ts start   the built server (vite build first)
 *   …                               node_modules/.bin/node src/local/stack.ts engines the engines only; prints their variables
 */
import { existsSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { startApp, untilServing } from './app.ts';
import { checkHostedDatabase, openDatabase, provesListen } from './database.ts';
import { isLoopback, readEnvironment, type Environment } from './environment.ts';
import { clearLeftovers, freePort, keepProcess, readNote, writeNote, type KeptProcess } from './processes.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { openState, type StateFile } from './state.ts';
import type { LiteSettings } from './supabase.ts';

export type Mode = 'start' | 'dev' | 'engines';

export interface StackOptions {
	mode: Mode;
	env: NodeJS.ProcessEnv;
	say?: (line: string) => void;
}

/** A running stack. */
export interface Stack {
	environment: Environment;
	/** What the app process is given. */
	variables: Record<string, string>;
	sample: boolean;
	state: StateFile;
	/** Settles when something that cannot be restarted has ended. */
	broken: Promise<string>;
	stop(): Promise<void>;
}

/** Starts what the environment asks for. Throws a message for people when it cannot. */
export async function startStack({ mode, env, say = console.log }: StackOptions): Promise<Stack> {
	const environment = readEnvironment(env);
	if (environment.problems.length > 0) throw new Error(environment.problems.join('\n'));
	const stops: (() => Promise<unknown>)[] = [];
	async function stop(): Promise<void> {
		for (let next = stops.pop(); next; next = stops.pop()) await next().catch(() => undefined);
	}
	try {
		return await assemble({ mode, env, say, environment, stops, stop });
	} catch (error) {
		await stop();
		throw error;
	}
}

interface Assembly extends Required<StackOptions> {
	environment: Environment;
	/** Undone from the last to the first. */
	stops: (() => Promise<unknown>)[];
	stop: () => Promise<void>;
}

async function assemble({ mode, env, say, environment, stops, stop }: Assembly): Promise<Stack> {
	const dataFolder = resolve(environment.dataFolder);
	const runFolder = join(dataFolder, 'run');
	mkdirSync(dataFolder, { recursive: true });
	claimFolder(runFolder, environment, say);
	if (mode !== 'engines') await refuseTakenPort(environment);
	const state = openState(dataFolder);
	const secrets = readSecrets(dataFolder);
	let break_: (reason: string) => void = () => undefined;
	const broken = new Promise<string>((done) => (break_ = done));
	const variables: Record<string, string> = {
		ORIGIN: environment.origin,
		PORT: String(environment.port),
		HOST: environment.host,
		DATA_DIR: dataFolder,
		LOCAL_STATE: state.path,
		SEALING_KEY: env.SEALING_KEY || secrets.sealingKey,
		BADGE_KEY: env.BADGE_KEY || secrets.badgeKey
	};
	let sample = false;
	if (environment.hosted.supabase) {
		await checkHosted(env.DATABASE_URL ?? '');
		for (const engine of ['postgres', 'supabase'] as const) state.set(engine, 'ready', 'hosted');
	} else {
		const database = await openDatabase({
			dataFolder,
			secrets,
			sample: environment.sample,
			careless: env.CARELESS === '1',
			say
		});
		stops.push(() => database.postgres.process.stop(10_000));
		void database.postgres.process.ended.then(() => break_('PostgreSQL has ended.'));
		if (!(await provesListen(database.url))) throw new Error('PostgreSQL does not pass notifications on.');
		state.set('postgres', 'ready');
		sample = database.sample;
		Object.assign(variables, { DATABASE_URL: database.url, APP_DATABASE_URL: database.appUrl });
		Object.assign(variables, await startSupabase({ database, secrets, environment, runFolder, stops, state, say }));
	}
	if (sample && isLoopback(new URL(environment.origin).hostname)) variables.LOCAL_SAMPLE = '1';
	if (mode !== 'engines') {
		const appEnv = { ...env, ...variables };
		let app: KeptProcess | undefined;
		stops.push(async () => app?.stop(8000));
		app = startApp({ mode, port: environment.port, host: environment.host, env: appEnv, runFolder, onLine: say });
		const started = app;
		await untilServing(`http://127.0.0.1:${environment.port}/healthz`, started);
		void started.ended.then(() => break_('The server has ended.'));
	}
	return { environment, variables, sample, state, broken, stop };
}

interface SupabaseOptions {
	database: { liteUrl: string };
	secrets: Secrets;
	environment: Environment;
	runFolder: string;
	stops: (() => Promise<unknown>)[];
	state: StateFile;
	say: (line: string) => void;
}

async function startSupabase({
	database,
	secrets,
	environment,
	runFolder,
	stops,
	state,
	say
}: SupabaseOptions): Promise<Record<string, string>> {
	const settings: LiteSettings = {
		port: await freePort(),
		databaseUrl: database.liteUrl,
		siteUrl: environment.origin,
		jwtSecret: secrets.jwtSecret,
		publishableKey: secrets.publishableKey,
		secretKey: secrets.secretKey
	};
	const address = `http://127.0.0.1:${settings.port}`;
	const module = new URL('supabase.ts', import.meta.url).pathname;
	let current: KeptProcess;
	let stopping = false;
	const run = async () => {
		current = keepProcess('supabase', process.execPath, [module], {
			env: { PATH: process.env.PATH, LITE: JSON.stringify(settings), TZ: 'UTC' },
			runFolder,
			onLine: (line) => line !== 'ready' && say(`supabase: ${line}`)
		});
		await untilServing(`${address}/auth/v1/health`, current);
		state.set('supabase', 'ready');
		// Its driver ends the process when a connection breaks at the wrong moment; a new one takes a fraction of a second.
		void current.ended.then(() => {
			if (stopping) return;
			state.set('supabase', 'starting', 'restarted');
			setTimeout(() => void run().catch(() => state.set('supabase', 'failed')), 200);
		});
	};
	stops.push(async () => {
		stopping = true;
		await current?.stop();
	});
	await run();
	return {
		SUPABASE_URL: address,
		SUPABASE_PUBLISHABLE_KEY: secrets.publishableKey,
		SUPABASE_SECRET_KEY: secrets.secretKey
	};
}

async function checkHosted(url: string): Promise<void> {
	const problems = await checkHostedDatabase(url);
	if (!(await provesListen(url))) {
		problems.push(
			'DATABASE_URL leads to a pooler that swallows notifications: use the direct connection, or session mode (port 5432).'
		);
	}
	if (problems.length > 0) throw new Error(problems.join('\n'));
}

function claimFolder(runFolder: string, environment: Environment, say: (line: string) => void): void {
	const note = join(runFolder, 'stack.json');
	const other = readNote(note);
	if (other && other.pid !== process.pid) {
		throw new Error(
			`Already running on this data folder, at ${String(other.origin)} (process ${other.pid}). Stop it first, or give another DATA_DIR.`
		);
	}
	const cleared = clearLeftovers(runFolder, ['stack']);
	if (cleared.length > 0) say(`Ended what a killed start had left running: ${cleared.join(', ')}.`);
	writeNote(runFolder, 'stack', process.pid, { origin: environment.origin });
}

function refuseTakenPort({ port, host }: Environment): Promise<void> {
	return new Promise((done, refuse) => {
		const socket = connect(port, host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);
		socket.once('connect', () => {
			socket.destroy();
			refuse(
				new Error(
					`Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port + 1} npm start`
				)
			);
		});
		socket.once('error', () => done());
	});
}

async function main(mode: Mode): Promise<void> {
	let stack: Stack | undefined;
	let asked = false;
	let end: (code: number) => void = () => undefined;
	// Before anything is started: a signal in the first half second must not leave a child behind.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
	end = (code) => {
		if (asked) return;
		asked = true;
		void Promise.resolve(stack?.stop()).then(() => process.exit(code));
	};
	if (existsSync('.env')) process.loadEnvFile('.env');
	try {
		stack = await startStack({ mode, env: process.env });
	} catch (error) {
		console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	}
	if (mode === 'engines')
		console.log(
			Object.entries(stack.variables)
				.map(([name, value]) => `${name}='${value}'`)
				.join('\n')
		);
	console.log(`\nThe Summit is at ${stack.environment.origin}`);
	const reason = await stack.broken;
	if (asked) return;
	console.error(reason);
	end(1);
}

if (import.meta.main) await main((process.argv[2] as Mode | undefined) ?? 'start');
