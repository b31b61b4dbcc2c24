import { expect, test } from 'vitest';
import { readEnvironment } from '#local/environment.ts';
import { makeWalletKeys, passType, serviceAccount, team } from '../../../tests/fixtures/wallet-keys.ts';
import { appleCertificate, readAppleWallet, readGoogleWallet } from './wallet-settings.ts';

const keys = makeWalletKeys();
const others = makeWalletKeys({ passphrase: 'a word' });
const without = (env: Record<string, string>, name: string) =>
	Object.fromEntries(Object.entries(env).filter(([each]) => each !== name));
const problems = (env: Record<string, string>) => readEnvironment(env).problems;
const inOneLine = (value: string) => Buffer.from(value).toString('base64');

test('with nothing set there is no wallet, and no problem', () => {
	expect([readAppleWallet({}), readGoogleWallet({}), problems({})]).toEqual([null, null, []]);
});

test('whole sets are read, as they are and in base64', () => {
	for (const form of [(value: string) => value, inOneLine]) {
		const apple = {
			...keys.apple,
			WALLET_APPLE_CERTIFICATE: form(keys.apple.WALLET_APPLE_CERTIFICATE),
			WALLET_APPLE_KEY: form(keys.apple.WALLET_APPLE_KEY),
			WALLET_APPLE_INTERMEDIATE: form(keys.apple.WALLET_APPLE_INTERMEDIATE)
		};
		const google = { ...keys.google, WALLET_GOOGLE_KEY: form(keys.google.WALLET_GOOGLE_KEY) };
		expect(problems({ ...apple, ...google })).toEqual([]);
		expect(readAppleWallet(apple)).toEqual(readAppleWallet(keys.apple));
		expect(readGoogleWallet(google)).toMatchObject({ account: serviceAccount });
	}
	const wallet = readAppleWallet(keys.apple);
	expect(wallet && appleCertificate(wallet)).toMatchObject({ passType, team });
});

test('a set that is begun must be whole, and the start names what is missing', () => {
	const sets = [
		[keys.apple, readAppleWallet],
		[keys.google, readGoogleWallet]
	] as const;
	for (const [set, read] of sets)
		for (const name of Object.keys(set)) {
			const env = without(set, name);
			expect(problems(env), name).toEqual([expect.stringMatching(new RegExp(`^${name} is missing: WALLET_`))]);
			expect(read(env), name).toBeNull();
		}
});

test('a key that does not open, or is of another certificate, is refused', () => {
	const refused = [expect.stringMatching(/^WALLET_APPLE_KEY does not open/)];
	const locked = without(others.apple, 'WALLET_APPLE_PASSPHRASE');
	expect(problems(others.apple)).toEqual([]);
	for (const env of [
		locked,
		{ ...locked, WALLET_APPLE_PASSPHRASE: 'another' },
		{ ...others.apple, WALLET_APPLE_CERTIFICATE: keys.apple.WALLET_APPLE_CERTIFICATE }
	]) {
		expect(problems(env)).toEqual(refused);
		expect(readAppleWallet(env)).toBeNull();
	}
	expect(problems({ WALLET_APPLE_PASSPHRASE: 'a word' })).toEqual([
		'WALLET_APPLE_KEY is missing: WALLET_APPLE_PASSPHRASE is set, and means nothing without it.'
	]);
});

test.each([
	['WALLET_APPLE_CERTIFICATE', 'no certificate'],
	['WALLET_APPLE_KEY', keys.apple.WALLET_APPLE_CERTIFICATE],
	['WALLET_APPLE_INTERMEDIATE', '-----BEGIN CERTIFICATE-----'],
	['WALLET_APPLE_PASS_TYPE', 'example.badge'],
	['WALLET_APPLE_TEAM', 'ABC'],
	['WALLET_GOOGLE_ISSUER', 'number 7'],
	['WALLET_GOOGLE_KEY', '{"client_email":"a@b.c"}']
])('%s in another form is refused, and never repeated', (name, value) => {
	const found = problems({ ...keys.apple, ...keys.google, [name]: value });
	expect(found).toEqual([expect.stringMatching(new RegExp(`^${name} is not in its form: `))]);
	expect(found[0]).not.toContain(value);
});
