/* The server of an https site behind a proxy that ends TLS: requests reach it as these do. */
import { freePort } from '../../../src/local/processes.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';

const header = { 'x-forwarded-for': '192.0.2.1' };

let stack: TestSummit;
let inside: string;

test.describe.configure({ mode: 'serial', timeout: 180_000 });
test.beforeAll(async () => {
	const port = await freePort();
	stack = await startStack({
		sample: true,
		port,
		env: { ORIGIN: `https://localhost:${port}`, ADDRESS_HEADER: 'x-forwarded-for' }
	});
	inside = `http://127.0.0.1:${port}`;
});
test.afterAll(() => stack?.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
	fetch(inside + path, { redirect: 'manual', headers: { ...header, ...headers } });
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
	fetch(inside + path, {
		method: 'POST',
		redirect: 'manual',
		headers: { ...header, origin: stack.origin, accept: 'text/html', ...headers },
		body: new URLSearchParams(fields)
	});
const setBy = (answer: Response) => answer.headers.getSetCookie().map((cookie) => cookie.split('; '));

test('binds every cookie to the host, and ignores one that is not @alone', async () => {
	const person = /name="person" value="([0-9a-f-]{36})"/.exec(await (await get('/sample')).text())?.[1] ?? '';
	const signedIn = await post('/sample', { person, next: '/account' });
	expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/account']);
	const themed = await post('/api/theme', { theme: 'dark', next: '/' });
	const set = [...setBy(signedIn), ...setBy(themed)];
	expect(set.length).toBeGreaterThan(1);
	for (const [pair = '', ...attributes] of set) {
		expect(pair).toMatch(/^__Host-/);
		expect(attributes).toContain('Path=/');
		expect(attributes).toContain('Secure');
		expect(attributes.filter((each) => /^domain/i.test(each))).toEqual([]);
	}
	const cookie = set.map(([pair]) => pair).join('; ');
	const own = await get('/account', { cookie });
	expect([own.status, own.headers.get('cache-control'), (await own.text()).includes('data-theme="dark"')]).toEqual([
		200,
		'private, no-store',
		true
	]);
	const planted = await get('/account', { cookie: cookie.replaceAll('__Host-', '') });
	expect([planted.status, planted.headers.get('location')]).toEqual([303, '/sign-in?next=%2Faccount']);
	const pays = (await get('/account', { cookie })).headers.get('content-security-policy');
	expect(/form-action ([^;]*)/.exec(pays ?? '')?.[1]).toBe(
		`'self' ${new URL(stack.variables.STRIPE_API_URL ?? '').origin}`
	);
});

test('takes the sessions with which a deployment is rehearsed @alone', async () => {
	const { cookie } = await openSession(stack.variables, 'rehearsed@example.org');
	expect((await get('/account', { cookie })).status).toBe(200);
});

test('does not let sign-in be stored, and sends static files with their declared type @alone', async () => {
	const page = await get('/sign-in');
	expect([
		page.headers.get('cache-control'),
		/form-action ([^;]*)/.exec(page.headers.get('content-security-policy') ?? '')?.[1]
	]).toEqual(['private, no-store', "'self'"]);
	// The last one is refused before any page sees it.
	for (const path of ['/embed.js', '/icon.svg', '/blank.html', '/nothing', '/%00']) {
		const { headers } = await get(path);
		expect([path, headers.get('x-content-type-options'), headers.get('strict-transport-security')]).toEqual([
			path,
			'nosniff',
			'max-age=31536000; includeSubDomains'
		]);
	}
	for (const range of ['bytes=5-2', 'bytes=0-99999999999999999999', 'bytes=-5', 'bytes=1-2'])
		expect((await get('/embed.js', { range })).status).toBe(200);
});

test('refuses every write from another origin, whatever its type and method @alone', async () => {
	const json = { 'content-type': 'application/json' };
	const answers = async (origin: Record<string, string>) =>
		Promise.all(
			(['POST', 'DELETE'] as const).map(async (method) => {
				const answer = await fetch(`${inside}/api/push`, {
					method,
					headers: { ...header, ...json, ...origin },
					body: 'null'
				});
				return answer.status;
			})
		);
	expect(await answers({ origin: stack.origin })).toEqual([422, 422]);
	for (const origin of [{}, { origin: 'null' }, { origin: 'https://evil.example' }, { origin: inside }])
		expect(await answers(origin as Record<string, string>)).toEqual([403, 403]);
	const text = { origin: stack.origin, 'content-type': 'text/plain' };
	const key = { authorization: `Bearer ${'k'.repeat(43)}` };
	const untyped = ['/api/push', '/api/passkeys', '/api/captions'].map((path) =>
		fetch(inside + path, { method: 'POST', headers: { ...header, ...text, ...key }, body: '{"act":"options"}' })
	);
	expect((await Promise.all(untyped)).map(({ status }) => status)).toEqual([415, 415, 415]);
	const engine = await fetch(`${inside}/api/captions`, { method: 'POST', headers: { ...header, ...json }, body: '{}' });
	const stripe = await fetch(`${inside}/webhooks/stripe`, {
		method: 'POST',
		headers: { ...header, ...json },
		body: '{}'
	});
	const livekit = await fetch(`${inside}/webhooks/livekit`, {
		method: 'POST',
		headers: { ...header, ...json },
		body: '{}'
	});
	expect([engine.status, stripe.status, livekit.status]).toEqual([401, 400, 401]);
});

test('writes one line for each refused request, without anything personal @alone', async () => {
	const before = stack.output().length;
	const lines = () =>
		stack
			.output()
			.slice(before)
			.split('\n')
			.filter((line) => line.includes('request refused'))
			.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>);
	const address = 'minister@secret.example';
	const asked = await post('/sign-in?/ask', { address });
	const cookie = setBy(asked)
		.map(([pair]) => pair)
		.join('; ');
	await post('/sign-in?/check', { code: '00000000' }, { cookie });
	await post('/account?/leave', { address }, { accept: 'application/json' });
	await post('/sign-in?/ask', { address }, { origin: 'https://evil.example', 'content-type': 'application/json' });
	await get('/invitation/a-guessed-token');
	await get('/calendar/a-guessed-token.ics');
	const passkey = { id: 'AA', rawId: 'AA', type: 'public-key', response: { clientDataJSON: 'e30' } };
	await fetch(`${inside}/api/passkeys`, {
		method: 'POST',
		headers: { ...header, origin: stack.origin, 'content-type': 'application/json' },
		body: JSON.stringify({ act: 'sign_in', response: passkey })
	});
	await fetch(`${inside}/healthz`, { method: 'PUT', headers: { ...header, origin: stack.origin } });
	await post('/webhooks/livekit', {});
	await post('/talk/answers', { code: 'AAAA-AAAA-AAAA-AAAA' });
	await expect.poll(() => lines().length).toBe(8);
	const known = {
		level: 40,
		time: expect.any(String),
		msg: 'request refused',
		client: expect.stringMatching(/^[0-9a-f]{16}$/)
	};
	const facts = (route: string, method: string, status: number, reason: string) => ({
		...known,
		route,
		method,
		status,
		reason
	});
	expect(lines()).toEqual([
		facts('/(account)/sign-in', 'POST', 422, 'code_wrong'),
		facts('/(account)/account', 'POST', 401, 'not_signed_in'),
		facts('/(account)/sign-in', 'POST', 403, 'origin'),
		facts('/(account)/invitation/[token]', 'GET', 404, 'unknown_link'),
		facts('/(public)/calendar/[token].ics', 'GET', 404, 'unknown_link'),
		facts('/api/passkeys', 'POST', 200, 'passkey_unknown'),
		facts('/healthz', 'PUT', 405, 'method'),
		facts('/webhooks/livekit', 'POST', 401, 'signature')
	]);
	expect(new Set(lines().map(({ client }) => client)).size).toBe(1);
	for (const personal of [address, '192.0.2.1', 'guessed', '00000000'])
		expect(stack.output().slice(before)).not.toContain(personal);
});
