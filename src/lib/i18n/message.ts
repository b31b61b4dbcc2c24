/* What the generated messages are made with. */
import { intlTag, locale, locales, type Locale } from './locale.ts';

type Values = Record<string, unknown>;
type Text = string | ((values: Values) => string);

/** The language, where it is not the reader's: on the server, as a browser has the texts of one. */
interface MessageOptions {
	locale?: Locale;
}

/** A message that takes no values. */
export type Plain = (values?: object, options?: MessageOptions) => string;

/** A message that takes the values of these names. */
export type With<Name extends string> = (
	values: Record<Name, NonNullable<unknown>>,
	options?: MessageOptions
) => string;

/** A message of its texts, in the order of the languages. */
export function message(...texts: Text[]): (values?: Values, options?: MessageOptions) => string {
	return (values = {}, options = {}) => {
		const text = texts[locales.indexOf(options.locale ?? locale())] ?? '';
		return typeof text === 'string' ? text : text(values);
	};
}

const rules = new Map<Locale, Intl.PluralRules>();

/** The plural form of a number in a language. */
export function plural(language: Locale, number: unknown): string {
	const rule = rules.get(language) ?? new Intl.PluralRules(intlTag(language));
	rules.set(language, rule);
	return rule.select(Number(number));
}
