/* The preview of a whole form, as one kind of participant would see it in one language. No I/O. */
import type { LogisticsOverview } from '#lib/database/answers/logistics.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { sectors } from '#lib/members/member.ts';
import { categories } from '#lib/registration/registration.ts';
import { questionForms, type OwnField } from './logistics.ts';

/** Reads whose form is shown from an address; invalid values count as the first. */
export function previewQuery(search: URLSearchParams, languages: readonly string[]) {
	const known = <T extends string>(name: string, all: readonly [T, ...T[]]): T =>
		all.find((one) => one === search.get(name)) ?? all[0];
	const [first = 'en', ...others] = languages;
	return {
		form: known('form', questionForms),
		category: known('category', categories),
		mode: known('mode', ['in_person', 'virtual']),
		sector: known('sector', sectors),
		language: known('language', [first, ...others])
	};
}

/** A question with its texts in one language only, unanswered. */
export function oneLanguage(field: LogisticsOverview['fields'][number], language: string, endsOn: string): OwnField {
	const only = (map: TextMap): TextMap => {
		const { lang, text: words } = text(map, language);
		return words === '' ? {} : { original: lang, [lang]: words };
	};
	const { id, key, kind, is_required, for_host, on_badge, visible_to } = field;
	const { form, depends_on, depends_values, is_sealed, need_values, file_sort } = field;
	return {
		...{
			id,
			key,
			kind,
			is_required,
			for_host,
			on_badge,
			visible_to,
			form,
			depends_on,
			depends_values,
			is_sealed,
			need_values,
			file_sort
		},
		label: only(field.label),
		help: only(field.help),
		purpose: only(field.purpose),
		choices: field.choices.map((choice) => ({ key: choice.key, label: only(choice.label) })),
		erased_on: new Date(Date.parse(`${endsOn}T12:00Z`) + field.erase_days * 86_400_000).toISOString().slice(0, 10),
		answer: ''
	};
}
