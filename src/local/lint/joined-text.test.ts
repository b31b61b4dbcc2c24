import { Linter } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import { expect, test } from 'vitest';
import { joinedText } from './joined-text.js';

const found = (code: string, file = 'Component.svelte') =>
	new Linter().verify(
		code,
		[
			...svelte.configs.base,
			{ files: ['**/*.svelte'], languageOptions: { parserOptions: { parser: ts.parser } } },
			{
				files: ['**/*.svelte', '**/*.js'],
				plugins: { local: { rules: { 'joined-text': joinedText } } },
				rules: { 'local/joined-text': 'error' }
			}
		],
		file
	).length;

test('finds Latin commas, semicolons and colons between what people read', () => {
	expect(found(`<p>{names.join(', ')}</p>`)).toBe(1);
	expect(found('<p>{label}: <b>{value}</b>, {more}</p>')).toBe(2);
	expect(found('const line = `${label}: ${value}, ${more}`;', 'words.js')).toBe(2);
	expect(found(`statements.join('; ');`, 'words.js')).toBe(1);
});

test('allows other separators, and texts around a value', () => {
	expect(found(`<p>{joinFacts(names)} · {keys.join(' · ')}{comma()}<b>{a}</b></p>`)).toBe(0);
	expect(found('const address = `mailto: ${mail}:`; keys.join(); keys.join(",");', 'words.js')).toBe(0);
});
