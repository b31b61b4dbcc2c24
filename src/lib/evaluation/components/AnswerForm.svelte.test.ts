import { page } from 'vitest/browser';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import type { SurveyForm } from '#lib/database/answers/evaluation.ts';
import AnswerForm from './AnswerForm.svelte';

const text = (words: string) => ({ original: 'en', en: words });
const question = {
	help: text(''),
	choices: [],
	is_required: false,
	depends_on: null,
	depends_values: [],
	version: 1
};
const survey: SurveyForm = {
	collection: 'c',
	survey: 's',
	kind: 'summit',
	title: text('Feedback'),
	intro: text(''),
	session: null,
	closes_at: '2026-12-31T00:00:00Z',
	state: 'open',
	smallest_group: 5,
	public_key: 'k',
	questions: [
		{ ...question, id: '1', key: 'again', kind: 'yes_no', label: text('Would you come again?') },
		{
			...question,
			id: '2',
			key: 'why',
			kind: 'text',
			label: text('Why not?'),
			depends_on: 'again',
			depends_values: ['no']
		},
		{ ...question, id: '3', key: 'words', kind: 'text', label: text('Anything else?') },
		{
			...question,
			id: '4',
			key: 'then',
			kind: 'text',
			label: text('What was best?'),
			depends_on: 'again',
			depends_values: ['yes']
		}
	]
};

it('keeps what was answered before the script started', async () => {
	const props = { survey, base: '/sum', person: 'p', isBlind: false, onsent: () => {} };
	const { rerender } = await render(AnswerForm, props);
	await page.getByRole('radio', { name: 'No' }).click();
	await page.getByRole('textbox', { name: /^Why not/ }).fill('Too long');
	await page.getByRole('textbox', { name: /^Anything else/ }).fill('Thank you');
	await rerender({ ...props, isBlind: true });
	await expect.element(page.getByRole('textbox', { name: /^What was best/ })).not.toBeInTheDocument();
	await expect.element(page.getByRole('radio', { name: 'No' })).toBeChecked();
	await expect.element(page.getByRole('textbox', { name: /^Why not/ })).toHaveValue('Too long');
	await expect.element(page.getByRole('textbox', { name: /^Anything else/ })).toHaveValue('Thank you');
});
