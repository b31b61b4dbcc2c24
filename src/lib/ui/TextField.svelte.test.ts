import { locale, readLocaleFrom, type Locale } from '#lib/i18n/locale.ts';
import { page } from 'vitest/browser';
import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import TextArea from './TextArea.svelte';
import TextField from './TextField.svelte';

const before = locale();
afterEach(() => readLocaleFrom(() => before));

const dates: [Locale, string, string][] = [
	['en', 'Wednesday 9 June 2027', 'Thursday 10 June 2027, 14:30'],
	['ar', 'الأربعاء، 9 يونيو 2027', 'الخميس، 10 يونيو 2027، 14:30']
];

for (const [language, day, moment] of dates)
	it(`says the chosen date in the language of the page: ${language}`, async () => {
		readLocaleFrom(() => language);
		await render(TextField, { name: 'day', label: 'Day', type: 'date', value: '2027-06-09' });
		const field = page.getByLabelText('Day');
		await expect.element(field).toHaveAccessibleDescription(day);
		await field.fill('');
		await expect.element(page.getByText(day)).not.toBeInTheDocument();
		await render(TextField, { name: 'begins', label: 'Begins', type: 'datetime-local' });
		await page.getByLabelText('Begins').fill('2027-06-10T14:30');
		await expect.element(page.getByText(moment)).toBeVisible();
	});

it('says nothing beside a field of text, and the hour of a time alone', async () => {
	await render(TextField, { name: 'name', label: 'Name', value: '2027-06-09' });
	await expect.element(page.getByLabelText('Name')).not.toHaveAccessibleDescription();
	await render(TextField, { name: 'time', label: 'Time', type: 'time', value: '14:30' });
	await expect.element(page.getByLabelText('Time')).toHaveAccessibleDescription('14:30');
});

it('shows a text in its own direction, whatever the direction of the page', async () => {
	await render(TextField, { name: 'title', label: 'Title', value: 'Agenda (draft)' });
	await render(TextArea, { name: 'minutes', label: 'Minutes', value: 'The agenda was adopted.' });
	await render(TextField, { name: 'count', label: 'Count', type: 'number', value: '7' });
	await expect.element(page.getByLabelText('Title')).toHaveAttribute('dir', 'auto');
	await expect.element(page.getByLabelText('Minutes')).toHaveAttribute('dir', 'auto');
	await expect.element(page.getByLabelText('Count')).not.toHaveAttribute('dir');
});
