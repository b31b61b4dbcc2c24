import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let lite: TestLite;
const admin = () => createClient(lite.url, lite.secretKey, { auth: { persistSession: false } });

beforeAll(async () => {
	lite = await startLite(db);
});

afterAll(async () => {
	await lite.stop();
});

test('generateLink and verifyOtp sign in a new address, and the same person again', async () => {
	const first = await lite.signIn('New.Person@Example.org');
	const again = await lite.signIn('new.person@example.org');
	expect(again.userId).toBe(first.userId);
	const { data } = await first.client.auth.getUser();
	expect(data.user?.email).toBe('new.person@example.org');
});

test('generateLink answers as GoTrue does', async () => {
	const { data, error } = await admin().auth.admin.generateLink({
		type: 'magiclink',
		email: 'shape@example.org',
		options: { redirectTo: 'http://localhost:3000/in' }
	});
	expect(error).toBeNull();
	expect(Object.keys(data.properties ?? {}).sort()).toEqual([
		'action_link',
		'email_otp',
		'hashed_token',
		'redirect_to',
		'verification_type'
	]);
	expect(data.properties?.verification_type).toBe('magiclink');
	expect(data.properties?.redirect_to).toBe('http://localhost:3000/in');
	expect(data.properties?.email_otp).toMatch(/^\d{6}$/);
	expect(data.user?.email).toBe('shape@example.org');
});

test('a link works once', async () => {
	const { data } = await admin().auth.admin.generateLink({ type: 'magiclink', email: 'once@example.org' });
	const token_hash = data.properties?.hashed_token ?? '';
	expect((await lite.signedOut().auth.verifyOtp({ type: 'magiclink', token_hash })).error).toBeNull();
	expect((await lite.signedOut().auth.verifyOtp({ type: 'magiclink', token_hash })).error?.status).toBe(403);
});

test('links requested at the same time go each to their own address', async () => {
	const addresses = Array.from({ length: 12 }, (_, index) => `crowd-${index}@example.org`);
	const people = await Promise.all(addresses.map((address) => lite.signIn(address)));
	const emails = await Promise.all(people.map(async ({ client }) => (await client.auth.getUser()).data.user?.email));
	expect(emails).toEqual(addresses);
});

test('a new person has one session, the one that they hold', async () => {
	const { userId } = await lite.signIn('single@example.org');
	const owner = await db.connect();
	const { rows } = await owner.query('select count(*)::int as sessions from auth.sessions where user_id = $1', [
		userId
	]);
	expect(rows).toEqual([{ sessions: 1 }]);
});

test('signing out everywhere ends the other session too', async () => {
	const phone = await lite.signIn('everywhere@example.org');
	const desk = await lite.signIn('everywhere@example.org');
	expect((await phone.client.auth.signOut({ scope: 'global' })).error).toBeNull();
	expect((await desk.client.auth.getUser(desk.accessToken)).data.user).toBeNull();
});

test('only a holder of the secret key can use the admin API', async () => {
	const { userId, accessToken } = await lite.signIn('target@example.org');
	const visitor = lite.signedOut();
	expect(
		(await visitor.auth.admin.generateLink({ type: 'magiclink', email: 'target@example.org' })).error?.status
	).toBe(401);
	const response = await fetch(`${lite.url}/auth/v1/admin/users/${userId}`, {
		method: 'DELETE',
		headers: { apikey: lite.publishableKey, authorization: `Bearer ${accessToken}` }
	});
	expect(response.status).toBe(401);
	expect((await admin().auth.admin.getUserById(userId)).data.user?.email).toBe('target@example.org');
	expect((await admin().auth.admin.deleteUser(userId)).error).toBeNull();
	expect((await admin().auth.admin.getUserById(userId)).error?.status).toBe(404);
});

test('every way to sign in that bypasses our own limits is closed', async () => {
	const visitor = lite.signedOut();
	await lite.signIn('closed@example.org');
	const attempts = [
		await visitor.auth.signInWithOtp({ email: 'closed@example.org' }),
		await visitor.auth.signUp({ email: 'closed-2@example.org', password: 'a long password' }),
		await visitor.auth.signInWithPassword({ email: 'closed@example.org', password: 'a long password' }),
		await visitor.auth.resetPasswordForEmail('closed@example.org'),
		await visitor.auth.signInAnonymously()
	];
	expect(attempts.map(({ error }) => error?.status)).toEqual([404, 404, 404, 404, 404]);
	const owner = await db.connect();
	const { rows } = await owner.query(`select email from auth.users where email like 'closed-%'`);
	expect(rows).toEqual([]);
});

test('json arguments stay json, and timestamps are written as by PostgREST', async () => {
	const owner = await db.connect();
	await owner.query(`
		create function public.kind_of(p_value jsonb) returns text language sql immutable as $$ select jsonb_typeof(p_value) $$;
		grant execute on function public.kind_of(jsonb) to anon;
		create view public.moment as select '2027-06-09 08:00:00+00'::timestamptz as at;
		grant select on public.moment to anon;
	`);
	const fresh = await startLite(db);
	try {
		expect((await fresh.signedOut().rpc('kind_of', { p_value: { a: [1] } })).data).toBe('object');
		expect((await fresh.signedOut().from('moment').select('at')).data).toEqual([{ at: '2027-06-09T08:00:00+00:00' }]);
	} finally {
		await fresh.stop();
	}
});

test('the log of a refused statement does not contain its values', async () => {
	const owner = await db.connect();
	await owner.query(`
		create table public.canaries (address text primary key);
		alter table public.canaries enable row level security;
		create policy anyone on public.canaries for all to anon using (true) with check (true);
		grant select, insert on public.canaries to anon;
		insert into public.canaries values ('canary@example.org');
	`);
	const fresh = await startLite(db);
	const { error } = await fresh.signedOut().from('canaries').insert({ address: 'canary@example.org' });
	await fresh.stop();
	expect(error?.code).toBe('23505');
	expect(fresh.output()).not.toContain('canary');
});
