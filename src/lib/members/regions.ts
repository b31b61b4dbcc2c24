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
