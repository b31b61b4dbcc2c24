/* Which tables a backup has, read from the catalogue: a new table is in it without anybody thinking of it. */
import type pg from 'pg';

/** A table whose rows are in a backup. */
export interface Table {
	/** With its schema, as SQL writes it. */
	name: string;
	/** Those that are not computed from others, as SQL writes them. */
	columns: string[];
	/** By what the rows are ordered, the same in every database. */
	order: string;
}

/** A table that is left out, and why. */
export interface LeftOutTable {
	name: string;
	why: string;
}

const schemas = ['public', 'private', 'audit', 'auth'];

// Auth's tables that would sign somebody in, or that are its own.
const notOfAuth: Record<string, string> = {
	'auth.sessions': 'signed-in browsers: everybody signs in again after a restore',
	'auth.refresh_tokens': 'signed-in browsers: everybody signs in again after a restore',
	'auth.mfa_amr_claims': 'signed-in browsers: everybody signs in again after a restore',
	'auth.flow_state': 'sign-ins under way',
	'auth.one_time_tokens': 'sign-ins under way',
	'auth.mfa_challenges': 'sign-ins under way',
	'auth.saml_relay_states': 'sign-ins under way',
	'auth.oauth_authorizations': 'sign-ins under way',
	'auth.oauth_client_states': 'sign-ins under way',
	'auth.webauthn_challenges': 'sign-ins under way',
	'auth.audit_log_entries': 'the log of Auth, with addresses',
	'auth.schema_migrations': 'the version of Auth itself',
	'auth.instances': 'the version of Auth itself'
};

/** Other schemas that hold data of ours, of which nothing is in a backup. */
export const otherSchemas: LeftOutTable[] = [
	{ name: 'graphile_worker', why: 'the queue of jobs, which finds again what is to be done' },
	{ name: 'supabase_migrations', why: 'the manifest names the migrations' },
	{ name: 'storage', why: 'the files themselves are in the backup' }
];

interface Row {
	name: string;
	persistence: string;
	columns: string[];
	/** The columns of the primary key, if there is one, and whether their order is one of letters. */
	key: [string, boolean][] | null;
}

// Only what can be read as a whole: a table that row security filters would be cut in silence, so a backup turns that into an error.
const sql = `
	select format('%I.%I', n.nspname, c.relname) as name, c.relpersistence as persistence,
		(select array_agg(quote_ident(a.attname) order by a.attnum) from pg_catalog.pg_attribute as a
			where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
		(select jsonb_agg(jsonb_build_array(quote_ident(a.attname), a.attcollation <> 0) order by k.place)
			from pg_catalog.pg_constraint as p cross join unnest(p.conkey) with ordinality as k (number, place)
				join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = k.number
			where p.conrelid = c.oid and p.contype = 'p') as key
	from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
	where c.relkind = 'r' and n.nspname = any ($1)
	order by n.nspname collate "C", c.relname collate "C"`;

/** The tables of a backup, in a fixed order, and those that are left out. */
export async function readBackupTables(client: pg.ClientBase): Promise<{ tables: Table[]; leftOut: LeftOutTable[] }> {
	const { rows } = await client.query<Row>(sql, [schemas]);
	const leftOut: LeftOutTable[] = [...otherSchemas];
	const tables: Table[] = [];
	for (const row of rows) {
		const why = reasonAgainst(row);
		if (why) leftOut.push({ name: row.name, why });
		else tables.push({ name: row.name, columns: row.columns, order: orderOf(row) });
	}
	return { tables, leftOut };
}

function reasonAgainst({ name, persistence }: Row): string | undefined {
	return persistence === 'u' ? 'unlogged: PostgreSQL itself empties it after a crash' : notOfAuth[name];
}

// Letters are ordered by their bytes: another server may have another order of them.
function orderOf({ key, columns }: Row): string {
	if (key) return key.map(([name, isText]) => (isText ? `${name} collate "C"` : name)).join(', ');
	return columns.map((column) => `${column}::text collate "C"`).join(', ');
}

/** The statement that writes the rows of a table as COPY's text. */
export function copyStatement({ name, columns, order }: Table): string {
	return `copy (select ${columns.join(', ')} from only ${name} order by ${order}) to stdout`;
}

/** Settings under which every server writes a value in the same form, and reads it. */
export async function fixForms(client: pg.ClientBase): Promise<void> {
	await client.query(`
		set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set timezone = 'UTC'; set bytea_output = 'hex';
		set extra_float_digits = 1; set client_encoding = 'UTF8'; set search_path = ''; set row_security = off;
		set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0`);
}
