import type { SavedSummit } from '#lib/database/answers/summits.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { list, optionalText, requiredText, timeZone, wholeNumber } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { isSlug } from '#lib/summits/summit.ts';
import { instantOf, isDate } from '#lib/summits/local-time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import { lateWords } from './late.ts';
import * as v from 'valibot';

type Known = { languages: string[]; name?: TextMap; summary?: TextMap; venue_name?: TextMap; city?: TextMap };

const date = v.pipe(
	requiredText(10, () => 'Choose a date.'),
	v.check(isDate, 'This is not a date.')
);
/** A wall time of a field, or null. */
export const moment = v.pipe(
	optionalText(20),
	v.regex(/^$|^\d{4}-\d\d-\d\dT\d\d:\d\d/, 'This is not a date and time.')
);
const slug = v.pipe(
	requiredText(40),
	v.check(isSlug, 'Use small letters, figures and hyphens, and no word that our own addresses use.')
);

/** The fields that a new Summit needs. */
export const newSummitSchema = v.object({
	name: requiredText(120),
	slug,
	starts_on: date,
	ends_on: date,
	zone: timeZone(),
	'languages[]': list(v.string()),
	otherLanguages: optionalText(100)
});

/** Columns with texts in several languages, by field. */
const written = { name: 120, summary: 400, venue_name: 120, city: 120 } as const;

/** The schema of the general settings; texts can be written in the languages that the Summit has now. */
export function generalSchema(known: Known) {
	return v.object({
		...Object.assign(
			{},
			...Object.entries(written).map(([name, most]) =>
				textEntries(name, tagsFor(known.languages, known[name as keyof typeof written]), {
					most,
					required: name === 'name',
					lines: name === 'summary'
				})
			)
		),
		slug,
		starts_on: date,
		ends_on: date,
		zone: timeZone(),
		country: v.pipe(optionalText(2), v.regex(/^$|^[A-Z]{2}$/)),
		address: optionalText(300),
		currency: v.pipe(
			requiredText(3),
			v.regex(/^[A-Z]{3}$/, 'Three capital letters, such as EUR.'),
			v.check(isCurrency, 'This is not a currency.')
		),
		'languages[]': list(v.string()),
		otherLanguages: optionalText(100)
	} as v.ObjectEntries);
}

function isCurrency(code: string): boolean {
	return Intl.supportedValuesOf('currency').includes(code);
}

/** The columns of the general settings. */
export function generalFrom(output: Record<string, unknown>, known: Known): Record<string, unknown> {
	const texts = Object.keys(written).map((name) => [
		name,
		gatherText(output, name, tagsFor(known.languages, known[name as keyof typeof written]))
	]);
	const { slug, starts_on, ends_on, zone, address, currency } = output;
	const country = output['country'] === '' ? null : output['country'];
	return {
		...Object.fromEntries(texts),
		slug,
		starts_on,
		ends_on,
		zone,
		country,
		address,
		currency,
		languages: languagesFrom(output)
	};
}

/** The chosen and the typed languages, without invalid tags; English when none is left. */
export function languagesFrom(output: Record<string, unknown>): string[] {
	const typed = String(output['otherLanguages'] ?? '').split(/[\s,;]+/);
	const chosen = Array.isArray(output['languages[]']) ? output['languages[]'] : [];
	const tags = [...chosen, ...typed].flatMap((tag) => {
		try {
			return Intl.getCanonicalLocales(String(tag).trim());
		} catch {
			return [];
		}
	});
	return tags.length > 0 ? [...new Set(tags)] : ['en'];
}

/** The fields of the days and hours of registration and payment. */
export const deadlineSchema = v.object({
	registration_opens_at: moment,
	registration_closes_at: moment,
	nominations_close_at: moment,
	names_freeze_at: moment,
	logistics_due_at: moment,
	review_days: wholeNumber(1, 90),
	payment_days: wholeNumber(1, 60),
	offer_hours: wholeNumber(1, 720),
	refund_until: moment,
	refund_percent: wholeNumber(0, 100)
});

/** The columns of those deadlines; wall times are the venue's. */
export function deadlinesFrom(output: v.InferOutput<typeof deadlineSchema>, zone: string): Record<string, unknown> {
	const at = (wall: string) => (wall === '' ? null : instantOf(wall, zone));
	return {
		...output,
		registration_opens_at: at(output.registration_opens_at),
		registration_closes_at: at(output.registration_closes_at),
		nominations_close_at: at(output.nominations_close_at),
		names_freeze_at: at(output.names_freeze_at),
		logistics_due_at: at(output.logistics_due_at),
		refund_until: at(output.refund_until)
	};
}

const faultWords: Record<string, string> = {
	slug: 'This address cannot be used.',
	zone: 'This time zone does not exist.',
	starts_on: 'This is not a date.',
	ends_on: 'The last day comes before the first, or more than a month after it.',
	registration_closes_at: 'Registration closes after it opens, and no later than the Summit ends.',
	nominations_close_at: lateWords,
	names_freeze_at: lateWords,
	logistics_due_at: lateWords,
	refund_until: lateWords,
	currency: 'This is not a currency.'
};

// Deadlines that are set elsewhere: they conflict because the end of the Summit moved.
const endWords: Record<string, string> = {
	call_closes_at:
		'The call for proposals, or a late link of it, would be open after the Summit. Change the call first.',
	files_due_at: 'Files of sessions would be due after the Summit. Change that deadline first.',
	speakers_due_at: 'Tasks of speakers would be due after the Summit. Change those deadlines first.'
};

/** Puts the database's errors at the fields of the form. */
export function withFaults(form: FormResult, saved: Exclude<SavedSummit, { status: 'ok' }>): FormResult {
	const unfit = () => withIssue(form, '', 'The settings do not fit together. Nothing was saved.');
	return byStatus(saved, {
		slug_taken: () => withIssue(form, 'slug', 'Another Summit has this address.'),
		not_allowed: unfit,
		invalid: ({ faults }) =>
			faults.length === 0
				? unfit()
				: faults.reduce((so, fault) => {
						const ends = endWords[fault];
						return ends
							? withIssue(so, 'ends_on', ends)
							: withIssue(so, fault, faultWords[fault] ?? 'This does not fit.');
					}, form)
	});
}
