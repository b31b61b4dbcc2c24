import isoCountries from 'i18n-iso-countries';
import { locale } from '#lib/i18n/locale.ts';
import { folded } from '#lib/forms/folded.ts';
import { countryName } from '#lib/members/countries.ts';

/** ISO 3166-1 alpha-2 codes. */
export const countryCodes: readonly string[] = Object.keys(isoCountries.getAlpha2Codes());

const options = new Map<string, { value: string; label: string }[]>();

/** Every country for a select, sorted in the reader's language. */
export function countryOptions(language: string = locale()): { value: string; label: string }[] {
	let found = options.get(language);
	if (!found) {
		const { compare } = new Intl.Collator(language);
		found = countryCodes
			.map((value) => ({ value, label: countryName(value, language) }))
			.sort((a, b) => compare(a.label, b.label));
		options.set(language, found);
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
