import { page, userEvent } from 'vitest/browser';
import { expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Combobox from './Combobox.svelte';

const options = [
	{ value: 'a', label: 'Harbourlight Foundation', hint: 'Sunderia' },
	{ value: 'b', label: 'Río de la Paz', hint: 'Antara' },
	{ value: 'c', label: 'Orme & Tilleul', hint: 'Valoise' }
];
const chosen = () => document.querySelector<HTMLInputElement>('input[type="hidden"][name="member"]')?.value;

it('finds an option by part of its name, without accents, and selects it by keyboard', async () => {
	const onchange = vi.fn();
	await render(Combobox, { name: 'member', label: 'Member', options, onchange });
	const field = page.getByRole('combobox', { name: 'Member' });
	await field.click();
	await userEvent.keyboard('rio');
	await expect.element(page.getByRole('option')).toHaveTextContent('Río de la Paz Antara');
	await userEvent.keyboard('{ArrowDown}{Enter}');
	await expect.element(field).toHaveValue('Río de la Paz');
	expect(chosen()).toBe('b');
	expect(onchange).toHaveBeenCalledExactlyOnceWith('b');
});

it('searches the second line too, and says when nothing matches', async () => {
	await render(Combobox, { name: 'member', label: 'Member', options });
	await page.getByRole('combobox', { name: 'Member' }).click();
	await userEvent.keyboard('valo');
	await expect.element(page.getByRole('option')).toHaveTextContent('Orme & Tilleul Valoise');
	await userEvent.keyboard('x');
	await expect.element(page.getByText('Nothing found')).toBeVisible();
});

it('keeps the selection when a person types and leaves', async () => {
	await render(Combobox, { name: 'member', label: 'Member', options, value: 'a' });
	const field = page.getByRole('combobox', { name: 'Member' });
	await expect.element(field).toHaveValue('Harbourlight Foundation');
	await field.click();
	await userEvent.keyboard('zzz{Escape}');
	await expect.element(field).toHaveValue('Harbourlight Foundation');
	expect(chosen()).toBe('a');
});

it('shows its hint and its error', async () => {
	await render(Combobox, {
		name: 'member',
		label: 'Member',
		options,
		hint: 'Search by name.',
		error: 'Choose a member.'
	});
	const field = page.getByRole('combobox', { name: 'Member' });
	await expect.element(field).toHaveAccessibleDescription('Search by name. Choose a member.');
	await expect.element(field).toHaveAttribute('aria-invalid', 'true');
});
