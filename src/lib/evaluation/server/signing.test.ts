import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { blindToken, readPublicKey, unblindSignature } from '../blind-signature.ts';
import { isSigned, makeKeys, signBlinded } from './signing.ts';

let keys: Awaited<ReturnType<typeof makeKeys>>;
beforeAll(async () => {
	keys = await makeKeys();
});

async function signedToken() {
	const key = readPublicKey(keys.modulus);
	const made = await blindToken(key);
	const blindSignature = signBlinded(keys.privateKey, made.blinded) ?? '';
	return { ...made, key, blindSignature, signature: unblindSignature(key, made.inverse, blindSignature) };
}

test('a signature without its blinding is an RSA-PSS signature of the token alone', async () => {
	const one = await signedToken();
	const other = await signedToken();
	expect(isSigned(keys.modulus, one.token, one.signature)).toBe(true);
	expect(isSigned(keys.modulus, one.token, other.signature)).toBe(false);
	expect(isSigned(keys.modulus, one.token, one.blindSignature)).toBe(false);
	expect(isSigned((await makeKeys()).modulus, one.token, one.signature)).toBe(false);
});

// With every blinded token and every signed one the signer finds a factor that joins them: it learns nothing from any.
test('a blinded token fits every token that was signed', async () => {
	const [one, other] = [await signedToken(), await signedToken()];
	const { modulus } = one.key;
	const raise = (hex: string) =>
		BigInt(
			`0x${publicEncrypt(
				{
					key: createPublicKey({ key: { kty: 'RSA', n: keys.modulus, e: 'AQAB' }, format: 'jwk' }),
					padding: constants.RSA_NO_PADDING
				},
				Buffer.from(hex, 'hex')
			).toString('hex')}`
		);
	for (const [blinded, signed] of [
		[one, other],
		[other, one]
	] as const) {
		// The factor that would lead from the other token to this blinded one, from what the signer knows.
		const inverse = (value: bigint): bigint => {
			let [a, b, x, y] = [value, modulus, 1n, 0n];
			while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
			return ((x % modulus) + modulus) % modulus;
		};
		const factor = (BigInt(`0x${blinded.blindSignature}`) * inverse(BigInt(`0x${signed.signature}`))) % modulus;
		const hex = factor.toString(16).padStart(blinded.blinded.length, '0');
		expect((raise(signed.signature) * raise(hex)) % modulus).toBe(BigInt(`0x${blinded.blinded}`));
	}
});

test('what is no number below the modulus is not signed', () => {
	expect(signBlinded(keys.privateKey, 'ff'.repeat(256))).toBeNull();
	expect(signBlinded(keys.privateKey, 'ff'.repeat(300))).toBeNull();
});
