import { randomInt } from 'node:crypto';
import { codeCharacters } from '#lib/forms/code.ts';

/** A random code of so many characters, about five bits each. */
export function newCode(length: number): string {
	return Array.from({ length }, () => codeCharacters[randomInt(codeCharacters.length)]).join('');
}
