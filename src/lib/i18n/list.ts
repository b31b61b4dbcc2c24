import { locale } from './locale.ts';

/** Words one after the other, without a last "and": "Crew, Press". */
export function listed(words: readonly string[], language: string = locale()): string {
	return new Intl.ListFormat(language, { type: 'unit' }).format(words);
}
