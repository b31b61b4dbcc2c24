import { createServer } from 'node:http';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../src/local/processes.ts';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { runStack, startStack, withAnotherPort } from '../../fixtures/summit.ts';

let dataFolder: string;

beforeEach(() => {
	dataFolder = temporaryFolder('global-summit-stack');
	chmodSync(dataFolder, 0o711);
});

afterEach(() => {
	rmSync(dataFolder, { recursive: true, force: true });
});

/** Every running descendant of this process, from /proc. */
function descendants(of: number): number[] {
	const parents = new Map<number, number>();
	for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
			const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			if (state !== 'Z') parents.set(Number(name), Number(parent));
		} catch {
			// It ended during the search.
		}
	}
	const below = (pid: number): number[] =>
		[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
	return below(of);
}

const alive = (pids: number[]) =>
	pids.filter((pid) => existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));

async function rows(url: string | undefined, sql: string): Promise<unknown[]> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	const result = await client.query(sql);
	await client.end();
	return result.rows as unknown[];
}

test('SIGTERM ends every child, and the data is there at the next start', async () => {
	const first = await startStack({ mode: 'engines', dataFolder });
	await rows(first.variables.DATABASE_URL, 'create table public.kept (id integer)');
	const children = descendants(first.process.pid ?? 0);
	expect(children.length).toBeGreaterThan(4);
	await first.stop();
	// Its watchdog checks every tenth of a second.
	await expect.poll(() => alive(children), { timeout: 1000 }).toEqual([]);
	expect(readdirSync(join(dataFolder, 'run'))).toEqual([]);
	const second = await startStack({ mode: 'engines', dataFolder });
	expect(await rows(second.variables.DATABASE_URL, 'select * from public.kept')).toEqual([]);
	expect(second.variables.SEALING_KEY).toBe(first.variables.SEALING_KEY);
	await second.stop();
});

test('kill -9 of the supervisor leaves nothing running, and the next start recovers', async () => {
	const first = await startStack({ mode: 'engines', dataFolder });
	await rows(first.variables.DATABASE_URL, 'create table public.kept (id integer); insert into public.kept values (1)');
	const children = descendants(first.process.pid ?? 0);
	first.process.kill('SIGKILL');
	await expect.poll(() => alive(children), { timeout: 10_000 }).toEqual([]);
	const second = await startStack({ mode: 'engines', dataFolder });
	expect(await rows(second.variables.DATABASE_URL, 'select * from public.kept')).toEqual([{ id: 1 }]);
	await second.stop();
});

test('recovers after kill -9 of everything, PostgreSQL included', async () => {
	const first = await startStack({ mode: 'engines', dataFolder, env: { CARELESS: 'no' } });
	await rows(first.variables.DATABASE_URL, 'create table public.kept (id integer); insert into public.kept values (1)');
	const all = [...descendants(first.process.pid ?? 0)];
	first.process.kill('SIGKILL');
	for (const pid of all) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// It ended together with its parent.
		}
	}
	const second = await startStack({ mode: 'engines', dataFolder });
	expect(await rows(second.variables.DATABASE_URL, 'select * from public.kept')).toEqual([{ id: 1 }]);
	await second.stop();
});

test.each([200, 600, 1000])('a start that is killed after %i ms does not prevent the next one', async (delay) => {
	const { child, ended } = runStack({ mode: 'engines', dataFolder, port: await freePort() });
	setTimeout(() => child.kill('SIGKILL'), delay);
	await ended;
	const next = await startStack({ mode: 'engines', dataFolder });
	expect(
		await rows(
			next.variables.DATABASE_URL,
			'select count(*)::int > 0 as migrated from supabase_migrations.schema_migrations'
		)
	).toEqual([{ migrated: true }]);
	await next.stop();
});

test('an incomplete first start is made again, with a message', async () => {
	const first = await startStack({ mode: 'engines', dataFolder });
	await first.stop();
	renameSync(join(dataFolder, 'complete.json'), join(dataFolder, 'making.json'));
	const second = await startStack({ mode: 'engines', dataFolder });
	expect(second.output()).toContain('The first start did not finish making the database: making it again.');
	expect(existsSync(join(dataFolder, 'making.json'))).toBe(false);
	await second.stop();
});

test('a signal right after the start leaves no child behind', async () => {
	const { child, ended } = runStack({ mode: 'engines', dataFolder, port: await freePort() });
	await expect.poll(() => descendants(child.pid ?? 0).length, { interval: 10, timeout: 10_000 }).toBeGreaterThan(0);
	const children = descendants(child.pid ?? 0);
	child.kill('SIGTERM');
	await ended;
	await expect.poll(() => alive(children), { timeout: 5000 }).toEqual([]);
});

test('a second start on the same folder says where the first one runs', async () => {
	const first = await startStack({ mode: 'engines', dataFolder });
	const { output, ended } = runStack({ mode: 'engines', dataFolder, port: await freePort() });
	expect(await ended).toBe(1);
	expect(output().trim()).toBe(
		`${dataFolder} is in use by ${first.origin} (process ${first.process.pid}). Stop it first, or give another DATA_DIR.`
	);
	await first.stop();
});

test('a taken port is reported, with a solution', async () => {
	const other = createServer();
	other.listen(0, '127.0.0.1');
	await once(other, 'listening');
	const address = other.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	const { output, ended } = runStack({ mode: 'start', dataFolder, port });
	expect(await ended).toBe(1);
	expect(output().trim()).toBe(
		`Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port + 1} npm start`
	);
	// A test that starts a stack chooses another port.
	const ports: number[] = [];
	const started = withAnotherPort(async (free) => {
		ports.push(free);
		return ports.length === 1 ? startStack({ mode: 'start', dataFolder, port }) : free;
	});
	expect(await started).toBe(ports[1]);
	other.close();
});

test('every problem of the environment is reported before anything is started', async () => {
	const { output, ended } = runStack({
		dataFolder,
		port: 4000,
		env: { SUPABASE_URL: 'https://abc.supabase.co', LIVEKIT_URL: 'nowhere' }
	});
	expect(await ended).toBe(1);
	for (const name of [
		'SUPABASE_PUBLISHABLE_KEY',
		'SUPABASE_SECRET_KEY',
		'DATABASE_URL',
		'SEALING_KEY',
		'BADGE_KEY',
		'LIVEKIT_API_KEY',
		'LIVEKIT_URL'
	]) {
		expect(output()).toContain(`${name} is `);
	}
	expect(readdirSync(dataFolder)).toEqual([]);
});

test('a migration that was changed after it was applied is reported', async () => {
	const first = await startStack({ mode: 'engines', dataFolder });
	await rows(
		first.variables.DATABASE_URL,
		`update supabase_migrations.file_hashes set sha256 = 'another' where version = '20261128000000'`
	);
	await first.stop();
	const { output, ended } = runStack({ mode: 'engines', dataFolder, port: await freePort() });
	expect(await ended).toBe(1);
	expect(output()).toContain(
		'supabase/migrations/20261128000000_baseline.sql was changed after this database had applied it.'
	);
});

test('a database of another version is reported, with the command to drop it, and is left untouched', async () => {
	const first = await startStack({ mode: 'engines', dataFolder });
	await rows(
		first.variables.DATABASE_URL,
		`insert into supabase_migrations.schema_migrations (version, name) values ('20261125000100', 'foundation')`
	);
	await first.stop();
	const { output, ended } = runStack({ mode: 'engines', dataFolder, port: await freePort() });
	expect(await ended).toBe(1);
	expect(output()).toContain('migrations that this version of the software does not know (first: 20261125000100)');
	expect(output()).toContain('`npm run reset`');
	// The same data folder starts once the row is deleted: nothing else has changed.
	expect(existsSync(join(dataFolder, 'complete.json'))).toBe(true);
});

test('Auth and REST are started again when their process dies', async () => {
	const summit = await startStack({ mode: 'engines', dataFolder });
	const health = async () =>
		(
			await fetch(`${summit.variables.SUPABASE_URL}/auth/v1/health`, {
				headers: { apikey: summit.variables.SUPABASE_PUBLISHABLE_KEY ?? '' }
			}).catch(() => undefined)
		)?.status;
	const { pid } = JSON.parse(readFileSync(join(dataFolder, 'run/supabase.json'), 'utf8')) as { pid: number };
	process.kill(-pid, 'SIGKILL');
	await expect.poll(health, { timeout: 2000, interval: 20 }).toBeUndefined();
	await expect.poll(health, { timeout: 10_000 }).toBe(200);
	await summit.stop();
});

test('without LiveKit and Go the rest runs, and the reason is reported', async () => {
	const cache = join(dataFolder, 'no-cache');
	const summit = await startStack({
		mode: 'engines',
		dataFolder,
		env: {
			PATH: '/bin:/usr/bin',
			XDG_CACHE_HOME: cache,
			GO_COMMAND: '/nowhere/go',
			LIVEKIT_RELEASES: 'http://127.0.0.1:1'
		}
	});
	const livekit = () =>
		(JSON.parse(readFileSync(join(dataFolder, 'state.json'), 'utf8')) as { livekit: { state: string; detail: string } })
			.livekit;
	await expect.poll(() => livekit().state, { timeout: 20_000 }).toBe('off');
	expect(livekit().detail).toMatch(/^Live rooms are off: there is no livekit-server\..*LIVEKIT_URL\.$/);
	expect(
		(
			await fetch(`${summit.variables.SUPABASE_URL}/auth/v1/health`, {
				headers: { apikey: summit.variables.SUPABASE_PUBLISHABLE_KEY ?? '' }
			})
		).status
	).toBe(200);
	await summit.stop();
});

test('only the owner can read the secrets', async () => {
	const summit = await startStack({ mode: 'engines', dataFolder });
	for (const file of ['secrets.json', 'variables.json']) expect(statSync(join(dataFolder, file)).mode & 0o077).toBe(0);
	await summit.stop();
});
