import { locale } from './locale.ts';

/** Words one after the other, as the language puts what stands side by side: "Crew, Press". */
export function joinList(words: readonly string[], language: string = locale()): string {
	return new Intl.ListFormat(language, { type: 'unit' }).format(words);
}
