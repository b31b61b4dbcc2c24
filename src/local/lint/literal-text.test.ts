import { Linter } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import { expect, test } from 'vitest';
import { literalText } from './literal-text.js';

function literalsIn(code: string, file = 'Component.svelte'): string[] {
	const messages = new Linter().verify(
		code,
		[
			...svelte.configs.base,
			{
				files: ['**/*.svelte'],
				languageOptions: { parserOptions: { parser: ts.parser } }
			},
			{
				files: ['**/*.svelte', '**/*.js'],
				plugins: { local: { rules: { 'literal-text': literalText } } },
				rules: { 'local/literal-text': 'error' }
			}
		],
		file
	);
	return messages.map(({ message }) => message.replace(/^.*“(.*)”.*$/, '$1'));
}

test('finds texts of markup, of expressions that are shown, and of attributes that people read', () => {
	expect(literalsIn('<h1>Fees</h1>')).toEqual(['Fees']);
	expect(literalsIn(`<p>{open ? 'Open' : m.closed()}</p>`)).toEqual(['Open']);
	expect(literalsIn('<p>{`${count} rows`}</p>')).toEqual(['… rows']);
	expect(literalsIn('<TextField name="reason" label="Why" hint="For {name}" />')).toEqual(['Why', 'For']);
	expect(literalsIn(`<Button aria-label={many ? 'All' : 'One'} />`)).toEqual(['All', 'One']);
});

test('finds labels and sentences in code, but what is thrown or logged', () => {
	expect(literalsIn(`const tabs = [{ key: 'open', label: 'Open' }];`, 'a.js')).toEqual(['Open']);
	expect(literalsIn(`const refused = { overlap: 'There is a fee already.' };`, 'a.js')).toEqual([
		'There is a fee already.'
	]);
	expect(literalsIn(`throw new Error('The settings were refused.');`, 'a.js')).toEqual([]);
	expect(literalsIn(`log.warn({ code }, 'The settings were refused.');`, 'a.js')).toEqual([]);
});

test('accepts messages, abbreviations, names of code and styles', () => {
	expect(
		literalsIn('<p class="second muted">{m.name()} (PDF, WebVTT) · {count}</p><style>p { color: red }</style>')
	).toEqual([]);
	expect(literalsIn(`<p>{row.kind === 'invoice' ? m.a() : m.b()}</p><a href="/to/here">{m.c()}</a>`)).toEqual([]);
	expect(literalsIn(`const kinds = { done: 'added', 'Torn or unreadable': m.torn };`, 'a.js')).toEqual([]);
});
