import { isLocale, locale, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

/** The regions of the world by the UN's M49 standard, with the Americas in two. Members, ceilings and figures use them. */
export const regions = [
	'Africa',
	'Asia',
	'Europe',
	'Latin America and the Caribbean',
	'Northern America',
	'Oceania'
] as const;
export type Region = (typeof regions)[number];

/** Whether a text names a region. */
export function isRegion(value: unknown): value is Region {
	return regions.some((known) => known === value);
}

const names: Record<Region, (inputs: Record<string, never>, options: { locale: Locale }) => string> = {
	Africa: m.members_region_africa,
	Asia: m.members_region_asia,
	Europe: m.members_region_europe,
	'Latin America and the Caribbean': m.members_region_latin_america,
	'Northern America': m.members_region_northern_america,
	Oceania: m.members_region_oceania
};

/**
 * A region in the reader's language; one that an organiser entered stays as it is. In our own texts: browsers omit the names of whole
 * regions from their data, and would show the code.
 */
export function regionName(region: string, language: string = locale()): string {
	return isRegion(region) && isLocale(language) ? names[region]({}, { locale: language }) : region;
}
