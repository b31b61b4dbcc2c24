import { expect, test } from 'vitest';
import {
	compareNames,
	joinFacts,
	joinLabel,
	joinList,
	joinStatements,
	joinWords,
	splitList,
	plainList
} from './list.ts';

const words = ['A', 'B', 'C'];
const inEach = (join: (language: string) => string) =>
	Object.fromEntries(['en', 'ar', 'ru', 'zh', 'pt'].map((language) => [language, join(language)]));

test('a list has the separators of its language', () => {
	expect(inEach((language) => joinList(words, language))).toEqual({
		en: 'A, B, C',
		ar: '\u2068A\u2069، و\u2068B\u2069، و\u2068C\u2069',
		ru: 'A, B, C',
		zh: 'A、B、C',
		pt: 'A, B e C'
	});
	expect(inEach((language) => joinWords(words, 'disjunction', language))).toMatchObject({
		ru: 'A, B или C',
		zh: 'A、B或C',
		pt: 'A, B ou C'
	});
});

test('facts and statements are set apart by the punctuation of their language', () => {
	expect(inEach((language) => joinFacts(['A', '', 'B'], language))).toEqual({
		en: 'A, B',
		ar: '\u2068A\u2069، \u2068B\u2069',
		ru: 'A, B',
		zh: 'A，B',
		pt: 'A, B'
	});
	expect(['fr', 'ar', 'zh'].map((language) => joinStatements(['A', 'B'], language))).toEqual([
		'A\u202f; B',
		'\u2068A\u2069؛ \u2068B\u2069',
		'A；B'
	]);
});

test('Latin words in Arabic keep to their side of the comma, and are isolated once', () => {
	expect(joinFacts(['PDF', '1 كيلوبايت'], 'ar')).toBe('\u2068PDF\u2069، 1 كيلوبايت');
	expect(joinFacts(['\u2068Grace\u2069', 'العضو'], 'ar')).toBe('\u2068Grace\u2069، العضو');
	expect(splitList(plainList(['Projector', 'شاشة'], 'ar'))).toEqual(['Projector', 'شاشة']);
});

test('a label is set apart from its value by the colon of the language', () => {
	expect(['en', 'fr', 'ar', 'zh'].map((language) => joinLabel('A', 'B', language))).toEqual([
		'A: B',
		'A\u202f: B',
		'A: B',
		'A：B'
	]);
});

test('a typed list is split at the separators of every keyboard', () => {
	expect(splitList(' Projector, two lecterns;\r\n投影仪，讲桌、屏幕；جهاز عرض، منبر؛ , \n')).toEqual([
		'Projector',
		'two lecterns',
		'投影仪',
		'讲桌',
		'屏幕',
		'جهاز عرض',
		'منبر'
	]);
	expect(splitList('Alder, Wren; 王，小明；منى، علي؛', 'semicolons')).toEqual(['Alder, Wren', '王，小明', 'منى، علي']);
	expect(splitList('en fr,ru，zh、pt ; ar', 'words')).toEqual(['en', 'fr', 'ru', 'zh', 'pt', 'ar']);
});

test('names are in the order of the reader’s language', () => {
	const sorted = (names: string[], language: string) => names.toSorted((a, b) => compareNames(a, b, language));
	expect(sorted(['Zanzibar', 'Égypte', 'Fidji'], 'fr')).toEqual(['Égypte', 'Fidji', 'Zanzibar']);
	expect(sorted(['中国', '阿根廷', '巴西'], 'zh')).toEqual(['阿根廷', '巴西', '中国']);
	expect(sorted(['Room 10', 'Room 9'], 'en')).toEqual(['Room 9', 'Room 10']);
});
