/* Access tokens, checked as PostgREST checks them: shared secrets, published keys, and every kind of forgery. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { latestOutage } from './server/outage.ts';
import { createTokenCheck } from './server/data-path/token.ts';
import type { RestRefusal } from './server/data-path/refusal.ts';

const secret = 'a secret of a test, long enough to sign with';
const publishableKey = 'sb_publishable_of_a_test';
const seconds = () => Math.floor(Date.now() / 1000);

let server: Server;
let supabaseUrl: string;
let fetched = 0;
let isAway = false;
const keys: { kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey }[] = [];

beforeAll(async () => {
	for (const alg of ['ES256', 'RS256'])
		keys.push({ kid: `key-${alg}`, alg, ...(await generateKeyPair(alg, { extractable: true })) });
	server = createServer(async (request, response) => {
		fetched += 1;
		if (isAway || request.url !== '/auth/v1/.well-known/jwks.json') return response.writeHead(502).end('away');
		const published = await Promise.all(
			keys.map(async ({ kid, alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }))
		);
		response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: published }));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	supabaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

const whole = () => ({
	sub: 'somebody',
	aud: 'authenticated',
	role: 'authenticated',
	iat: seconds(),
	exp: seconds() + 60
});

function sign(claims: Record<string, unknown>, key: CryptoKey | string = secret, alg = 'HS256', kid?: string) {
	return new SignJWT(claims)
		.setProtectedHeader({ alg, typ: 'JWT', ...(kid && { kid }) })
		.sign(typeof key === 'string' ? new TextEncoder().encode(key) : key);
}

const make = (jwtSecret: string | undefined = secret) => createTokenCheck({ supabaseUrl, publishableKey, jwtSecret });

async function outcome(token: string | null, check = make()): Promise<unknown> {
	try {
		return (await check(token)).role;
	} catch (error) {
		const { status, body } = error as RestRefusal;
		return `${status} ${body.code} ${body.message}`;
	}
}

test('treats a request without a token, or with the anonymous key, as signed out', async () => {
	expect(await make()(null)).toEqual({ role: 'anon', claims: '{"role":"anon"}' });
	expect(await outcome(publishableKey)).toBe('anon');
});

test('accepts a genuine token with all its claims', async () => {
	const claims = { ...whole(), session_id: 'a session', app_metadata: { a: [1] } };
	const caller = await make()(await sign(claims));
	expect([caller.role, JSON.parse(caller.claims)]).toEqual(['authenticated', claims]);
	expect(await outcome(await sign({ ...whole(), aud: ['other', 'authenticated'] }))).toBe('authenticated');
	// The anonymous key of older projects is a token too.
	expect(await outcome(await sign({ iss: 'supabase', role: 'anon', exp: seconds() + 60 }))).toBe('anon');
});

test('accepts keys that Auth publishes without any secret', async () => {
	const check = make('');
	for (const { kid, alg, privateKey } of keys)
		expect(await outcome(await sign(whole(), privateKey, alg, kid), check)).toBe('authenticated');
	const other = await generateKeyPair('ES256');
	expect(await outcome(await sign(whole(), other.privateKey, 'ES256', 'key-ES256'), check)).toBe(
		'401 PGRST301 No suitable key or wrong key type'
	);
	expect(await outcome(await sign(whole(), other.privateKey, 'ES256', 'unknown'), check)).toBe(
		'401 PGRST301 No suitable key or wrong key type'
	);
	expect(await outcome(await sign(whole()), check)).toBe('401 PGRST301 No suitable key or wrong key type');
});

test('rejects a token that is unsigned, or signed with a public value', async () => {
	const refused = '401 PGRST301 No suitable key or wrong key type';
	const [head = '', body = '', signature = ''] = (await sign(whole())).split('.');
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	expect(await outcome(new UnsecuredJWT(whole()).encode())).toBe(refused);
	expect(await outcome(`${part({ alg: 'none' })}.${body}.${signature}`)).toBe(refused);
	expect(await outcome(`${head}.${part({ ...whole(), sub: 'other' })}.${signature}`)).toBe(refused);
	expect(await outcome(`${head}.${body}.`)).toBe(refused);
	expect(await outcome('a.b.c')).toBe(refused);
	expect(await outcome(await sign(whole(), 'another secret, as long as the first one'))).toBe(refused);
	expect(await outcome(await sign(whole(), secret, 'HS512'))).toBe(refused);
	expect(await outcome('garbage')).toBe('401 PGRST301 Expected 3 parts in JWT; got 1');
	// The text of a published key is no secret.
	const jwk = JSON.stringify(await exportJWK((keys[0] as (typeof keys)[0]).publicKey));
	expect(await outcome(await sign(whole(), jwk))).toBe(refused);
});

test('checks the times and the audience of a token', async () => {
	const cases: [Record<string, unknown>, string][] = [
		[{ exp: seconds() }, '401 PGRST303 JWT expired'],
		[{ exp: seconds() - 3600 }, '401 PGRST303 JWT expired'],
		[{ nbf: seconds() + 20 }, 'authenticated'],
		[{ nbf: seconds() + 60 }, '401 PGRST303 JWT not yet valid'],
		[{ iat: seconds() + 60 }, '401 PGRST303 JWT issued at future'],
		[{ aud: 'somebody else' }, '401 PGRST303 JWT not in audience'],
		[{ aud: undefined }, '401 PGRST303 JWT not in audience'],
		[{ aud: [] }, '401 PGRST303 JWT not in audience']
	];
	for (const [claims, expected] of cases)
		expect(await outcome(await sign({ ...whole(), ...claims })), JSON.stringify(claims)).toBe(expected);
	const [head = '', ,] = (await sign(whole())).split('.');
	expect(head).not.toBe('');
	expect(await outcome(await sign({ ...whole(), nbf: '7' as unknown as number }))).toBe(
		"401 PGRST303 The JWT 'nbf' claim must be a number"
	);
});

test.each(['service_role', 'postgres', 'app_server', 'data_path', 'supabase_admin', '', 7])(
	'the role %s is for nobody on this path',
	async (role) => {
		expect(await outcome(await sign({ ...whole(), role }))).toBe(`403 42501 permission denied to set role "${role}"`);
	}
);

test('caches a verified token, and still lets it expire', async () => {
	const check = make();
	const token = await sign({ ...whole(), exp: seconds() + 60 });
	expect(await check(token)).toBe(await check(token));
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
	try {
		expect(await outcome(token, check)).toBe('401 PGRST303 JWT expired');
	} finally {
		vi.useRealTimers();
	}
});

test('reports unreadable keys as an outage, not as a fault of the token', async () => {
	const { kid, alg, privateKey } = keys[0] as (typeof keys)[0];
	const token = await sign(whole(), privateKey, alg, kid);
	const check = make();
	const noted = latestOutage();
	isAway = true;
	expect(await outcome(token, check)).toBe('503 PGRST002 The keys of Auth cannot be read.');
	expect(latestOutage()).toBeGreaterThan(noted);
	isAway = false;
	expect(await outcome(token, check)).toBe('authenticated');
	// Auth is not asked again for each token that names an unknown key.
	const before = fetched;
	for (let n = 0; n < 20; n += 1) await outcome(await sign(whole(), privateKey, alg, `unknown-${n}`), check);
	expect(fetched - before).toBeLessThan(2);
});
