import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Cookies } from '@sveltejs/kit';
import { beforeAll, expect, it } from 'vitest';
import { env } from '$env/dynamic/private';
import { pooledFetch } from './server/pooled-fetch.ts';
import { authClient, mayRenew, sessionCookie, tokenOf } from './server/supabase.ts';

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
const text = `base64-${part(session)}`;
const holding = (values: Record<string, string>) =>
	({
		getAll: () => Object.entries({ theme: 'dark', ...values }).map(([name, value]) => ({ name, value })),
		set: () => undefined
	}) as unknown as Cookies;
const cookies = holding({ [sessionCookie]: text });

it('acts as the person of the cookies, and as signed out on request', async () => {
	const known = await authClient(cookies, false).auth.getSession();
	expect(known.data.session?.access_token).toBe(session.access_token);
	const forgotten = await authClient(cookies, false, true).auth.getSession();
	expect(forgotten.data.session).toBeNull();
});

it('reads the token from one cookie or from its parts in their order', () => {
	expect(tokenOf(cookies)).toBe(session.access_token);
	const parts = { [`${sessionCookie}.1`]: text.slice(90), [`${sessionCookie}.0`]: text.slice(0, 90) };
	expect(tokenOf(holding(parts))).toBe(session.access_token);
});

it('leaves a session near its end to Auth, and ignores invalid cookies', () => {
	const end = session.expires_at * 1000;
	expect(tokenOf(cookies, end - 91_000)).toBe(session.access_token);
	expect(tokenOf(cookies, end - 90_000)).toBeNull();
	expect([end - 91_000, end - 90_000, end + 1].map((now) => mayRenew(cookies, now))).toEqual([false, true, true]);
	for (const value of [
		'',
		'base64-',
		'base64-%%%',
		`base64-${part(null)}`,
		`base64-${part({ access_token: 7 })}`,
		part(session)
	])
		expect([tokenOf, mayRenew].map((read) => read(holding({ [sessionCookie]: value })))).toEqual([null, false]);
	expect(tokenOf(holding({ 'gs-session-code-verifier': text }))).toBeNull();
});

it('uses few connections, and returns the whole answer', async () => {
	const sockets = new Set<unknown>();
	const server = createServer((request, response) => {
		sockets.add(request.socket);
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			response.writeHead(request.url === '/nothing' ? 204 : 201, { 'x-asked': request.method ?? '' });
			response.end(
				request.url === '/nothing' ? undefined : `${Buffer.concat(chunks).toString()} ${request.headers['x-one']}`
			);
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const request = () =>
		pooledFetch(`${origin}/`, { method: 'POST', headers: new Headers({ 'X-One': 'one' }), body: 'ünï' });
	const answers = await Promise.all(Array.from({ length: 200 }, request));
	expect(sockets.size).toBeLessThanOrEqual(64);
	expect([answers[0]?.status, answers[0]?.headers.get('x-asked'), await answers[0]?.text()]).toEqual([
		201,
		'POST',
		'ünï one'
	]);
	expect((await pooledFetch(`${origin}/nothing`)).status).toBe(204);
	const stopped = AbortSignal.abort();
	await expect(pooledFetch(`${origin}/`, { signal: stopped })).rejects.toThrow();
	server.closeAllConnections();
	server.close();
	await expect(pooledFetch(`${origin}/`)).rejects.toThrow();
});
