import { expect, test } from 'vitest';
import { canonicalTag, isLanguageTag, parseLanguages } from './interpretation.ts';
import { boothRefusal } from './words.ts';

test('validates languages of live events', () => {
	const languages = [{ language: 'fr', is_signed: false, identity: null, is_staffed: true }];
	expect(parseLanguages(languages)).toEqual(languages);
	expect(parseLanguages([])).toEqual([]);
	for (const value of [null, {}, 'fr', [null], [{ language: 'fr' }]]) expect(parseLanguages(value)).toBeNull();
});

test('requires a language tag for a booth', () => {
	for (const tag of ['fr', 'pt-BR', 'ils', 'zh-Hans-CN']) expect(isLanguageTag(tag)).toBe(true);
	for (const tag of ['', 'French', 'fr_FR', 'x', `fr-${'abcdefgh-'.repeat(5)}a`])
		expect(isLanguageTag(tag)).toBe(false);
});

test('an act in a booth that is gone is refused in words', () => {
	expect(boothRefusal('not_found')).toMatch('no longer there');
});

test('writes a language tag in its usual spelling', () => {
	expect(['PT-br', 'zh-hant-TW', 'iw', 'fr', ' x', 'not a tag'].map(canonicalTag)).toEqual([
		'pt-BR',
		'zh-Hant-TW',
		'he',
		'fr',
		' x',
		'not a tag'
	]);
});
