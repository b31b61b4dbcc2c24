import * as v from 'valibot';
import { expect, test } from 'vitest';
import { textEntries } from './written.ts';

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

test('only the first language must be there', () => {
	const schema = v.object(textEntries('title', ['ar', 'en'], { required: true }));
	expect(v.safeParse(schema, { 'title.ar': 'قمة' }).output).toEqual({ 'title.ar': 'قمة', 'title.en': '' });
	expect(v.safeParse(schema, { 'title.en': 'Summit' }).success).toBe(false);
});
