/** What a code that people read and type is made of: nothing that is taken for another. */
export const codeCharacters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** The code of a length in what somebody typed, however grouped; null where there is none. */
export function readCode(typed: string, length: number): string | null {
	const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
	return code.length === length && [...code].every((each) => codeCharacters.includes(each)) ? code : null;
}
