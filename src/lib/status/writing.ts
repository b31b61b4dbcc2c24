/* The form of a notice. */
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { isolated, languageNames, locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import { siteParts, type SitePart } from './parts.ts';

export const noticeSeverities = ['info', 'maintenance', 'minor', 'major'] as const;
export type NoticeSeverity = (typeof noticeSeverities)[number];

export const noticeStages = ['investigating', 'identified', 'watching', 'resolved'] as const;

/** What a form says. */
export interface NoticeDraft {
	texts: Record<string, { title: string; body: string }>;
	original: Locale;
	severity: NoticeSeverity;
	parts: SitePart[];
	banner: boolean;
	/** Null: now. */
	starts_at: string | null;
	/** Null: until it is resolved. */
	ends_at: string | null;
}

type Fields = Record<string, unknown>;
const fieldOf = (output: Fields, name: string) => (typeof output[name] === 'string' ? output[name] : '');

/** The notice that the form describes, with what is wrong in it. Times are those of the venue. */
export function noticeDraftOf(
	output: Fields,
	form: FormResult,
	zone: string
): { draft: NoticeDraft; form: FormResult } {
	const titled = locales.filter((locale) => fieldOf(output, `title_${locale}`) !== '');
	const untitled = locales.filter((locale) => fieldOf(output, `body_${locale}`) !== '' && !titled.includes(locale));
	let checked = untitled.reduce(
		(all, locale) =>
			withIssue(all, `title_${locale}`, m.status_title_missing_in({ language: isolated(languageNames[locale]) })),
		form
	);
	if (titled.length === 0 && untitled.length === 0) checked = withIssue(checked, 'title_en', m.status_title_missing());
	const [starts, ends] = ['starts_at', 'ends_at'].map((name) => {
		const wall = fieldOf(output, name);
		const at = wall === '' ? null : instantOf(wall, zone);
		if (wall !== '' && at === null) checked = withIssue(checked, name, m.status_time_wrong());
		return at;
	});
	if (ends && Date.parse(ends) <= (starts ? Date.parse(starts) : Date.now()))
		checked = withIssue(checked, 'ends_at', m.status_end_wrong());
	const chosen = output['parts[]'];
	return {
		draft: {
			texts: Object.fromEntries(
				titled.map((locale) => [
					locale,
					{ title: fieldOf(output, `title_${locale}`), body: fieldOf(output, `body_${locale}`).replace(/\r\n?/g, '\n') }
				])
			),
			original: titled[0] ?? 'en',
			severity: noticeSeverities.find((each) => each === output['severity']) ?? 'info',
			parts: siteParts.filter((part) => Array.isArray(chosen) && chosen.includes(part)),
			banner: output['banner'] === true,
			starts_at: starts ?? null,
			ends_at: ends ?? null
		},
		form: checked
	};
}

/** The texts of an update by language; empty ones are left out. */
export const updateTextsOf = (output: Fields): Record<string, string> =>
	Object.fromEntries(
		locales.flatMap((locale) => {
			const text = fieldOf(output, `update_${locale}`).replace(/\r\n?/g, '\n');
			return text === '' ? [] : [[locale, text]];
		})
	);
