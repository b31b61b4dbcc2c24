import { page } from 'vitest/browser';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import CountryBoxes from './CountryBoxes.svelte';

const props = { name: 'countries[]', label: 'Countries', hint: 'Choose none for the whole world.' };
const codes = ['UY', 'KE', 'FR'];

it('is folded, and says what no choice means', async () => {
	await render(CountryBoxes, { ...props, codes, chosen: [] });
	await expect.element(page.getByText('· Choose none for the whole world.')).toBeVisible();
	await expect.element(page.getByRole('checkbox', { name: 'Kenya' })).not.toBeInTheDocument();
	await page.getByText('· Choose none for the whole world.').click();
	await expect.element(page.getByRole('checkbox', { name: 'Kenya' })).not.toBeChecked();
	expect([...document.querySelectorAll('label')].map((label) => label.textContent.trim())).toEqual([
		'France',
		'Kenya',
		'Uruguay'
	]);
});

it('names what was chosen beside its label, and sends it while folded', async () => {
	await render(CountryBoxes, { ...props, codes, chosen: ['UY', 'KE'] });
	await expect.element(page.getByText('· Kenya, Uruguay')).toBeVisible();
	const sent = [...document.querySelectorAll<HTMLInputElement>('input:checked')].map(({ name, value }) => [
		name,
		value
	]);
	expect(sent).toEqual([
		['countries[]', 'KE'],
		['countries[]', 'UY']
	]);
});

it('keeps a chosen country that is offered no longer', async () => {
	await render(CountryBoxes, { ...props, codes, chosen: ['DE'] });
	await expect.element(page.getByText('· Germany')).toBeVisible();
	expect([...document.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value)).toEqual(['DE']);
});
