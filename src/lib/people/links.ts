import { createHash, randomBytes } from 'node:crypto';
import { contexts, sealedAddress, theSealer } from './sealing.ts';

const shape = /^[A-Za-z0-9_-]{32}$/;

/** The stored hash of a link's token, as hex; null for an invalid one. */
export function hashOfToken(token: string): string | null {
	return shape.test(token) ? createHash('sha256').update(token).digest('hex') : null;
}

/** What an address may be recognised by: its first letter and its domain. */
export function hintOf(address: string): string {
	return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`.slice(0, 200);
}

/** An address with its own link: the token is only in the mail, sealed as `secret`. */
export function linkedAddress(address: string) {
	const token = randomBytes(24).toString('base64url');
	const secret = theSealer().seal(JSON.stringify({ token }), contexts.mail).sealed;
	return { ...sealedAddress(address), token_hash: hashOfToken(token), secret: Buffer.from(secret).toString('hex') };
}
