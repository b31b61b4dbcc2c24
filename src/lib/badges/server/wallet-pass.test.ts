import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { locales } from '#lib/i18n/locale.ts';
import type { BadgeRegistration } from '#lib/registration/shown-badge.ts';
import { temporaryFolder } from '#local/temporary-folders.ts';
import { jsonIn, unpackPass } from '../../../../tests/fixtures/wallet-files.ts';
import { issuer, makeWalletKeys, passType, serviceAccount, team } from '../../../../tests/fixtures/wallet-keys.ts';
import type { WalletPass } from '../wallet-pass.ts';
import { readAppleWallet, readGoogleWallet } from '../wallet-settings.ts';
import { makeApplePass } from './apple-pass.ts';
import { googleSaveLink } from './google-pass.ts';

const folder = temporaryFolder('passes');
afterAll(() => rmSync(folder, { recursive: true }));

const keys = makeWalletKeys();
const found = readAppleWallet(keys.apple);
const google = readGoogleWallet(keys.google);
if (!found || !google) throw new Error('The keys of the test are not whole.');
const apple = found;

const badge = 'b2f1c1de-3a52-4d0e-9d6e-6f5f0c2c9a11';
const registration: BadgeRegistration = {
	display_name: 'Amina "Mina" Diallo\\n',
	office: 'Chief of Unit',
	affiliation: 'Office of Somewhere',
	country: 'SN',
	category: 'delegate',
	forbids_photographs: true,
	member: { id: badge, name: 'Ministry of Justice', sector: 'government', country: 'SN' },
	protection: { kind: 'none' },
	badge: { id: badge, badge_code: '7Q4MXK29BD3F', line: [{ original: 'en', en: 'she/her' }] }
};
const summit = {
	id: '0a6f3a0e-46a7-4f5c-8d5c-0a4c3a3b9c01',
	name: { original: 'en', en: 'Global Summit 2027', fr: 'Sommet mondial 2027' },
	city: { original: 'en', en: 'Montevideo' },
	zone: 'America/Montevideo',
	starts_on: '2027-06-09',
	ends_on: '2027-06-11'
};
const pass: WalletPass = { badge, summit, holder: registration, code: 'AQJiMeF-'.repeat(19) };
const alias: WalletPass = {
	...pass,
	holder: { ...registration, display_name: 'Sam Reed', office: '', affiliation: '', protection: { kind: 'alias' } }
};
const over: WalletPass = { ...pass, holder: null, code: null };

const unpacked = async (made: WalletPass, language: 'en' | 'fr' | 'ar' = 'en') =>
	unpackPass(await makeApplePass(apple, made, language, null));

describe('a pass of Apple Wallet', () => {
	test('is signed by the certificate of the pass type, and lists the hash of each of its files', async () => {
		const files = await unpacked(pass);
		for (const name of ['manifest.json', 'signature']) writeFileSync(join(folder, name), files.get(name) ?? '');
		writeFileSync(join(folder, 'ca.pem'), keys.authority);
		const verify = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'signature', '-content', 'manifest.json'];
		const trust = ['-CAfile', 'ca.pem', '-purpose', 'any', '-signer', 'signer.pem'];
		const signed = execFileSync('openssl', [...verify, ...trust], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
		expect(signed.equals(files.get('manifest.json') ?? Buffer.alloc(0))).toBe(true);
		writeFileSync(join(folder, 'manifest.json'), '{}');
		expect(() => execFileSync('openssl', [...verify, ...trust], { cwd: folder, stdio: 'ignore' })).toThrow();
		const hashes = [...files]
			.filter(([name]) => name !== 'manifest.json' && name !== 'signature')
			.map(([name, bytes]) => [name, createHash('sha1').update(bytes).digest('hex')]);
		expect(jsonIn(files, 'manifest.json')).toEqual(Object.fromEntries(hashes));
		expect([...files.keys()].filter((name) => name.endsWith('.png')).sort()).toEqual(
			['icon', 'logo'].flatMap((name) => [`${name}.png`, `${name}@2x.png`, `${name}@3x.png`]).sort()
		);
	});

	test('carries what the badge shows, and nothing more', async () => {
		const files = await unpacked(pass);
		expect(jsonIn(files, 'pass.json')).toEqual({
			formatVersion: 1,
			passTypeIdentifier: passType,
			teamIdentifier: team,
			serialNumber: badge,
			organizationName: 'Global Summit 2027',
			description: 'Badge, Global Summit 2027',
			logoText: 'Global Summit 2027',
			sharingProhibited: true,
			backgroundColor: 'rgb(16, 38, 63)',
			foregroundColor: 'rgb(243, 246, 249)',
			labelColor: 'rgb(180, 194, 209)',
			relevantDate: '2027-06-09T03:00:00.000Z',
			relevantDates: [{ startDate: '2027-06-09T03:00:00.000Z', endDate: '2027-06-12T03:00:00.000Z' }],
			expirationDate: '2027-06-12T03:00:00.000Z',
			barcodes: [
				{
					format: 'PKBarcodeFormatQR',
					message: pass.code,
					messageEncoding: 'iso-8859-1',
					altText: '7Q4M XK29 BD3F'
				}
			],
			eventTicket: {
				headerFields: [
					{ key: 'place', value: 'Montevideo' },
					{ key: 'dates', value: '9 to 11 June 2027' }
				],
				primaryFields: [{ key: 'name', value: 'Amina "Mina" Diallo\\n' }],
				secondaryFields: [{ key: 'office', value: 'Chief of Unit, Ministry of Justice' }],
				auxiliaryFields: [
					{ key: 'category', value: 'Delegate', row: 0 },
					{ key: 'sector', value: 'Government', row: 0 },
					{ key: 'country', value: 'Senegal', row: 0 },
					{ key: 'line', value: 'she/her', row: 1 },
					{ key: 'photographs', value: 'No photographs', row: 1 }
				],
				backFields: [],
				additionalInfoFields: []
			}
		});
	});

	test('has its texts in each language of the site, and no text ends a line of them', async () => {
		const files = await unpacked(pass, 'fr');
		const folders = [...files.keys()].filter((name) => name.endsWith('.lproj/pass.strings'));
		expect(folders.sort()).toEqual(
			locales.map((locale) => `${locale === 'zh' ? 'zh-Hans' : locale}.lproj/pass.strings`).sort()
		);
		const arabic = files.get('ar.lproj/pass.strings')?.toString('utf8') ?? '';
		expect(arabic).toContain('"Sénégal" = "السنغال";');
		for (const line of arabic.split('\n')) expect(line).toMatch(/^"(?:[^"\\]|\\["\\])+" = "(?:[^"\\]|\\["\\])+";$/);
		expect(arabic).toContain('"Amina \\"Mina\\" Diallo\\\\n" = "Amina \\"Mina\\" Diallo\\\\n";');
	});

	test('of a person under an alias has no word of the member', async () => {
		const files = await unpacked(alias);
		const all = [...files.values()].map((bytes) => bytes.toString('utf8')).join();
		expect(all).toContain('Sam Reed');
		for (const word of ['Amina', 'Ministry', 'Senegal', 'Sénégal', 'Government', 'SN"'])
			expect(all).not.toContain(word);
	});

	test('of a badge that is no longer valid says so, with neither holder nor code', async () => {
		const files = await unpacked(over);
		const made = jsonIn(files, 'pass.json');
		expect([made['voided'], made['barcodes'], made['serialNumber']]).toEqual([true, undefined, badge]);
		expect(made['eventTicket']).toMatchObject({
			primaryFields: [{ key: 'invalid', value: 'This badge is no longer valid.' }],
			secondaryFields: [],
			auxiliaryFields: []
		});
		expect([...files.values()].map((bytes) => bytes.toString('utf8')).join()).not.toContain('Amina');
	});

	test('names the service that has the latest one', async () => {
		const service = { url: 'https://summit.example.org/api/wallet', token: 'a-token-of-16-or-more' };
		const made = jsonIn(await unpackPass(await makeApplePass(apple, pass, 'en', service)), 'pass.json');
		expect([made['webServiceURL'], made['authenticationToken']]).toEqual([service.url, service.token]);
	});

	test('is not made once the certificate has ended', async () => {
		const later = Date.now() + 31 * 86_400_000;
		await expect(makeApplePass(apple, pass, 'en', null, later)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
	});

	test('is made with a key that has a passphrase', async () => {
		const wallet = readAppleWallet(makeWalletKeys({ passphrase: 'a word' }).apple);
		expect(wallet).not.toBeNull();
		if (wallet) expect((await unpackPass(await makeApplePass(wallet, pass, 'en', null))).has('signature')).toBe(true);
	});
});

describe('a link of Google Wallet', () => {
	const claimsOf = async (made: WalletPass, language: 'en' | 'ar' = 'en') => {
		const link = await googleSaveLink(google, made, language, 'https://summit.example.org');
		expect(link).toMatch(/^https:\/\/pay\.google\.com\/gp\/v\/save\/[\w-]+\.[\w-]+\.[\w-]+$/);
		const token = link.split('/').at(-1) ?? '';
		const { payload } = await jwtVerify(token, keys.publicKey, { audience: 'google', issuer: serviceAccount });
		return { payload, token };
	};

	test('is signed by the service account, and carries what the badge shows', async () => {
		const { payload } = await claimsOf(pass);
		expect(payload).toEqual({
			iss: serviceAccount,
			aud: 'google',
			iat: expect.any(Number),
			typ: 'savetowallet',
			origins: ['https://summit.example.org'],
			payload: {
				eventTicketClasses: [
					{
						id: `${issuer}.${summit.id}`,
						issuerName: 'Global Summit 2027',
						eventName: { defaultValue: { language: 'en-GB', value: 'Global Summit 2027' } },
						venue: {
							name: { defaultValue: { language: 'en-GB', value: 'Montevideo' } },
							address: { defaultValue: { language: 'en-GB', value: 'Montevideo' } }
						},
						dateTime: { start: '2027-06-09T03:00:00.000Z', end: '2027-06-12T03:00:00.000Z' },
						reviewStatus: 'UNDER_REVIEW',
						multipleDevicesAndHoldersAllowedStatus: 'ONE_USER_ALL_DEVICES',
						hexBackgroundColor: '#10263f',
						logo: { sourceUri: { uri: 'https://summit.example.org/icon-180.png' } }
					}
				],
				eventTicketObjects: [
					{
						id: `${issuer}.${badge}`,
						classId: `${issuer}.${summit.id}`,
						state: 'ACTIVE',
						ticketHolderName: 'Amina "Mina" Diallo\\n',
						ticketNumber: '7Q4M XK29 BD3F',
						ticketType: { defaultValue: { language: 'en-GB', value: 'Delegate' } },
						barcode: { type: 'QR_CODE', value: pass.code, alternateText: '7Q4M XK29 BD3F' },
						validTimeInterval: { end: { date: '2027-06-12T03:00:00.000Z' } },
						textModulesData: [
							{ id: 'office', body: 'Chief of Unit, Ministry of Justice' },
							{ id: 'line', body: 'she/her' },
							{ id: 'sector', body: 'Government' },
							{ id: 'country', body: 'Senegal' },
							{ id: 'photographs', body: 'No photographs' }
						]
					}
				]
			}
		});
	});

	test('of a person under an alias has no word of the member', async () => {
		const { payload } = await claimsOf(alias);
		expect(JSON.stringify(payload)).toContain('Sam Reed');
		for (const word of ['Amina', 'Ministry', 'Senegal', 'Government'])
			expect(JSON.stringify(payload)).not.toContain(word);
	});

	test('is short enough for browsers, also in letters that take more bytes', async () => {
		for (const language of ['en', 'ar'] as const)
			expect((await claimsOf(pass, language)).token.length).toBeLessThan(3000);
	});
});
