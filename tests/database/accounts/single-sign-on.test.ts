/* Sign-in at the issuer of a ministry: only an address of its own domains, and only by an answer that it gave to this browser, once. */
import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	beginSignOn,
	finishSignOn,
	issuerOf,
	issuers,
	rememberHint,
	takePending
} from '../../../src/lib/accounts/server/single-sign-on.ts';
import type { Issuer } from '../../../src/lib/accounts/issuers.ts';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { startForgingIssuer, type Forgery, type ForgingIssuer } from '../../fixtures/forging-issuer.ts';
import { signInAtMinistry, startMinistry, type Ministry } from '../../fixtures/ministry.ts';

const db = useDatabase();
const origin = 'http://localhost:3999';
const secret = randomBytes(32).toString('hex');
let ministry: Ministry;
let forging: ForgingIssuer;

beforeAll(async () => {
	ministry = await startMinistry(origin, 'ministry');
	forging = await startForgingIssuer(secret);
	Object.assign(process.env, {
		APP_DATABASE_URL: db.appUrl,
		SEALING_KEY: `test:${randomBytes(32).toString('base64')}`,
		ORIGIN: origin,
		SSO: 'ministry,forging',
		...ministry.variables('ministry', 'interior.example'),
		SSO_FORGING_ISSUER: forging.url,
		SSO_FORGING_NAME: 'Forging Ministry',
		SSO_FORGING_CLIENT_ID: 'summit',
		SSO_FORGING_CLIENT_SECRET: secret,
		SSO_FORGING_DOMAINS: 'ministry.example'
	});
});
afterAll(async () => {
	await closePool();
	await Promise.all([ministry.stop(), forging.stop()]);
});

const named = (id: string) => issuers().find((each) => each.id === id) as Issuer;

/** A browser, at an address of the site. */
function browser() {
	const held = new Map<string, string>();
	const cookies = {
		getAll: () => [...held].map(([name, value]) => ({ name, value })),
		get: (name: string) => held.get(name),
		set: (name: string, value: string) => void held.set(name, value),
		delete: (name: string) => void held.delete(name)
	};
	const at = (url: URL) => ({ cookies, url, locals: {}, request: new Request(url) }) as unknown as RequestEvent;
	return { held, at };
}
type Browser = ReturnType<typeof browser>;

async function begin(issuer: Issuer, one: Browser, next = '/account'): Promise<URL> {
	const begun = await beginSignOn(one.at(new URL('/sign-in', origin)), issuer, next);
	if (!('to' in begun)) throw new Error(begun.failure);
	return new URL(begun.to);
}
/** Where the forging issuer leads back to. */
async function answerOf(one: Browser, more: Record<string, string> = {}): Promise<URL> {
	const to = await begin(named('forging'), one);
	forging.nonce = to.searchParams.get('nonce') ?? '';
	const back = new URL(to.searchParams.get('redirect_uri') ?? '');
	back.search = new URLSearchParams({ code: 'c', state: to.searchParams.get('state') ?? '', ...more }).toString();
	return back;
}
async function finish(issuer: Issuer, one: Browser, back: URL) {
	const event = one.at(back);
	const pending = takePending(event, issuer);
	return pending ? finishSignOn(event, issuer, pending) : { failure: 'expired' };
}

describe('a certified provider', () => {
	test('proves an address of its domains', async () => {
		const one = browser();
		const to = await begin(named('ministry'), one);
		expect(Object.fromEntries(to.searchParams)).toMatchObject({
			response_type: 'code',
			redirect_uri: `${origin}/sign-in/with/ministry/back`,
			code_challenge_method: 'S256',
			scope: 'openid email'
		});
		const back = await signInAtMinistry(to.href, 'Delegate@Interior.example');
		expect(await finish(named('ministry'), one, back)).toEqual({ address: 'delegate@interior.example' });
		expect(one.held.size).toBe(0);
	});

	test.each([
		['minister@other.example', 'outside'],
		['minister@sub.interior.example', 'outside'],
		['minister@interior.example.evil.example', 'outside'],
		['unverified@interior.example', 'unverified'],
		['minister@other.example,delegate@interior.example', 'no_address'],
		['not an address', 'no_address']
	])('refuses %s as %s', async (account, failure) => {
		const one = browser();
		const back = await signInAtMinistry((await begin(named('ministry'), one)).href, account);
		expect(await finish(named('ministry'), one, back)).toEqual({ failure });
	});

	test('gives nothing for a code that another browser got', async () => {
		const [victim, attacker] = [browser(), browser()];
		const stolen = await signInAtMinistry((await begin(named('ministry'), victim)).href, 'victim@interior.example');
		const own = await signInAtMinistry((await begin(named('ministry'), attacker)).href, 'thief@interior.example');
		own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
		expect(await finish(named('ministry'), attacker, own)).toEqual({ failure: 'refused' });
		// The provider took the code for stolen, and so does not accept it from its own browser either.
		expect(await finish(named('ministry'), browser(), stolen)).toEqual({ failure: 'expired' });
	});

	test('is asked once for each begun sign-in, also by two answers at once', async () => {
		const one = browser();
		const back = await signInAtMinistry((await begin(named('ministry'), one)).href, 'twice@interior.example');
		const copy = browser();
		for (const [name, value] of one.held) copy.held.set(name, value);
		const both = await Promise.all([finish(named('ministry'), one, back), finish(named('ministry'), copy, back)]);
		expect(both).toContainEqual({ address: 'twice@interior.example' });
		expect(both).toContainEqual({ failure: 'used' });
	});

	test('leads two tabs that began at once back to where each was going', async () => {
		const one = browser();
		const [first, second] = [await begin(named('ministry'), one, '/a'), await begin(named('ministry'), one, '/b')];
		const nexts = [];
		for (const to of [first, second]) {
			const back = await signInAtMinistry(to.href, 'tabs@interior.example');
			nexts.push(takePending(one.at(back), named('ministry'))?.next);
		}
		expect(nexts).toEqual(['/a', '/b']);
	});

	test('keeps four begun sign-ins of a browser at most', async () => {
		const one = browser();
		for (let n = 0; n < 7; n++) await begin(named('ministry'), one);
		expect(one.held.size).toBe(4);
	});
});

describe('an issuer that forges', () => {
	const attempt = async (forgery: Forgery) => {
		const one = browser();
		const back = await answerOf(one);
		forging.forge(forgery);
		return finish(named('forging'), one, back);
	};
	const past = Math.floor(Date.now() / 1000) - 3600;

	test('signs in when its answer is right', async () => {
		expect(await attempt({})).toEqual({ address: 'delegate@ministry.example' });
		expect(await attempt({ claims: { aud: ['summit'] } })).toEqual({ address: 'delegate@ministry.example' });
	});

	const refused: [string, Forgery, string][] = [
		['a key that it does not publish', { otherKey: true }, 'refused'],
		['no signature', { algorithm: 'none' }, 'refused'],
		['the client secret as its key', { algorithm: 'HS256' }, 'refused'],
		['a token for another site', { claims: { aud: 'another' } }, 'refused'],
		['a token for several sites, issued to another', { claims: { aud: ['summit', 'x'], azp: 'x' } }, 'refused'],
		['another issuer', { claims: { iss: 'https://elsewhere.example' } }, 'refused'],
		['the nonce of another sign-in', { claims: { nonce: 'another' } }, 'refused'],
		['no nonce', { claims: { nonce: undefined } }, 'refused'],
		['no person', { claims: { sub: undefined } }, 'refused'],
		['an expired token', { claims: { iat: past, exp: past + 60 } }, 'clock'],
		['a token of the future', { claims: { nbf: past + 7200 } }, 'clock'],
		['an unverified address', { claims: { email_verified: false } }, 'unverified'],
		['an address of which it says nothing', { claims: { email_verified: undefined } }, 'unverified'],
		['"true" as a text', { claims: { email_verified: 'true' } }, 'unverified'],
		['an address of another domain', { claims: { email: 'delegate@interior.example' } }, 'outside'],
		['an address that is no text', { claims: { email: ['delegate@ministry.example'] } }, 'no_address'],
		['a code that it does not know', { status: 400 }, 'refused'],
		['a failure of its own', { status: 503 }, 'away'],
		['no answer', { status: -1 }, 'away']
	];
	test.each(refused)('is refused with %s', async (_, forgery, failure) => {
		expect(await attempt(forgery)).toEqual({ failure });
	});

	test('is asked for the address at its user info, of the same person only', async () => {
		const about = { email: 'delegate@ministry.example', email_verified: true };
		const claims = { email: undefined, email_verified: undefined };
		expect(await attempt({ claims, userInfo: { sub: 'person-1', ...about } })).toEqual({ address: about.email });
		expect(await attempt({ claims, userInfo: { sub: 'person-2', ...about } })).toEqual({ failure: 'refused' });
		expect(await attempt({ claims })).toEqual({ failure: 'no_address' });
	});

	test('tolerates clocks that differ by seconds', async () => {
		const now = Math.floor(Date.now() / 1000);
		expect(await attempt({ claims: { iat: now - 320, exp: now - 20 } })).toHaveProperty('address');
	});

	test.each([
		[{ iss: 'https://elsewhere.example' }, 'refused'],
		[{ error: 'access_denied' }, 'cancelled'],
		[{ error: 'temporarily_unavailable' }, 'away'],
		[{ error: '__proto__' }, 'refused'],
		[{ code: '' }, 'refused']
	])('is refused with %o in the address', async (more, failure) => {
		const one = browser();
		const back = await answerOf(one, more as Record<string, string>);
		forging.forge({});
		expect(await finish(named('forging'), one, back)).toEqual({ failure });
	});
});

describe('an answer that fits no begun sign-in', () => {
	test.each(['', 'short', '../../etc', 'a'.repeat(43)])('has the state "%s"', async (state) => {
		const one = browser();
		const back = await answerOf(one);
		back.searchParams.set('state', state);
		expect(takePending(one.at(back), named('forging'))).toBeNull();
	});

	test('came to another issuer', async () => {
		const one = browser();
		expect(takePending(one.at(await answerOf(one)), named('ministry'))).toBeNull();
	});

	test('came too late, or with a cookie that we did not make', async () => {
		const one = browser();
		const back = await answerOf(one);
		const [[name = '', value = ''] = []] = [...one.held];
		one.held.set(name, `${value}x`.replace('.', '.A'));
		expect(takePending(one.at(back), named('forging'))).toBeNull();
		one.held.set(name, value);
		const elevenMinutes = Date.now() + 660_000;
		const now = Date.now;
		Date.now = () => elevenMinutes;
		try {
			expect(takePending(one.at(back), named('forging'))).toBeNull();
		} finally {
			Date.now = now;
		}
	});
});

test('tells the issuer the address that was typed, once, and no other issuer', async () => {
	const one = browser();
	rememberHint(one.at(new URL(origin)), ' Typed@Interior.example');
	const hintAt = async (id: string) => (await begin(named(id), one)).searchParams.get('login_hint');
	expect(await hintAt('ministry')).toBe('typed@interior.example');
	expect(await hintAt('ministry')).toBeNull();
	rememberHint(one.at(new URL(origin)), 'typed@interior.example');
	expect(await hintAt('forging')).toBeNull();
});

test('says so when the issuer does not answer, and asks it again', async () => {
	const gone: Issuer = { ...named('forging'), id: 'gone', url: 'http://127.0.0.1:9' };
	for (let n = 0; n < 2; n++)
		expect(await beginSignOn(browser().at(new URL(origin)), gone, '')).toEqual({ failure: 'away' });
});

test('vouches for addresses by their exact domain', () => {
	expect(
		['A@Interior.example ', 'a@sub.interior.example', 'a@ministry.example'].map((typed) => issuerOf(typed)?.id)
	).toEqual(['ministry', undefined, 'forging']);
});

test('uses each state once, among any number at once', async () => {
	const clients = await Promise.all(Array.from({ length: 5 }, () => db.connect(db.appUrl)));
	const hash = randomBytes(32);
	const used = await Promise.all(
		clients.map((each) => each.query<{ ok: boolean }>('select private.use_sign_in_state($1) as ok', [hash]))
	);
	expect(used.filter(({ rows }) => rows[0]?.ok)).toHaveLength(1);
	await db.owner.query(`update private.used_sign_in_states set used_at = now() - interval '2 hours'`);
	await db.app.query('select private.delete_expired_challenges()');
	expect((await db.owner.query('select from private.used_sign_in_states')).rowCount).toBe(0);
});
