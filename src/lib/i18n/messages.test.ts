import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locales } from './locale.ts';

const folder = join(import.meta.dirname, 'messages');
const nouns = readdirSync(folder);

type Messages = Record<string, unknown>;

function read(noun: string, locale: string): Messages {
	return JSON.parse(readFileSync(join(folder, noun, `${locale}.json`), 'utf8')) as Messages;
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

describe.each(nouns)('the messages of %s', (noun) => {
	const english = read(noun, 'en');

	it('are of a noun of src/lib', () => {
		expect(existsSync(join(src, 'lib', noun))).toBe(true);
	});

	it('begin with the name of their noun', () => {
		const prefix = `${noun.replaceAll('-', '_')}_`;
		expect(Object.keys(english).filter((key) => !key.startsWith(prefix))).toEqual([]);
	});

	it('calls every one of them', () => {
		expect(Object.keys(english).filter((key) => !called.has(key))).toEqual([]);
	});

	it.each(locales)('all exist in %s', (locale) => {
		expect(Object.keys(read(noun, locale)).sort()).toEqual(Object.keys(english).sort());
	});

	it.each(locales)('are not empty in %s', (locale) => {
		const silent = Object.entries(read(noun, locale)).filter(([, value]) =>
			texts(value).some((text) => text.trim() === '')
		);
		expect(silent).toEqual([]);
	});

	it.each(locales)('take the same values in %s', (locale) => {
		const other = read(noun, locale);
		const of = (messages: Messages) =>
			Object.fromEntries(Object.entries(messages).map(([key, value]) => [key, placeholders(value)]));
		expect(of(other)).toEqual(of(english));
	});
});
