/* A database that a newer version has migrated: processes of the version before start beside it, and its commands do no harm. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { checkHostedDatabase } from '../../../src/local/hosted-database.ts';
import {
	compareMigrations,
	migrate,
	pendingMigrations,
	readMigrations,
	type Migration
} from '../../../src/local/migrate.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
const all = readMigrations();
const last = all.at(-1)?.version ?? '';

const made = (version: string, sql: string): Migration => ({
	version,
	name: 'made',
	file: `${version}_made.sql`,
	sql,
	hash: version
});

const withNewer = (sql: string) => migrateAs([...all, made('99990101000001', sql)]);
const migrateAs = async (migrations: Migration[]) => migrate(await db.connect(), migrations);

afterEach(async () => {
	for (const table of ['schema_migrations', 'file_hashes'])
		await db.owner.query(
			`delete from supabase_migrations.${table} where version like '9999%' or version like '2026010%'`
		);
});

test('a process of the version before starts, and says so', async () => {
	const before = all.slice(0, -2);
	expect(await checkHostedDatabase(db.url, before)).toEqual({
		problem: null,
		warning: expect.stringMatching(
			/^This database has 2 migrations of a newer version \(first: \d{14}\)\. Version .* works beside them\.$/
		)
	});
	expect(await checkHostedDatabase(db.url)).toEqual({ problem: null, warning: null });
});

test('its command that applies migrations has nothing to do, and ends well', async () => {
	await withNewer('select 1');
	const run = promisify(execFile);
	const { stdout } = await run(process.execPath, ['src/local/migrate.ts'], {
		env: { ...process.env, DATABASE_URL: db.url }
	});
	expect(stdout).toMatch(/^This database has 1 migrations of a newer version/);
});

test('local data, backups and restores of the version before still refuse it', async () => {
	await withNewer('select 1');
	const client = await db.connect();
	await expect(migrate(client)).rejects.toThrow('1 migrations that this version of the software does not know');
	await expect(pendingMigrations(client)).rejects.toThrow('a newer version made them. Use that version.');
});

test('a version that uses what was removed refuses it, and says which one does not', async () => {
	await withNewer('select 1;\n-- contract: public.old_one is used by no release since 99.2.0\nselect 2');
	await expect(checkHostedDatabase(db.url)).rejects.toThrow(
		/^The migration 99990101000001 of this database has removed what version \S+ uses: start version 99\.2\.0 or a newer one\.$/
	);
});

test('one that was removed before this version is no reason to refuse', async () => {
	await withNewer('-- contract: public.old_one is used by no release since 0.0.1\nselect 1');
	expect((await checkHostedDatabase(db.url)).problem).toBe(null);
});

test('an unknown one in the middle is of no newer version', async () => {
	await migrateAs([made('20260101000001', 'select 1'), ...all]);
	await expect(checkHostedDatabase(db.url)).rejects.toThrow('an older or a newer version made it');
});

test('newer ones beside missing ones are of no newer version either', async () => {
	const client = await db.connect();
	const others = [...all.slice(0, -1), made('99990101000001', 'select 1')];
	await expect(compareMigrations(client, [...all, made('99990101000001', 'select 1')])).resolves.toMatchObject({
		pending: [{ version: '99990101000001' }]
	});
	await migrateAs([...all, made('99990101000002', 'select 1')]);
	await expect(compareMigrations(client, others)).rejects.toThrow(`(first: ${last})`);
});
