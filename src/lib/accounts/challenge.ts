import * as v from 'valibot';

/** What the browser keeps between asking for a code and typing it; sealed, so that it can neither be read nor made. */
export interface Challenge {
	challenge: string;
	address: string;
	next: string;
}

const shape = v.object({ challenge: v.pipe(v.string(), v.uuid()), address: v.string(), next: v.string() });

/** Reads what was sealed; null for anything else. */
export function parseChallenge(text: string): Challenge | null {
	try {
		const result = v.safeParse(shape, JSON.parse(text));
		return result.success ? result.output : null;
	} catch {
		return null;
	}
}

/** The six digits in what somebody typed or pasted ("123 456"), or null. */
export function digitsOf(typed: string): string | null {
	// Arabic-Indic and Persian digits are digits too.
	const latin = typed.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
	const digits = latin.replace(/[\s\u200e\u200f-]/g, '');
	return /^\d{6}$/.test(digits) ? digits : null;
}
