import { locale } from './locale.ts';

/** A list of words in the style of the language: "Crew, Press". */
export function joinList(words: readonly string[], language: string = locale()): string {
	return new Intl.ListFormat(language, { type: 'unit' }).format(words);
}

/** Parts of one description, without an "and" between the last two: "Government, Kenya". */
export function joinFacts(parts: readonly (string | false | null | undefined)[], language: string = locale()): string {
	return parts.filter(Boolean).join(language === 'ar' ? '، ' : ', ');
}

/** Statements in one line: "2 paid an order; 1 was confirmed before". */
export function joinStatements(statements: readonly string[], language: string = locale()): string {
	return statements.join({ ar: '؛ ', fr: '\u202f; ' }[language] ?? '; ');
}
