import type pg from 'pg';

/** One row to insert: the values that JSON can carry; `bytea` as '\x…'. */
export type Row = Record<string, unknown>;

/** Inserts many rows in one statement. All rows have the columns of the first. */
export async function insertRows(client: pg.Client, table: string, rows: Row[]): Promise<void> {
	const [first] = rows;
	if (!first) return;
	const columns = Object.keys(first)
		.map((column) => client.escapeIdentifier(column))
		.join(', ');
	await client.query(
		`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
		[JSON.stringify(rows)]
	);
}

/** Bytes in the form that `insertRows` takes. */
export function bytea(bytes: Buffer): string {
	return `\\x${bytes.toString('hex')}`;
}
