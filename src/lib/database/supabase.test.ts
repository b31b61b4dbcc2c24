import type { Cookies } from '@sveltejs/kit';
import { beforeAll, expect, it } from 'vitest';
import { env } from '$env/dynamic/private';
import { requestClient, sessionCookie } from './server/supabase.ts';

beforeAll(() => {
	env['SUPABASE_URL'] ??= 'http://127.0.0.1:9';
	env['SUPABASE_PUBLISHABLE_KEY'] ??= 'publishable';
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const session = {
	access_token: `${part({ alg: 'HS256' })}.${part({ sub: 'somebody', exp: 4_000_000_000 })}.x`,
	refresh_token: 'refresh',
	token_type: 'bearer',
	expires_in: 3600,
	expires_at: 4_000_000_000,
	user: { id: 'somebody' }
};
const cookies = {
	getAll: () => [
		{ name: sessionCookie, value: `base64-${part(session)}` },
		{ name: 'theme', value: 'dark' }
	],
	set: () => undefined
} as unknown as Cookies;

it('acts as the person whose cookies came, and as nobody once their session has ended', async () => {
	const known = await requestClient(cookies, false).auth.getSession();
	expect(known.data.session?.access_token).toBe(session.access_token);
	const forgotten = await requestClient(cookies, false, true).auth.getSession();
	expect(forgotten.data.session).toBeNull();
});
