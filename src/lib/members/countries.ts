import { intlTag, locale } from '#lib/i18n/locale.ts';

const names = new Map<string, Intl.DisplayNames>();

/** The name of a country in the reader's language: "KE" → "Kenya". Unknown codes are returned unchanged. */
export function countryName(code: string | null | undefined, language: string = locale()): string {
	if (!code || !/^[A-Z]{2}$/.test(code)) return code ?? '';
	let found = names.get(language);
	if (!found)
		names.set(language, (found = new Intl.DisplayNames([intlTag(language)], { type: 'region', fallback: 'code' })));
	return found.of(code) ?? code;
}
