/* Erasures are kept in a file outside the database, and a restored backup carries out those that it does not know. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '#lib/database/server/pool.ts';
import { syncErasures } from '#lib/privacy/server/erasure-log.ts';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { startDatabase, type TestDatabase } from '../../fixtures/stack.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const databases: TestDatabase[] = [];
const folder = temporaryFolder('global-summit-erasures');
const log = join(folder, 'erasures.log');

beforeEach(() => {
	rmSync(log, { recursive: true, force: true });
	process.env['ERASURE_LOG'] = log;
});

afterAll(async () => {
	await closePool();
	await Promise.all(databases.map((each) => each.stop()));
	rmSync(folder, { recursive: true });
});

async function run<Row>(database: TestDatabase, sql: string, values: unknown[] = []): Promise<Row[]> {
	const client = await database.connect();
	try {
		return (await client.query(sql, values)).rows as Row[];
	} finally {
		await client.end();
	}
}

/** A database with these people, and a backup of it. */
async function withBackup(...names: string[]) {
	const backup = await startDatabase();
	const client = await backup.connect();
	const people: TestPerson[] = [];
	for (const name of names) people.push(await makePerson(client, name));
	await client.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id)
		select p.id, extensions.digest(p.id::text, 'sha256'), '\\x01', 'test' from public.people as p`
	);
	await client.end();
	const current = await startDatabase(backup);
	databases.push(backup, current);
	return { backup, current, people: people as [TestPerson, ...TestPerson[]] };
}

/** What a start of the server on this database does. */
async function start(database: TestDatabase): Promise<number> {
	await closePool();
	process.env['APP_DATABASE_URL'] = database.appUrl;
	return syncErasures();
}

const erase = (database: TestDatabase, { person }: TestPerson) =>
	run(database, 'select private.erase_person($1)', [person]);

/** The names and the number of addresses that are left. */
async function left(database: TestDatabase) {
	const rows = await run<{ name: string; addresses: number }>(
		database,
		`select p.display_name as name, (select count(*)::integer from private.person_addresses as a where a.person_id = p.id) as addresses
		from public.people as p order by p.display_name`
	);
	return rows.filter(({ name, addresses }) => name !== '' || addresses > 0).map(({ name }) => name);
}

const lines = () => readFileSync(log, 'utf8').trimEnd().split('\n');

test('a restored backup erases the people who were erased after it, and nobody else', async () => {
	const { backup, current, people } = await withBackup('Erased', 'Staying');
	await erase(current, people[0]);
	expect(await start(current)).toBe(0);
	expect(lines()).toEqual([expect.stringMatching(new RegExp(`^\\d{4}-\\S+Z ${people[0].person}$`))]);
	expect(await left(backup)).toEqual(['Erased', 'Staying']);
	expect(await start(backup)).toBe(1);
	expect(await left(backup)).toEqual(['Staying']);
	expect(await run(backup, 'select 1 from auth.users where id = $1', [people[0].account])).toEqual([]);
	expect(await start(backup)).toBe(0);
	expect(lines()).toHaveLength(1);
});

test('finds people under the ids that they had before an alias or a merge', async () => {
	const { backup, current, people } = await withBackup('Taking an alias', 'Merged away', 'Kept of two', 'Staying');
	const [alias, merged, kept] = people as [TestPerson, TestPerson, TestPerson];
	await run(current, `select private.erase_person(private.rotate_person_identity($1))`, [alias.person]);
	await run(current, `select private.merge_people($1, $2, 'The same person')`, [kept.person, merged.person]);
	await erase(current, kept);
	await start(current);
	await start(backup);
	expect(await left(backup)).toEqual(['Staying']);
});

test('neither a role nor a legal hold of the backup delays what had happened', async () => {
	const { backup, current, people } = await withBackup('Owner then');
	await run(
		backup,
		`with made as (
			insert into public.summits (slug, name, zone, starts_on, ends_on)
			values ('then', '{"original":"en","en":"Then"}', 'UTC', '2027-06-10', '2027-06-11') returning id
		)
		insert into public.role_grants (person_id, role, summit_id) select $1, 'owner', id from made`,
		[people[0].person]
	);
	await run(backup, `insert into private.legal_holds (person_id, reason) values ($1, 'A dispute')`, [people[0].person]);
	await erase(current, people[0]);
	await start(current);
	expect(await start(backup)).toBe(1);
	expect(await left(backup)).toEqual([]);
});

test('people who joined after the backup are noted there once', async () => {
	const { backup, current, people } = await withBackup('Staying');
	const client = await current.connect();
	const late = await makePerson(client, 'Late');
	await client.end();
	await erase(current, late);
	await start(current);
	expect([await start(backup), await start(backup)]).toEqual([1, 0]);
	expect(await left(backup)).toEqual([people[0].name]);
});

test('a line that was cut off is not read, and the next one begins on a line of its own', async () => {
	const { current, people } = await withBackup('First', 'Second');
	await erase(current, people[0]);
	await start(current);
	truncateSync(log, 40);
	await start(current);
	appendFileSync(log, 'not a line\r\n2027-01-01 not-an-id\n');
	await erase(current, people[1] as TestPerson);
	await start(current);
	expect(lines().filter((each) => / [0-9a-f-]{36}$/.test(each))).toHaveLength(2);
});

test('processes that start together lose no line', async () => {
	const { backup, current, people } = await withBackup('One', 'Two', 'Three');
	for (const each of people) await erase(current, each);
	await closePool();
	process.env['APP_DATABASE_URL'] = current.appUrl;
	await Promise.all(Array.from({ length: 4 }, syncErasures));
	expect(new Set(lines().map((each) => each.split(' ')[1]))).toEqual(new Set(people.map(({ person }) => person)));
	await closePool();
	process.env['APP_DATABASE_URL'] = backup.appUrl;
	await Promise.all(Array.from({ length: 4 }, syncErasures));
	expect(await left(backup)).toEqual([]);
});

test('a log that cannot be read or written stops the start', async () => {
	const { current, people } = await withBackup('Erased');
	mkdirSync(log);
	await expect(start(current)).rejects.toMatchObject({ code: 'EISDIR' });
	rmSync(log, { recursive: true });
	await erase(current, people[0]);
	process.env['ERASURE_LOG'] = join(folder, 'missing', 'erasures.log');
	await expect(start(current)).rejects.toMatchObject({ code: 'ENOENT' });
	writeFileSync(log, '');
	process.env['ERASURE_LOG'] = log;
	expect(await start(current)).toBe(0);
	expect(lines()).toHaveLength(1);
});
