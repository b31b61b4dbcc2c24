import { Linter } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import { expect, test } from 'vitest';
import { usedProps } from './used-props.js';

function unusedIn(script: string): string[] {
	const messages = new Linter().verify(
		`<script lang="ts">${script}</script>`,
		[
			...svelte.configs.base,
			{
				files: ['**/*.svelte'],
				languageOptions: { parserOptions: { parser: ts.parser } },
				plugins: { local: { rules: { 'used-props': usedProps } } },
				rules: { 'local/used-props': 'error' }
			}
		],
		'Component.svelte'
	);
	return messages.map(({ message }) => message);
}

test('names a declared prop that the component does not take', () => {
	expect(unusedIn(`interface Props { name: string; 'aria-label'?: string } let { name }: Props = $props();`)).toEqual([
		'The component does not take its prop aria-label.'
	]);
	expect(unusedIn(`type Props = { a: string; b(): void }; const { a }: Props = $props();`)).toHaveLength(1);
	expect(unusedIn(`let { a }: { a: string; b: string } = $props();`)).toHaveLength(1);
});

test('accepts renamed props, defaults and bindings, the rest, and types of other files', () => {
	expect(
		unusedIn(`interface Props { of: string; on?: boolean; value: string }
			let { of: kind, on = false, value = $bindable() }: Props = $props();`)
	).toEqual([]);
	expect(unusedIn(`interface Props { a: string; b: string } let { a, ...others }: Props = $props();`)).toEqual([]);
	expect(unusedIn(`import type { PageProps } from './$types'; let { data }: PageProps = $props();`)).toEqual([]);
});
