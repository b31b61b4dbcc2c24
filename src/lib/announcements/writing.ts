import type { FormResult } from '#lib/forms/parse.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { isolated, languageNames, locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { audiences, type Audience, type AnnouncementDraft, type Target } from './announcement.ts';

/** How long an announcement may be shown. */
export const durations = () => [
	{ value: '30', label: m.announcements_organise_shown_half_hour() },
	{ value: '120', label: m.announcements_organise_shown_two_hours() },
	{ value: '480', label: m.announcements_organise_shown_eight_hours() },
	{ value: '1440', label: m.announcements_organise_shown_day() },
	{ value: '10080', label: m.announcements_organise_shown_week() }
];

/** The choices of audience, in organisers' words; `which` names the room, the session, the language or the mode. */
export function audienceWord(audience: Audience, which = ''): string {
	const word = {
		everyone: m.announcements_organise_audience_everyone,
		mode: m.announcements_organise_audience_mode,
		language: m.announcements_organise_audience_language,
		room: m.announcements_organise_audience_room,
		session: m.announcements_organise_audience_session,
		session_people: m.announcements_organise_audience_session_people
	}[audience]();
	return which === '' ? word : m.announcements_organise_audience_which({ audience: word, which: isolated(which) });
}

/** Pages of the Summit that an announcement can link to. */
export const leads = () => [
	{ value: '/agenda', label: m.announcements_organise_leads_agenda() },
	{ value: '/live', label: m.announcements_organise_leads_live() },
	{ value: '/me', label: m.announcements_organise_leads_me() },
	{ value: '/talk', label: m.announcements_organise_leads_talk() }
];

type Fields = Record<string, unknown>;
const fieldOf = (output: Fields, name: string) => (typeof output[name] === 'string' ? output[name] : '');

/** The audience that the form names; an issue at its field where it is missing. */
export function targetOf(output: Fields, form: FormResult): { target: Target; form: FormResult } {
	const audience = audiences.find((each) => each === output['audience']) ?? 'everyone';
	const which = { mode: 'mode', language: 'language', room: 'room', session: 'session', session_people: 'session' };
	if (audience === 'everyone') return { target: { audience }, form };
	const field = which[audience];
	const chosen = fieldOf(output, field);
	return {
		target: { audience, [field]: chosen },
		form: chosen ? form : withIssue(form, field, m.announcements_organise_which_missing())
	};
}

/** The form's content in each language that has a title; the first of our languages that was written is the original. */
export function draftOf(output: Fields, form: FormResult): { draft: AnnouncementDraft; form: FormResult } {
	const written = locales.filter((locale) => fieldOf(output, `title_${locale}`) !== '');
	const untitled = locales.filter((locale) => fieldOf(output, `body_${locale}`) !== '' && !written.includes(locale));
	let faults = untitled.reduce(
		(all, locale) =>
			withIssue(
				all,
				`title_${locale}`,
				m.announcements_organise_title_missing_in({ language: isolated(languageNames[locale]) })
			),
		form
	);
	if (written.length === 0 && untitled.length === 0)
		faults = withIssue(faults, 'title_en', m.announcements_organise_title_missing());
	const text = (locale: Locale) => ({
		title: fieldOf(output, `title_${locale}`),
		body: fieldOf(output, `body_${locale}`).replace(/\r\n?/g, '\n')
	});
	const page = fieldOf(output, 'page');
	return {
		draft: {
			texts: Object.fromEntries(written.map((locale) => [locale, text(locale)])),
			original: written[0] ?? 'en',
			page: leads().some(({ value }) => value === page) ? page : null,
			urgent: output['urgent'] === true,
			push: output['push'] === true,
			mail: output['mail'] === true,
			minutes: Number(fieldOf(output, 'minutes')) || 120
		},
		form: faults
	};
}
