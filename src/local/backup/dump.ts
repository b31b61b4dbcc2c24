/*
 * The rows of a database as one text, which is also a script of psql: `COPY … FROM stdin;`, the rows, `\.`, and for each sequence a
 * `SELECT pg_catalog.setval(…);`. Anybody who has the identity can load it without this software, into a database with the same migrations.
 */
import { createHash } from 'node:crypto';
import { to as copyTo } from 'pg-copy-streams';
import type pg from 'pg';
import { sumOf } from './measuring.ts';
import { copyStatement, type Table } from './tables.ts';

/** What the rows of a table are compared by. */
export interface TableSum {
	columns: string[];
	rows: number;
	/** Of COPY's text. */
	sha256: string;
}

/** The last line; a text without it was cut off. */
export const lastLine = '-- This is the end of the backup.';

const head = `-- The rows of a database of global-summit.
SET client_encoding = 'UTF8';
SET datestyle = 'ISO, MDY';
SET timezone = 'UTC';
SET search_path = '';
SET session_replication_role = replica;

`;

/** Writes the tables and sequences as the connection's transaction sees them; `onTable` gets what each is compared by. */
export async function* dumpRows(
	client: pg.ClientBase,
	tables: readonly Table[],
	onTable: (name: string, sum: TableSum) => void
): AsyncGenerator<Buffer> {
	yield Buffer.from(head);
	for (const table of tables) {
		yield Buffer.from(`COPY ${table.name} (${table.columns.join(', ')}) FROM stdin;\n`);
		const hash = createHash('sha256');
		const copy = client.query(copyTo(copyStatement(table)));
		for await (const chunk of copy as AsyncIterable<Buffer>) {
			hash.update(chunk);
			yield chunk;
		}
		yield Buffer.from('\\.\n\n');
		onTable(table.name, { columns: table.columns, rows: copy.rowCount, sha256: hash.digest('hex') });
	}
	for (const { name, value, called } of await readSequences(client))
		yield Buffer.from(`SELECT pg_catalog.setval('${name.replaceAll("'", "''")}', ${value}, ${called});\n`);
	yield Buffer.from(`\n${lastLine}\n`);
}

/** What the rows of a table are compared by, read again. */
export async function sumTable(client: pg.ClientBase, table: Table): Promise<TableSum> {
	const copy = client.query(copyTo(copyStatement(table)));
	const { sha256 } = await sumOf(copy as AsyncIterable<Buffer>);
	return { columns: table.columns, rows: copy.rowCount, sha256 };
}

interface Sequence {
	name: string;
	value: string;
	called: boolean;
}

// They are not part of a transaction: what they give out after its beginning is only a gap. Those of Auth belong to tables that are left out.
async function readSequences(client: pg.ClientBase): Promise<Sequence[]> {
	const { rows } = await client.query<{ name: string }>(`
		select format('%I.%I', schemaname, sequencename) as name from pg_catalog.pg_sequences
		where schemaname in ('public', 'private', 'audit') order by 1`);
	const sequences: Sequence[] = [];
	for (const { name } of rows) {
		const found = await client.query<{ value: string; called: boolean }>(
			`select last_value::text as value, is_called as called from ${name}`
		);
		if (found.rows[0]) sequences.push({ name, ...found.rows[0] });
	}
	return sequences;
}
