import isoCountries from 'i18n-iso-countries';
import { compareNames } from '#lib/i18n/list.ts';
import { locale } from '#lib/i18n/locale.ts';
import { folded } from '#lib/forms/folded.ts';
import { countryName } from '#lib/members/countries.ts';

/** ISO 3166-1 alpha-2 codes. */
export const countryCodes: readonly string[] = Object.keys(isoCountries.getAlpha2Codes());

/** Whether it is one of them. */
export const isCountryCode = (code: string) => countryCodes.includes(code);

const sorted = new Map<string, readonly string[]>();

/** The codes of all countries, sorted by their names in the reader's language. A page gets these; it knows the names. */
export function sortedCountries(language: string = locale()): readonly string[] {
	let found = sorted.get(language);
	if (!found) {
		found = [...countryCodes].sort((a, b) =>
			compareNames(countryName(a, language), countryName(b, language), language)
		);
		sorted.set(language, found);
	}
	return found;
}

/** Codes of the countries whose name, in the reader's language or in English, begins a word with the query. */
export function countriesNamed(query: string): string[] {
	const wanted = folded(query);
	if (wanted.length < 3) return [];
	return countryCodes.filter((code) =>
		[countryName(code), countryName(code, 'en')].some((name) => ` ${folded(name)}`.includes(` ${wanted}`))
	);
}
