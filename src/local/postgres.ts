import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { binaries, clusterOwner, type Owner } from './postgres-files.ts';
import { commandOf, freePort, isWorkedIn, startProcess, startOf, type ChildProcessHandle } from './processes.ts';
import { supervise, type Supervision } from './supervise.ts';

/** A running PostgreSQL of our own. */
export interface LocalPostgres {
	port: number;
	/** Connection string of the superuser `supabase_admin`; with another user, of that one. */
	url(database?: string, user?: string, password?: string): string;
	stop(timeoutMs?: number): Promise<void>;
}

interface PostgresOptions {
	folder: string;
	password: string;
	runFolder?: string;
	/** Nothing needs to survive a power cut: test clusters. */
	careless?: boolean;
	/** Settings that replace those of here, such as the archive of its log. */
	settings?: Record<string, string>;
	onLine?: (line: string) => void;
	/** Called as soon as there is something to stop, long before it answers. */
	onStart?: (stop: LocalPostgres['stop']) => void;
	onState?: Supervision['onState'];
}

/**
 * Makes the cluster in `folder` if there is none, and starts it on a free loopback port. When it ends by itself it is started
 * again, in the same folder and on the same port, and recovers what was committed.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
	const owner = clusterOwner();
	const bin = binaries(owner);
	if (!existsSync(join(options.folder, 'PG_VERSION'))) initialise(bin, options, owner);
	const port = await freePort();
	const url = (database = 'postgres', user = 'supabase_admin', password = options.password) =>
		`postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
	const last: string[] = [];
	const supervised = supervise({
		async start() {
			await endStrayPostmaster(options.folder);
			return launch(options, { owner, bin, port, last });
		},
		ready: (started) => untilAnswering(url(), started, last),
		onState: options.onState ?? (() => undefined)
	});
	options.onStart?.(supervised.stop);
	await supervised.ready;
	return { port, url, stop: supervised.stop };
}

function launch(
	options: PostgresOptions,
	{ owner, bin, port, last }: { owner: Owner; bin: string; port: number; last: string[] }
): ChildProcessHandle {
	const set = (values: Record<string, string | number>) =>
		Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const settings = set({
		max_connections: 200,
		timezone: 'UTC',
		unix_socket_directories: '',
		wal_level: 'minimal',
		max_wal_senders: 0
	});
	// For tests, of which several files play crowds at a time.
	const careless = options.careless
		? set({
				fsync: 'off',
				synchronous_commit: 'off',
				full_page_writes: 'off',
				max_wal_size: '128MB',
				max_connections: 400
			})
		: [];
	return startProcess(
		'postgres',
		join(bin, 'postgres'),
		[
			...['-D', options.folder, '-h', '127.0.0.1', '-p', String(port)],
			...settings,
			...careless,
			...set(options.settings ?? {})
		],
		{
			...owner,
			// SIGINT is PostgreSQL's "fast" end: open sessions are rolled back and closed.
			signal: 'INT',
			cwd: options.folder,
			env: { PATH: process.env.PATH, LC_MESSAGES: 'C', TZ: 'UTC' },
			runFolder: options.runFolder,
			onLine(line) {
				last.push(line);
				if (last.length > 20) last.shift();
				options.onLine?.(line);
			}
		}
	);
}

// The SQLSTATE of a server that is there and recovers.
const recovering = '57P03';

/** Waits for the first answer: a minute at most, and as long as it takes while it recovers what was written before a crash. */
async function untilAnswering(url: string, started: ChildProcessHandle, last: string[]): Promise<void> {
	let over = false;
	void started.ended.then(() => (over = true));
	for (let deadline = Date.now() + 60_000; Date.now() < deadline && !over;) {
		const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
		client.on('error', () => undefined);
		try {
			await client.connect();
			await client.end();
			return;
		} catch (error) {
			if ((error as { code?: unknown }).code === recovering) deadline = Date.now() + 60_000;
			await new Promise((done) => setTimeout(done, 30));
		}
	}
	await started.stop();
	throw new Error(`PostgreSQL did not start:\n${last.join('\n')}`);
}

function initialise(bin: string, options: PostgresOptions, owner: Owner): void {
	rmSync(options.folder, { recursive: true, force: true });
	mkdirSync(dirname(options.folder), { recursive: true });
	dropUnfinished(options.folder);
	// Made in another folder and moved when complete: the initdb of a start that was killed may still be running.
	const making = `${options.folder}.making-${randomBytes(4).toString('hex')}`;
	mkdirSync(making, { mode: 0o700 });
	const passwordFile = `${making}.password`;
	writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
	if (owner.uid !== undefined && owner.gid !== undefined) {
		chownSync(making, owner.uid, owner.gid);
		chownSync(passwordFile, owner.uid, owner.gid);
	}
	try {
		execFileSync(
			join(bin, 'initdb'),
			// As on Supabase: the superuser is `supabase_admin`, and `postgres`, which owns our schema, is none.
			[
				`--pgdata=${making}`,
				'--auth=scram-sha-256',
				'--username=supabase_admin',
				`--pwfile=${passwordFile}`,
				'--encoding=UTF8',
				...localeOf(bin),
				'--no-sync'
			],
			{
				...owner,
				cwd: making,
				stdio: ['ignore', 'ignore', 'pipe'],
				env: { PATH: process.env.PATH, LC_MESSAGES: 'C', TZ: 'UTC' }
			}
		);
		renameSync(making, options.folder);
	} finally {
		rmSync(passwordFile, { force: true });
	}
}

// The same order and case of letters everywhere; before 17 there is no builtin provider.
function localeOf(bin: string): string[] {
	const version = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
	if (Number(/\d+/.exec(version)?.[0]) < 17) return ['--locale=C.UTF-8'];
	return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

/** What killed starts have left of theirs; what one of them still writes is left for the next time. */
function dropUnfinished(folder: string): void {
	for (const entry of readdirSync(dirname(folder))) {
		if (!entry.startsWith(`${basename(folder)}.making-`)) continue;
		try {
			rmSync(join(dirname(folder), entry), { recursive: true, force: true });
		} catch {
			// Its initdb is still adding files.
		}
	}
}

/**
 * A postmaster whose supervisor was killed still holds the folder; it is ended if it is really ours. The file of one that is gone is
 * left to PostgreSQL, which knows by it whether sessions of the old one still write to the folder.
 */
async function endStrayPostmaster(folder: string): Promise<void> {
	const pidFile = join(folder, 'postmaster.pid');
	const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0;
	if (!pid || startOf(pid) === undefined) return;
	const isOurs = () => commandOf(pid).includes(folder);
	if (isOurs()) process.kill(pid, 'SIGINT');
	for (const deadline = Date.now() + 10_000; Date.now() < deadline && (isOurs() || isWorkedIn(folder));)
		await new Promise((done) => setTimeout(done, 50));
	// The number was given to another program since, or belongs to a process that only waits to be collected.
	if (!isOurs() && !isWorkedIn(folder)) rmSync(pidFile, { force: true });
}
