import { expect, test } from 'vitest';
import { dependents, filledIn, inLanguage, nameOf, placeholderOf, type Chunk } from './languages.ts';
import type { Texts } from './write.ts';

const texts = (en: string, fr: string) => ({ en, fr, es: en, ar: en }) as unknown as Texts;
const compiled = new Map([
	['ui_close', texts('"Close"', '"Fermer"')],
	['ui_name', texts('(i) => `Name: ${i.name}`', '(i) => `Nom : ${i.name}`')],
	[
		'ui_seats',
		texts(
			'(i, v = plural("en", i.count)) => v === "one" ? `a seat` : `seats`',
			'(i, v = plural("fr", i.count)) => v === "one" ? `une place` : `places`'
		)
	]
]);

const folder = '_app/immutable';
const chunk = (code: string, imports: string[], dynamicImports: string[] = []): Chunk => ({
	code,
	imports: imports.map((name) => `${folder}/${name}`),
	dynamicImports: dynamicImports.map((name) => `${folder}/${name}`)
});
const chunks = new Map(
	Object.entries({
		'entry/app.js': chunk(
			'const f=["/_app/immutable/nodes/1.js","/_app/immutable/chunks/big.js","/_app/immutable/assets/a.css"];import("../nodes/1.js");import("../chunks/big.js")',
			[],
			['nodes/1.js', 'chunks/big.js']
		),
		'nodes/1.js': chunk('import{a}from"../chunks/words.js";import"../chunks/big.js"', [
			'chunks/words.js',
			'chunks/big.js'
		]),
		'chunks/words.js': chunk('const a=$message_ui_close(),b=$message_ui_seats(o);export{a}', []),
		'chunks/big.js': chunk('export{}', [])
	}).map(([name, made]): [string, Chunk] => [`${folder}/${name}`, made])
);

test('the texts of a script are those of one language', () => {
	const run = (code: string, language: 'en' | 'fr') =>
		(new Function('o', `return ${filledIn(code, language, compiled)}`) as (o: unknown) => (values?: object) => string)(
			(_: string, count: number) => (count < 2 ? 'one' : 'other')
		);
	expect(filledIn('$message_ui_close()', 'fr', compiled)).not.toContain('Close');
	expect(run('$message_ui_close()', 'fr')()).toBe('Fermer');
	expect(run('$message_ui_name()', 'fr')({ name: 'Ana' })).toBe('Nom : Ana');
	expect(run('$message_ui_seats(o)', 'fr')({ count: 1 })).toBe('une place');
	expect(run('$message_ui_seats(o)', 'en')({ count: 2 })).toBe('seats');
	expect(() => filledIn('$message_ui_none()', 'fr', compiled)).toThrow('ui_none');
});

test('a message with plural forms brings what chooses them, and no other does', () => {
	expect(placeholderOf('ui_close', texts('"Close"', '"Fermer"'), '/message.ts')).toBe(
		'export const ui_close = /*#__PURE__*/ $message_ui_close();'
	);
	expect(placeholderOf('ui_seats', compiled.get('ui_seats') ?? texts('', ''), '/message.ts')).toContain(
		'import { plural } from "/message.ts";'
	);
});

test('a script is made for each language when it or one that it imports has messages', () => {
	expect([...dependents(chunks)].sort()).toEqual(
		['chunks/words.js', 'entry/app.js', 'nodes/1.js'].map((name) => `${folder}/${name}`)
	);
});

test('a script of a language imports those of the same language, and shared ones from where all do', () => {
	const own = dependents(chunks);
	const in_ = (name: string) => inLanguage(chunks, own, `${folder}/${name}`, 'fr');
	expect(nameOf(`${folder}/nodes/1.js`, 'fr')).toBe(`${folder}/fr/nodes/1.js`);
	expect(in_('nodes/1.js')).toBe('import{a}from"../chunks/words.js";import"../../chunks/big.js"');
	expect(in_('entry/app.js')).toBe(
		'const f=["/_app/immutable/fr/nodes/1.js","/_app/immutable/chunks/big.js","/_app/immutable/assets/a.css"];import("../nodes/1.js");import("../../chunks/big.js")'
	);
});
