/*
 * The last release: its migrations, which never change again, and its sample as rows, which tests upgrade to the head.
 * `node src/local/schema/release.ts` writes both, in the commit that is tagged as the release.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { startCluster } from '../cluster.ts';
import { readMigrations } from '../migrate.ts';
import { seedSample } from '../sample/seed.ts';

const folder = resolve(import.meta.dirname, '../../../supabase/release');
const hashesFile = join(folder, 'migrations.sha256');
const rowsFile = join(folder, 'sample.json.gz');

/** The rows of a database by table, and where its sequences are. */
export interface Rows {
	tables: Record<string, Record<string, unknown>[]>;
	sequences: Record<string, string>;
}

/** The hashes of the migrations of the last release by file; empty before the first. */
export function releasedMigrations(): Map<string, string> {
	if (!existsSync(hashesFile)) return new Map();
	const lines = readFileSync(hashesFile, 'utf8').trim().split('\n');
	return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** The sample of the last release; null before the first. */
export function releasedRows(): Rows | null {
	return existsSync(rowsFile) ? (JSON.parse(gunzipSync(readFileSync(rowsFile)).toString()) as Rows) : null;
}

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

async function release(): Promise<void> {
	const { port, template, passwords, stop } = await startCluster();
	const files = mkdtempSync(join(tmpdir(), 'sample-'));
	const client = new pg.Client(`postgres://postgres:${passwords.postgres}@127.0.0.1:${port}/${template}`);
	try {
		await client.connect();
		const sealingKey = `release:${Buffer.alloc(32, 7).toString('base64')}`;
		await seedSample(client, { now: new Date(), sealingKey, filesFolder: files });
		mkdirSync(folder, { recursive: true });
		writeFileSync(rowsFile, gzipSync(JSON.stringify(await readAllRows(client)), { level: 9 }));
		const lines = readMigrations().map(({ hash, file }) => `${hash}  ${file}\n`);
		writeFileSync(hashesFile, lines.join(''));
	} finally {
		await client.end();
		await stop?.();
		rmSync(files, { recursive: true });
	}
}

if (import.meta.main) await release();
