/*
 * Everything that `npm start` runs on one machine. By hand, while developing:
 *
 *   PORT=4100 DATA_DIR=/tmp/data-me node_modules/.bin/node src/local/stack.ts dev      vite over the sources
 *   PORT=4100 DATA_DIR=/tmp/data-me node_modules/.bin/node src/local/stack.ts start    the built server (`vite build` first)
 *   PORT=4100 DATA_DIR=/tmp/data-me node_modules/.bin/node src/local/stack.ts engines  not our server, only the engines that it needs
 *
 * What the server is given is in DATA_DIR/variables.json while the stack runs.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { endSeconds, startApp, untilServing } from './app.ts';
import { ensureBuild } from './build.ts';
import { claimDataFolder, inspectDataFolder } from './data-folder.ts';
import { localLiveKit, localMail, localStripe, localSupabase, sampleBroadcast, type Parts } from './engines.ts';
import { checkHostedAuth } from './hosted-auth.ts';
import { checkDataPath, checkHostedDatabase, provesListen } from './hosted-database.ts';
import { addressHeader, isLoopback, readEnvironment, type Environment } from './environment.ts';
import { readSecrets } from './secrets.ts';
import { openState, type Engine, type StateFile } from './state.ts';
import { collectStops, type Stops } from './stops.ts';
import { summary } from './summary.ts';
import { supervise } from './supervise.ts';

type StackMode = 'start' | 'dev' | 'engines';

/** A running stack. */
export interface Stack {
	environment: Environment;
	/** What the app process is given. */
	variables: Record<string, string>;
	state: StateFile;
	stop(): Promise<void>;
}

/**
 * Starts what the environment asks for; the server itself when `built` says that there is a build. Throws a message for people
 * when it cannot, with nothing left running.
 */
async function startStack(
	mode: StackMode,
	env: NodeJS.ProcessEnv,
	say: (line: string) => void,
	stops = collectStops(),
	built?: Promise<void>
): Promise<Stack> {
	const environment = readEnvironment(env);
	if (environment.problems.length > 0) throw new Error(environment.problems.join('\n'));
	try {
		return await assemble(mode, env, environment, say, stops, built);
	} catch (error) {
		await stops.run();
		throw error;
	}
}

async function assemble(
	mode: StackMode,
	env: NodeJS.ProcessEnv,
	environment: Environment,
	say: (line: string) => void,
	stops: Stops,
	built?: Promise<void>
): Promise<Stack> {
	const { hosted } = environment;
	const dataFolder = resolve(environment.dataFolder);
	const runFolder = join(dataFolder, 'run');
	mkdirSync(dataFolder, { recursive: true });
	if (!hosted.supabase) inspectDataFolder(dataFolder);
	const { release, cleared } = claimDataFolder(dataFolder, environment.origin);
	stops.add('folder', async () => release());
	if (cleared.length > 0) say(`Ended what a killed start had left running: ${cleared.join(', ')}.`);
	if (mode !== 'engines') await refuseTakenPort(environment);
	const state = openState(dataFolder);
	const secrets = readSecrets(dataFolder);
	const parts: Parts = { env, environment, secrets, state, dataFolder, runFolder, say, onStop: stops.add };
	const variables: Record<string, string> = {
		ORIGIN: environment.origin,
		PORT: String(environment.port),
		HOST: environment.host,
		ADDRESS_HEADER: addressHeader(env),
		DATA_DIR: dataFolder,
		LOCAL_STATE: state.path,
		SEALING_KEY: env.SEALING_KEY || secrets.sealingKey,
		BADGE_KEY: env.BADGE_KEY || secrets.badgeKey,
		PUSH_KEY: env.PUSH_KEY || secrets.pushKey
	};
	if (hosted.supabase) await checkHosted(env, say);
	else {
		// The image has no local engines.
		const { filesFolder, openDatabase } = await import('./database.ts');
		const database = await openDatabase({
			dataFolder,
			secrets,
			sealingKey: variables.SEALING_KEY ?? '',
			sample: environment.sample,
			careless: env.CARELESS === 'yes',
			isArchived: env.BACKUP_WAL === 'yes',
			say,
			onStart: (stop) => stops.add('postgres', () => stop(10_000)),
			onState(next, detail) {
				state.set('postgres', next, detail);
				if (next === 'starting') say('PostgreSQL ended, and is being started again.');
			}
		});
		if (!(await provesListen(database.url))) throw new Error('PostgreSQL does not pass notifications on.');
		state.set('postgres', 'ready');
		if (env.BACKUP_WAL === 'yes') {
			const { startArchiver } = await import('./archiving.ts');
			startArchiver(parts, database, variables.SEALING_KEY ?? '');
			// The app tells owners when it stops.
			variables.LOCAL_WAL = 'yes';
		}
		Object.assign(variables, {
			DATABASE_URL: database.url,
			APP_DATABASE_URL: database.appUrl,
			DATA_DATABASE_URL: database.dataUrl
		});
		if (database.sample && isLoopback(new URL(environment.origin).hostname)) variables.LOCAL_SAMPLE = '1';
		Object.assign(variables, await localSupabase(parts, database.liteUrl), { FILES_DIR: filesFolder(dataFolder) });
	}
	if (!hosted.stripe) Object.assign(variables, await localStripe(parts));
	if (!hosted.mail) Object.assign(variables, await localMail(parts));
	// LiveKit's server may be built now, which would slow our own build.
	await built;
	if (!hosted.livekit) Object.assign(variables, await localLiveKit(parts));
	for (const engine of hostedEngines(hosted)) state.set(engine, 'ready', 'hosted');
	const file = join(dataFolder, 'variables.json');
	writeFileSync(file, JSON.stringify(variables), { mode: 0o600 });
	stops.add('folder', async () => rmSync(file, { force: true }));
	if (mode !== 'engines') await serve(mode, { ...env, ...variables }, parts);
	if (mode !== 'engines' && variables.LOCAL_SAMPLE && !hosted.livekit && environment.broadcast)
		sampleBroadcast(parts, variables);
	return { environment, variables, state, stop: stops.run };
}

function hostedEngines(hosted: Environment['hosted']): Engine[] {
	return [
		...(hosted.supabase ? (['postgres', 'supabase'] as const) : []),
		...(['stripe', 'mail', 'livekit'] as const).filter((engine) => hosted[engine])
	];
}

async function serve(
	mode: 'start' | 'dev',
	env: NodeJS.ProcessEnv,
	{ environment, runFolder, say, onStop }: Parts
): Promise<void> {
	const { port, host } = environment;
	const probe = `http://${isLoopback(host) ? host.replace('::1', '[::1]') : '127.0.0.1'}:${port}/healthz`;
	const app = supervise({
		start: () => startApp({ mode, port, host, env, runFolder, onLine: say }),
		ready: (started) => untilServing(probe, started, 60_000),
		onState: (state) => state !== 'ready' && say('The server ended, and is being started again.')
	});
	onStop('app', () => app.stop((endSeconds(env) + 3) * 1000));
	await app.ready;
}

async function checkHosted(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
	const { DATABASE_URL: url = '', DATA_DATABASE_URL, DATA_PATH } = env;
	const database = await checkHostedDatabase(url);
	if (database.warning) say(database.warning);
	const problems = database.problem ? [database.problem] : [];
	if (!(await provesListen(url))) {
		problems.push(
			'DATABASE_URL leads to a pooler that swallows notifications: use the direct connection, or session mode (port 5432).'
		);
	}
	const fault = DATA_DATABASE_URL && DATA_PATH !== 'rest' ? await checkDataPath(DATA_DATABASE_URL) : null;
	if (fault) problems.push(fault);
	const { SUPABASE_URL = '', SUPABASE_PUBLISHABLE_KEY = '', SUPABASE_SECRET_KEY = '' } = env;
	const auth = await checkHostedAuth(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY);
	problems.push(...auth.problems);
	if (auth.warning) say(auth.warning);
	if (problems.length > 0) throw new Error(problems.join('\n'));
}

function refuseTakenPort({ port, host }: Environment): Promise<void> {
	return new Promise((done, refuse) => {
		const socket = connect(port, isLoopback(host) ? host : '127.0.0.1');
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

// When npm is killed it passes no signal on, and the processes that it started would hold the data folder for ever. The
// parent that the bootstrap saw is our parent where the bootstrap became this process; otherwise it is our grandparent, and
// the bootstrap ends us.
function endWithParent(end: () => void): void {
	const supervisor = Number(process.env.START_SUPERVISOR);
	if (supervisor) setInterval(() => process.ppid !== supervisor && end(), 500).unref();
	if (!process.env.npm_lifecycle_event) return;
	const first = Number(process.env.START_PARENT);
	const parent = process.ppid;
	setInterval(() => {
		const gone = process.ppid !== parent || (process.ppid === 1 && first > 1);
		if (gone) end();
	}, 500).unref();
}

async function main(mode: StackMode): Promise<void> {
	const stops = collectStops();
	let ending = false;
	async function end(code: number): Promise<void> {
		if (ending) return;
		ending = true;
		await stops.run();
		process.exit(code);
	}
	// Before anything is started: a signal in the first half second must not leave a child behind.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
	endWithParent(() => void end(0));
	for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(event, (error) => {
			console.error(error);
			void end(1);
		});
	}
	if (existsSync('.env')) process.loadEnvFile('.env');
	const building = { say: console.log, onStart: (stop: () => Promise<void>) => stops.add('app', stop) };
	const built = process.argv.includes('--build') ? ensureBuild(building) : undefined;
	// Its failure is told when it is waited for.
	built?.catch(() => undefined);
	try {
		console.log(await summary(await startStack(mode, process.env, console.log, stops, built)));
		const began = Number(process.env.START_BEGAN);
		if (began) console.log(`  Ready after ${Math.round((Date.now() - began) / 1000)} s.\n`);
	} catch (error) {
		if (ending) return;
		console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
		await end(1);
	}
}

if (import.meta.main) await main((process.argv[2] as StackMode | undefined) ?? 'start');
