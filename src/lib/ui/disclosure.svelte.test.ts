import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import { Disclosure } from './disclosure.svelte.ts';

it('keeps what a person opened or closed through live events, until the page requests otherwise', () => {
	let rows = $state.raw(['one']);
	const fold = new Disclosure(() => rows.length === 0);
	const seen: boolean[] = [];
	const end = $effect.root(() => {
		$effect(() => void seen.push(fold.open));
	});
	flushSync();
	fold.open = true;
	flushSync();
	rows = ['two'];
	flushSync();
	expect(fold.open).toBe(true);
	fold.open = false;
	flushSync();
	rows = [];
	flushSync();
	expect(fold.open).toBe(true);
	rows = ['three'];
	flushSync();
	expect(fold.open).toBe(false);
	expect(seen).toEqual([false, true, false, true, false]);
	end();
});
