import type { FormResult } from '#lib/forms/parse.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { languageNames, locales, type Locale } from '#lib/i18n/locale.ts';
import { audiences, type Audience, type Draft, type Target } from './announcement.ts';

/** How long an announcement may be shown. */
export const durations = [
	{ value: '30', label: 'Half an hour' },
	{ value: '120', label: 'Two hours' },
	{ value: '480', label: 'Eight hours' },
	{ value: '1440', label: 'A day' },
	{ value: '10080', label: 'A week' }
];

/** Whom it may be for, in organisers' words. */
export const audienceWords: Record<Audience, string> = {
	everyone: 'Everyone',
	mode: 'Those in the hall, or online',
	language: 'Readers of a language',
	room: 'Those in a room, or about to come to it',
	session: 'Those of a session, and who follow it',
	session_people: 'Speakers and others who lead a session'
};

/** Pages of the Summit that an announcement leads to. */
export const leads = [
	{ value: '/agenda', label: 'The agenda' },
	{ value: '/live', label: 'The live rooms' },
	{ value: '/me', label: 'Their own page' },
	{ value: '/talk', label: 'Somebody to talk to' }
];

type Fields = Record<string, unknown>;
const fieldOf = (output: Fields, name: string) => (typeof output[name] === 'string' ? output[name] : '');

/** Whom the form names; an issue at its field where that is missing. */
export function targetOf(output: Fields, form: FormResult): { target: Target; form: FormResult } {
	const audience = audiences.find((each) => each === output['audience']) ?? 'everyone';
	const which = { mode: 'mode', language: 'language', room: 'room', session: 'session', session_people: 'session' };
	if (audience === 'everyone') return { target: { audience }, form };
	const field = which[audience];
	const chosen = fieldOf(output, field);
	return {
		target: { audience, [field]: chosen },
		form: chosen ? form : withIssue(form, field, 'Choose one.')
	};
}

/** What the form says, in each language that has a title; the first of ours that was written is the original. */
export function draftOf(output: Fields, form: FormResult): { draft: Draft; form: FormResult } {
	const written = locales.filter((locale) => fieldOf(output, `title_${locale}`) !== '');
	const lonely = locales.filter((locale) => fieldOf(output, `body_${locale}`) !== '' && !written.includes(locale));
	let faults = lonely.reduce(
		(all, locale) => withIssue(all, `title_${locale}`, `${languageNames[locale]}: write its title too.`),
		form
	);
	if (written.length === 0 && lonely.length === 0)
		faults = withIssue(faults, 'title_en', 'Write a title in one language at least.');
	const text = (locale: Locale) => ({
		title: fieldOf(output, `title_${locale}`),
		body: fieldOf(output, `body_${locale}`).replace(/\r\n?/g, '\n')
	});
	const page = fieldOf(output, 'page');
	return {
		draft: {
			texts: Object.fromEntries(written.map((locale) => [locale, text(locale)])),
			original: written[0] ?? 'en',
			page: leads.some(({ value }) => value === page) ? page : null,
			urgent: output['urgent'] === true,
			push: output['push'] === true,
			mail: output['mail'] === true,
			minutes: Number(fieldOf(output, 'minutes')) || 120
		},
		form: faults
	};
}
