/* `node src/local/schema/release.ts`, in the commit that is tagged as a release: writes what released.ts reads. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startCluster } from '../cluster.ts';
import { seedSample } from '../sample/seed.ts';
import { writeRelease, type Rows } from './released.ts';

const namesSql = `
	select c.oid::regclass::text as name,
		(select array_agg(a.attname::text order by a.attnum) from pg_attribute as a
			where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
	from pg_class as c
	where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('auth', 'public', 'private', 'audit')
	order by 1`;

/** Reads every row of our tables and of Auth. */
export async function readAllRows(client: pg.ClientBase): Promise<Rows> {
	await client.query(`set search_path = ''`);
	const tables: Rows['tables'] = {};
	for (const { name } of (await client.query<{ name: string }>(namesSql)).rows) {
		const { rows } = await client.query<{ row: Record<string, unknown> }>(
			`select to_jsonb(t) as row from ${name} as t order by to_jsonb(t)::text collate "C"`
		);
		if (rows.length > 0) tables[name] = rows.map(({ row }) => row);
	}
	const { rows } = await client.query<{ name: string; at: string }>(
		`select format('%I.%I', schemaname, sequencename) as name, last_value::text as at from pg_sequences
		where last_value is not null order by 1`
	);
	return { tables, sequences: Object.fromEntries(rows.map(({ name, at }) => [name, at])) };
}

/** Replaces the rows of a migrated database by these, as a superuser: triggers and foreign keys are not asked. */
export async function replaceAllRows(client: pg.ClientBase, { tables, sequences }: Rows): Promise<void> {
	await client.query(`begin; set local search_path = ''; set local session_replication_role = replica`);
	for (const { name, columns } of (await client.query<{ name: string; columns: string[] }>(namesSql)).rows) {
		const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
		await client.query(`delete from ${name}`);
		await client.query(
			`insert into ${name} (${list}) overriding system value
			select ${list} from jsonb_populate_recordset(null::${name}, $1)`,
			[JSON.stringify(tables[name] ?? [])]
		);
	}
	for (const [name, at] of Object.entries(sequences)) await client.query(`select setval($1, $2)`, [name, at]);
	await client.query('commit');
}

/** Writes the sample into an empty database, and reads it as rows. */
export async function readSampleRows(client: pg.Client): Promise<Rows> {
	const files = mkdtempSync(join(tmpdir(), 'sample-'));
	try {
		const sealingKey = `release:${Buffer.alloc(32, 7).toString('base64')}`;
		await seedSample(client, { now: new Date(), sealingKey, filesFolder: files });
		return await readAllRows(client);
	} finally {
		rmSync(files, { recursive: true });
	}
}

async function release(): Promise<void> {
	const { port, template, passwords, stop } = await startCluster();
	const client = new pg.Client(`postgres://postgres:${passwords.postgres}@127.0.0.1:${port}/${template}`);
	try {
		await client.connect();
		writeRelease(await readSampleRows(client));
	} finally {
		await client.end();
		await stop?.();
	}
}

if (import.meta.main) await release();
