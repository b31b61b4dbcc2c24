/*
 * The role matrix: what every role may do with every table and function, compared with a checked-in table. A new table
 * or function without a line in it fails; `UPDATE_ROLE_MATRIX=1` writes the lines again, for a person to read before
 * the commit.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { fillOtherTables } from '../../fixtures/table-rows.ts';
import { setCaller, personKinds, makeWorld, organiserRoles, type World } from '../../fixtures/world.ts';

const FILE = new URL('../role-matrix.md', import.meta.url);
const ROLES = ['anon', 'authenticated', 'service_role', 'app_server'] as const;
const PEOPLE = ['visitor', ...personKinds] as const;

const db = useDatabase();
let world: World;
let tables: { schema: string; name: string }[];

beforeAll(async () => {
	world = await makeWorld(db.owner);
	await fillOtherTables(db.owner, world);
	const { rows } = await db.owner.query<{ schema: string; name: string }>(
		`select n.nspname as schema, c.relname as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private', 'audit') and c.relkind in ('r', 'p', 'v', 'm') order by 1, 2`
	);
	tables = rows;
});

/** What each kind of person reads of a table: `all`, `some` or `-`; then the writes that row level security allows. */
async function rightsOn(table: { schema: string; name: string }, total: number): Promise<string[]> {
	const name = `${table.schema}.${table.name}`;
	await db.owner.query('begin');
	try {
		// The table and a copy of a row are read before the role is set.
		const { rows } = await db.owner.query<{ id: string }>(`select $1::regclass::oid as id`, [name]);
		await db.owner.query(`create temporary table sample on commit drop as select * from ${name} limit 1`);
		await db.owner.query(`grant select on sample to public`);
		const cells = [];
		for (const kind of PEOPLE) {
			await db.owner.query('savepoint person');
			await setCaller(db.owner, kind === 'visitor' ? null : world.people[kind]);
			cells.push(await rights(name, rows[0]?.id ?? '', total));
			await db.owner.query('rollback to savepoint person');
		}
		return cells;
	} finally {
		await db.owner.query('rollback');
	}
}

async function attempt(sql: string): Promise<number | 'refused' | 'other'> {
	await db.owner.query('savepoint attempt');
	try {
		const result = await db.owner.query(sql);
		return result.rows[0]?.count !== undefined ? Number(result.rows[0].count) : (result.rowCount ?? 0);
	} catch (error) {
		const { code = '', message } = error as { code?: string; message: string };
		// A view over a function accepts no writes, whatever the rights.
		return code === '42501' || (code === '55000' && message.includes('view')) ? 'refused' : 'other';
	} finally {
		await db.owner.query('rollback to savepoint attempt');
	}
}

/** For the current role. Operations without any column grant are not tried column by column. */
async function rights(name: string, id: string, total: number): Promise<string> {
	const { rows: columns } = await db.owner.query<{ name: string; reads: boolean; writes: boolean }>(
		`select quote_ident(a.attname) as name, has_column_privilege(a.attrelid, a.attnum, 'select') as reads,
			has_column_privilege(a.attrelid, a.attnum, 'update') as writes
		from pg_attribute as a where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
		order by a.attnum`,
		[id]
	);
	let seen = await attempt(`select count(*) from ${name}`);
	for (const column of columns.filter(({ reads }) => reads)) {
		if (seen !== 'refused') break;
		seen = await attempt(`select count(${column.name}) from ${name}`);
	}
	let answer = typeof seen === 'string' || seen === 0 ? '-' : seen >= total ? 'all' : 'some';
	const names = columns.map((column) => column.name).join(', ');
	if ((await attempt(`insert into ${name} (${names}) select ${names} from sample`)) !== 'refused') answer += ' +insert';
	for (const column of columns.filter(({ writes }) => writes)) {
		const changed = await attempt(`update ${name} set ${column.name} = ${column.name}`);
		if (changed === 'refused' || changed === 0) continue;
		answer += ' +update';
		break;
	}
	const removed = await attempt(`delete from ${name}`);
	if (removed !== 'refused' && removed !== 0) answer += ' +delete';
	return answer;
}

async function tableLines(): Promise<string[]> {
	const lines = [`| table | rows | ${PEOPLE.join(' | ')} |`, `| --- | --- |${' --- |'.repeat(PEOPLE.length)}`];
	for (const table of tables) {
		const total = Number((await db.owner.query(`select count(*) from ${table.schema}.${table.name}`)).rows[0].count);
		const cells = await rightsOn(table, total);
		lines.push(`| ${table.schema}.${table.name} | ${total > 0 ? 'yes' : 'none'} | ${cells.join(' | ')} |`);
	}
	return lines;
}

/** Grants in the database, which hold independently of row level security. */
async function grantLines(): Promise<string[]> {
	const lines = [`| table | ${ROLES.join(' | ')} |`, `| --- |${' --- |'.repeat(ROLES.length)}`];
	for (const { schema, name } of tables) {
		const cells = [];
		for (const role of ROLES) {
			const { rows } = await db.owner.query<{ rights: string }>(
				`select coalesce(string_agg(p, ' ' order by o), '-') as rights from (
					select p, o from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) with ordinality as x (p, o)
					where has_table_privilege($1, $2, p) or (p in ('select', 'insert', 'update') and has_any_column_privilege($1, $2, p))) as granted`,
				[role, `${schema}.${name}`]
			);
			cells.push(rows[0]?.rights ?? '-');
		}
		lines.push(`| ${schema}.${name} | ${cells.join(' | ')} |`);
	}
	return lines;
}

async function functionLines(): Promise<string[]> {
	const { rows } = await db.owner.query<{ signature: string; definer: boolean; granted: boolean[] }>(
		`select n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature, p.prosecdef as definer,
			array(select has_function_privilege(role, p.oid, 'execute') from unnest($1::text[]) with ordinality as r (role, o) order by o) as granted
		from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private', 'audit') order by 1`,
		[ROLES]
	);
	return [
		`| function | runs as | ${ROLES.join(' | ')} |`,
		`| --- | --- |${' --- |'.repeat(ROLES.length)}`,
		...rows.map(
			(row) =>
				`| ${row.signature} | ${row.definer ? 'owner' : 'caller'} | ${row.granted.map((yes) => (yes ? 'yes' : '-')).join(' | ')} |`
		)
	];
}

test('the role matrix equals the checked-in table', async () => {
	const matrix = [
		'# The role matrix',
		'',
		'Written by `UPDATE_ROLE_MATRIX=1 npm test -- database role-matrix`, read by a person before it is committed, and held against the database by the tests.',
		'',
		'## What each kind of person reads and writes, through the row rules',
		'',
		...(await tableLines()),
		'',
		'## What each database role was granted on tables',
		'',
		...(await grantLines()),
		'',
		'## Who may call each function',
		'',
		...(await functionLines()),
		''
	].join('\n');
	if (process.env.UPDATE_ROLE_MATRIX) await writeFile(FILE, matrix);
	expect(matrix).toBe(await readFile(FILE, 'utf8'));
}, 240_000);

test('every table has row level security, and people have no grants in private or audit', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select c.oid::regclass::text as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private', 'audit') and c.relkind in ('r', 'p') and not c.relrowsecurity`
	);
	expect(rows).toEqual([]);
	const granted = await db.owner.query(
		`select table_schema, table_name, grantee from information_schema.role_table_grants
		where table_schema in ('private', 'audit') and grantee in ('anon', 'authenticated', 'service_role', 'app_server', 'PUBLIC')`
	);
	expect(granted.rows).toEqual([]);
});

test('every function that runs as the owner has a fixed search path', async () => {
	const { rows } = await db.owner.query(
		`select p.oid::regprocedure::text as name from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private', 'audit') and p.prosecdef and not coalesce(p.proconfig @> array['search_path=""'], false)`
	);
	expect(rows).toEqual([]);
});

test('app_server reads and writes no table, and inherits nothing', async () => {
	for (const { schema, name } of tables) {
		const { rows } = await db.owner.query(
			`select has_any_column_privilege('app_server', $1, 'select, insert, update, references') or has_table_privilege('app_server', $1, 'delete, truncate, trigger') as any`,
			[`${schema}.${name}`]
		);
		expect({ name, any: rows[0].any }).toEqual({ name, any: false });
	}
	const { rows } = await db.owner.query(
		`select rolbypassrls, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = 'app_server'`
	);
	expect(rows).toEqual([{ rolbypassrls: false, rolsuper: false, rolcreaterole: false, rolcreatedb: false }]);
});

test('an organiser of another Summit has no role here', async () => {
	const other = await makeWorld(db.owner);
	for (const role of organiserRoles) {
		await db.owner.query('begin');
		await setCaller(db.owner, other.people[role]);
		const counts = await db.owner.query<{ registrations: string; drafts: string; queue: string }>(
			`select (select count(*) from public.registrations where summit_id = $1) as registrations,
				(select count(*) from public.sessions where summit_id = $1) as drafts,
				(select count(*) from public.queue_entries where summit_id = $1) as queue`,
			[world.summit]
		);
		await db.owner.query('rollback');
		expect({ role, ...counts.rows[0] }).toEqual({ role, registrations: '0', drafts: '0', queue: '0' });
	}
});
