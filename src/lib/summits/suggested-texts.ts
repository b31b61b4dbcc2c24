import { isLocale, type Locale, type TextMap } from '#lib/i18n/locale.ts';

/** A text of ours in each language of a Summit that we know; {} where we know none. */
export function suggestedText(
	message: (inputs: object, options: { locale: Locale }) => string,
	languages: readonly string[]
): TextMap {
	const known = languages.filter(isLocale);
	const [original] = known;
	return original ? { original, ...Object.fromEntries(known.map((locale) => [locale, message({}, { locale })])) } : {};
}
