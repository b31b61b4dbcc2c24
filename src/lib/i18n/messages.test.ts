import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locales } from './locale.ts';

const folder = join(import.meta.dirname, 'messages');
const areas = readdirSync(folder);

type Messages = Record<string, unknown>;

function read(area: string, locale: string): Messages {
	return JSON.parse(readFileSync(join(folder, area, `${locale}.json`), 'utf8')) as Messages;
}

// A message is a text, or variants of one by plural forms.
function texts(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(texts);
	if (typeof value === 'object' && value !== null && 'match' in value)
		return Object.values(value.match as Messages).flatMap(texts);
	return [];
}

function placeholders(value: unknown): string[] {
	return [...new Set(texts(value).flatMap((text) => text.match(/\{[^{}]+\}/g) ?? []))].sort();
}

// Each is called by its name: `m.agenda_now_and_next()`. What is not called is dead.
const src = join(import.meta.dirname, '../..');
const called = new Set(
	readdirSync(src, { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.(?:ts|svelte)$/.test(file) && !file.includes('.test.') && !file.includes('generated'))
		.flatMap((file) => readFileSync(join(src, file), 'utf8').match(/(?<=\bm\s*\.\s*)[a-z_0-9]+/g) ?? [])
);

describe.each(areas)('the messages of area %s', (area) => {
	const english = read(area, 'en');

	it('begin with the name of their area', () => {
		expect(Object.keys(english).filter((key) => !key.startsWith(`${area}_`) && key !== '$schema')).toEqual([]);
	});

	it('calls every one of them', () => {
		expect(Object.keys(english).filter((key) => !called.has(key) && key !== '$schema')).toEqual([]);
	});

	it.each(locales)('all exist in %s', (locale) => {
		expect(Object.keys(read(area, locale)).sort()).toEqual(Object.keys(english).sort());
	});

	it.each(locales)('are not empty in %s', (locale) => {
		const silent = Object.entries(read(area, locale)).filter(([, value]) =>
			texts(value).some((text) => text.trim() === '')
		);
		expect(silent).toEqual([]);
	});

	it.each(locales)('take the same values in %s', (locale) => {
		const other = read(area, locale);
		const of = (messages: Messages) =>
			Object.fromEntries(Object.entries(messages).map(([key, value]) => [key, placeholders(value)]));
		expect(of(other)).toEqual(of(english));
	});
});
