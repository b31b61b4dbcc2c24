/* The forms of commitments. No I/O. */
import type { CommitmentText } from '#lib/database/answers/commitments.ts';
import { enums } from '#lib/database/types.ts';
import {
	id,
	mailAddress,
	optionalLines,
	optionalText,
	requiredLines,
	requiredText,
	wholeNumber
} from '#lib/forms/fields.ts';
import { minorDigits } from '#lib/i18n/currency.ts';
import { locale, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { instantOf, isDate } from '#lib/summits/local-time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

const wrong = () => m.ui_form_wrong();

/** A number with at most two decimals; a comma counts as a point. */
function decimal() {
	return v.pipe(
		v.string(wrong),
		v.transform((typed) => typed.trim().replace(',', '.')),
		v.regex(/^-?\d{1,15}(\.\d{1,2})?$/, wrong),
		v.transform(Number)
	);
}

/** The lines that say something, each once. */
const linesOf = (typed: string) => [
	...new Set(
		typed
			.split('\n')
			.map((line) => line.trim())
			.filter(Boolean)
	)
];

/** The code of a session, typed or in the address of its page. */
const sessionOf = (typed: string) => /\/sessions\/([^/?#\s]+)/.exec(typed)?.[1] ?? typed;

/** The languages of the draft: of a new one, that of the page comes first. */
export const draftLanguages = (): string[] => [locale(), ...locales];

const textLimits = {
	title: { required: true, most: 200 },
	summary: { required: true, most: 3000, lines: true },
	beneficiaries: { required: true, most: 1000, lines: true },
	indicator: { required: true, most: 200 },
	unit: { required: true, most: 80 }
};
type DraftText = keyof typeof textLimits;
type Before = Pick<CommitmentText, DraftText> | null;
const textNames = Object.keys(textLimits) as DraftText[];
const tags = (before: Before, name: DraftText) => tagsFor(draftLanguages(), before?.[name]);

const draftValues = v.object({
	version: wholeNumber(0),
	member: id(),
	summit: id(),
	baseline: decimal(),
	target: decimal(),
	due_on: v.pipe(v.string(wrong), v.check(isDate, wrong)),
	theme: requiredText(40),
	'countries[]': v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, wrong))), []),
	budget: v.pipe(optionalText(15), v.regex(/^\d*$/, wrong)),
	currency: v.pipe(
		optionalText(3),
		v.transform((typed) => typed.toUpperCase()),
		v.regex(/^([A-Z]{3})?$/, wrong)
	),
	session: v.pipe(optionalText(400), v.transform(sessionOf)),
	audience: v.picklist(enums.commitment_audience),
	partners: v.pipe(
		optionalLines(4000),
		v.transform(linesOf),
		v.maxLength(30, () => m.commitments_partners_too_many({ most: 30 }))
	),
	note: optionalText(500)
});
type Draft = v.InferOutput<typeof draftValues> & Record<string, unknown>;

/** The draft of a version; its texts can be written in the languages of the site, and in those of the version before. */
export function draftSchema(before: Before) {
	const texts = textNames.map((name) => textEntries(name, tags(before, name), textLimits[name]));
	const entries = Object.assign({}, ...texts) as v.ObjectEntries;
	return v.intersect([v.object(entries), draftValues]);
}

/** The fields for the database: each text keeps its languages. */
export function draftFields(input: Draft, before: Before, partners: readonly string[]) {
	const { budget, currency } = input;
	const hasBudget = budget !== '' && currency !== '';
	return {
		...Object.fromEntries(textNames.map((name) => [name, gatherText(input, name, tags(before, name))])),
		baseline: input.baseline,
		target: input.target,
		due_on: input.due_on,
		theme: input.theme,
		countries: input['countries[]'],
		budget: hasBudget ? Number(budget) * 10 ** minorDigits(currency) : budget === '' ? null : -1,
		currency: currency === '' || budget === '' ? null : currency,
		session: input.session,
		audience: input.audience,
		note: input.note,
		partners
	};
}

const about = { commitment: id() };
const aboutVersion = { ...about, version: wholeNumber(0) };

/** Asks the head of a member to agree. */
export const askSchema = v.object({ ...aboutVersion, member: id(), address: mailAddress() });

/** Revokes the open link of a member. */
export const revokeSchema = v.object({ ...about, member: id() });

/** Withdraws a commitment. */
export const withdrawSchema = v.object({ ...about, reason: requiredLines(2000) });

/** The head sends a version back. */
export const sendBackSchema = v.object({ reason: requiredLines(2000) });

/** The secretariat accepts a version. */
export const acceptVersionSchema = v.object(aboutVersion);

/** The secretariat sends a version back. */
export const refuseSchema = v.object({ ...aboutVersion, reason: requiredLines(2000) });

/** Announces a version at a time, by the clock of this zone. */
export const scheduleSchema = (zone: string) =>
	v.object({
		...aboutVersion,
		at: v.pipe(
			v.string(wrong),
			v.transform((typed) => instantOf(typed, zone)),
			v.string(wrong)
		)
	});

const evidence = v.pipe(
	optionalLines(3200),
	v.transform(linesOf),
	v.maxLength(10, wrong),
	v.everyItem((line) => /^https?:\/\/[^\s]{3,290}$/.test(line) && URL.canParse(line), wrong)
);

/** A report of progress. */
export const reportSchema = v.object({
	...about,
	member: id(),
	progress: v.picklist(enums.commitment_progress),
	value: decimal(),
	body: requiredLines(3000),
	links: evidence
});

/** The links of a report: each is called by its host. */
export const evidenceOf = (links: readonly string[]) =>
	links.map((url) => ({ url, title: new URL(url).host.slice(0, 200) }));

/** Verifies a report. */
export const verifySchema = v.object({ report: id() });

/** Removes a file of a report. */
export const removeEvidenceSchema = v.object({ file: id() });

/** A comment for a member. */
export const commentSchema = v.object({ ...about, member: id(), body: requiredLines(2000) });

/** A new theme, named in the language of the page. */
export const themeSchema = v.object({ name: requiredText(100) });

/** Retires a theme, or uses it again. */
export const themeSwitchSchema = v.object({ slug: requiredText(40), retired: v.picklist(['yes', 'no']) });

/** The months of the reminders. */
export const monthsSchema = v.object({ months: wholeNumber(1, 24) });
