/* How the supervisor handles faults: it starts PostgreSQL again, and never recreates or locks a data folder. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freePort } from '../../../src/local/processes.ts';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { runStack, startStack, type TestSummit } from '../../fixtures/summit.ts';

let base: string;
let dataFolder: string;

beforeEach(() => {
	base = temporaryFolder('global-summit-faults');
	chmodSync(base, 0o711);
	dataFolder = join(base, 'data');
	mkdirSync(dataFolder);
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

// Each test starts the stack several times, which takes a few seconds, and half a minute on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

async function rows(url: string | undefined, sql: string): Promise<unknown[]> {
	const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
	client.on('error', () => undefined);
	await client.connect();
	try {
		return (await client.query(sql)).rows as unknown[];
	} finally {
		await client.end().catch(() => undefined);
	}
}

/** The process id of PostgreSQL's main process, from its own file. */
const postmaster = () => Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

async function withKeptRow(): Promise<TestSummit> {
	const summit = await startStack({ mode: 'engines', dataFolder, env: { CARELESS: 'no' } });
	await rows(
		summit.variables.DATABASE_URL,
		'create table public.kept (id integer); insert into public.kept values (1)'
	);
	return summit;
}

const stored = (summit: TestSummit) =>
	rows(summit.variables.DATABASE_URL, 'select * from public.kept').catch((error: unknown) => String(error));

test('kill -9 of PostgreSQL’s main process, twice: it is started again with all its data, on the same address', async () => {
	const summit = await withKeptRow();
	const rest = async () => {
		const answer = await fetch(`${summit.variables.SUPABASE_URL}/rest/v1/rpc/current_summit`, {
			method: 'POST',
			headers: { apikey: summit.variables.SUPABASE_PUBLISHABLE_KEY ?? '', 'content-type': 'application/json' },
			body: '{}',
			signal: AbortSignal.timeout(5000)
		}).catch(() => undefined);
		return answer?.status;
	};
	for (let round = 0; round < 2; round += 1) {
		const before = postmaster();
		process.kill(before, 'SIGKILL');
		await expect.poll(() => stored(summit), { timeout: 30_000 }).toEqual([{ id: 1 }]);
		expect(postmaster()).not.toBe(before);
		await expect.poll(rest, { timeout: 30_000 }).toBe(200);
	}
	expect(summit.process.exitCode).toBe(null);
	expect(summit.output()).toContain('PostgreSQL ended, and is being started again.');
	await summit.stop();
});

/** Starts on the folder, and returns the message of the refusal. */
async function refusal(): Promise<string> {
	const { output, ended } = runStack({ mode: 'engines', dataFolder, port: await freePort() });
	expect(await ended).toBe(1);
	return output().trim();
}

test('an incomplete data folder is left as it is, and the start says what to do', async () => {
	await (await withKeptRow()).stop();
	for (const [name, sentence] of [
		['complete.json', /complete\.json is missing, but there is a database in .*Put the file back/],
		['secrets.json', /secrets\.json is missing: without it the database opens for nobody.*Put the file back/],
		['postgres', /complete\.json says that this folder has a database, but there is none/]
	] as const) {
		renameSync(join(dataFolder, name), join(base, name));
		expect(await refusal()).toMatch(sentence);
		expect(existsSync(join(dataFolder, name)), name).toBe(false);
		renameSync(join(base, name), join(dataFolder, name));
	}
	const secrets = readFileSync(join(dataFolder, 'secrets.json'), 'utf8');
	writeFileSync(join(dataFolder, 'secrets.json'), secrets.replace('"sealingKey"', '"otherKey"'));
	expect(await refusal()).toMatch(/secrets\.json lacks sealingKey, which opens what this folder holds/);
	writeFileSync(join(dataFolder, 'secrets.json'), secrets.slice(0, 100));
	expect(await refusal()).toMatch(/secrets\.json cannot be read/);
	writeFileSync(join(dataFolder, 'secrets.json'), secrets);
	const again = await startStack({ mode: 'engines', dataFolder });
	expect(await stored(again)).toEqual([{ id: 1 }]);
	await again.stop();
});

test('a cold copy of the data folder is a backup: it starts, with the same rows and keys', async () => {
	const first = await withKeptRow();
	const counts = (summit: TestSummit) =>
		rows(
			summit.variables.DATABASE_URL,
			`select table_schema || '.' || table_name as name,
				(xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', table_schema, table_name), false, true, '')))[1]::text as count
			from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'private', 'audit', 'auth') order by 1`
		);
	const before = await counts(first);
	await first.stop();
	// With owners and rights, as documented.
	execFileSync('cp', ['-a', dataFolder, join(base, 'copy')]);
	rmSync(dataFolder, { recursive: true });
	const second = await startStack({ mode: 'engines', dataFolder: join(base, 'copy') });
	expect(await counts(second)).toEqual(before);
	expect(second.variables.SEALING_KEY).toBe(first.variables.SEALING_KEY);
	await second.stop();
});
