import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let lite: TestLite;

beforeAll(async () => {
	const owner = await db.connect();
	await owner.query(`
		create table public.shut (id integer primary key, secret text);
		insert into public.shut values (1, 'nobody reads this');
		grant select, update on public.shut to anon, service_role;
		revoke all on public.shut from anon;
		create table public.narrow (id integer primary key, shown text, hidden text);
		alter table public.narrow enable row level security;
		create policy everyone on public.narrow for select to anon using (true);
		grant select (id, shown) on public.narrow to anon;
		insert into public.narrow values (1, 'shown', 'hidden');
	`);
	lite = await startLite(db);
});

afterAll(async () => {
	await lite.stop();
});

test('a revoked table stays closed to a visitor after lite has started', async () => {
	const visitor = lite.signedOut();
	// At the first request lite would grant everything.
	await visitor.from('narrow').select('id');
	const read = await visitor.from('shut').select('*');
	expect([read.error?.code, read.data]).toEqual(['42501', null]);
	const written = await visitor.from('shut').update({ secret: 'changed' }).eq('id', 1).select();
	expect([written.error?.code, written.data]).toEqual(['42501', null]);
	const owner = await db.connect();
	const { rows } = await owner.query('select secret from public.shut');
	expect(rows).toEqual([{ secret: 'nobody reads this' }]);
});

test('a column without a grant stays closed', async () => {
	const visitor = lite.signedOut();
	expect((await visitor.from('narrow').select('id, shown')).data).toEqual([{ id: 1, shown: 'shown' }]);
	expect((await visitor.from('narrow').select('hidden')).error?.code).toBe('42501');
});

test('lite has changed no grant at all', async () => {
	const owner = await db.connect();
	const grants = `
		select table_schema || '.' || table_name as name, grantee, string_agg(privilege_type, ',' order by privilege_type) as rights
		from information_schema.role_table_grants where table_schema not in ('pg_catalog', 'information_schema') group by 1, 2 order by 1, 2`;
	const before = (await owner.query(grants)).rows;
	const second = await startLite(db);
	await second.signedOut().from('narrow').select('id');
	await second.signIn('somebody@example.org');
	await second.stop();
	expect((await owner.query(grants)).rows).toEqual(before);
});

test('nobody reads Auth’s own tables through REST', async () => {
	const { client } = await lite.signIn('reader@example.org');
	for (const reader of [lite.signedOut(), client]) {
		const { data, error } = await reader.schema('auth').from('users').select('email');
		expect([data, Boolean(error)]).toEqual([null, true]);
	}
	await expect(db.as('authenticated', {}, (as) => as.query('select email from auth.users'))).rejects.toThrow(
		'permission denied'
	);
});
