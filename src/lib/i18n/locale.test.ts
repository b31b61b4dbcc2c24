import { describe, expect, it } from 'vitest';
import { barePath, direction, href, isolated, localeOfPath, text, withoutEnglish } from './locale.ts';

describe('localised addresses', () => {
	it('have the language before the path, and none for English', () => {
		expect(href('/2027/agenda?day=2', 'fr')).toBe('/fr/2027/agenda?day=2');
		expect(href('/2027/agenda', 'en')).toBe('/2027/agenda');
		expect(href('/', 'ar')).toBe('/ar');
		expect(href('/', 'en')).toBe('/');
	});

	it('replace a language that is already there', () => {
		expect(href('/fr/2027', 'es')).toBe('/es/2027');
		expect(href('/fr', 'en')).toBe('/');
	});

	it('leave foreign addresses and words that only begin like a language', () => {
		expect(href('https://example.org/x', 'fr')).toBe('https://example.org/x');
		expect(href('//example.org', 'fr')).toBe('//example.org');
		expect(href('/french/x', 'ar')).toBe('/ar/french/x');
		expect(barePath('/arctic')).toBe('/arctic');
	});

	it('never turn a path into another host', () => {
		expect(['en', 'es'].map((language) => href('/fr//evil.example', language as 'en' | 'es'))).toEqual([
			'/evil.example',
			'/es/evil.example'
		]);
		expect(withoutEnglish('/en//evil.example')).toBe('/evil.example');
	});

	it('redirect /en to the bare address', () => {
		expect(['/en', '/en/', '/en/2027', '/2027', '/energy'].map(withoutEnglish)).toEqual([
			'/',
			'/',
			'/2027',
			null,
			null
		]);
	});

	it('give the language of a path', () => {
		expect(['/', '/fr', '/ar/2027', '/2027/fr', '/en/2027'].map(localeOfPath)).toEqual(['en', 'fr', 'ar', 'en', 'en']);
		expect(['/fr', '/es/2027/agenda', '/2027'].map(barePath)).toEqual(['/', '/2027/agenda', '/2027']);
	});
});

describe('a text in several languages', () => {
	const map = { original: 'pt', pt: 'Olá', en: 'Hello', fr: 'Bonjour' };

	it("is shown in the reader's language, else English, else the author's", () => {
		expect(text(map, 'fr')).toEqual({ text: 'Bonjour', lang: 'fr', fallback: false });
		expect(text(map, 'ar')).toEqual({ text: 'Hello', lang: 'en', fallback: true });
		expect(text({ original: 'pt', pt: 'Olá' }, 'ar')).toEqual({ text: 'Olá', lang: 'pt', fallback: true });
	});

	it('is shown to readers of a variety of the same language', () => {
		expect(text({ original: 'fr-CA', 'fr-CA': 'Salut', en: 'Hello' }, 'fr')).toEqual({
			text: 'Salut',
			lang: 'fr-CA',
			fallback: false
		});
	});

	it('skips empty texts and never shows the name of the original', () => {
		expect(text({ original: 'en', fr: ' ', en: 'Hello' }, 'fr').text).toBe('Hello');
		expect(text({ original: 'en' }, 'en')).toEqual({ text: '', lang: 'en', fallback: false });
		expect(text(null, 'ar')).toEqual({ text: '', lang: 'ar', fallback: false });
	});
});

it('has the direction of its language', () => {
	expect(['en', 'ar', 'fa-IR', 'he', 'fr', 'arn'].map(direction)).toEqual(['ltr', 'rtl', 'rtl', 'rtl', 'ltr', 'ltr']);
});

it('isolates a name where it or its sentence runs from right to left', () => {
	expect(isolated('Amara Okafor', 'fr')).toBe('Amara Okafor');
	expect(isolated('عائشة الفهري', 'fr')).toBe('\u2068عائشة الفهري\u2069');
	expect(isolated('Amara Okafor', 'ar')).toBe('\u2068Amara Okafor\u2069');
});
