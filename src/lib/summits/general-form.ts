import type { SavedSummit } from '#lib/database/answers/summits.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { list, optionalId, optionalText, requiredText, timeZone, wholeNumber } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { splitList } from '#lib/i18n/list.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isSlug } from '#lib/summits/summit.ts';
import { editionParts } from '#lib/summits/copied-edition.ts';
import { instantOf, isDate } from '#lib/summits/local-time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

type Known = { languages: string[]; name?: TextMap; summary?: TextMap; venue_name?: TextMap; city?: TextMap };

const date = v.pipe(
	requiredText(10, () => m.summits_fault_date_missing()),
	v.check(isDate, () => m.summits_fault_date())
);
/** A wall time of a field, or null. */
export const moment = v.pipe(
	optionalText(20),
	v.regex(/^$|^\d{4}-\d\d-\d\dT\d\d:\d\d/, () => m.summits_fault_moment())
);
const slug = v.pipe(
	requiredText(40),
	v.check(isSlug, () => m.summits_fault_slug())
);
const country = v.pipe(optionalText(2), v.regex(/^$|^[A-Z]{2}$/));
const languageEntries = { 'languages[]': list(v.string()), otherLanguages: optionalText(100) };
/** A currency by its code. */
export const currencySchema = v.pipe(
	requiredText(3),
	v.regex(/^[A-Z]{3}$/, () => m.summits_fault_currency_letters()),
	v.check(isCurrency, () => m.summits_fault_currency())
);

/** The fields of a new Summit. Without an address it gets one; `template`: the earlier edition that it starts from, `parts` what is copied. */
export const newSummitSchema = v.object({
	name: requiredText(120),
	slug: v.pipe(
		optionalText(40),
		v.check(
			(value) => value === '' || isSlug(value),
			() => m.summits_fault_slug()
		)
	),
	starts_on: date,
	ends_on: date,
	zone: timeZone(),
	venue_name: optionalText(120),
	city: optionalText(120),
	country,
	...languageEntries,
	template: optionalId(),
	'parts[]': list(v.picklist(editionParts))
});

/** Columns with texts in several languages, by field. */
const written = { name: 120, summary: 400, venue_name: 120, city: 120 } as const;

function placeEntries(known: Known): v.ObjectEntries {
	return {
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
		country,
		address: optionalText(300)
	};
}

/** The schema of name, dates and place; texts can be written in the languages that the Summit has now. */
export const placeSchema = (known: Known) => v.object(placeEntries(known));

/** The schema of its languages. */
export const languagesSchema = v.object(languageEntries);

/** The schema of all general settings. */
export function generalSchema(known: Known) {
	return v.object({ ...placeEntries(known), currency: currencySchema, ...languageEntries } as v.ObjectEntries);
}

function isCurrency(code: string): boolean {
	return Intl.supportedValuesOf('currency').includes(code);
}

/** The columns of name, dates and place. */
export function placeFrom(output: Record<string, unknown>, known: Known): Record<string, unknown> {
	const texts = Object.keys(written).map((name) => [
		name,
		gatherText(output, name, tagsFor(known.languages, known[name as keyof typeof written]))
	]);
	const { slug, starts_on, ends_on, zone, address } = output;
	const country = output['country'] === '' ? null : output['country'];
	return { ...Object.fromEntries(texts), slug, starts_on, ends_on, zone, country, address };
}

/** The columns of the general settings. */
export function generalFrom(output: Record<string, unknown>, known: Known): Record<string, unknown> {
	return { ...placeFrom(output, known), currency: output['currency'], languages: languagesFrom(output) };
}

/** The chosen and the typed languages, without invalid tags; English when none is left. */
export function languagesFrom(output: Record<string, unknown>): string[] {
	const typed = splitList(String(output['otherLanguages'] ?? ''), 'words');
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

const faultWords: Record<string, () => string> = {
	slug: m.summits_fault_slug_unusable,
	zone: m.summits_fault_zone,
	starts_on: m.summits_fault_date,
	ends_on: m.summits_fault_ends,
	registration_closes_at: m.summits_fault_registration_closes,
	nominations_close_at: m.summits_fault_late,
	names_freeze_at: m.summits_fault_late,
	logistics_due_at: m.summits_fault_late,
	refund_until: m.summits_fault_late,
	currency: m.summits_fault_currency
};

// Deadlines that are set elsewhere: they conflict because the end of the Summit moved.
const endWords: Record<string, () => string> = {
	call_closes_at: m.summits_fault_call,
	files_due_at: m.summits_fault_files,
	speakers_due_at: m.summits_fault_speakers
};

/** Puts the database's errors at the fields of the form. */
export function withFaults(form: FormResult, saved: Exclude<SavedSummit, { status: 'ok' }>): FormResult {
	const unfit = () => withIssue(form, '', m.summits_fault_together());
	return byStatus(saved, {
		slug_taken: () => withIssue(form, 'slug', m.summits_fault_slug_taken()),
		not_allowed: unfit,
		invalid: ({ faults }) =>
			faults.length === 0
				? unfit()
				: faults.reduce((so, fault) => {
						const ends = endWords[fault];
						return ends
							? withIssue(so, 'ends_on', ends())
							: withIssue(so, fault, (faultWords[fault] ?? m.summits_fault_unfit)());
					}, form)
	});
}
