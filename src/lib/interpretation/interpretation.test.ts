import { expect, test } from 'vitest';
import { isLanguageTag, languagesFrom, turnClock } from './interpretation.ts';

test('languages are read from news with care', () => {
	const languages = [{ language: 'fr', is_signed: false, identity: null, is_staffed: true }];
	expect(languagesFrom(languages)).toEqual(languages);
	expect(languagesFrom([])).toEqual([]);
	for (const value of [null, {}, 'fr', [null], [{ language: 'fr' }]]) expect(languagesFrom(value)).toBeNull();
});

test('a turn is counted in minutes and seconds', () => {
	expect([0, 59.9, 60, 1871, -3].map(turnClock)).toEqual(['0:00', '0:59', '1:00', '31:11', '0:00']);
});

test('a booth has a language tag', () => {
	for (const tag of ['fr', 'pt-BR', 'ils', 'zh-Hans-CN']) expect(isLanguageTag(tag)).toBe(true);
	for (const tag of ['', 'French', 'fr_FR', 'x', `fr-${'abcdefgh-'.repeat(5)}a`])
		expect(isLanguageTag(tag)).toBe(false);
});
