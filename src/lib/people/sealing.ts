import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** A sealed value and the id of the key that opens it. */
interface SealedValue {
	sealed: Buffer;
	keyId: string;
}

interface Keys {
	id: string;
	seal: Buffer;
	address: Buffer;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

function deriveKeys(text: string): Keys {
	const [id, encoded] = text.split(':', 2);
	const secret = Buffer.from(encoded ?? '', 'base64');
	if (!id || secret.length !== 32) throw new Error('SEALING_KEY must be "keyid:" and 32 bytes in base64.');
	const derive = (purpose: string) =>
		Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `global-summit ${purpose}`, 32));
	return { id, seal: derive('sealing'), address: derive('address hash') };
}

// A tag that was cut short is refused, because a short one can be guessed.
function openingCipher(key: Uint8Array, sealed: Uint8Array, context: string) {
	const nonce = sealed.subarray(0, nonceBytes);
	return createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
		.setAAD(Buffer.from(context))
		.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
}

/** Seals and opens with one key, or with older ones too ("new:…,old:…": the first seals, all open). */
export class Sealer {
	readonly #keys: Keys[];
	readonly #first: Keys;
	readonly #oldest: Keys;

	/** `setting` is the value of SEALING_KEY. */
	constructor(setting: string | undefined) {
		this.#keys = (setting ?? '')
			.split(',')
			.filter((part) => part.trim() !== '')
			.map((part) => deriveKeys(part.trim()));
		const first = this.#keys[0];
		if (!first) throw new Error('SEALING_KEY is not set: nothing can be sealed.');
		this.#first = first;
		this.#oldest = this.#keys.at(-1) ?? first;
	}

	/** Encrypts a text (AES-256-GCM, a fresh nonce each time). `context` binds it to its place: it cannot be opened elsewhere. */
	seal(plain: string, context: string): SealedValue {
		const nonce = randomBytes(nonceBytes);
		const cipher = createCipheriv('aes-256-gcm', this.#first.seal, nonce).setAAD(Buffer.from(context));
		const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
		return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), body]), keyId: this.#first.id };
	}

	/** Decrypts the output of `seal`, bytes or hexadecimal; throws when the key, the context or a byte differs. */
	open(sealed: Uint8Array | string, keyId: string, context: string): string {
		const keys = this.#keys.find((one) => one.id === keyId);
		if (!keys) throw new Error(`The key "${keyId}" is not among SEALING_KEY.`);
		const bytes = typeof sealed === 'string' ? Buffer.from(sealed, 'hex') : Buffer.from(sealed);
		const decipher = openingCipher(keys.seal, bytes, context);
		return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
	}

	/** The same; null for what cannot be opened any more, because its key is gone. */
	tryOpen(sealed: Uint8Array | string, keyId: string, context: string): string | null {
		try {
			return this.open(sealed, keyId, context);
		} catch {
			return null;
		}
	}

	/** The keyed hash by which an address is found without being readable. With the oldest key: it must never change. */
	hashAddress(address: string): Buffer {
		return createHmac('sha256', this.#oldest.address).update(normaliseAddress(address)).digest();
	}

	/** The keyed hash by which a sealed name is compared with another. With the oldest key, as for addresses. */
	hashName(form: string): Buffer {
		return createHmac('sha256', this.#oldest.address).update(`name\0${form}`).digest();
	}

	/** A keyed hash of anything else that is compared and never read: a code, a client. With the oldest key, as some are stored. */
	hash(value: string, purpose: string): Buffer {
		return createHmac('sha256', this.#oldest.address).update(`${purpose}\0${value}`).digest();
	}
}

/** The normal form of an address: NFC, trimmed, lower case. */
export function normaliseAddress(address: string): string {
	return address.normalize('NFC').trim().toLowerCase();
}

/** The contexts of sealed values; a value opens only under the context it was sealed for. */
export const contexts = {
	address: 'address',
	realName: 'real name',
	mail: 'mail parameters',
	watchList: 'watch list',
	answer: 'logistics answer',
	fileKey: 'logistics file key',
	file: 'logistics file',
	letter: 'visa letter',
	need: 'speaker need',
	concern: 'concern',
	caseKey: 'case key',
	caseEntry: 'case entry',
	reveal: 'reveal',
	onCallPhone: 'on-call phone',
	emergencyContact: 'emergency contact',
	surveyKey: 'survey key',
	webhookSecret: 'webhook secret',
	largeAudiencePass: 'large audience pass'
} as const;

/** Encrypts a file with a fresh key of its own (AES-256-GCM), which the caller seals. `context` binds it to its place. */
export function sealFile(plain: Uint8Array, context: string): { sealed: Buffer; key: Buffer } {
	const [key, nonce] = [randomBytes(keyBytes), randomBytes(nonceBytes)];
	const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
	const body = Buffer.concat([cipher.update(plain), cipher.final()]);
	return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), body]), key };
}

/** Decrypts the output of `sealFile`; throws when the key, the context or a byte differs. */
export function openSealedFile(sealed: Uint8Array, key: Uint8Array, context: string): Buffer {
	const decipher = openingCipher(key, sealed, context);
	return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
}

let sealer: Sealer | undefined;

/** The process's sealer, from SEALING_KEY. */
export function theSealer(): Sealer {
	return (sealer ??= new Sealer(process.env['SEALING_KEY']));
}

/** An address for the database: the keyed hash, by which its holder will find the offer, and the sealed address, to which mail is sent. */
export function sealedAddress(address: string): { hash: string; sealed: string; key_id: string } {
	const sealer = theSealer();
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	return {
		hash: Buffer.from(sealer.hashAddress(address)).toString('hex'),
		sealed: Buffer.from(sealed).toString('hex'),
		key_id: keyId
	};
}

/** A sealed address, in hexadecimal, opened for those who need it; '' when its key is gone. */
export function openedAddress(sealed: string, keyId: string): string {
	return theSealer().tryOpen(sealed, keyId, contexts.address) ?? '';
}
