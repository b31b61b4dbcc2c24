import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import BoothLines from './BoothLines.svelte';

const booth = {
	language: 'fr',
	is_signed: false,
	hint_minutes: 30,
	is_on_air: false,
	since: null,
	is_offered: false,
	people: [],
	lines: [{ id: 1, by: 'Anna', is_mine: false, words: 'Canary', at: '2026-12-01T10:00:00Z' }]
};

it('shows messages before they can be written', async () => {
	const { getByRole, rerender } = await render(BoothLines, { booth, mayWrite: false });
	await expect.element(getByRole('log')).toHaveTextContent('Anna Canary');
	expect(getByRole('textbox').query()).toBeNull();
	await rerender({ booth, mayWrite: true });
	await expect.element(getByRole('textbox')).toBeVisible();
});
