/* The role of the data path: which roles it may become, and that it has no rights itself. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConnections, type Connections } from '../../../src/lib/database/server/data-path/connections.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let own: pg.Client;
let connections: Connections;

beforeAll(async () => {
	own = await db.connect(db.dataUrl);
	connections = openConnections(db.dataUrl, 1);
});
afterAll(async () => {
	await connections.close();
});

test('can become anon and authenticated and no other role', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select rolname as name from pg_roles where rolname <> 'data_path' order by 1`
	);
	const became: string[] = [];
	for (const { name } of rows) {
		const done = await own.query(`set role ${own.escapeIdentifier(name)}`).then(
			() => true,
			(error: { code: string }) => (expect(error.code).toBe('42501'), false)
		);
		if (done) became.push(name);
		await own.query('reset role');
	}
	expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['app_server', 'postgres', 'service_role']));
	expect(became).toEqual(['anon', 'authenticated']);
	// Nor through one of them.
	for (const way of became) {
		await own.query(`set role ${way}`);
		await expect(own.query('set role service_role')).rejects.toMatchObject({ code: '42501' });
		await expect(own.query('set session authorization postgres')).rejects.toMatchObject({ code: '42501' });
		await own.query('reset role');
	}
});

test('has no attributes, no rights and no objects', async () => {
	const { rows } = await db.owner.query(
		`select rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname = 'data_path'`
	);
	expect(rows).toEqual([
		{
			rolsuper: false,
			rolinherit: false,
			rolcreaterole: false,
			rolcreatedb: false,
			rolreplication: false,
			rolbypassrls: false
		}
	]);
	const depends = await db.owner.query(
		`select pg_describe_object(classid, objid, objsubid) as what from pg_shdepend
		where refclassid = 'pg_authid'::regclass and refobjid = 'data_path'::regrole and dbid in (0, (select oid from pg_database where datname = current_database()))
			and classid not in ('pg_auth_members'::regclass, 'pg_db_role_setting'::regclass)`
	);
	expect(depends.rows).toEqual([]);
});

test('reads and writes no table as itself', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select c.oid::regclass::text as name from pg_class as c
		where c.relkind in ('r', 'v', 'm', 'p') and c.relnamespace::regnamespace::text in ('public', 'private', 'audit', 'auth')`
	);
	expect(rows.length).toBeGreaterThan(200);
	const readable: string[] = [];
	for (const { name } of rows)
		for (const sql of [`select from ${name} limit 1`, `delete from ${name}`])
			await own.query(sql).then(
				() => readable.push(sql),
				(error: { code: string; message: string }) => expect(['42501', '55000'], error.message).toContain(error.code)
			);
	expect(readable).toEqual([]);
});

test('calls only functions that are open to everybody as itself', async () => {
	const { rows } = await db.owner.query(
		`select p.oid::regprocedure::text as name from pg_proc as p
		where p.pronamespace::regnamespace::text in ('public', 'private', 'audit') and has_function_privilege('data_path', p.oid, 'execute')
			and not exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a where a.grantee = 0 and a.privilege_type = 'EXECUTE')`
	);
	expect(rows).toEqual([]);
});

test('signs in with the settings of the REST connection', async () => {
	const { rows } = await own.query(
		`select current_setting('search_path') as path, current_setting('statement_timeout') as statement,
			current_setting('idle_in_transaction_session_timeout') as idle`
	);
	expect(rows).toEqual([{ path: 'public, extensions', statement: '20s', idle: '20s' }]);
});

const begin = {
	text: `select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)`,
	values: ['{"role":"authenticated","sub":"somebody"}']
};
const state = `select current_user::text as who, current_setting('role') as role, coalesce(current_setting('request.jwt.claims', true), '') as claims,
	pg_backend_pid() as pid`;

test('is itself again after each call, also after a failed one', async () => {
	const [before] = await connections.read<{ pid: number }>(state);
	const itself = [{ who: 'data_path', role: 'none', claims: '', pid: before?.pid }];
	const within = { text: `select current_user || ' ' || current_setting('request.jwt.claims')`, values: [] };
	expect(await connections.send([begin, within])).toBe(`authenticated ${begin.values[0]}`);
	expect(await connections.read(state)).toEqual(itself);
	for (const text of ['select 1 / 0', 'select from private.my_secrets', 'syntax error', 'select 1']) {
		await connections.send([begin, { text, values: text === 'select 1' ? ['one too many'] : [] }]).catch(() => null);
		expect(await connections.read(state)).toEqual(itself);
	}
});

test('runs the second statement in the transaction of the first', async () => {
	const id = { text: 'select pg_current_xact_id()::text', values: [] };
	const first = await connections.send([id, id]);
	const both = { text: `select set_config('app.first', pg_current_xact_id()::text, true)`, values: [] };
	expect(
		await connections.send([
			both,
			{ text: `select (current_setting('app.first') = pg_current_xact_id()::text)::text`, values: [] }
		])
	).toBe('true');
	expect(await connections.send([id])).not.toBe(first);
});
