import { page } from 'vitest/browser';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import SelectField from './SelectField.svelte';

const options = (...labels: string[]) => labels.map((label) => ({ value: label.toLowerCase(), label }));

it('keeps what a person chose until it gets another value', async () => {
	const given = { name: 'kind', label: 'Kind', options: options('Report', 'Briefing', 'Minutes'), value: 'report' };
	const { rerender } = await render(SelectField, given);
	const field = page.getByLabelText('Kind');
	await expect.element(field).toHaveValue('report');
	await field.selectOptions('minutes');
	await rerender({ options: options('Report', 'Briefing', 'Minutes', 'Toolkit'), hint: 'One of them' });
	await expect.element(field).toHaveValue('minutes');
	await rerender({ error: 'Choose another.' });
	await expect.element(field).toHaveValue('minutes');
	await rerender({ value: 'briefing' });
	await expect.element(field).toHaveValue('briefing');
	await rerender({ options: options('Toolkit', 'Briefing') });
	await expect.element(field).toHaveValue('briefing');
});

it('is as it was after its form is reset', async () => {
	await render(SelectField, { name: 'kind', label: 'Kind', options: options('Report', 'Briefing'), value: 'briefing' });
	const field = page.getByLabelText('Kind');
	await field.selectOptions('report');
	const form = document.createElement('form');
	const select = document.querySelector('select');
	select?.before(form);
	if (select) form.append(select);
	form.reset();
	await expect.element(field).toHaveValue('briefing');
});
