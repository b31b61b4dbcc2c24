/** The characters of codes that people read and type, without any that look alike. */
export const codeCharacters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** The code of a given length in what somebody typed, in any grouping; null if there is none. */
export function readCode(typed: string, length: number): string | null {
	const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
	return code.length === length && [...code].every((each) => codeCharacters.includes(each)) ? code : null;
}

/** A code in groups of four, as people read it aloud. */
export function groupedCode(code: string): string {
	return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** A code of a given length from random bytes; with 4 bytes to spare no character is likelier than another. */
export function codeFrom(bytes: Uint8Array, length: number): string {
	let rest = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
	let code = '';
	for (let at = 0; at < length; at += 1) {
		code += codeCharacters[Number(rest % BigInt(codeCharacters.length))];
		rest /= BigInt(codeCharacters.length);
	}
	return code;
}
