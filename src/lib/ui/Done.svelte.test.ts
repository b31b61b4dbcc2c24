import { page } from 'vitest/browser';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Done from './Done.svelte';

it('has its empty region before its text, so that the text is announced', async () => {
	await render(Done, { text: 'Saved.' });
	const region = page.getByRole('status').element();
	expect(region.textContent.trim()).toBe('');
	await expect.poll(() => region.textContent).toContain('Saved.');
	await page.getByRole('button', { name: 'Close' }).click();
	await expect.poll(() => region.textContent.trim()).toBe('');
});
