import { page } from 'vitest/browser';
import { expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import FileField from './FileField.svelte';

it('says in the language of the page whether a file is chosen, and which', async () => {
	const onchoose = vi.fn();
	await render(FileField, { name: 'file', label: 'Statement', onchoose });
	const field = page.getByLabelText('Statement', { exact: true });
	await expect.element(page.getByText('No file chosen')).toBeVisible();
	const file = new File(['a;b\n'.repeat(400)], 'march.csv', { type: 'text/csv' });
	await field.upload(file);
	await expect.element(page.getByText('march.csv')).toBeVisible();
	expect(onchoose.mock.calls[0]?.[0]).toMatchObject({ name: 'march.csv', size: 1600 });
});

it('shows that the field is empty after the form was reset', async () => {
	const form = document.body.appendChild(document.createElement('form'));
	await render(FileField, { target: form, props: { name: 'file', label: 'Statement' } });
	await page.getByLabelText('Statement', { exact: true }).upload(new File(['a'], 'march.csv'));
	await expect.element(page.getByText('march.csv')).toBeVisible();
	form.reset();
	await expect.element(page.getByText('No file chosen')).toBeVisible();
});
