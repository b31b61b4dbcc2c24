import { locale } from '#lib/i18n/locale.ts';

/** The regions of the world as the UN's M49 standard has them, the Americas in two. Members, ceilings and figures name them so. */
export const regions = [
	'Africa',
	'Asia',
	'Europe',
	'Latin America and the Caribbean',
	'Northern America',
	'Oceania'
] as const;
export type Region = (typeof regions)[number];

/** Whether a text from outside names a region. */
export function isRegion(value: unknown): value is Region {
	return regions.some((known) => known === value);
}

// By the UN's M49 codes, which the runtime names in every language.
const codes: Record<Region, string> = {
	Africa: '002',
	Asia: '142',
	Europe: '150',
	'Latin America and the Caribbean': '419',
	'Northern America': '021',
	Oceania: '009'
};

/** A region in the reader's language; one that an organiser named themselves stays as it is. */
export function regionName(region: string, language: string = locale()): string {
	if (!isRegion(region) || language === 'en') return region;
	return new Intl.DisplayNames([language], { type: 'region' }).of(codes[region]) ?? region;
}
