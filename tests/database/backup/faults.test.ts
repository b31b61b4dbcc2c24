/* What is wrong with a backup or a target is said in a sentence, before anything is changed. */
import { generateX25519Identity } from 'age-encryption';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contexts, Sealer } from '#lib/people/sealing.ts';
import { explain } from '../../../src/local/backup/explain.ts';
import { makeKey, readIdentities, readRecipients } from '../../../src/local/backup/encryption.ts';
import { readKeys, writeKeys } from '../../../src/local/backup/keys.ts';
import { loadRows } from '../../../src/local/backup/load.ts';
import { isProven, listBackups } from '../../../src/local/backup/manifest.ts';
import { newestErasures, openBackup, openDatabaseText, readTableSums } from '../../../src/local/backup/opening.ts';
import { folderPlace, openPlace, type BackupPlace } from '../../../src/local/backup/place.ts';
import { restoreDatabase } from '../../../src/local/backup/restoring.ts';
import { compareRules, readDatabaseRules, sumRules } from '../../../src/local/backup/rules.ts';
import { tryKeys } from '../../../src/local/backup/sealed.ts';
import { openSource } from '../../../src/local/backup/source.ts';
import { migrate, migrationsLock, readMigrations } from '../../../src/local/migrate.ts';
import {
	collectFindings,
	hostedVariables,
	makeBackupWorld,
	sealingKey,
	withEmptyDatabase,
	type BackupWorld
} from '../../fixtures/backing-up.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();
let world: BackupWorld;
let name: string;

beforeAll(async () => {
	world = await makeBackupWorld();
	await makeWorld(db.owner);
	name = (await world.make(db.url)).name;
});
afterAll(() => world.drop());

const path = (file: string) => join(world.place.address, name, file);

/** What is said when a file of the backup is written once more; it is put back afterwards. */
async function saidWith(file: string, change: (bytes: Buffer) => Buffer | string): Promise<string> {
	const bytes = readFileSync(path(file));
	writeFileSync(path(file), change(Buffer.from(bytes)));
	try {
		return await world.open(name).then(
			() => 'nothing',
			(error: unknown) => explain(error)
		);
	} finally {
		writeFileSync(path(file), bytes);
	}
}

const flipped = (bytes: Buffer, at: number) => {
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	return bytes;
};

test.each(['database.sql.gz.age', 'tables.json.age', 'objects.txt', 'erasures.log.age'])(
	'%s that was cut or changed',
	async (file) => {
		const size = statSync(path(file)).size;
		for (const length of size > 0 ? [0, 1, size - 1] : [])
			expect(await saidWith(file, (bytes) => bytes.subarray(0, length))).toContain(`${file} was cut off`);
		for (const at of size > 0 ? [0, Math.floor(size / 2), size - 1] : [])
			expect(await saidWith(file, (bytes) => flipped(bytes, at))).toContain(`${file} was changed since it was written`);
		expect(await saidWith(file, (bytes) => Buffer.concat([bytes, Buffer.from('x')]))).toContain(`${file} was changed`);
	}
);

test('a manifest that was cut or changed', async () => {
	const file = 'backup.json';
	expect(await saidWith(file, (bytes) => bytes.subarray(0, -10))).toContain('cannot be read');
	expect(await saidWith(file, () => '{}')).toContain('not what a backup writes');
	expect(await saidWith(file, (bytes) => bytes.toString().replaceAll(name, '2020-01-01T00-00-00Z'))).toContain(
		'not what a backup'
	);
	expect(await saidWith(file, (bytes) => bytes.toString().replace('"format": 1', '"format": 2'))).toContain(
		'made by a newer version of the software'
	);
	const [last] = readMigrations().slice(-1);
	expect(await saidWith(file, (bytes) => bytes.toString().replaceAll(last?.version ?? '', '29990101000000'))).toMatch(
		/made by version .*, which has a migration that this one lacks/
	);
	expect(await saidWith(file, (bytes) => bytes.toString().replaceAll(last?.hash ?? '', '0'.repeat(64)))).toContain(
		'is not the one that the database of the backup'
	);
	expect(await saidWith(file, (bytes) => bytes)).toBe('nothing');
});

test('backup.json says nothing about the rows', () => {
	const text = readFileSync(path('backup.json'), 'utf8');
	// Beside those that are left out, with the reason.
	expect(text).not.toMatch(/"rows"|public\.people|private\.concerns/);
});

test('who holds the sealing key can tell that a manifest was changed', async () => {
	const { manifest } = await world.open(name);
	const other = `test:${Buffer.alloc(32, 6).toString('base64')}`;
	expect(isProven(manifest, sealingKey)).toBe(true);
	// After a change of keys the older ones still prove it.
	expect(isProven(manifest, `${other},${sealingKey}`)).toBe(true);
	expect(isProven(manifest, other)).toBe(false);
	expect(isProven({ ...manifest, sample: true }, sealingKey)).toBe(false);
	const { proof: _, ...rest } = manifest;
	expect(isProven(rest, sealingKey)).toBe(false);
});

test('another identity opens nothing', async () => {
	const backup = await openBackup(world.place, name, [await generateX25519Identity()]);
	await expect(openDatabaseText(backup)).rejects.toThrow('This identity does not open it');
	await expect(newestErasures(backup)).rejects.toThrow('This identity does not open it');
	await expect(readTableSums(backup)).rejects.toThrow('This identity does not open it');
});

test('rows that are not those of the manifest are not loaded', { timeout: 240_000 }, async () => {
	const backup = await world.open(name);
	const sums = await readTableSums(backup);
	const people = sums['public.people'];
	if (!people) throw new Error('no people');
	sums['public.people'] = { ...people, sha256: '0'.repeat(64) };
	await withEmptyDatabase(db, async (client) => {
		await migrate(client, backup.migrations);
		await expect(loadRows(client, sums, await openDatabaseText(backup))).rejects.toThrow(
			'public.people is not as the backup says of itself'
		);
		expect((await client.query('select from public.summits')).rows).toEqual([]);
	});
});

test('a database with data, or with newer migrations, is left alone', { timeout: 240_000 }, async () => {
	const backup = await world.open(name);
	await expect(restoreDatabase(await db.connect(), backup, collectFindings())).rejects.toThrow('has data already');
	await withEmptyDatabase(db, async (client) => {
		await migrate(client);
		const older = { ...backup, migrations: backup.migrations.slice(0, -2) };
		await expect(restoreDatabase(client, older, collectFindings())).rejects.toThrow('2 migrations that the backup');
	});
});

test('an older backup is restored at its migrations, and the others follow', { timeout: 240_000 }, async () => {
	await withEmptyDatabase(db, async (client, url) => {
		await migrate(client, readMigrations().slice(0, -3));
		await client.query(`insert into auth.users (id, email) values (gen_random_uuid(), 'a@example.org')`);
		const older = await makeBackupWorld();
		try {
			const { name: made, migrations } = await older.make(url);
			expect(migrations).toHaveLength(readMigrations().length - 3);
			const backup = await older.open(made);
			await withEmptyDatabase(db, async (restored) => {
				const findings = collectFindings();
				await restoreDatabase(restored, backup, findings);
				expect(findings.faults).toEqual([]);
				expect(await migrate(restored)).toHaveLength(3);
				expect((await restored.query('select email from auth.users')).rows).toEqual([{ email: 'a@example.org' }]);
			});
		} finally {
			older.drop();
		}
	});
});

test(
	'what another Auth has and this one has not is named, and the rest is restored',
	{ timeout: 240_000 },
	async () => {
		await withEmptyDatabase(db, async (client, url) => {
			await migrate(client);
			const hosted = await makeBackupWorld();
			try {
				const superuser = await db.connect(
					Object.assign(new URL(db.superuserUrl), { pathname: new URL(url).pathname }).href
				);
				await superuser.query(`
				alter table auth.users add column colour text, add column unused text;
				create table auth.mfa_factors (id uuid primary key);
				create table auth.sso_providers (id uuid primary key);
				grant all on all tables in schema auth to postgres;
				insert into auth.mfa_factors values (gen_random_uuid());
				insert into auth.users (id, email, colour, raw_app_meta_data) values (gen_random_uuid(), 'b@example.org', 'red', '{"a": 1}')`);
				const backup = await hosted.open((await hosted.make(url)).name);
				await withEmptyDatabase(db, async (restored) => {
					const findings = collectFindings();
					await restoreDatabase(restored, backup, findings);
					expect(findings.faults).toEqual([]);
					expect(findings.lines.filter((line) => line.startsWith('auth.'))).toEqual([
						`auth.mfa_factors: this server's Auth has no such table; its 1 rows are left out.`,
						`auth.users: this server's Auth has no colour; they are left out.`
					]);
					expect((await restored.query('select email, raw_app_meta_data as meta from auth.users')).rows).toEqual([
						{ email: 'b@example.org', meta: { a: 1 } }
					]);
				});
			} finally {
				hosted.drop();
			}
		});
	}
);

test('one backup of a database at a time, and one installation in a place', async () => {
	const client = await db.connect();
	await client.query('select pg_advisory_lock(20261201, 1)');
	await expect(world.make(db.url)).rejects.toThrow('Another backup of this database is being made');
	await client.query('select pg_advisory_unlock(20261201, 1)');
	await client.query(`select pg_advisory_lock(${migrationsLock})`);
	await expect(world.make(db.url)).rejects.toThrow('Migrations are being applied to this database');
	await client.query(`select pg_advisory_unlock(${migrationsLock})`);
	await expect(world.make(db.url, { origin: 'https://other.example' })).rejects.toThrow(
		'has the backups of http://localhost:3000, and this is https://other.example'
	);
});

test('a database that does not answer, or ends in the middle, leaves no whole backup', async () => {
	const before = await listBackups(world.place);
	const said = await world.make('postgres://postgres@127.0.0.1:1/postgres').catch(explain);
	expect(said).toContain('The database does not answer: nothing listens there.');
	const store = {
		...world.source('').store,
		open: async () => {
			await db.owner.query(
				`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 20261201 and pid <> pg_backend_pid()`
			);
			return null;
		}
	};
	await db.owner.query(
		`insert into private.stored_objects (name, media_type, size, sha256, state, scan) values (repeat('q', 32), 'text/plain', 1, sha256('x'), 'kept', 'clean')`
	);
	expect(await world.make(db.url, { store }).catch(explain)).toMatch(
		/connection to the database broke|database was stopped/i
	);
	expect((await listBackups(world.place)).whole).toEqual(before.whole);
});

test('a full disk leaves no whole backup, and is said', async () => {
	const full: BackupPlace = {
		...world.place,
		put: async (file, content) => {
			if (!file.endsWith('.age')) return world.place.put(file, content);
			for await (const part of content as Readable) if (part) break;
			throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
		}
	};
	const { backUp } = await import('../../../src/local/backup/making.ts');
	const before = await listBackups(world.place);
	const options = {
		place: full,
		recipients: [world.recipient],
		keep: { days: 7, weeks: 4, months: 12 },
		say: () => undefined,
		warn: () => undefined
	};
	expect(await backUp(world.source(db.url), options).catch(explain)).toContain('There is no space left on the disk.');
	expect((await listBackups(world.place)).whole).toEqual(before.whole);
});

test('a folder that is none, a name that leads out of it, and an address that is no folder', async () => {
	await expect(openPlace(join(world.folder, 'nowhere'))).rejects.toThrow('There is no folder');
	await expect(openPlace('ftp://host/folder')).rejects.toThrow('a backup goes to a folder');
	await expect(openPlace('s3://bucket', { env: {} })).rejects.toThrow('BACKUP_S3_KEY');
	await expect(openPlace('s3://bucket/../x', { env: {} })).rejects.toThrow('is not in its form');
	for (const wrong of ['../secrets.json', '/etc/passwd', 'a/../../b', '.partial/a'])
		await expect(folderPlace(world.folder).open(wrong)).rejects.toThrow('is not the name of a file');
	await expect(openBackup(world.place, '2020-01-01T00-00-00Z', [])).rejects.toThrow(
		/There is no whole backup 2020.* There are: 20/
	);
	mkdirSync(join(world.folder, 'empty'));
	await expect(openBackup(folderPlace(join(world.folder, 'empty')), undefined, [])).rejects.toThrow(
		'There is no whole backup'
	);
	rmSync(join(world.folder, 'empty'), { recursive: true });
});

test('keys of age, and the keys that no backup has', async () => {
	const file = join(world.folder, 'identity');
	const recipient = await makeKey(file);
	expect(statSync(file).mode & 0o777).toBe(0o600);
	await expect(makeKey(file)).rejects.toThrow('is not overwritten');
	const [identity = ''] = readIdentities(file);
	expect(readRecipients(`${recipient}, ${world.recipient}`)).toEqual([recipient, world.recipient].sort());
	expect(() => readRecipients('')).toThrow('BACKUP_RECIPIENTS is missing');
	expect(() => readRecipients(identity)).toThrow('holds a secret key');
	expect(() => readRecipients('age1nothing')).toThrow('is not a public key of age');
	expect(() => readRecipients(identity)).not.toThrow(identity);
	expect(() => readIdentities(path('objects.txt'))).toThrow('has no identity');
	const keys = { SEALING_KEY: sealingKey, BADGE_KEY: 'b', PUSH_KEY: 'p' };
	const sealed = join(world.folder, 'keys.age');
	await writeKeys(sealed, keys, [recipient, world.recipient]);
	expect(readFileSync(sealed, 'utf8')).not.toContain(sealingKey);
	for (const each of [identity, world.identity]) expect(await readKeys(sealed, [each])).toEqual(keys);
	await expect(readKeys(sealed, [await generateX25519Identity()])).rejects.toThrow(
		'not a file of keys that this identity opens'
	);
	await expect(writeKeys(sealed, keys, [recipient])).rejects.toThrow('is not overwritten');
});

test('no key is in a backup', async () => {
	const source = await openSource(hostedVariables(db.url, join(world.folder, 'files')));
	let text = readFileSync(path('backup.json'), 'utf8');
	for await (const part of await openDatabaseText(await world.open(name))) text += String(part);
	for (const key of Object.values(source.keys)) expect(text.includes(key.split(':')[1] ?? key)).toBe(false);
});

test('what is sealed opens with the keys alone', async () => {
	const sealer = new Sealer(sealingKey);
	const { sealed, keyId } = sealer.seal('somebody@example.org', contexts.address);
	const client = await db.connect();
	await client.query('begin');
	await client.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id)
		select id, '\\x01', $1, $2 from public.people limit 1`,
		[sealed, keyId]
	);
	const [right, wrong, renamed] = [collectFindings(), collectFindings(), collectFindings()];
	await tryKeys(client, sealingKey, right);
	await tryKeys(client, `test:${Buffer.alloc(32, 9).toString('base64')}`, wrong);
	await tryKeys(client, `other:${Buffer.alloc(32, 5).toString('base64')}`, renamed);
	await client.query('rollback');
	expect([right.lines, right.faults]).toEqual([['the keys open what is sealed (1 values tried)'], []]);
	for (const { lines, faults } of [wrong, renamed])
		expect([lines, faults]).toEqual([[], ['the keys open 0 of 1 sealed values that were tried']]);
});

test('a rule that was changed by hand is named', async () => {
	const client = await db.connect();
	const before = await readDatabaseRules(client);
	await client.query('begin');
	await client.query(`
		create policy by_hand on public.summits for select to anon using (true);
		grant select on private.protections to anon;
		alter table public.people disable trigger user`);
	const after = await readDatabaseRules(client);
	await client.query('rollback');
	const changed = compareRules(before, after);
	expect(changed).toContain('policy public.summits by_hand');
	expect(changed).toContain('relation private.protections');
	expect(changed.some((object) => object.startsWith('trigger public.people '))).toBe(true);
	const [one, other] = [sumRules(before), sumRules(after)];
	expect(Object.keys(one).filter((kind) => one[kind] !== other[kind])).toEqual(['relation', 'policy', 'trigger']);
	expect(await readDatabaseRules(client)).toEqual(before);
});
