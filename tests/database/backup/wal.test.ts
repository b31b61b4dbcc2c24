/* A moment is restored from a base copy and the log after it, also after PostgreSQL was killed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderStore } from '#lib/files/server/folder-store.ts';
import { makeBackupWorld, type BackupWorld } from '../../fixtures/backing-up.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { archiveFolder } from '../../../src/local/backup/wal/shipping.ts';
import { clusterFolder } from '../../../src/local/postgres-files.ts';
import { withClient } from '../../../src/local/hosted-database.ts';
import { startPostgres } from '../../../src/local/postgres.ts';

let world: BackupWorld;
let stack: TestSummit;
const folder = (name: string) => join(world.folder, name);
const root = resolve(import.meta.dirname, '../../..');
let base: string;
/** The moments after each write. */
const moments: Record<'one' | 'two' | 'four', string> = { one: '', two: '', four: '' };
/** The segment with the third write. */
let third: string;

const variables = () => ({ BACKUP_TO: world.place.address, BACKUP_RECIPIENTS: world.recipient });

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
	const secrets = JSON.parse(readFileSync(join(folder('first'), 'secrets.json'), 'utf8')) as Record<string, string>;
	const url = new URL(stack.variables['DATABASE_URL'] ?? '');
	[url.username, url.password] = ['supabase_admin', secrets['superuserPassword'] ?? ''];
	return withClient(url.href, async (client) => (await client.query<Row>(sql)).rows);
}

const segments = () => readdir(join(base, 'segments')).catch(() => []);

/** Waits until the log up to now lies in the place. */
async function shipAll(): Promise<string> {
	const [row] = await query<{ name: string }>(`select pg_walfile_name(pg_switch_wal()) as name`);
	await expect
		.poll(async () => (await segments()).some((file) => file.startsWith(row?.name ?? '-')), { timeout: 60_000 })
		.toBe(true);
	return row?.name ?? '';
}

async function write(text: string): Promise<string> {
	// Test engines acknowledge before they write; here what was acknowledged must survive a kill.
	await query(`set synchronous_commit = on; insert into public.moments values ('${text}')`);
	await pause(50);
	const [row] = await query<{ now: Date }>('select clock_timestamp() as now');
	await pause(50);
	return row?.now.toISOString() ?? '';
}

beforeAll(async () => {
	world = await makeBackupWorld();
	chmodSync(world.folder, 0o711);
	writeFileSync(folder('identity'), `${world.identity}\n`, { mode: 0o600 });
	mkdirSync(folder('first'), { mode: 0o711 });
	const env = { ...variables(), BACKUP_WAL: 'yes', WAL_EVERY_MS: '200' };
	stack = await startStack({ mode: 'engines', dataFolder: folder('first'), env });
}, 300_000);
afterAll(async () => {
	await stack.stop();
	world.drop();
});

function restore(dataFolder: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
	const child = spawn(
		process.execPath,
		['src/local/backup/restore.ts', world.place.address, '--identity', folder('identity'), ...args],
		{
			cwd: root,
			env: {
				PATH: process.env['PATH'],
				DATA_DIR: folder(dataFolder),
				CARELESS: 'yes',
				SEALING_KEY: stack.variables['SEALING_KEY'],
				BADGE_KEY: stack.variables['BADGE_KEY']
			}
		}
	);
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
	return new Promise((done) => child.on('close', (code) => done({ code, output })));
}

/** What was written, as a restored data folder has it. */
async function textsIn(dataFolder: string): Promise<string[]> {
	const secrets = JSON.parse(readFileSync(join(folder(dataFolder), 'secrets.json'), 'utf8')) as Record<string, string>;
	const postgres = await startPostgres({
		folder: clusterFolder(folder(dataFolder)).folder,
		password: secrets['superuserPassword'] ?? '',
		careless: true
	});
	try {
		return await withClient(postgres.url(), async (client) => {
			const { rows } = await client.query<{ text: string }>('select distinct text from public.moments order by 1');
			return rows.map(({ text }) => text);
		});
	} finally {
		await postgres.stop();
	}
}

const object = 'e'.repeat(32);
const bytes = Buffer.from('%PDF-1.7 a file of a test');
const erased = '00000000-0000-4000-8000-00000000000e';

/** Stores a file, erases somebody who is unknown here, and makes a backup of both. */
async function backUpFile(): Promise<void> {
	const sum = createHash('sha256').update(bytes).digest('hex');
	await query(`insert into private.stored_objects (name, media_type, size, sha256, state, scan)
		values ('${object}', 'application/pdf', ${bytes.length}, '\\x${sum}', 'kept', 'clean')`);
	writeFileSync(folder('upload'), bytes);
	await folderStore(join(folder('first'), 'files', 'objects')).put(object, folder('upload'), 'application/pdf');
	writeFileSync(join(folder('first'), 'erasures.log'), `2026-12-01T09:00:00.000Z ${erased}\n`);
	const child = spawn(process.execPath, ['src/local/backup/backup.ts'], {
		cwd: root,
		env: { PATH: process.env['PATH'], DATA_DIR: folder('first'), ORIGIN: stack.origin, ...variables() }
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
	expect([await new Promise((done) => child.once('close', done)), output]).toEqual([0, expect.any(String)]);
}

/** What the process that archives last told the database. */
const told = async () =>
	(
		await query<{ fault: string | null; archived: boolean }>(
			'select fault, archived_at is not null as archived from private.wal_archiving'
		)
	)[0];

test('the process that archives tells the database that all was archived', { timeout: 120_000 }, async () => {
	await expect.poll(told, { timeout: 60_000 }).toEqual({ fault: null, archived: true });
});

test('a log that PostgreSQL cannot copy into the archive is not called archived', { timeout: 120_000 }, async () => {
	const archive = archiveFolder(clusterFolder(folder('first')).folder);
	const { mode } = statSync(archive);
	chmodSync(archive, 0o500);
	await query('select pg_logical_emit_message(true, $$test$$, $$more$$)');
	await query('select pg_switch_wal()');
	await expect.poll(told, { timeout: 60_000 }).toMatchObject({ fault: 'other' });
	chmodSync(archive, mode);
	await query('select pg_logical_emit_message(true, $$test$$, $$more$$)');
	await query('select pg_switch_wal()');
	await expect.poll(told, { timeout: 60_000 }).toEqual({ fault: null, archived: true });
});

test('a place without the last base copy is refused, and nothing is put there', { timeout: 120_000 }, async () => {
	const place = join(world.place.address, 'wal');
	const away = `${place}.away`;
	const archive = archiveFolder(clusterFolder(folder('first')).folder);
	await expect.poll(() => existsSync(join(archive, '.base')), { timeout: 60_000 }).toBe(true);
	const finishSegment = () => query(`select pg_logical_emit_message(true, 'test', 'more'); select pg_switch_wal()`);
	const waiting = async () => (await readdir(archive)).filter((name) => !name.startsWith('.')).length;
	// As when the disk is not mounted.
	renameSync(place, away);
	mkdirSync(place);
	try {
		await finishSegment();
		await expect.poll(told, { timeout: 60_000 }).toMatchObject({ fault: 'place' });
		const before = await waiting();
		await finishSegment();
		await expect.poll(waiting, { timeout: 60_000 }).toBeGreaterThan(before);
		expect(await readdir(place)).toEqual([]);
	} finally {
		rmSync(place, { recursive: true });
		renameSync(away, place);
	}
	await expect.poll(told, { timeout: 60_000 }).toMatchObject({ fault: null });
});

test('the log goes into the place while PostgreSQL runs, and after it was killed', { timeout: 300_000 }, async () => {
	const wal = join(world.place.address, 'wal');
	const copies = async () => {
		const [id] = existsSync(wal) ? (await readdir(wal)).filter((name) => /^\d+$/.test(name)) : [];
		if (!id) return [];
		base = join(wal, id);
		return (await readdir(join(base, 'base')).catch(() => [])).filter((name) => name.endsWith('.json'));
	};
	await expect.poll(copies, { timeout: 120_000 }).toHaveLength(1);
	await query('create table public.moments (text text); alter table public.moments owner to postgres');
	moments.one = await write('one');
	await shipAll();
	await backUpFile();
	moments.two = await write('two');
	const pid = readFileSync(join(clusterFolder(folder('first')).folder, 'postmaster.pid'), 'utf8').split('\n')[0];
	process.kill(Number(pid), 'SIGKILL');
	await expect.poll(() => write('three').catch(() => ''), { timeout: 60_000 }).not.toBe('');
	third = await shipAll();
	moments.four = await write('four');
	await shipAll();
});

test('a moment between two writes has the first and not the second', { timeout: 240_000 }, async () => {
	const done = await restore('between', '--at', moments.one);
	expect(done).toMatchObject({
		code: 0,
		output: expect.stringContaining(`the database is as it was at ${moments.one}`)
	});
	expect(await textsIn('between')).toEqual(['one']);
	// A moment before the kill, and the end of the log.
	expect(await restore('before', '--at', moments.two)).toMatchObject({ code: 0 });
	expect(await textsIn('before')).toEqual(['one', 'two']);
});

test(
	'to the end nothing is lost that was acknowledged before the last archived segment',
	{ timeout: 240_000 },
	async () => {
		const done = await restore('end', '--at', new Date().toISOString());
		expect(done).toMatchObject({ code: 0, output: expect.stringContaining('the log ends before') });
		expect(done.output).toContain('1 erasures are in the log');
		expect(readFileSync(join(folder('end'), 'files', 'objects', 'ee', object))).toEqual(bytes);
		expect(await textsIn('end')).toEqual(['four', 'one', 'three', 'two']);
		// It starts with the passwords of its own folder.
		const again = await startStack({ mode: 'engines', dataFolder: folder('end') });
		const { rows } = await withClient(again.variables['APP_DATABASE_URL'] ?? '', (client) =>
			client.query<{ id: string }>('select person_id as id from private.erased_ids()')
		);
		await again.stop();
		expect(rows).toEqual([]);
	}
);

/** Works while the segment with the third write has another name in the place, or none. */
async function withThird(change: (path: string) => string, work: () => Promise<void>): Promise<void> {
	const file = (await segments()).find((each) => each.startsWith(third)) ?? '';
	const path = join(base, 'segments', file);
	renameSync(path, change(path));
	await work().finally(() => renameSync(change(path), path));
}

test('a segment that is missing is named, and the log is replayed up to it', { timeout: 240_000 }, async () => {
	await withThird(
		() => folder('away'),
		async () => {
			const done = await restore('gap', '--at', moments.four);
			expect(done.output).toContain(`the segment ${third} of the log is missing`);
			expect(done).toMatchObject({ code: 0, output: expect.stringContaining('the log ends before') });
			const texts = await textsIn('gap');
			expect([texts.includes('one'), texts.includes('three'), texts.includes('four')]).toEqual([true, false, false]);
		}
	);
});

test('what others wrote, and a moment before the first copy, are refused', { timeout: 240_000 }, async () => {
	await withThird(
		(path) => path.replace(/-[0-9a-f]{32}/, `-${'0'.repeat(32)}`),
		async () => {
			const { code, output } = await restore('forged', '--at', moments.four);
			expect([code, output]).toEqual([1, expect.stringContaining('was not written by the installation')]);
		}
	);
	const { code, output } = await restore('early', '--at', '2020-01-01T00:00:00Z');
	expect([code, output]).toEqual([1, expect.stringContaining('the first moment that can be reached is')]);
	expect(existsSync(folder('early'))).toBe(false);
	for (const wrong of ['2026-12-01', 'yesterday', '2999-01-01T00:00:00Z'])
		expect((await restore('early', '--at', wrong)).output).toContain(`--at ${wrong} is`);
});
