import { randomInt } from 'node:crypto';
import { codeCharacters } from '#lib/forms/code.ts';

/** A random code of the given length, about five bits for each character. */
export function newCode(length: number): string {
	return Array.from({ length }, () => codeCharacters[randomInt(codeCharacters.length)]).join('');
}
