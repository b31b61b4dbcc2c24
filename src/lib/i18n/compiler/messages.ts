/* Makes code of the message files, without touching a disk: one function a message, which speaks all languages. */
import { intlTag } from '../locale.ts';

/** A text with values in braces, or variants of one: by a value, or by the plural form of a number. */
export type Source = string | [{ declarations: string[]; selectors: string[]; match: Record<string, string> }];

/** Each message by its name, in one language. */
export type Sources = Record<string, Source>;

const placeholder = /\{(\w+)\}/g;
const plural = /^local (\w+) = (\w+): plural$/;

/** The messages of a file, one to a line. Throws when a name stands twice: the second text would silently replace the first. */
export function parseSources(json: string): Sources {
	const names = [...json.matchAll(/^\t"([^"]+)":/gm)].map(([, name]) => name);
	const twice = names.find((name, at) => names.indexOf(name) !== at);
	if (twice) throw new Error(`The message ${twice} stands twice.`);
	return JSON.parse(json) as Sources;
}

/** The expression that makes a message of its sources, given in the order of the languages. */
export function compileMessage(name: string, locales: readonly string[], sources: (Source | undefined)[]): string {
	return `/*#__PURE__*/ message(${locales.map((locale, at) => compileText(name, locale, sources[at])).join(', ')})`;
}

/** The names of the values that a message takes. */
function valuesOf(source: Source): string[] {
	if (typeof source === 'string')
		return [...new Set(Array.from(source.matchAll(placeholder), ([, name = '']) => name))];
	return source[0].declarations.flatMap((line) => /^input (\w+)$/.exec(line)?.[1] ?? []);
}

/** The type of a message's function. */
export function typeOf(source: Source): string {
	const values = valuesOf(source);
	return values.length === 0 ? 'Plain' : `With<${values.map((value) => `'${value}'`).join(' | ')}>`;
}

/** The expression of a message in one language: a text, or a function that makes it of values. Throws when it is missing. */
export function compileText(name: string, locale: string, source: Source | undefined): string {
	if (source === undefined) throw new Error(`The message ${name} is missing in ${locale}.`);
	if (typeof source === 'string') return placeholders(source) ? `(i) => ${template(source)}` : JSON.stringify(source);
	const [{ declarations, selectors, match }] = source;
	const selector = selectors[0] ?? '';
	const number = declarations.map((line) => plural.exec(line)).find((found) => found?.[1] === selector)?.[2];
	const chosen = number === undefined ? `String(i.${selector})` : `plural(${JSON.stringify(locale)}, i.${number})`;
	if (number !== undefined) checkForms(name, locale, match);
	const variants = Object.entries(match).map(([when, text]) => ({
		value: when.slice(when.indexOf('=') + 1),
		text: template(text)
	}));
	const otherwise = variants.find(({ value }) => value === '*')?.text ?? JSON.stringify(name);
	const cases = variants
		.filter(({ value }) => value !== '*')
		.map(({ value, text }) => `v === ${JSON.stringify(value)} ? ${text} : `);
	return `(i, v = ${chosen}) => ${cases.join('')}${otherwise}`;
}

// The plural forms of a language for counts from 1 to 200. Many messages are not shown for none, and few for a million, for which some
// languages have a form of their own.
function formsOf(locale: string): Set<string> {
	const rules = new Intl.PluralRules(intlTag(locale));
	return new Set(Array.from({ length: 200 }, (_, index) => rules.select(index + 1)));
}

function checkForms(name: string, locale: string, match: Record<string, string>): void {
	const given = new Set(Object.keys(match).map((when) => when.slice(when.indexOf('=') + 1)));
	const missing = [...formsOf(locale)].filter((form) => form !== 'other' && !given.has(form));
	if (!given.has('*') && !given.has('other')) missing.push('*');
	if (missing.length > 0)
		throw new Error(`The message ${name} lacks plural forms in ${locale}: ${missing.join(', ')}.`);
}

function placeholders(text: string): boolean {
	return text.search(placeholder) >= 0;
}

function template(text: string): string {
	return `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&').replace(placeholder, '${i.$1}')}\``;
}
