/* A device whose session was ended elsewhere: its token has not expired yet, but is refused here. */
import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { env } from '$env/dynamic/private';
import { signInByAddress, signOut } from '../../../src/lib/accounts/server/auth.ts';
import { forgetViewers, readingOf } from '../../../src/lib/accounts/server/viewers.ts';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { authClient, dataClient, tokenOf } from '../../../src/lib/database/server/supabase.ts';
import { closeListener } from '../../../src/lib/live/server/listener.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let lite: TestLite;

beforeAll(async () => {
	lite = await startLite(db);
	env['SUPABASE_URL'] = lite.url;
	env['SUPABASE_PUBLISHABLE_KEY'] = lite.publishableKey;
	env['SUPABASE_SECRET_KEY'] = lite.secretKey;
	process.env['APP_DATABASE_URL'] = db.appUrl;
	process.env['SEALING_KEY'] = `test:${randomBytes(32).toString('base64')}`;
});
afterAll(async () => {
	await closeListener();
	await closePool();
	await lite.stop();
});

function device() {
	const held = new Map<string, string>();
	const cookies = {
		getAll: () => [...held].map(([name, value]) => ({ name, value })),
		set: (name: string, value: string) => void (value === '' ? held.delete(name) : held.set(name, value)),
		delete: (name: string) => void held.delete(name)
	} as unknown as RequestEvent['cookies'];
	const event = {
		cookies,
		url: new URL('http://localhost/'),
		request: new Request('http://localhost/'),
		locals: {}
	} as unknown as RequestEvent;
	const token = () => tokenOf(cookies) ?? '';
	return { held, event, cookies, token };
}

test('reads as a visitor after signing out everywhere, and can sign in again', async () => {
	const { held, event, cookies, token } = device();
	await signInByAddress(event, 'everywhere@example.org');
	expect((await readingOf(token())).viewer?.accountId).toBeTruthy();
	const other = device();
	await signInByAddress(other.event, 'everywhere@example.org');
	const otherToken = other.token();
	expect((await readingOf(otherToken)).viewer).not.toBeNull();
	other.event.locals.token = otherToken;
	await signOut(other.event, 'global');

	// The data API still accepts the token of an ended session; who_am_i asks Auth's own tables.
	const { data, error } = await dataClient(token()).rpc('current_summit');
	expect([data, error]).toEqual([null, null]);
	expect((await readingOf(otherToken)).viewer).toBeNull();
	expect((await readingOf(token())).viewer).toBeNull();

	held.set('gs-session.0', 'base64-a part');
	await signInByAddress(event, 'everywhere@example.org');
	expect([...held.values()]).not.toContain('base64-a part');
	const again = await authClient(cookies, false).auth.getUser();
	expect(again.data.user?.email).toBe('everywhere@example.org');
	expect((await readingOf(token())).viewer).not.toBeNull();
});

test('signing out of one session leaves the other one signed in', async () => {
	const [one, two] = [device(), device()];
	for (const { event } of [one, two]) await signInByAddress(event, 'two@example.org');
	const left = one.token();
	one.event.locals.token = left;
	await signOut(one.event);
	expect((await readingOf(left)).viewer).toBeNull();
	expect((await readingOf(two.token())).viewer).not.toBeNull();
});

test('treats a barred or deleted account, a forged token and a missing token as a visitor', async () => {
	const { event, token } = device();
	await signInByAddress(event, 'barred@example.org');
	const owner = await db.connect();
	const change = (sql: string) => owner.query(`update auth.users set ${sql} where email = 'barred@example.org'`);
	await change(`banned_until = now() + interval '1 hour'`);
	expect((await readingOf(token())).viewer).toBeNull();
	await change(`banned_until = now() - interval '1 hour'`);
	forgetViewers();
	expect((await readingOf(token())).viewer).not.toBeNull();
	await change(`deleted_at = now()`);
	forgetViewers();
	expect((await readingOf(token())).viewer).toBeNull();
	const [head, , tail] = token().split('.');
	const body = Buffer.from(JSON.stringify({ sub: randomBytes(16).toString('hex'), role: 'authenticated' })).toString(
		'base64url'
	);
	expect((await readingOf(`${head}.${body}.${tail}`)).viewer).toBeNull();
	expect((await readingOf('no token')).viewer).toBeNull();
});
