import { describe, expect, it } from 'vitest';
import { Buckets } from './buckets.ts';
import { digitsOf, parseChallenge } from './challenge.ts';
import { deviceName, sessionOf } from './device.ts';
import { safeNext } from './next.ts';
import { viewerFrom } from './viewer.ts';

describe('the next address after sign-in', () => {
	it('is an address of this site', () => {
		expect(safeNext('/2027/me?x=1')).toBe('/2027/me?x=1');
		expect(safeNext('/fr/2027')).toBe('/fr/2027');
	});

	it.each([
		'https://evil.example',
		'//evil.example',
		'/\\evil.example',
		'javascript:alert(1)',
		'',
		'me',
		null,
		7,
		'/\t/evil.example',
		'/.//evil.example',
		'/x/..//evil.example',
		'/%2e//evil.example'
	])('is never %j', (value) => {
		expect(['/', '/evil.example'].includes(safeNext(value)) || !safeNext(value).startsWith('//')).toBe(true);
		expect(new URL(safeNext(value), 'https://summit.example').host).toBe('summit.example');
	});
});

describe('the typed sign-in code', () => {
	it.each([
		['12345678', '12345678'],
		[' 1234 5678 ', '12345678'],
		['1234-5678', '12345678'],
		['1234 5678 9012', '123456789012'],
		['١٢٣٤٥٦٧٨', '12345678'],
		['۱۲۳۴۵۶۷۸', '12345678'],
		['123456', null],
		['1234567', null],
		['123456789', null],
		['1234567a', null],
		['', null]
	])('%j is %j', (typed, digits) => {
		expect(digitsOf(typed)).toBe(digits);
	});
});

it('accepts only a challenge of its own format', () => {
	const challenge = { challenge: '11111111-1111-4111-8111-111111111111', address: 'a@example.org', next: '' };
	expect(parseChallenge(JSON.stringify(challenge))).toEqual(challenge);
	expect(parseChallenge(JSON.stringify({ ...challenge, challenge: 'x' }))).toBeNull();
	expect(parseChallenge('{')).toBeNull();
});

describe('a token bucket', () => {
	it('gives its burst and then its rate', () => {
		const buckets = new Buckets({ burst: 2, perSecond: 1 });
		expect([buckets.take('a', 0), buckets.take('a', 0), buckets.take('a', 0)]).toEqual([true, true, false]);
		expect([buckets.take('a', 1000), buckets.take('a', 1000)]).toEqual([true, false]);
		expect(buckets.take('b', 0)).toBe(true);
	});

	it('is no smaller when there are many', () => {
		const buckets = new Buckets({ burst: 1, perSecond: 0.001, most: 10 });
		for (let index = 0; index < 100; index++) buckets.take(`k${index}`, index);
		expect(buckets.take('k99', 100)).toBe(false);
	});
});

describe('the viewer', () => {
	it('is nobody when the database says so', () => {
		expect(viewerFrom(null)).toBeNull();
	});

	it('is who the database names', () => {
		const viewer = viewerFrom({
			account_id: 'a',
			person_id: 'p',
			display_name: 'Ana',
			has_alias: false,
			roles: [{ role: 'door', summit_id: 's' }],
			unconfirmed_roles: [{ role: 'deputy', summit_id: 's' }],
			has_passkey: true,
			focal: [{ summit_id: 's', member_id: 'm' }],
			speaks: ['s'],
			registered: [],
			locale: 'fr',
			time_zone: null
		});
		expect(viewer).toEqual({
			accountId: 'a',
			personId: 'p',
			displayName: 'Ana',
			roles: [{ role: 'door', summitId: 's' }],
			unconfirmedRoles: [{ role: 'deputy', summitId: 's' }],
			hasPasskey: true,
			focal: [{ summitId: 's', memberId: 'm' }],
			speaks: ['s'],
			registered: [],
			locale: 'fr',
			timeZone: null,
			hasAlias: false
		});
	});
});

describe('the name of a device', () => {
	it.each([
		[
			'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
			'Chrome, Linux'
		],
		[
			'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
			'Edge, Windows'
		],
		['Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0', 'Firefox, Android'],
		[
			'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
			'Safari, iPhone'
		],
		[
			'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1',
			'Chrome, iPhone'
		],
		[
			'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15',
			'Safari, Mac'
		],
		['curl/8.16.0', ''],
		['<script>alert(1)</script>', ''],
		[null, '']
	])('%j is %j', (userAgent, device) => {
		expect(deviceName(userAgent)).toBe(device);
	});

	it('reads the session id of a token, and nothing of an invalid one', () => {
		const token = `x.${Buffer.from(JSON.stringify({ session_id: 'abc' })).toString('base64url')}.y`;
		expect([sessionOf(token), sessionOf('x.y'), sessionOf(''), sessionOf('x.bnVsbA.y')]).toEqual([
			'abc',
			null,
			null,
			null
		]);
	});
});
