import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, 'messages');

// The parts of a name like "form=one" are no text that people read.
const textsOf = (value: unknown): string[] => {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(textsOf);
	if (typeof value === 'object' && value !== null && 'match' in value) return Object.values(value.match ?? {});
	return [];
};

/** The messages of a language in which a pattern is found. */
function found(language: string, pattern: RegExp): string[] {
	return readdirSync(folder).flatMap((noun) => {
		const messages = JSON.parse(readFileSync(join(folder, noun, `${language}.json`), 'utf8')) as object;
		return Object.entries(messages).flatMap(([key, value]) =>
			textsOf(value).some((text) => pattern.test(text)) ? [key] : []
		);
	});
}

it('is as wide as a character in Chinese', () => {
	expect(found('zh', /\p{Script=Han}[,:;()?!]|[,:;()?!]\p{Script=Han}|\} ?[,:;?!)]|[,:;(] ?\{/u)).toEqual([]);
});

it('has no spaces around it and around values in Chinese', () => {
	expect(found('zh', /\p{Script=Han} [\p{Script=Han}{\d]|[}\d] \p{Script=Han}/u)).toEqual([]);
});

it('is Arabic in Arabic', () => {
	expect(found('ar', /[\p{Script=Arabic}}] ?[,;?](?!\w)/u)).toEqual([]);
});

it('follows a narrow space in French', () => {
	expect(found('fr', /[^\S\u202f][;:!?»](?!\w)|«[^\u202f]/u)).toEqual([]);
});
