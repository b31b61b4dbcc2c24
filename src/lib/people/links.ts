import { createHash, randomBytes } from 'node:crypto';
import { contexts, sealedAddress, theSealer } from './sealing.ts';

const shape = /^[A-Za-z0-9_-]{32}$/;

/** What the database keeps of a link's token, as hex; null for what is none. */
export function hashOfToken(token: string): string | null {
	return shape.test(token) ? createHash('sha256').update(token).digest('hex') : null;
}

/** An address with a link of its own: the token stands in the mail alone, sealed as `secret`. */
export function linkedAddress(address: string) {
	const token = randomBytes(24).toString('base64url');
	const secret = theSealer().seal(JSON.stringify({ token }), contexts.mail).sealed;
	return { ...sealedAddress(address), token_hash: hashOfToken(token), secret: Buffer.from(secret).toString('hex') };
}
