import * as v from 'valibot';

/** What the browser stores between requesting a code and typing it; sealed, so that it can be neither read nor forged. */
export interface Challenge {
	challenge: string;
	address: string;
	next: string;
}

const shape = v.object({ challenge: v.pipe(v.string(), v.uuid()), address: v.string(), next: v.string() });

/** Reads a sealed challenge; null for anything else. */
export function parseChallenge(text: string): Challenge | null {
	try {
		const result = v.safeParse(shape, JSON.parse(text));
		return result.success ? result.output : null;
	} catch {
		return null;
	}
}

/** The digits of a code: a browser's own, and the longer one for an address under attack, which works in all its browsers. */
export const codeLengths = { own: 8, shared: 12 };

/** The digits of a code in a typed or pasted text ("1234 5678"), or null. */
export function digitsOf(typed: string): string | null {
	// Arabic-Indic and Persian digits are digits too.
	const latin = typed.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
	const digits = latin.replace(/[\s\u200e\u200f-]/g, '');
	return /^\d+$/.test(digits) && Object.values(codeLengths).includes(digits.length) ? digits : null;
}
