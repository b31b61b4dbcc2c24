import { page, userEvent } from 'vitest/browser';
import { createRawSnippet } from 'svelte';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Button from './Button.svelte';
import Choices from './Choices.svelte';
import Dialog from './Dialog.svelte';
import ErrorSummary from './ErrorSummary.svelte';
import LanguageMarks from './LanguageMarks.svelte';
import MoveButtons from './MoveButtons.svelte';
import TextField from './TextField.svelte';
import Written from './Written.svelte';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

it('labels a field with its hint and its error', async () => {
	await render(TextField, {
		name: 'badge',
		label: 'Name on your badge',
		hint: 'As you want to be greeted.',
		error: 'Fill this in.',
		value: 'Wren'
	});
	const field = page.getByRole('textbox', { name: 'Name on your badge' });
	await expect.element(field).toHaveValue('Wren');
	await expect.element(field).toHaveAccessibleDescription('As you want to be greeted. Fill this in.');
});

it('lets a person choose one of several, and explains what cannot be chosen', async () => {
	const options = [
		{ value: 'hall', label: 'In the hall', hint: '1 seat left.' },
		{ value: 'online', label: 'Online' },
		{ value: 'x', label: 'Other', impossible: 'Not open yet.' }
	];
	await render(Choices, { name: 'mode', label: 'How will you take part?', options, value: 'hall' });
	await expect.element(page.getByRole('group', { name: 'How will you take part?' })).toBeVisible();
	await expect.element(page.getByRole('radio', { name: 'In the hall' })).toBeChecked();
	await page.getByText('Online').click();
	await expect.element(page.getByRole('radio', { name: 'Online' })).toBeChecked();
	await expect.element(page.getByRole('radio', { name: 'Other' })).toBeDisabled();
	await expect.element(page.getByRole('radio', { name: 'Other' })).toHaveAccessibleDescription('Not open yet.');
});

it('moves the focus to the errors', async () => {
	await render(TextField, { name: 'badge', label: 'Badge' });
	await render(ErrorSummary, { issues: [{ path: 'badge', message: 'Fill this in.' }] });
	await expect.element(page.getByRole('region', { name: 'One thing needs your attention' })).toHaveFocus();
	await page.getByRole('link', { name: 'Fill this in.' }).click();
	await expect.element(page.getByRole('textbox', { name: 'Badge' })).toHaveFocus();
});

it('keeps a disabled action readable, with its reason', async () => {
	await render(Button, { children: words('Accredit'), impossible: 'The seat in the hall is taken.' });
	const button = page.getByRole('button', { name: 'Accredit' });
	await expect.element(button).toHaveAttribute('aria-disabled', 'true');
	await expect.element(button).toHaveAccessibleDescription('The seat in the hall is taken.');
});

it('moves a row up and down, and offers no way past the end of the list', async () => {
	await render(MoveButtons, { what: 'Plenary hall', name: 'by', up: '-1', down: '1', last: true });
	const up = page.getByRole('button', { name: /^Move up: .*Plenary hall/ });
	await expect.element(up).toHaveAttribute('name', 'by');
	await expect.element(up).toHaveValue('-1');
	await expect.element(page.getByRole('button', { name: /^Move down/ })).not.toBeInTheDocument();
});

it('makes a link of an address', async () => {
	await render(Button, { children: words('Agenda'), href: '/2027/agenda' });
	await expect.element(page.getByRole('link', { name: 'Agenda' })).toHaveAttribute('href', '/2027/agenda');
});

it('opens a dialog, keeps the focus inside and returns it', async () => {
	const { rerender } = await render(Dialog, {
		title: 'Withdraw',
		children: words('Your seat goes to the next.'),
		open: true
	});
	await expect.element(page.getByRole('dialog', { name: 'Withdraw' })).toBeVisible();
	await userEvent.keyboard('{Escape}');
	await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
	await rerender({ open: true });
	await page.getByRole('button', { name: 'Close' }).click();
	await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

it('names languages in words', async () => {
	await render(LanguageMarks, { spoken: ['en'], interpreted: ['en', 'fr', 'ar'] });
	await expect.element(page.getByRole('img')).toHaveAccessibleName('Spoken: English; interpreted into: French, Arabic');
});

it('marks a text that is not in the language of the page', async () => {
	await render(Written, { map: { original: 'ar', ar: 'مرحبا' }, paragraphs: true });
	const text = page.getByText('مرحبا');
	await expect.element(text).toHaveAttribute('lang', 'ar');
	await expect.element(text).toHaveAttribute('dir', 'rtl');
	await expect.element(page.getByText('Shown in Arabic, as it was written.')).toBeVisible();
});
