/* `npm run backup` and `npm run restore` as a person gives them: from a data folder into an empty one, and beside. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderStore } from '#lib/files/server/folder-store.ts';
import { contexts, Sealer } from '#lib/people/sealing.ts';
import { withClient } from '../../../src/local/hosted-database.ts';
import { makeBackupWorld, type BackupWorld } from '../../fixtures/backing-up.ts';
import { startStack } from '../../fixtures/summit.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

let world: BackupWorld;
let origin: string;
let people: Record<'kept' | 'erased', TestPerson>;
const object = 'f'.repeat(32);
const bytes = Buffer.from('%PDF-1.7 a file of a test');
const folder = (name: string) => join(world.folder, name);

/** Runs one of the two commands on a data folder. */
function run(command: 'backup' | 'restore', dataFolder: string, ...args: string[]) {
	const child = spawn(process.execPath, [`src/local/backup/${command}.ts`, ...args], {
		cwd: resolve(import.meta.dirname, '../../..'),
		env: {
			PATH: process.env['PATH'],
			DATA_DIR: folder(dataFolder),
			ORIGIN: origin,
			CARELESS: 'yes',
			BACKUP_TO: world.place.address,
			BACKUP_RECIPIENTS: world.recipient
		}
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
	return new Promise<{ code: number | null; output: string }>((done) =>
		child.on('close', (code) => done({ code, output }))
	);
}

const restore = (dataFolder: string, ...args: string[]) =>
	run('restore', dataFolder, world.place.address, '--identity', folder('identity'), ...args);

beforeAll(async () => {
	world = await makeBackupWorld();
	chmodSync(world.folder, 0o711);
	writeFileSync(folder('identity'), `${world.identity}\n`, { mode: 0o600 });
	mkdirSync(folder('first'), { mode: 0o711 });
	const stack = await startStack({ mode: 'engines', dataFolder: folder('first') });
	origin = stack.origin;
	await withClient(stack.variables['DATABASE_URL'] ?? '', async (client) => {
		people = { kept: await makePerson(client, 'Kept'), erased: await makePerson(client, 'Erased later') };
		const { sealed, keyId } = new Sealer(stack.variables['SEALING_KEY']).seal('kept@example.org', contexts.address);
		await client.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, '\\x01', $2, $3)`,
			[people.kept.person, sealed, keyId]
		);
		await client.query(
			`insert into private.stored_objects (name, media_type, size, sha256, state, scan) values ($1, 'application/pdf', $2, $3, 'kept', 'clean')`,
			[object, bytes.length, createHash('sha256').update(bytes).digest()]
		);
	});
	writeFileSync(folder('upload'), bytes);
	await folderStore(join(folder('first'), 'files', 'objects')).put(object, folder('upload'), 'application/pdf');
	// While it runs.
	expect(await run('backup', 'first')).toMatchObject({ code: 0 });
	expect(await run('backup', 'first', '--keys', folder('keys.age'))).toMatchObject({ code: 0 });
	await stack.stop();
}, 240_000);
afterAll(() => world.drop());

test(
	'a backup goes into an empty folder, which then starts with the same people, files and keys',
	{ timeout: 300_000 },
	async () => {
		expect(await restore('second')).toMatchObject({
			code: 1,
			output: expect.stringContaining('--keys FILE is missing')
		});
		expect(existsSync(folder('second'))).toBe(false);
		const full = await restore('first', '--keys', folder('keys.age'));
		expect(full.output).toContain('holds data already');
		// Somebody was erased after the backup, and the log of that is on another disk.
		mkdirSync(folder('second'), { mode: 0o711 });
		writeFileSync(join(folder('second'), 'erasures.log'), `2027-06-12T09:00:00.000Z ${people.erased.person}\n`);
		const done = await restore('second', '--keys', folder('keys.age'));
		expect(done.output).toContain('the keys open what is sealed (1 values tried)');
		expect(done).toMatchObject({ code: 0 });
		expect(existsSync(join(folder('second'), 'restoring.json'))).toBe(false);
		expect(readFileSync(join(folder('second'), 'files', 'objects', 'ff', object))).toEqual(bytes);
		const [first, second] = ['first', 'second'].map(
			(name) => JSON.parse(readFileSync(join(folder(name), 'secrets.json'), 'utf8')) as Record<string, string>
		);
		for (const key of ['sealingKey', 'badgeKey', 'pushKey']) expect(second?.[key]).toBe(first?.[key]);
		expect(second?.['superuserPassword']).not.toBe(first?.['superuserPassword']);
		const stack = await startStack({ mode: 'engines', dataFolder: folder('second') });
		await withClient(stack.variables['DATABASE_URL'] ?? '', async (client) => {
			const { rows } = await client.query<{ name: string; sealed: Buffer; key_id: string }>(
				`select display_name as name, address_sealed as sealed, key_id from public.people as p join private.person_addresses as a on a.person_id = p.id`
			);
			const [row] = rows;
			const sealer = new Sealer(stack.variables['SEALING_KEY']);
			expect(rows.map(({ name }) => name)).toEqual(['Kept']);
			expect(row && sealer.open(row.sealed, row.key_id, contexts.address)).toBe('kept@example.org');
		});
		await stack.stop();
	}
);

test('a restore that was ended is given again, and no start comes between', { timeout: 300_000 }, async () => {
	mkdirSync(folder('third'), { mode: 0o711 });
	writeFileSync(join(folder('third'), 'restoring.json'), '{}');
	writeFileSync(join(folder('third'), 'secrets.json'), '{"sealingKey": "half"}');
	await expect(startStack({ mode: 'engines', dataFolder: folder('third') })).rejects.toThrow(
		'did not end: give its command again'
	);
	expect(await restore('third', '--without-keys')).toMatchObject({ code: 0 });
	// Nothing runs there: it is backed up all the same, with a PostgreSQL for the while.
	const again = await run('backup', 'third', '--to', folder('other-place'));
	expect(again).toMatchObject({ code: 0, output: expect.stringContaining('1 files') });
	expect(readdirSync(join(folder('third'), 'run'))).toEqual([]);
});

test(
	'a verification says what it checked, finds what was changed, and leaves nothing',
	{ timeout: 400_000 },
	async () => {
		const traces = () => readdirSync(tmpdir()).filter((name) => name.startsWith('global-summit-verify'));
		const before = traces();
		writeFileSync(join(folder('first'), 'erasures.log'), `2027-06-12T09:00:00.000Z ${people.erased.person}\n`);
		expect(await run('backup', 'first')).toMatchObject({ code: 0 });
		const good = await restore('nowhere', '--keys', folder('keys.age'), '--verify');
		for (const part of [
			'its files are whole',
			'tables with',
			'foreign keys all lead to a row',
			'are what the migrations make',
			'the installation of these keys wrote this backup',
			'the keys open what is sealed (1 values tried)',
			'1 files open and are what the database says',
			'1 erasures since then were carried out',
			'This backup can be restored.'
		])
			expect(good.output).toContain(part);
		expect(good.output).not.toMatch(/FAULT|changed by hand/);
		expect(good.code).toBe(0);
		expect(existsSync(folder('nowhere'))).toBe(false);
		// Other keys, a file that is gone.
		writeFileSync(folder('other.json'), '');
		const objects = join(world.place.address, 'objects');
		renameSync(objects, `${objects}.away`);
		const { code, output } = await restore('nowhere', '--verify');
		renameSync(`${objects}.away`, objects);
		expect(output).toContain('no keys were given');
		expect(output).toMatch(/FAULT {2}objects\/.*it is missing[\s\S]*1 faults\./);
		expect(code).toBe(1);
		expect(traces()).toEqual(before);
	}
);
