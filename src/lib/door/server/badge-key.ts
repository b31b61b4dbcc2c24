import { createPrivateKey, createPublicKey } from 'node:crypto';
import { badgeDays, signBadge, type BadgeSigner } from '../badge.ts';

/** The signing key, and its public key and those of older keys by id. */
interface BadgeKeys {
	signer: BadgeSigner;
	verifiers: ReadonlyMap<string, CryptoKey>;
	/** The same public keys as a door's browser imports them: base64 of SPKI DER by id. */
	published: Readonly<Record<string, string>>;
}

/**
 * Reads BADGE_KEY: "keyid:base64 of an Ed25519 PKCS#8 DER"; of several, separated by commas, the first signs and all
 * verify.
 */
export async function readBadgeKeys(setting: string | undefined): Promise<BadgeKeys> {
	const parts = (setting ?? '').split(',').filter((part) => part.trim() !== '');
	const verifiers = new Map<string, CryptoKey>();
	const published: Record<string, string> = {};
	let signer: BadgeSigner | undefined;
	for (const part of parts) {
		const [keyId, encoded] = part.trim().split(':', 2);
		if (!keyId || !encoded) throw wrong();
		const pkcs8 = new Uint8Array(Buffer.from(encoded, 'base64'));
		const spki = publicHalf(pkcs8);
		published[keyId] = Buffer.from(spki).toString('base64');
		verifiers.set(keyId, await crypto.subtle.importKey('spki', spki, 'Ed25519', true, ['verify']));
		signer ??= { keyId, key: await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']) };
	}
	if (!signer) throw wrong();
	return { signer, verifiers, published };
}

function publicHalf(pkcs8: Uint8Array): Uint8Array<ArrayBuffer> {
	try {
		const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
		if (key.asymmetricKeyType !== 'ed25519') throw wrong();
		return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
	} catch {
		throw wrong();
	}
}

function wrong(): Error {
	return new Error('BADGE_KEY must be "keyid:" and an Ed25519 private key (PKCS#8 DER) in base64.');
}

let keys: Promise<BadgeKeys> | undefined;

/** The process's badge keys, from BADGE_KEY. */
export function theBadgeKeys(): Promise<BadgeKeys> {
	keys ??= readBadgeKeys(process.env['BADGE_KEY']);
	// An invalid setting is reported each time, and a corrected one is read.
	keys.catch(() => (keys = undefined));
	return keys;
}

/** The code that the door reads from a badge in person, signed for each day of its Summit. */
export async function doorCode(
	badge: string,
	summit: { id: string; starts_on: string; ends_on: string }
): Promise<string> {
	const days = badgeDays(summit.starts_on, summit.ends_on);
	return signBadge({ badge, summit: summit.id, mode: 'in_person', days }, (await theBadgeKeys()).signer);
}
