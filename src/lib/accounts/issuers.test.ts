import { describe, expect, test } from 'vitest';
import { provenAddress, readIssuers, type Issuer } from './issuers.ts';

const ministry = {
	SSO: 'ministry',
	SSO_MINISTRY_ISSUER: 'https://login.ministry.example/realms/staff',
	SSO_MINISTRY_NAME: 'Ministry of the Interior',
	SSO_MINISTRY_CLIENT_ID: 'summit',
	SSO_MINISTRY_CLIENT_SECRET: 'never shown',
	SSO_MINISTRY_DOMAINS: 'Ministry.example, police.example'
};
const secretariat = Object.fromEntries(
	Object.entries(ministry).map(([name, value]) => [name.replace('MINISTRY', 'SECRETARIAT'), value])
);

describe('the variables', () => {
	test('name issuers and their domains', () => {
		expect(readIssuers({})).toEqual({ issuers: [], problems: [] });
		expect(readIssuers({ ...ministry, SSO_MINISTRY_REQUIRED: 'yes' })).toEqual({
			problems: [],
			issuers: [
				{
					id: 'ministry',
					name: 'Ministry of the Interior',
					url: 'https://login.ministry.example/realms/staff',
					clientId: 'summit',
					clientSecret: 'never shown',
					domains: ['ministry.example', 'police.example'],
					isRequired: true,
					isDirectory: false
				}
			]
		});
	});

	const wrong: [string, Record<string, string>, string][] = [
		['a missing secret', { SSO_MINISTRY_CLIENT_SECRET: '' }, 'SSO_MINISTRY_CLIENT_SECRET is missing'],
		['a plain address', { SSO_MINISTRY_ISSUER: 'http://login.ministry.example' }, 'SSO_MINISTRY_ISSUER is not in'],
		['no address', { SSO_MINISTRY_ISSUER: 'login.ministry.example' }, 'SSO_MINISTRY_ISSUER is not in its form'],
		...['common', 'organizations', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad'].map(
			(tenant): [string, Record<string, string>, string] => [
				`the Entra ID of everybody (${tenant})`,
				{ SSO_MINISTRY_ISSUER: `https://login.microsoftonline.com/${tenant}/v2.0` },
				'SSO_MINISTRY_ISSUER is not in its form'
			]
		),
		['every domain', { SSO_MINISTRY_DOMAINS: '*' }, 'SSO_MINISTRY_DOMAINS has "*"'],
		['all below one', { SSO_MINISTRY_DOMAINS: '*.example.org' }, 'SSO_MINISTRY_DOMAINS has "*.example.org"'],
		['an address as domain', { SSO_MINISTRY_DOMAINS: 'a@b.example' }, 'SSO_MINISTRY_DOMAINS has "a@b.example"'],
		['an unclear choice', { SSO_MINISTRY_REQUIRED: 'true' }, 'SSO_MINISTRY_REQUIRED is not in its form'],
		['a name of two lines', { SSO_MINISTRY_NAME: 'a\nb' }, 'SSO_MINISTRY_NAME is not in its form'],
		['an id with a slash', { SSO: 'ministry,../x' }, 'SSO names "../x"'],
		['the same issuer twice', { SSO: 'ministry,ministry' }, 'SSO names "ministry" twice'],
		['one domain of two', { ...secretariat, SSO: 'ministry,secretariat' }, 'Two issuers have the domain'],
		['one that is not named', { SSO: '' }, 'SSO does not name its issuer']
	];
	test.each(wrong)('are refused with %s, and no secret is shown', (_, changed, words) => {
		const { problems } = readIssuers({ ...ministry, ...changed });
		expect(problems.join('\n')).toContain(words);
		expect(problems.join('\n')).not.toContain('never shown');
	});
});

describe('an address', () => {
	const issuer = readIssuers(ministry).issuers[0] as Issuer;
	const email = 'a@ministry.example';
	const ok = { address: email };
	const proven = (claims: object, given: Partial<Issuer> = {}) => provenAddress({ ...issuer, ...given }, { ...claims });

	test('of a directory needs no word of its verification, and is refused when it says no', () => {
		const directory = { isDirectory: true };
		expect(proven({ email }, directory)).toEqual(ok);
		expect(proven({ email, email_verified: false }, directory)).toEqual({ refusal: 'unverified' });
		expect(proven({ email, xms_edov: false }, directory)).toEqual({ refusal: 'unverified' });
	});

	test('of Entra ID is verified by its claim for that', () => {
		for (const xms_edov of [true, 1, '1']) expect(proven({ email, xms_edov })).toEqual(ok);
		for (const xms_edov of [false, 0, '0', 'true'])
			expect(proven({ email, xms_edov })).toEqual({ refusal: 'unverified' });
		expect(proven({ email, xms_edov: true, email_verified: false })).toEqual({ refusal: 'unverified' });
	});

	test('of Google belongs to an account that the organisation manages', () => {
		const google = { url: 'https://accounts.google.com' };
		const claims = { email, email_verified: true };
		expect(proven({ ...claims, hd: 'ministry.example' }, google)).toEqual(ok);
		for (const hd of [undefined, 'elsewhere.example', ['ministry.example']])
			expect(proven({ ...claims, hd }, google)).toEqual({ refusal: 'outside' });
	});

	test.each([
		['"victim@other.example"@ministry.example', 'no_address'],
		['victim@other.example @ministry.example', 'no_address'],
		['<victim@ministry.example>', 'no_address'],
		['a@ministry.example.', 'outside'],
		['a@xn--minstry-4ya.example', 'outside'],
		['a@minıstry.example', 'outside'],
		['a@ministry.example\u0000', 'outside'],
		['@ministry.example', 'no_address'],
		['', 'no_address']
	])('%o is refused', (claimed, refusal) => {
		expect(proven({ email: claimed, email_verified: true })).toEqual({ refusal });
	});
});
