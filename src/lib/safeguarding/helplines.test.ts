import { expect, test } from 'vitest';
import { regionOf } from '#lib/members/country-region.ts';
import { dialled, helplineCountries, helplinesOf } from './helplines.ts';

test('every country exists, and says first whom to call in danger', () => {
	for (const country of helplineCountries) {
		expect([country, regionOf(country)]).not.toEqual([country, '']);
		const lines = helplinesOf(country, 'en');
		expect(['emergency', 'police']).toContain(lines[0]?.kind);
		for (const { telephone } of lines) expect(dialled(telephone)).toMatch(/^\d{2,13}$/);
		expect(new Set(lines.map(({ telephone }) => telephone)).size).toBe(lines.length);
	}
});

test('the lines in the language of the reader come first within their kind', () => {
	const names = (language: string) => helplinesOf('BE', language).map(({ name }) => name);
	expect(names('fr')).toEqual([undefined, 'Écoute-Enfants', 'Awel']);
	expect(names('nl')).toEqual([undefined, 'Awel', 'Écoute-Enfants']);
});

test('nothing is listed for an unknown country', () => {
	expect([helplinesOf(null, 'en'), helplinesOf('XX', 'en'), helplinesOf('constructor', 'en')]).toEqual([[], [], []]);
});
