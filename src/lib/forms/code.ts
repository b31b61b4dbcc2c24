/** The characters of codes that people read and type, without any that look alike. */
export const codeCharacters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** The code of a given length in what somebody typed, in any grouping; null if there is none. */
export function readCode(typed: string, length: number): string | null {
	const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
	return code.length === length && [...code].every((each) => codeCharacters.includes(each)) ? code : null;
}
