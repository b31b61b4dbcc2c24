import { direction, intlTag, isolated, locale } from './locale.ts';

// Intl writes lists of these languages with "and", or without any separator.
const lists: Record<string, string> = { ru: ', ', zh: '、' };
const commas: Record<string, string> = { ar: '، ', zh: '，' };
const semicolons: Record<string, string> = { ar: '؛ ', fr: '\u202f; ', zh: '；' };
const colons: Record<string, string> = { fr: '\u202f: ', zh: '：' };

// Without it, a word in Latin letters would take the number or the comma behind it to its other side: "PDF، 2".
const apart = (words: readonly string[], language: string) =>
	direction(language) === 'rtl'
		? words.map((word) => (/^[^\u2068]*\p{Script=Latin}/u.test(word) ? isolated(word, language) : word))
		: words;

/** A part of a line; an empty one is left out. */
type Part = string | false | null | undefined;
const given = (parts: readonly Part[]) => parts.filter((part): part is string => Boolean(part));

/** What sets two facts apart, where markup is between them. */
export const comma = (language: string = locale()): string => commas[language] ?? ', ';

/** What sets a label apart from its value, where markup is between them. */
export const colon = (language: string = locale()): string => colons[language] ?? ': ';

/** A list of words in the style of the language: "Crew, Press". */
export function joinList(words: readonly string[], language: string = locale()): string {
	const separator = lists[language];
	if (separator !== undefined) return words.join(separator);
	return new Intl.ListFormat(intlTag(language), { type: 'unit' }).format(apart(words, language));
}

/** A list whose last two words are joined by "and" or "or": "Room A, Room B and Room C". */
export function joinWords(
	words: readonly string[],
	type: 'conjunction' | 'disjunction' = 'conjunction',
	language: string = locale()
): string {
	return new Intl.ListFormat(intlTag(language), { type }).format(apart(words, language));
}

/** Parts of one description, without an "and" between the last two: "Government, Kenya". */
export function joinFacts(parts: readonly Part[], language: string = locale()): string {
	return apart(given(parts), language).join(comma(language));
}

/** Words as the beginning of a sentence or a line: "Made by Ana, never used". */
export const capitalised = (words: string, language: string = locale()): string =>
	words.charAt(0).toLocaleUpperCase(language) + words.slice(1);

/** Statements in one line: "2 paid an order; 1 was confirmed before". */
export function joinStatements(statements: readonly Part[], language: string = locale()): string {
	return apart(given(statements), language).join(semicolons[language] ?? '; ');
}

/** A label and its value: "Camera: off". */
export function joinLabel(label: string, value: string, language: string = locale()): string {
	return label + colon(language) + value;
}

// What separates the parts of a list that people type, on the keyboards of all our languages.
const typed = {
	list: /[,，、،;；؛\r\n]/,
	semicolons: /[;；؛]/,
	words: /[,，、،;；؛\s]/
};

/**
 * The parts of a list that somebody typed: at commas, semicolons and line ends; at `semicolons` alone where a part may have a comma in it;
 * or at spaces too where each part is one word.
 */
export function splitList(words: string, at: keyof typeof typed = 'list'): string[] {
	return words
		.split(typed[at])
		.map((part) => part.trim())
		.filter(Boolean);
}

/** A list without signs of direction: in a field, to be read again with `splitList`, and where a program looks for a link in it. */
export const plainList = (words: readonly (string | null | undefined)[], language: string = locale()): string =>
	words.filter(Boolean).join(comma(language));

const collators = new Map<string, Intl.Collator>();

/** The order of two names in the reader's language, for `sort`; numbers in them count as numbers. */
export function compareNames(one: string, other: string, language: string = locale()): number {
	const collator = collators.get(language) ?? new Intl.Collator(intlTag(language), { numeric: true });
	collators.set(language, collator);
	return collator.compare(one, other);
}
