import { constants, createPublicKey, generateKeyPair, privateDecrypt, verify } from 'node:crypto';
import { promisify } from 'node:util';

const modulusLength = 2048;

/** A pair of keys: the modulus in base64url, and the private key as PEM. */
export async function makeKeys(): Promise<{ modulus: string; privateKey: string }> {
	const pair = await promisify(generateKeyPair)('rsa', { modulusLength, publicExponent: 65537 });
	const { n = '' } = pair.publicKey.export({ format: 'jwk' });
	return { modulus: n, privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** Signs a blinded token, hexadecimal; null for one that is no number below the modulus. */
export function signBlinded(privateKey: string, blinded: string): string | null {
	try {
		const bytes = Buffer.from(blinded, 'hex');
		return privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, bytes).toString('hex');
	} catch {
		return null;
	}
}

/** Whether a signature of a token, both hexadecimal, is right. */
export function isSigned(modulus: string, token: string, signature: string): boolean {
	const key = createPublicKey({ key: { kty: 'RSA', n: modulus, e: 'AQAB' }, format: 'jwk' });
	const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
	return verify('sha384', Buffer.from(token, 'hex'), { key, ...padding }, Buffer.from(signature, 'hex'));
}
