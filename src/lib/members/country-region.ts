import containment from 'cldr-core/supplemental/territoryContainment.json' with { type: 'json' };
import type { Region } from './regions.ts';

// M49 codes of the regions, in the order in which a territory is looked up.
const codes: readonly (readonly [code: string, region: Region])[] = [
	['002', 'Africa'],
	['142', 'Asia'],
	['150', 'Europe'],
	['419', 'Latin America and the Caribbean'],
	['021', 'Northern America'],
	['009', 'Oceania']
];

const territories = containment.supplemental.territoryContainment as Record<string, { _contains?: string[] }>;

function countriesIn(code: string): string[] {
	const parts = territories[code]?._contains;
	return parts ? parts.flatMap(countriesIn) : [code];
}

const regionByCountry = new Map<string, Region>(
	codes.flatMap(([code, region]) => countriesIn(code).map((country) => [country, region] as const))
);

/** The region of a country by its ISO 3166 code ("KE" → "Africa"); '' for none. The database has the same table. */
export function regionOf(country: string | null | undefined): Region | '' {
	return (country && regionByCountry.get(country)) || '';
}
