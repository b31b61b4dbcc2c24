/*
 * The person's side of a blind signature: RFC 9474, RSABSSA-SHA384-PSS-Deterministic, with a random message. It needs two
 * modular products and a hash, all in the browser; the app signs with Node's own RSA (server/signing.ts). No I/O.
 */
const saltLength = 48;
const hashLength = 48;

/** An RSA key of which the exponent is 65537. */
interface PublicKey {
	modulus: bigint;
	/** In bytes. */
	size: number;
}

/** What the page remembers between the request and its answer. */
export interface Blinded {
	/** The random message, hexadecimal: the token. */
	token: string;
	/** What the app signs, hexadecimal. */
	blinded: string;
	/** The inverse of the blinding factor, hexadecimal. */
	inverse: string;
	/** The token as it is encoded for the signature, hexadecimal. */
	encoded: string;
}

const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The bytes of a hexadecimal text. */
const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const toBigInt = (bytes: Uint8Array) => BigInt(`0x${hexOf(bytes) || '0'}`);
const toHex = (value: bigint, size: number) => value.toString(16).padStart(size * 2, '0');
const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

/** The modulus of a public key, base64url as in a JSON Web Key. */
export function readPublicKey(modulus: string): PublicKey {
	const plain = atob(modulus.replaceAll('-', '+').replaceAll('_', '/'));
	const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
	return { modulus: toBigInt(bytes), size: bytes.length };
}

async function sha384(...parts: Uint8Array[]): Promise<Uint8Array> {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return new Uint8Array(await crypto.subtle.digest('SHA-384', all));
}

async function mask(seed: Uint8Array, length: number): Promise<Uint8Array> {
	const made = new Uint8Array(Math.ceil(length / hashLength) * hashLength);
	for (let n = 0; n * hashLength < length; n += 1)
		made.set(await sha384(seed, Uint8Array.of(0, 0, n >> 8, n & 255)), n * hashLength);
	return made.subarray(0, length);
}

/** EMSA-PSS-ENCODE (RFC 8017, 9.1.1) for a modulus whose highest bit is set. */
async function encode(message: Uint8Array, size: number): Promise<Uint8Array> {
	const salt = random(saltLength);
	const hash = await sha384(new Uint8Array(8), await sha384(message), salt);
	const block = new Uint8Array(size - hashLength - 1);
	block[block.length - saltLength - 1] = 1;
	block.set(salt, block.length - saltLength);
	const masking = await mask(hash, block.length);
	const encoded = new Uint8Array(size);
	encoded.set(
		block.map((byte, at) => byte ^ (masking[at] ?? 0)),
		0
	);
	encoded[0] = (encoded[0] ?? 0) & 0x7f;
	encoded.set(hash, block.length);
	encoded[size - 1] = 0xbc;
	return encoded;
}

/** Raises to 65537. */
function raise(base: bigint, modulus: bigint): bigint {
	let power = base;
	for (let n = 0; n < 16; n += 1) power = (power * power) % modulus;
	return (power * base) % modulus;
}

/** The inverse by the extended algorithm of Euclid; null where there is none. */
function invert(value: bigint, modulus: bigint): bigint | null {
	let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
	while (b !== 0n) {
		const quotient = a / b;
		[a, b] = [b, a - quotient * b];
		[x, y] = [y, x - quotient * y];
	}
	return a === 1n ? ((x % modulus) + modulus) % modulus : null;
}

function randomFactor({ modulus, size }: PublicKey): { factor: bigint; inverse: bigint } {
	for (;;) {
		const factor = toBigInt(random(size));
		const inverse = factor > 1n && factor < modulus ? invert(factor, modulus) : null;
		if (inverse !== null) return { factor, inverse };
	}
}

/** Makes a random token, and blinds it: every blinded token fits every token. */
export async function blindToken(key: PublicKey): Promise<Blinded> {
	const token = random(32);
	const encoded = toBigInt(await encode(token, key.size));
	const { factor, inverse } = randomFactor(key);
	const blinded = (encoded * raise(factor, key.modulus)) % key.modulus;
	return {
		token: hexOf(token),
		blinded: toHex(blinded, key.size),
		inverse: toHex(inverse, key.size),
		encoded: toHex(encoded, key.size)
	};
}

/**
 * Removes the blinding from a signature; the result is an ordinary RSA-PSS signature of the token. Null where it is none by this key (RFC
 * 9474, Finalize): a signature by another key, or of something else, would let the signer recognise the answers that come with it.
 */
export function unblindSignature(key: PublicKey, made: Blinded, signature: string): string | null {
	const signed = (toBigInt(bytesOf(signature)) * toBigInt(bytesOf(made.inverse))) % key.modulus;
	return raise(signed, key.modulus) === toBigInt(bytesOf(made.encoded)) ? toHex(signed, key.size) : null;
}
