import * as v from 'valibot';
import { expect, test } from 'vitest';
import { slugFrom, textEntries } from './written.ts';

test.each([
	['Latin letters', 'a'],
	['Devanagari, with its marks', 'क्षि'],
	['Arabic, with its vowels', 'بَّ'],
	['Vietnamese, decomposed', 'ệ'.normalize('NFD')]
])('a text is measured in characters as people count them: %s', (_, letter) => {
	const schema = v.object(textEntries('title', ['en'], { required: true, most: 200 }));
	expect(v.safeParse(schema, { 'title.en': letter.repeat(200) }).success).toBe(true);
	expect(v.safeParse(schema, { 'title.en': letter.repeat(201) }).success).toBe(false);
});

test('requires only the first language', () => {
	const schema = v.object(textEntries('title', ['ar', 'en'], { required: true }));
	expect(v.safeParse(schema, { 'title.ar': 'قمة' }).output).toEqual({ 'title.ar': 'قمة', 'title.en': '' });
	expect(v.safeParse(schema, { 'title.en': 'Summit' }).success).toBe(false);
});

test.each([
	['Sala Río 1', 'sala-rio-1'],
	[' — Hall — B — ', 'hall-b'],
	['Desk', 'desk-1'],
	['Check!', 'check-1'],
	['Desk 2', 'desk-2'],
	['x'.repeat(39) + ' y', 'x'.repeat(39)],
	['قاعة', '']
])('a slug of %s', (name, slug) => {
	expect(slugFrom(name)).toBe(slug);
});
