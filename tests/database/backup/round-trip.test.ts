/* Every row of every table comes back as it was, and nothing is forgotten when a table is added. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAllRows } from '../../../src/local/schema/release.ts';
import { seedSample } from '../../../src/local/sample/seed.ts';
import { migrate } from '../../../src/local/migrate.ts';
import { compareTables, loadRows } from '../../../src/local/backup/load.ts';
import { readBackupTables } from '../../../src/local/backup/tables.ts';
import { openDatabaseText, readTableSums } from '../../../src/local/backup/opening.ts';
import {
	fillEmptyTables,
	makeBackupWorld,
	sealingKey,
	withEmptyDatabase,
	withRestored,
	type BackupWorld
} from '../../fixtures/backing-up.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';

const [retained, sample] = [useDatabase(), useDatabase()];
let world: BackupWorld;

beforeAll(async () => {
	world = await makeBackupWorld();
	await makeRetainedWorld(retained.owner);
	const filled = Object.keys((await readAllRows(await retained.connect())).tables);
	const { tables } = await namesOf(retained);
	const empty = tables.filter((name) => !filled.includes(name));
	await fillEmptyTables(await retained.connect(retained.superuserUrl), empty);
	await seedSample(sample.owner, { now: new Date(), sealingKey, filesFolder: `${world.folder}/files` });
});
afterAll(() => world.drop());

const namesOf = async (db: typeof retained) => {
	const { tables, leftOut } = await readBackupTables(await db.connect());
	return { tables: tables.map(({ name }) => name), leftOut: leftOut.map(({ name }) => name) };
};

test('every table of ours and of Auth is in a backup, or named with the reason', async () => {
	const { tables, leftOut } = await namesOf(retained);
	const { rows } = await retained.owner.query<{ name: string }>(
		`select c.oid::regclass::text as name from pg_class as c
		where relkind in ('r', 'p') and relnamespace::regnamespace::text in ('public', 'private', 'audit', 'auth')
			and set_config('search_path', '', false) is not null`
	);
	expect([...tables, ...leftOut.filter((name) => name.includes('.'))].sort()).toEqual(
		rows.map(({ name }) => name).sort()
	);
	expect(leftOut).toEqual([
		'graphile_worker',
		'supabase_migrations',
		'storage',
		'auth.audit_log_entries',
		'auth.flow_state',
		'auth.refresh_tokens',
		'auth.sessions',
		'private.write_probes'
	]);
});

test.each([
	['with rows in nearly every table', () => retained],
	['of the sample', () => sample]
])('a database %s comes back byte for byte', { timeout: 180_000 }, async (_, database) => {
	const db = database();
	const { name, tables } = await world.make(db.url);
	const before = await readAllRows(await db.connect());
	const { leftOut } = await namesOf(db);
	const isIn = ([table]: [string, unknown]) => !leftOut.includes(table);
	await withRestored(db, await world.open(name), async (client, faults) => {
		// The made-up rows refer to nothing, and are reported.
		expect(faults.filter((fault) => !/rows refer by/.test(fault))).toEqual([]);
		expect(faults.length > 0).toBe(db === retained);
		const after = await readAllRows(client);
		expect(Object.entries(after.tables).filter(isIn)).toEqual(Object.entries(before.tables).filter(isIn));
		expect(Object.entries(after.sequences).filter(([sequence]) => !sequence.startsWith('auth.'))).toEqual(
			Object.entries(before.sequences).filter(([sequence]) => !sequence.startsWith('auth.'))
		);
		// Its rules work as before: what was not asked while rows were loaded is asked again.
		await expect(
			client.query(`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id)
			values (gen_random_uuid(), '\\x00', '\\x00', 'k')`)
		).rejects.toThrow('foreign key');
	});
	const empty = Object.keys(tables).filter((table) => tables[table]?.rows === 0);
	if (db === retained) expect(empty.length).toBeLessThan(40);
});

test('is a script of psql that the owner of the identity can read', async () => {
	const { name } = await world.make(retained.url);
	let text = '';
	for await (const chunk of await openDatabaseText(await world.open(name))) text += String(chunk);
	// The text is long, and would be printed whole.
	expect(/^COPY public\.people \(id, .*\) FROM stdin;\n[0-9a-f]{8}-/m.test(text)).toBe(true);
	expect(/^SELECT pg_catalog\.setval\('audit\.entries_id_seq', \d+, true\);$/m.test(text)).toBe(true);
});

test(
	'values of every kind come back, and a table that was just added is not forgotten',
	{ timeout: 240_000 },
	async () => {
		const table = `
		create table public.odd (
			"order" text, doubled text generated always as ("order" || "order") stored, bytes bytea, number numeric, half real,
			at timestamptz, span interval, texts text[], json jsonb, range tstzrange, place bigint generated always as identity,
			"Ünï ""x" uuid
		);`;
		const client = await retained.connect();
		await client.query(table);
		await client.query(`
		insert into public.odd ("order", bytes, number, half, at, span, texts, json, range, "Ünï ""x") values
			(E'\\\\.\\n\\\\.', '\\x00ff5c2e0a', 'NaN', 'Infinity', 'infinity', '-1 year 3 days 00:00:00.000001',
				array['a,b', null, '', '"'], '{"a": "\\\\."}', 'empty', gen_random_uuid()),
			(E'\\t\\r\\n\\\\N\\\\', '', 1e40, 1e-30, '0044-03-15 12:00:00 BC', '0', '{}', 'null', '[2027-06-10,infinity)', null),
			('\\N', null, 0.1, 0.1, '2027-06-10 09:00:00.123456+05:30', null, null, '[]', null, null),
			(null, null, null, null, null, null, null, null, null, null),
			('العربية 中文 🙂', '\\x5c2e', 0, '-0', now(), '1 month', array[repeat('x', 100000)], '{}', '(,)', gen_random_uuid())`);
		try {
			const rowsOf = async (one: pg.ClientBase) => (await readAllRows(one)).tables['public.odd'];
			const before = await rowsOf(await retained.connect());
			const backup = await world.open((await world.make(retained.url)).name);
			await withEmptyDatabase(retained, async (loader) => {
				const sums = await readTableSums(backup);
				await migrate(loader, backup.migrations);
				await loader.query(table);
				await loadRows(loader, sums, await openDatabaseText(backup));
				expect(await compareTables(loader, sums)).toEqual([]);
				expect(await rowsOf(loader)).toEqual(before);
				await loader.query('update public.odd set number = 2 where number = 0.1');
				expect(await compareTables(loader, sums)).toEqual(['public.odd has other rows']);
				await loader.query('delete from public.odd where number = 2');
				expect(await compareTables(loader, sums)).toEqual(['public.odd has 4 rows; it had 5']);
			});
			expect(before).toHaveLength(5);
		} finally {
			await client.query('drop table public.odd');
		}
	}
);
