/* The code on a badge. Web Crypto only: the same functions run on the server and in an offline door's browser. */

/** The rights of a badge. It names nobody. */
export interface BadgeRights {
	/** The random id of the badge; doors store which are revoked. */
	badge: string;
	summit: string;
	mode: 'in_person' | 'virtual';
	/** Days on which it opens the door, counted from the first day of the Summit: 0, 1, … 31. */
	days: readonly number[];
}

/** A signing key and the id by which doors find its public half. */
export interface BadgeSigner {
	keyId: string;
	key: CryptoKey;
}

/** Why a code is refused. */
export type BadgeRefusal = 'unreadable' | 'unknown_key' | 'forged' | 'other_summit' | 'no_door' | 'other_day';

/** The result of reading a code. */
export type BadgeReading = { ok: true; rights: BadgeRights } | { ok: false; refusal: BadgeRefusal };

const version = 1;
const idBytes = 16;
const signatureBytes = 64;
const fixedBytes = 2 + idBytes * 2 + 1 + 4;
const modes = ['virtual', 'in_person'] as const;
// Prevents a signature that was made for anything else from being valid for a badge.
const purpose = new TextEncoder().encode('global-summit badge 1\0');

/** Signs the rights of a badge: the text of its QR code, base64url, about 150 characters. */
export async function signBadge(rights: BadgeRights, signer: BadgeSigner): Promise<string> {
	const body = encodeBody(rights, signer.keyId);
	const signature = await crypto.subtle.sign('Ed25519', signer.key, signed(body));
	return toBase64url(joined(body, new Uint8Array(signature)));
}

/** Verifies a code for a Summit and, when given, a day of it. `keys` are the public keys by id. */
export async function verifyBadge(
	code: string,
	keys: ReadonlyMap<string, CryptoKey>,
	place: { summit: string; day?: number }
): Promise<BadgeReading> {
	const parsed = parse(code);
	if (!parsed) return { ok: false, refusal: 'unreadable' };
	const key = keys.get(parsed.keyId);
	if (!key) return { ok: false, refusal: 'unknown_key' };
	if (!(await crypto.subtle.verify('Ed25519', key, parsed.signature, signed(parsed.body))))
		return { ok: false, refusal: 'forged' };
	const { rights } = parsed;
	if (rights.summit !== place.summit.toLowerCase()) return { ok: false, refusal: 'other_summit' };
	if (rights.mode !== 'in_person') return { ok: false, refusal: 'no_door' };
	if (place.day !== undefined && !rights.days.includes(place.day)) return { ok: false, refusal: 'other_day' };
	return { ok: true, rights };
}

/** The days of a Summit as numbers on a badge, from its first and last date ("2027-06-09"). */
export function badgeDays(startsOn: string, endsOn: string): number[] {
	const length = Math.round((Date.parse(endsOn) - Date.parse(startsOn)) / 86_400_000) + 1;
	return Array.from({ length: Math.min(32, Math.max(1, length)) }, (_, day) => day);
}

/** The badge code, for a bad camera, in groups of four: "7Q4M XK29 BD3F". */
export function formatBadgeCode(badgeCode: string): string {
	return badgeCode.replace(/(.{4})(?=.)/g, '$1 ');
}

function encodeBody(rights: BadgeRights, keyId: string): Uint8Array<ArrayBuffer> {
	const id = new TextEncoder().encode(keyId);
	if (id.length < 1 || id.length > 32) throw new Error('The id of a badge key has 1 to 32 bytes.');
	const body = new Uint8Array(fixedBytes + id.length);
	body[0] = version;
	body[1] = id.length;
	body.set(id, 2);
	body.set(uuidBytes(rights.badge), 2 + id.length);
	body.set(uuidBytes(rights.summit), 2 + id.length + idBytes);
	const rest = 2 + id.length + idBytes * 2;
	body[rest] = modes.indexOf(rights.mode);
	const mask = rights.days.reduce((all, day) => (day >= 0 && day < 32 ? all | (1 << day) : all), 0);
	new DataView(body.buffer).setUint32(rest + 1, mask >>> 0);
	return body;
}

interface Parsed {
	keyId: string;
	rights: BadgeRights;
	body: Uint8Array<ArrayBuffer>;
	signature: Uint8Array<ArrayBuffer>;
}

function parse(code: string): Parsed | null {
	const bytes = fromBase64url(code.trim());
	const idLength = bytes?.[1] ?? 0;
	if (!bytes || bytes[0] !== version || idLength < 1 || bytes.length !== fixedBytes + idLength + signatureBytes)
		return null;
	const body = bytes.slice(0, bytes.length - signatureBytes);
	const rest = 2 + idLength + idBytes * 2;
	const mode = modes[body[rest] ?? -1];
	if (mode === undefined) return null;
	const mask = new DataView(body.buffer).getUint32(rest + 1);
	return {
		keyId: new TextDecoder().decode(body.subarray(2, 2 + idLength)),
		rights: {
			badge: uuidText(body.subarray(2 + idLength, 2 + idLength + idBytes)),
			summit: uuidText(body.subarray(2 + idLength + idBytes, rest)),
			mode,
			days: Array.from({ length: 32 }, (_, day) => day).filter((day) => (mask >>> day) & 1)
		},
		body,
		signature: bytes.slice(bytes.length - signatureBytes)
	};
}

function signed(body: Uint8Array): Uint8Array<ArrayBuffer> {
	return joined(purpose, body);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
	const all = new Uint8Array(first.length + second.length);
	all.set(first);
	all.set(second, first.length);
	return all;
}

function uuidBytes(id: string): Uint8Array {
	const digits = id.replaceAll('-', '');
	if (!/^[0-9a-f]{32}$/i.test(digits)) throw new Error('A badge carries UUIDs only.');
	return Uint8Array.from({ length: idBytes }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16));
}

function uuidText(bytes: Uint8Array): string {
	const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function toBase64url(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
	if (text.length > 400 || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
	try {
		const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
			letter.charCodeAt(0)
		);
		// Unused bits of the last letter would allow several texts for one badge.
		return toBase64url(bytes) === text ? bytes : null;
	} catch {
		return null;
	}
}
