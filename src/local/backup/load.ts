/* Loads the rows of a backup into a database that has its migrations, and compares every table with what it was. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { sumTable } from './dump.ts';
import type { TableSums } from './manifest.ts';
import { readSections, type ScriptSection } from './script.ts';
import { fixForms, readBackupTables, type Table } from './tables.ts';

const isOfAuth = (name: string) => name.startsWith('auth.');

/**
 * Replaces all rows by those of the backup, in one transaction; triggers and foreign keys are not asked. Throws when a row is not what
 * the sums of its table say. Answers what this server's Auth has no place for.
 */
export async function loadRows(client: pg.Client, sums: TableSums, text: AsyncIterable<Uint8Array>): Promise<string[]> {
	await fixForms(client);
	const here = new Map((await readBackupTables(client)).tables.map((table) => [table.name, table]));
	const notes: string[] = [];
	const loaded = new Set<string>();
	await client.query('begin; set local session_replication_role = replica');
	try {
		const ours = [...here.keys()].filter((name) => !isOfAuth(name));
		await client.query(`truncate ${ours.join(', ')}`);
		for await (const section of readSections(text)) {
			if (section.kind === 'sequence') await setSequence(client, section);
			else {
				notes.push(...(await loadTable(client, section, here.get(section.name), sums)));
				loaded.add(section.name);
			}
		}
		const absent = [...new Set([...Object.keys(sums), ...ours])].filter((name) => !loaded.has(name));
		if (absent.length > 0) throw new Error(`The backup has no rows of ${absent.join(', ')}.`);
		await client.query('commit');
	} catch (error) {
		await client.query('rollback').catch(() => undefined);
		throw error;
	}
	await client.query('analyze');
	return notes;
}

async function setSequence(
	client: pg.Client,
	{ name, value, called }: ScriptSection & { kind: 'sequence' }
): Promise<void> {
	await client.query('select pg_catalog.setval($1::regclass, $2, $3)', [name, value, called]);
}

async function loadTable(
	client: pg.Client,
	{ name, columns, rows }: ScriptSection & { kind: 'table' },
	table: Table | undefined,
	sums: TableSums
): Promise<string[]> {
	const expected = sums[name];
	if (expected?.columns.join() !== columns.join()) throw new Error(`${name} is not as the backup says of itself.`);
	const lacking = columns.filter((column) => !table?.columns.includes(column));
	const adding = table?.columns.filter((column) => !columns.includes(column)) ?? [];
	if (!isOfAuth(name) && (!table || lacking.length > 0 || adding.length > 0))
		throw new Error(
			`${name} has other columns than its migrations make: the database of the backup was changed by hand.`
		);
	const hash = createHash('sha256');
	async function* hashed() {
		for await (const part of rows) {
			hash.update(part);
			yield part;
		}
	}
	const into = lacking.length > 0 || !table ? await makeStaging(client, columns) : name;
	const copy = client.query(copyFrom(`copy ${into} (${columns.join(', ')}) from stdin`));
	try {
		await pipeline(Readable.from(hashed(), { objectMode: false }), copy);
	} catch (error) {
		throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
	}
	if (copy.rowCount !== expected.rows || hash.digest('hex') !== expected.sha256)
		throw new Error(`${name} is not as the backup says of itself: a file was changed.`);
	if (into === name) return [];
	if (expected.rows === 0) return [];
	if (!table) return [`${name}: this server's Auth has no such table; its ${expected.rows} rows are left out.`];
	return takeFromStaging(client, table, columns, lacking);
}

// Another version of Auth may have other columns.
async function makeStaging(client: pg.Client, columns: readonly string[]): Promise<string> {
	await client.query(`drop table if exists pg_temp.staging`);
	await client.query(`create temporary table staging (${columns.map((column) => `${column} text`).join(', ')})`);
	return 'pg_temp.staging';
}

async function takeFromStaging(
	client: pg.Client,
	{ name }: Table,
	columns: string[],
	lacking: string[]
): Promise<string[]> {
	const { rows } = await client.query<{ column: string; type: string }>(
		`select quote_ident(attname) as column, format_type(atttypid, atttypmod) as type from pg_catalog.pg_attribute where attrelid = $1::regclass and attnum > 0`,
		[name]
	);
	const types = new Map(rows.map(({ column, type }) => [column, type]));
	const shared = columns.filter((column) => !lacking.includes(column));
	const values = shared.map((column) => `${column}::${types.get(column)}`);
	await client.query(
		`insert into ${name} (${shared.join(', ')}) overriding system value select ${values.join(', ')} from pg_temp.staging`
	);
	const used: string[] = [];
	for (const column of lacking) {
		const found = await client.query(`select from pg_temp.staging where ${column} is not null limit 1`);
		if (found.rows.length > 0) used.push(column);
	}
	return used.length > 0 ? [`${name}: this server's Auth has no ${used.join(', ')}; they are left out.`] : [];
}

/** The tables whose rows are not those that were backed up. */
export async function compareTables(client: pg.Client, sums: TableSums): Promise<string[]> {
	await fixForms(client);
	const faults: string[] = [];
	const here = new Map((await readBackupTables(client)).tables.map((table) => [table.name, table]));
	for (const [name, expected] of Object.entries(sums)) {
		const table = here.get(name);
		const isWhole = table !== undefined && expected.columns.every((column) => table.columns.includes(column));
		if (!isWhole && isOfAuth(name)) continue;
		const found = table && isWhole ? await sumTable(client, { ...table, columns: expected.columns }) : undefined;
		if (found?.rows !== expected.rows) faults.push(`${name} has ${found?.rows ?? 'no'} rows; it had ${expected.rows}`);
		else if (found.sha256 !== expected.sha256) faults.push(`${name} has other rows`);
	}
	return faults;
}

/** The foreign keys that lead to no row. */
export async function findOrphans(client: pg.Client): Promise<{ keys: number; faults: string[] }> {
	const { rows } = await client.query<{ name: string; child: string; parent: string; pairs: [string, string][] }>(`
		select f.conname as name, f.conrelid::regclass::text as child, f.confrelid::regclass::text as parent,
			(select jsonb_agg(jsonb_build_array(quote_ident(c.attname), quote_ident(p.attname)) order by k.place)
				from unnest(f.conkey, f.confkey) with ordinality as k (child, parent, place)
					join pg_catalog.pg_attribute as c on c.attrelid = f.conrelid and c.attnum = k.child
					join pg_catalog.pg_attribute as p on p.attrelid = f.confrelid and p.attnum = k.parent) as pairs
		from pg_catalog.pg_constraint as f join pg_catalog.pg_class as t on t.oid = f.conrelid
		where f.contype = 'f' and f.conparentid = 0 and t.relnamespace::regnamespace::text in ('public', 'private', 'audit', 'auth')
		order by 2, 1`);
	const faults: string[] = [];
	for (const { name, child, parent, pairs } of rows) {
		const found = await client.query<{ count: string }>(`
			select count(*)::text from ${child} as child
			where ${pairs.map(([column]) => `child.${column} is not null`).join(' and ')}
				and not exists (select from ${parent} as parent where ${pairs.map(([one, other]) => `parent.${other} = child.${one}`).join(' and ')})`);
		const count = Number(found.rows[0]?.count);
		if (count > 0) faults.push(`${child}: ${count} rows refer by ${name} to nothing in ${parent}`);
	}
	return { keys: rows.length, faults };
}
