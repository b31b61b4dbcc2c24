/*
 * References of faults: eight signs of Crockford's base 32, which has no letters that are taken for digits and can be read out on the
 * phone. Pure.
 */

const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const length = 8;

/** A new reference. */
export function makeReference(random: Uint8Array = crypto.getRandomValues(new Uint8Array(length))): string {
	return [...random.slice(0, length)].map((byte) => signs[byte % signs.length]).join('');
}

/** As people read it: K7QF-2M9X. */
export const shownReference = (reference: string): string => `${reference.slice(0, 4)}-${reference.slice(4)}`;

/** The reference that somebody typed or was told; null when it is none. */
export function readReference(typed: string): string | null {
	const plain = typed
		.normalize('NFKC')
		.toUpperCase()
		.replace(/[\s\p{Dash}.]/gu, '')
		.replace(/O/g, '0')
		.replace(/[IL]/g, '1');
	return isReference(plain) ? plain : null;
}

/** Whether a text is a reference as it is stored. */
export const isReference = (text: string): boolean => /^[0-9A-HJKMNP-TV-Z]{8}$/.test(text);
