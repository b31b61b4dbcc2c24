import { locale } from './locale.ts';

/** A list of words in the style of the language: "Crew, Press". */
export function joinList(words: readonly string[], language: string = locale()): string {
	return new Intl.ListFormat(language, { type: 'unit' }).format(words);
}
