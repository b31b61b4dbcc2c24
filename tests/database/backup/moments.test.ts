/* A backup is of one moment, and a killed one leaves nothing that looks whole. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBackups } from '../../../src/local/backup/manifest.ts';
import { sumOf } from '../../../src/local/backup/measuring.ts';
import { objectPath } from '../../../src/local/backup/objects.ts';
import { openDatabaseText, openFile, type Backup } from '../../../src/local/backup/opening.ts';
import { readSections } from '../../../src/local/backup/script.ts';
import { withClient } from '../../../src/local/hosted-database.ts';
import { seedSample } from '../../../src/local/sample/seed.ts';
import { hostedVariables, makeBackupWorld, sealingKey, type BackupWorld } from '../../fixtures/backing-up.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let world: BackupWorld;

beforeAll(async () => {
	world = await makeBackupWorld();
	await seedSample(db.owner, { now: new Date(), sealingKey, filesFolder: `${world.folder}/files` });
});
afterAll(() => world.drop());

/** The first column of a table of a backup. */
async function idsIn(backup: Backup, table: string): Promise<Set<string>> {
	let text = '';
	for await (const section of readSections(await openDatabaseText(backup)))
		if (section.kind === 'table')
			for await (const part of section.rows) if (section.name === table) text += part.toString();
	return new Set(text.split('\n').filter(Boolean));
}

test(
	'each transaction is in it whole or not at all, and every one that was acknowledged before',
	{ timeout: 240_000 },
	async () => {
		await db.owner.query(
			'create table public.pairs (id uuid primary key); create table public.a_pairs (id uuid primary key)'
		);
		const acknowledged: string[] = [];
		let over = false;
		const write = () =>
			withClient(db.url, async (client) => {
				while (!over) {
					const id = randomUUID();
					await client.query('begin');
					await client.query('insert into public.pairs values ($1)', [id]);
					await client.query('insert into public.a_pairs values ($1)', [id]);
					await client.query('commit');
					acknowledged.push(id);
				}
			});
		const writers = [write(), write(), write()];
		try {
			for (let round = 0; round < 4; round += 1) {
				await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(round * 20);
				const before = [...acknowledged];
				const backup = await world.open((await world.make(db.url)).name);
				const [ones, others] = [await idsIn(backup, 'public.pairs'), await idsIn(backup, 'public.a_pairs')];
				expect(ones).toEqual(others);
				expect(before.filter((id) => !ones.has(id))).toEqual([]);
			}
		} finally {
			over = true;
			await Promise.all(writers);
			await db.owner.query('drop table public.pairs, public.a_pairs');
		}
	}
);

/** Runs the command, and kills it after so many milliseconds. Answers its exit code, or null when it was killed. */
function runBackup(afterMs?: number): Promise<{ code: number | null; output: string }> {
	const child = spawn(process.execPath, ['src/local/backup/backup.ts'], {
		cwd: resolve(import.meta.dirname, '../../..'),
		env: {
			...hostedVariables(db.url, join(world.folder, 'files')),
			BACKUP_TO: world.place.address,
			BACKUP_RECIPIENTS: world.recipient
		}
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
	const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs);
	return new Promise((done) =>
		child.on('close', (code) => {
			clearTimeout(timer);
			done({ code, output });
		})
	);
}

async function checkAll(): Promise<number> {
	const { whole } = await listBackups(world.place);
	for (const name of whole) {
		// Its parts are compared when it is opened.
		const { manifest, objects } = await world.open(name);
		for (const { name: object, ...sum } of objects)
			expect(await sumOf(await openFile(world.place, objectPath(manifest.objects.folder, object)))).toEqual(sum);
	}
	return whole.length;
}

test('kill -9 at any moment leaves only whole backups', { timeout: 300_000 }, async () => {
	await world.place.remove([...(await world.place.list('')).filter((name) => name !== 'place.json')]);
	const began = Date.now();
	const first = await runBackup();
	expect(first).toMatchObject({ code: 0 });
	const takes = Date.now() - began;
	await world.place.remove([...(await world.place.list('')).filter((name) => name !== 'place.json')]);
	const killed: (number | null)[] = [];
	for (let round = 1; round <= 10; round += 1) {
		killed.push((await runBackup((takes * (round + Math.random())) / 11)).code);
		await checkAll();
	}
	expect(killed).toContain(null);
	// The lock of the one that was killed went with its connection.
	await expect.poll(async () => (await runBackup()).code, { timeout: 60_000 }).toBe(0);
	expect(await checkAll()).toBeGreaterThan(0);
	expect((await listBackups(world.place)).unfinished).toEqual([]);
	expect(readdirSync(join(world.place.address, '.partial'))).toEqual([]);
});
