import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { theSealer } from '#lib/people/sealing.ts';
import { limited, noteEngine, noteSession } from './rates.ts';

beforeAll(() => {
	process.env['SEALING_KEY'] = `test:${randomBytes(32).toString('base64')}`;
});

const now = Date.now();
const tokenOf = (account: string) =>
	`h.${Buffer.from(JSON.stringify({ sub: account, session_id: account })).toString('base64url')}.${randomBytes(9).toString('base64url')}`;
const sessionCookie = (token: string) => ({
	name: 'gs-session',
	value: `base64-${Buffer.from(JSON.stringify({ access_token: token, expires_at: now / 1000 + 3600 })).toString('base64url')}`
});
function challengeCookie(id: string) {
	const challenge = JSON.stringify({ challenge: id, address: 'a@example.org', next: '' });
	const { sealed, keyId } = theSealer().seal(challenge, 'sign-in challenge');
	return { name: 'gs-challenge', value: `${keyId}.${sealed.toString('base64url')}` };
}

interface Sent {
	address?: string;
	route?: string;
	cookies?: { name: string; value: string }[];
	key?: string;
}
function posted({ address = '198.51.100.1', route = '/(public)', cookies = [], key }: Sent): RequestEvent {
	return {
		getClientAddress: () => address,
		route: { id: route },
		request: new Request('http://localhost/', { headers: key ? { authorization: `Bearer ${key}` } : {} }),
		cookies: { getAll: () => cookies, get: (name: string) => cookies.find((one) => one.name === name)?.value },
		locals: { viewer: null }
	} as unknown as RequestEvent;
}
/** How many of so many posts at one moment pass. */
const passing = (sent: Sent, posts: number) =>
	Array.from({ length: posts }, () => limited(posted(sent), now)).filter((refused) => !refused).length;
const signIn = '/(account)/sign-in';

describe('while somebody floods from the same address', () => {
	const address = '198.51.100.9';
	it('refuses the flood, regardless of the cookies and keys that it invents', () => {
		expect(passing({ address }, 4000)).toBe(3000);
		for (let n = 0; n < 20; n++) {
			const invented = {
				address,
				cookies: [sessionCookie(tokenOf(`invented ${n}`)), { name: 'gs-challenge', value: `k.${n}` }],
				key: `invented-key-${n}`,
				route: signIn
			};
			expect(limited(posted(invented), now)).toBe(true);
		}
	});

	it('lets those pass who signed in, who hold a code, and engines with a good key', () => {
		const token = tokenOf('somebody');
		noteSession(token, now);
		noteEngine('a-good-engine-key', now);
		expect(passing({ address, cookies: [sessionCookie(token)] }, 100)).toBe(100);
		expect(
			passing({ address, cookies: [challengeCookie('11111111-1111-4111-8111-111111111111')], route: signIn }, 8)
		).toBe(8);
		expect(passing({ address, key: 'a-good-engine-key' }, 100)).toBe(100);
	});

	it('lets other addresses pass, and takes a /64 for one', () => {
		expect(passing({ address: '198.51.100.10' }, 100)).toBe(100);
		for (let n = 0; n < 3000; n++) limited(posted({ address: `2001:db8:9:9::${n.toString(16)}` }), now);
		expect(passing({ address: '2001:db8:9:9:ffff::1' }, 10)).toBe(0);
		expect(passing({ address: '::ffff:198.51.100.9' }, 10)).toBe(0);
	});
});

it('limits one who is signed in by the account, wherever they are', () => {
	const [one, other] = [tokenOf('busy'), tokenOf('busy')];
	for (const token of [one, other]) noteSession(token, now);
	expect(passing({ cookies: [sessionCookie(one)] }, 200)).toBe(120);
	expect(passing({ address: '203.0.113.1', cookies: [sessionCookie(other)] }, 10)).toBe(0);
});

it('gives a door device what a morning at the door needs, and forms what a person needs', () => {
	const [door, form] = [tokenOf('door'), tokenOf('form')];
	for (const token of [door, form]) noteSession(token, now);
	expect(passing({ cookies: [sessionCookie(door)], route: '/(door)/[summit]/door' }, 700)).toBe(600);
	expect(passing({ cookies: [sessionCookie(form)] }, 700)).toBe(120);
});

it('limits who types codes, so that not even the right browser hammers', () => {
	const cookies = [challengeCookie('22222222-2222-4222-8222-222222222222')];
	expect(passing({ cookies, route: signIn }, 50)).toBe(12);
});

it('counts a request without the proxy’s header by its own connection', () => {
	const direct = {
		...posted({}),
		getClientAddress: () => {
			throw new Error('absent from request');
		},
		platform: { req: { socket: { remoteAddress: '127.0.0.1' } } }
	} as unknown as RequestEvent;
	expect(limited(direct, now)).toBe(false);
});
