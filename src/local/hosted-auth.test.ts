import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { checkHostedAuth } from './hosted-auth.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** GoTrue's settings, with everything off. */
const closed = {
	external: {
		anonymous_users: false,
		apple: false,
		azure: false,
		email: false,
		github: false,
		keycloak: false,
		phone: false
	},
	disable_signup: true,
	mailer_autoconfirm: false,
	phone_autoconfirm: false,
	sms_provider: '',
	saml_enabled: false,
	passkeys_enabled: false
};

/** An Auth that answers with this at `/auth/v1/settings`, to who brings the publishable key. */
async function auth(settings: unknown, status = 200, custom?: object[]): Promise<string> {
	server = createServer((request, response) => {
		if (request.url === '/auth/v1/admin/custom-providers') {
			response.writeHead(!custom ? 404 : request.headers.authorization === 'Bearer secret' ? 200 : 401);
			return void response.end(JSON.stringify({ providers: custom }));
		}
		const isAsked = request.url === '/auth/v1/settings' && request.headers.apikey === 'publishable';
		response.writeHead(isAsked ? status : 401, { 'content-type': 'application/json' });
		response.end(typeof settings === 'string' ? settings : JSON.stringify(settings));
	});
	await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const check = async (settings: unknown, status?: number, custom?: object[]) =>
	checkHostedAuth(await auth(settings, status, custom), 'publishable', 'secret');

test('accepts an Auth that signs nobody in by itself', async () => {
	expect(await check(closed)).toEqual({ problems: [], warning: null });
	// A GoTrue that knows fewer ways.
	expect(await check({ external: { email: false }, disable_signup: true })).toEqual({ problems: [], warning: null });
});

test.each([
	['anybody may make an account', { disable_signup: false }, /anybody may make an account.*GOTRUE_DISABLE_SIGNUP=true/],
	['e-mail', { external: { ...closed.external, email: true } }, /by itself \(e-mail\)/],
	['anonymous sign-in', { external: { anonymous_users: true } }, /by itself \(anonymous sign-in\)/],
	['phone and a provider', { external: { phone: true, github: true } }, /by itself \(phone, github\)/],
	['SAML', { saml_enabled: true }, /by itself \(SAML\)/],
	['passkeys', { passkeys_enabled: true }, /by itself \(passkeys of its own\)/]
])('refuses one with %s', async (_, changed, words) => {
	const { problems, warning } = await check({ ...closed, ...changed });
	expect([problems.length, warning]).toEqual([1, null]);
	expect(problems[0]).toMatch(words);
	expect(problems[0]).not.toContain('publishable');
});

test('finds providers that a project added, as far as they are on', async () => {
	const custom = [
		{ identifier: 'custom:ministry', enabled: true },
		{ identifier: 'custom:former', enabled: false }
	];
	expect((await check(closed, 200, custom)).problems.join()).toContain('by itself (custom:ministry)');
	expect(await check(closed, 200, custom.slice(1))).toEqual({ problems: [], warning: null });
});

test('names everything that is wrong at once', async () => {
	expect((await check({ external: { email: true } })).problems).toHaveLength(2);
});

test('warns where nothing is to be read, and starts', async () => {
	for (const [settings, status, why] of [
		['nothing', 200, 'no answer'],
		[[], 200, 'status 200'],
		[closed, 404, 'status 404']
	] as const)
		expect(await check(settings, status)).toEqual({ problems: [], warning: expect.stringContaining(why) });
	expect(await checkHostedAuth('http://127.0.0.1:9', 'publishable', 'secret')).toEqual({
		problems: [],
		warning: expect.stringContaining('no answer')
	});
});
