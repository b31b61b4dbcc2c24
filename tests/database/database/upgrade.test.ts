/* From the last release to this version, with the sample's rows. Before the first release this version stands for it. */
import { expect, test } from 'vitest';
import { migrate, readMigrations, type Migration } from '../../../src/local/migrate.ts';
import { createSystemSchema } from '../../../src/local/roles.ts';
import { readAllRows, readSampleRows, replaceAllRows } from '../../../src/local/schema/release.ts';
import { releasedMigrations, releasedRows } from '../../../src/local/schema/released.ts';
import { readObjectsAndRows } from '../../../src/local/database-objects.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

const made: Migration = {
	version: '99990101000000',
	name: 'made_up',
	file: '99990101000000_made_up.sql',
	sql: `alter table public.sessions add column made_up integer not null default 7;`,
	hash: 'made up'
};

test('released migrations are never edited', () => {
	const files = new Map(readMigrations().map(({ file, hash }) => [file, hash]));
	const released = [...releasedMigrations()];
	expect(released.map(([file]) => [file, files.get(file)])).toEqual(released);
});

test('upgrades a database of the last release, and keeps its rows and the rules', { timeout: 120_000 }, async () => {
	const migrations = readMigrations();
	const released = releasedMigrations();
	const before = released.size > 0 ? migrations.filter(({ file }) => released.has(file)) : migrations;
	const head = await readObjectsAndRows(await db.connect());
	const rows = releasedRows() ?? (await readSampleRows(db.owner));
	const name = `${db.owner.database ?? ''}_upgrade`;
	const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
	await db.owner.query(`create database ${name}`);
	try {
		const superuser = await db.connect(at(db.superuserUrl));
		await createSystemSchema(superuser);
		const client = await db.connect(at(db.url));
		await migrate(client, before);
		await replaceAllRows(superuser, rows);
		await superuser.end();
		await migrate(client, migrations);
		const withoutRows = (catalogue: Map<string, string>) =>
			[...catalogue].filter(([object]) => !object.startsWith('rows ')).sort();
		expect(withoutRows(await readObjectsAndRows(client))).toEqual(withoutRows(head));
		await migrate(client, [...migrations, made]);
		const after = await readAllRows(client);
		// Lists that the schema itself states grow with it, and new tables may have rows.
		const stated = new Set(
			[...head].filter(([object, count]) => object.startsWith('rows ') && count !== '0').map(([object]) => object)
		);
		const counts = ({ tables }: typeof rows) =>
			Object.keys(rows.tables)
				.filter((table) => !stated.has(`rows ${table}`))
				.map((table) => [table, tables[table]?.length]);
		expect(counts(after)).toEqual(counts(rows));
		expect(new Set(after.tables['public.sessions']?.map((session) => session['made_up']))).toEqual(new Set([7]));
		const { rows: faults } = await client.query(
			`select fault from public.registrations as r, private.seat_fault(r.id) as fault where fault is not null
			union all
			select fault from public.summits as s, private.find_over_allocation(s.id) as fault where fault is not null
			union all
			select code from public.summits as s, private.reconcile_money(s.id)`
		);
		expect(faults).toEqual([]);
		await client.end();
	} finally {
		await (await db.connect(db.superuserUrl)).query(`drop database ${name} with (force)`);
	}
});
