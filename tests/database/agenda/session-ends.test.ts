/*
 * The token of an ended session: over REST it reads and writes as a visitor at once, though it is validly signed and
 * has not expired.
 */
import type { SupabaseClient } from '@supabase/supabase-js';
import { createClient } from '@supabase/supabase-js';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionOf } from '../../../src/lib/accounts/device.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let lite: TestLite;
let owner: pg.Client;
let world: World;

beforeAll(async () => {
	lite = await startLite(db);
	owner = await db.connect();
	world = await makeWorld(owner);
});
afterAll(async () => {
	await lite.stop();
});

/** The raw token of a person of the world, as somebody who copied it holds it, and a client that sends nothing else. */
async function tokenOf(
	person: string,
	email: string
): Promise<{ token: string; account: string; raw: SupabaseClient }> {
	const { accessToken: token, userId: account } = await lite.signIn(email);
	await owner.query(`delete from public.account_people where person_id = $1 and relation = 'self'`, [person]);
	await owner.query(`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'self')`, [
		account,
		person
	]);
	return { token, account, raw: createClient(lite.url, lite.publishableKey, { accessToken: async () => token }) };
}

/** What the token can read and write. */
async function powers(raw: SupabaseClient) {
	const identity = await raw.rpc('who_am_i');
	const registration = await raw.rpc('my_registration', { summit: world.summit });
	const accounts = await raw.from('account_people').select('relation');
	const registrations = await raw.from('registrations').select('id');
	const preference = await raw.rpc('save_preferences', { locale: 'fr', time_zone: null });
	const mark = await raw.from('agenda_marks').insert({
		person_id: world.people.delegate.person,
		session_id: world.sessions.public.id
	});
	if (!mark.error) await raw.from('agenda_marks').delete().eq('session_id', world.sessions.public.id);
	return {
		isSomebody: identity.data !== null,
		hasRegistration: registration.data !== null,
		accounts: accounts.data?.length,
		registrations: registrations.data?.length,
		saved: preference.data as unknown,
		marked: mark.error?.code ?? 'ok'
	};
}
const mine = { isSomebody: true, hasRegistration: true, accounts: 1, registrations: 1, saved: 'ok', marked: 'ok' };
const none = {
	isSomebody: false,
	hasRegistration: false,
	accounts: 0,
	registrations: 0,
	saved: 'not_allowed',
	marked: '42501'
};

test('signed out: the raw token is refused over REST, and another session of the same account continues', async () => {
	const { token, raw } = await tokenOf(world.people.delegate.person, 'delegate-out@example.org');
	const other = await lite.signIn('delegate-out@example.org');
	expect(await powers(raw)).toEqual(mine);
	const { error } = await createClient(lite.url, lite.secretKey).auth.admin.signOut(token, 'local');
	expect(error).toBeNull();
	expect(await powers(raw)).toEqual(none);
	expect(await powers(other.client)).toEqual(mine);
});

test('ended on another device: the raw token is refused too', async () => {
	const { token, raw } = await tokenOf(world.people.delegate.person, 'delegate-ended@example.org');
	const other = await lite.signIn('delegate-ended@example.org');
	expect((await other.client.rpc('end_auth_session', { session: sessionOf(token) })).data).toBe('ok');
	expect(await powers(raw)).toEqual(none);
});

test('an organiser who is signed out, barred or deleted reads and decides nothing', async () => {
	const { account, token, raw } = await tokenOf(world.people.registration.person, 'organiser-out@example.org');
	const desk = () => raw.rpc('list_registrations', { summit: world.summit });
	const seen = async () => (await raw.from('registrations').select('id')).data?.length ?? 0;
	const all = await seen();
	expect(all).toBeGreaterThan(3);
	const change = (sql: string) => owner.query(`update auth.users set ${sql} where id = $1`, [account]);
	await change(`banned_until = now() + interval '1 hour'`);
	expect(await seen()).toBe(0);
	await change(`banned_until = null`);
	expect(await seen()).toBe(all);
	await change('deleted_at = now()');
	expect(await seen()).toBe(0);
	await change('deleted_at = null');
	await owner.query(`update auth.sessions set not_after = now() where id = $1`, [sessionOf(token)]);
	expect(await seen()).toBe(0);
	await owner.query(`update auth.sessions set not_after = null where id = $1`, [sessionOf(token)]);
	expect(await seen()).toBe(all);
	await owner.query('delete from auth.sessions where id = $1', [sessionOf(token)]);
	expect(await seen()).toBe(0);
	expect((await desk()).data ?? []).toEqual([]);
});

// "auth.uid() is null" only checks whether there is a token at all.
test('every policy and function that uses the account checks that its session is still valid', async () => {
	const { rows } = await owner.query<{ place: string }>(
		`select p.oid::regprocedure::text as place from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private') and replace(p.prosrc, 'auth.uid() is null', '') ~ 'auth\\.uid\\(\\)'
		union all
		select tablename || ': ' || policyname from pg_policies
		where schemaname in ('public', 'private') and concat(qual, with_check) ~ 'uid\\(\\)'
		order by 1`
	);
	expect(rows).toEqual([{ place: 'private.account()' }]);
});
