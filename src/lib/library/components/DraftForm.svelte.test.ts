import type { LibraryChoices, LibraryWork } from '#lib/database/answers/library.ts';
import { draftTextsOf } from '#lib/library/forms.ts';
import { page } from 'vitest/browser';
import { describe, expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import DraftForm from './DraftForm.svelte';

const text = (en: string) => ({ original: 'en', en });
const theme = (slug: string, en: string) => ({ slug, name: text(en) });
const choices: LibraryChoices = {
	submits: true,
	reviews: false,
	themes: [theme('victims', 'Victims'), theme('industry', 'Industry')],
	groups: []
};
const work: LibraryWork = {
	id: '00000000-0000-4000-8000-000000000000',
	code: 'ABCD2345',
	number: 1,
	kind: 'briefing',
	title: text('Reports within a day'),
	summary: text('How hotlines assess a report.'),
	authors: ['Working party'],
	licence: 'cc_by',
	doi: null,
	issued_on: '2026-03-01',
	theme: theme('victims', 'Victims'),
	level: 'public',
	group: null,
	embargo_until: null,
	note: '',
	published_at: null,
	ties: { members: [], sessions: [], groups: [], commitments: [] },
	files: [],
	state: 'draft',
	revision: 3,
	reviews: false,
	submits: true,
	is_own: true,
	is_published: false,
	opened: null,
	withdraws: true,
	deletes: true,
	discards: false,
	owner: 'Focal',
	withdrawn_reason: '',
	steps: []
};
const file = { id: 'f', language: 'en', name: 'paper.pdf', media_type: 'application/pdf', size: 1000 };
const sent = () => Object.fromEntries(new FormData(document.querySelector('form') ?? undefined));

describe('a file that is added meanwhile', () => {
	const typed = { title: 'Reports within an hour', authors: 'Two\nof us', kind: 'toolkit', theme: 'industry' };
	async function type() {
		await page.getByLabelText('Title (English)').fill(typed.title);
		await page.getByLabelText(/^Authors/).fill(typed.authors);
		await page.getByLabelText('Kind').selectOptions(typed.kind);
		await page.getByLabelText(/^Theme/).selectOptions(typed.theme);
		await page.getByLabelText('Date of the document').fill('2026-04-02');
		await page.getByText('People of members', { exact: true }).click();
	}
	const expected = {
		...{ 'title.en': typed.title, authors: typed.authors, kind: typed.kind, theme: typed.theme },
		...{ issued_on: '2026-04-02', level: 'members', revision: '4' }
	};
	const after = { ...work, revision: 4, files: [file] };

	it('leaves what was typed and renews the revision', async () => {
		const { rerender } = await render(DraftForm, { work, choices, result: undefined });
		await type();
		expect(draftTextsOf(after)).toBe(draftTextsOf(work));
		await rerender({ work: structuredClone(after), choices: structuredClone(choices), result: undefined });
		expect(sent()).toMatchObject(expected);
		// The upload of another was refused.
		await rerender({ result: { name: 'upload', values: {}, issues: [{ path: 'file', message: 'Too large' }] } });
		expect(sent()).toMatchObject(expected);
	});
});

it('is filled again when the texts changed', () => {
	for (const changed of [{ title: text('Other') }, { note: 'New' }, { number: 2 }, { theme: null }, { authors: [] }])
		expect(draftTextsOf({ ...work, ...changed })).not.toBe(draftTextsOf(work));
});

it('offers the theme of the document also where no other may choose it any longer', async () => {
	const retired = { ...work, theme: theme('old', 'Old words') };
	const { rerender } = await render(DraftForm, { work: retired, choices, result: undefined });
	await expect.element(page.getByLabelText(/^Theme/)).toHaveValue('old');
	expect(sent()).toMatchObject({ theme: 'old' });
	await rerender({ work });
	await expect.element(page.getByRole('option', { name: 'Old words' })).not.toBeInTheDocument();
});
