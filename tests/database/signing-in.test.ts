/* A device whose session was ended elsewhere: its token still runs, and is worth nothing here. */
import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { env } from '$env/dynamic/private';
import { signInByAddress } from '../../src/lib/accounts/server/auth.ts';
import { closePool } from '../../src/lib/database/server/pool.ts';
import { requestClient } from '../../src/lib/database/server/supabase.ts';
import { startLite, type TestLite } from '../fixtures/lite.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';

let database: TestDatabase;
let lite: TestLite;

beforeAll(async () => {
	database = await startDatabase();
	lite = await startLite(database);
	env['SUPABASE_URL'] = lite.url;
	env['SUPABASE_PUBLISHABLE_KEY'] = lite.publishableKey;
	env['SUPABASE_SECRET_KEY'] = lite.secretKey;
	process.env['APP_DATABASE_URL'] = database.appUrl;
	process.env['SEALING_KEY'] = `test:${randomBytes(32).toString('base64')}`;
});
afterAll(async () => {
	await closePool();
	await lite.stop();
	await database.stop();
});

function device() {
	const held = new Map<string, string>();
	const cookies = {
		getAll: () => [...held].map(([name, value]) => ({ name, value })),
		set: (name: string, value: string) => void (value === '' ? held.delete(name) : held.set(name, value)),
		delete: (name: string) => void held.delete(name)
	} as unknown as RequestEvent['cookies'];
	const request = (forgetting: boolean) =>
		({ cookies, locals: { supabase: requestClient(cookies, false, forgetting) } }) as unknown as RequestEvent;
	return { held, request };
}

test('reads as nobody after signing out everywhere, and signs in anew', async () => {
	const { held, request } = device();
	await signInByAddress(request(false), 'everywhere@example.org');
	const first = request(false).locals.supabase;
	expect((await first.rpc('who_am_i')).data).not.toBeNull();
	const other = device();
	await signInByAddress(other.request(false), 'everywhere@example.org');
	await other.request(false).locals.supabase.auth.signOut({ scope: 'global' });

	// The data API still believes the token, until it runs out.
	expect((await request(false).locals.supabase.rpc('who_am_i')).data).not.toBeNull();
	expect((await request(true).locals.supabase.rpc('who_am_i')).data).toBeNull();

	held.set('gs-session.0', 'base64-a part');
	await signInByAddress(request(true), 'everywhere@example.org');
	expect([...held.values()]).not.toContain('base64-a part');
	const again = await request(false).locals.supabase.auth.getUser();
	expect(again.data.user?.email).toBe('everywhere@example.org');
});
