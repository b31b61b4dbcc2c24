/* Migrations beside a site that works: they wait for locks in short tries, and the roles of the app get their passwords. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { migrate, readMigrations, type Migration } from '../../../src/local/migrate.ts';
import { openRoleLogins, scramVerifier } from '../../../src/local/role-logins.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

const adds = (version: string, column: string): Migration => ({
	version,
	name: column,
	file: `${version}_${column}.sql`,
	sql: `alter table public.rooms add column ${column} integer`,
	hash: version
});
const retries = { lockTimeoutMs: 100, tries: 40, pauseMs: 10 };
let migrations: Migration[];

beforeAll(() => {
	migrations = readMigrations();
});

test('a migration that waits for a reader lets the site go on, and is applied once the reader ends', async () => {
	const reader = await db.connect();
	await reader.query('begin; select from public.rooms');
	const one = adds('99990101000001', 'made_one');
	const applied = migrate(await db.connect(), [...migrations, one], { retries });
	// Others read meanwhile, each within a try of the migration.
	const site = await db.connect();
	await site.query('set statement_timeout = 2000');
	for (let read = 0; read < 5; read++) {
		await site.query('select from public.rooms');
		await pause(50);
	}
	await reader.query('commit');
	expect(await applied).toEqual([one.file]);
	const { rows } = await db.owner.query('select count(made_one) as count from public.rooms');
	expect(rows).toEqual([{ count: '0' }]);
});

test('one that gets no lock in all of its tries says which file it was, and leaves nothing behind', async () => {
	const before = [...migrations, adds('99990101000001', 'made_one')];
	const reader = await db.connect();
	await reader.query('begin; select from public.rooms');
	const two = adds('99990101000002', 'made_two');
	const client = await db.connect();
	await expect(migrate(client, [...before, two], { retries: { ...retries, tries: 2 } })).rejects.toThrow(
		/^supabase\/migrations\/99990101000002_made_two\.sql: canceling statement due to lock timeout/
	);
	await reader.query('rollback');
	expect(await migrate(client, [...before, two])).toEqual([two.file]);
});

test('gives app_server and data_path the passwords of their connections, which no log can hold', async () => {
	const password = 'A long p@ssword / with signs';
	const role = `made_${db.name}`;
	const superuser = await db.connect(db.superuserUrl);
	await superuser.query(`create role ${role}`);
	try {
		await superuser.query(`alter role ${role} login password '${scramVerifier(password)}'`);
		const url = Object.assign(new URL(db.url), { username: role, password: encodeURIComponent(password) });
		const client = new pg.Client({ connectionString: url.href });
		await client.connect();
		expect((await client.query('select current_user as name')).rows).toEqual([{ name: role }]);
		await client.end();
	} finally {
		await superuser.query(`drop role ${role}`);
	}
	const asked: string[] = [];
	const listening = { query: (sql: string) => asked.push(sql), escapeLiteral: (text: string) => `'${text}'` };
	const opened = await openRoleLogins(listening as unknown as pg.Client, {
		APP_DATABASE_URL: 'postgres://app_server.project:first%20word@pooler:5432/postgres',
		DATA_DATABASE_URL: 'postgres://postgres:second@database:5432/postgres'
	});
	expect(opened).toEqual(['app_server']);
	expect(asked).toEqual([expect.stringMatching(/^alter role app_server login password 'SCRAM-SHA-256\$4096:/)]);
	expect(asked.join()).not.toContain('first');
});
