/*
 * Lists the devices on which an account is signed in. Only the holder of the account can end these sessions, one by
 * one.
 */
import { randomUUID } from 'node:crypto';
import type { SupabaseClient } from '@supabase/supabase-js';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionOf } from '../../../src/lib/accounts/device.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let lite: TestLite;
let client: pg.Client;
let app: pg.Client;

beforeAll(async () => {
	lite = await startLite(db);
	client = await db.connect();
	app = await db.connect(db.appUrl);
});
afterAll(async () => {
	await lite.stop();
});

interface Listed {
	id: string;
	device: string;
	since: string;
	seen: string;
	is_this: boolean;
}

/** Signs in as the site does: a session of Auth with a description of the browser. */
async function signIn(email: string, device: string) {
	const signedIn = await lite.signIn(email);
	const session = sessionOf(signedIn.accessToken) ?? '';
	await app.query('select private.save_auth_session_device($1, $2, $3)', [session, signedIn.userId, device]);
	const bearer = { global: { headers: { authorization: `Bearer ${signedIn.accessToken}` } } };
	return { ...signedIn, session, bearer };
}

const list = async (of: SupabaseClient) => (await of.rpc('list_auth_sessions')).data as Listed[];

test('lists each browser with its device, the current one first', async () => {
	const phone = await signIn('devices@example.org', 'Firefox, Android');
	const desk = await signIn('devices@example.org', 'Chrome, Windows');
	const other = await signIn('other@example.org', 'Safari, Mac');
	const seen = await list(desk.client);
	expect(seen.map(({ id, device, is_this }) => ({ id, device, is_this }))).toEqual([
		{ id: desk.session, device: 'Chrome, Windows', is_this: true },
		{ id: phone.session, device: 'Firefox, Android', is_this: false }
	]);
	expect(Date.parse(seen[0]?.seen ?? '')).toBeGreaterThanOrEqual(Date.parse(seen[0]?.since ?? ''));
	expect((await list(other.client)).map(({ id }) => id)).toEqual([other.session]);
});

test('refuses an ended session at once, and leaves the others signed in', async () => {
	const lost = await signIn('lost@example.org', 'Chrome, Android');
	const remaining = await signIn('lost@example.org', 'Chrome, Windows');
	const outsider = await signIn('outsider@example.org', 'Edge, Windows');
	expect((await outsider.client.rpc('end_auth_session', { session: lost.session })).data).toBe('unknown');
	expect((await lost.client.auth.getUser(lost.accessToken)).data.user?.email).toBe('lost@example.org');
	expect((await remaining.client.rpc('end_auth_session', { session: lost.session })).data).toBe('ok');
	expect((await remaining.client.rpc('end_auth_session', { session: lost.session })).data).toBe('unknown');
	expect((await lost.client.auth.getUser(lost.accessToken)).data.user).toBeNull();
	expect((await lost.client.auth.refreshSession()).data.session).toBeNull();
	expect((await remaining.client.auth.getUser(remaining.accessToken)).data.user?.email).toBe('lost@example.org');
	expect((await list(remaining.client)).map(({ id }) => id)).toEqual([remaining.session]);
});

test('records nothing about a session of another account or a missing session', async () => {
	const one = await signIn('noted@example.org', 'Chrome, Linux');
	await app.query('select private.save_auth_session_device($1, $2, $3)', [randomUUID(), one.userId, 'Invented']);
	await app.query('select private.save_auth_session_device($1, $2, $3)', [
		one.session,
		randomUUID(),
		'Somebody else’s'
	]);
	const { rows } = await client.query('select device from private.auth_session_devices where account_id = $1', [
		one.userId
	]);
	expect(rows).toEqual([{ device: 'Chrome, Linux' }]);
	const { error } = await lite.signedOut().rpc('list_auth_sessions');
	expect(error?.code).toBe('42501');
});

test('notifies the person’s pages when somebody ends the current session', async () => {
	const only = await signIn('itself@example.org', 'Chrome, Linux');
	await app.query(`select private.link_account($1, sha256('itself'), '\\x00', 'k')`, [only.userId]);
	const { rows } = await client.query<{ person: string }>(
		'select person_id as person from public.account_people where account_id = $1',
		[only.userId]
	);
	const received: string[] = [];
	const listener = await db.connect();
	listener.on('notification', ({ payload }) => received.push(payload ?? ''));
	await listener.query('listen live_events');
	expect((await only.client.rpc('end_auth_session', { session: only.session })).data).toBe('ok');
	await expect.poll(() => received.join(' ')).toContain(rows[0]?.person);
});
