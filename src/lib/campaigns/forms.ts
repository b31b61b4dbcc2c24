import type { Campaign } from '#lib/database/answers/campaigns.ts';
import { checkbox, optionalLines, optionalText, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import type { FormIssue } from '#lib/forms/parse.ts';
import { joinLabel } from '#lib/i18n/list.ts';
import { isolated, languageNames, locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { campaignFaults, filledTexts } from '#lib/mail/group.ts';
import { braced, faultField, faultSentence } from '#lib/mail/wording-words.ts';
import { namesIn, paragraphsOf, referencedNames, subjectLines, type Wording } from '#lib/mail/wording.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import * as v from 'valibot';
import { campaignPages, type CampaignFields } from './segment.ts';

const texts = Object.fromEntries(
	locales.flatMap((locale) => [
		[`subject_${locale}`, optionalText(300)],
		[`body_${locale}`, optionalLines(8000)]
	])
);

/** What the form of a campaign sends; whom it goes to is read from the same form (segmentFrom). */
export const campaignSchema = v.object({
	...texts,
	title: requiredText(200),
	summit: optionalText(40),
	page: v.picklist([...campaignPages, 'none']),
	reminders: wholeNumber(0, 10),
	remind_days: wholeNumber(1, 90),
	deadline: optionalText(40),
	draft: optionalText(40),
	form: v.pipe(
		v.string(),
		v.check((value) => isId(value))
	),
	after: wholeNumber(0)
});
type Sent = v.InferOutput<typeof campaignSchema>;

/** The texts of the form, with their issues beside the fields. */
function textsOf(sent: Record<string, unknown>) {
	const value = (name: string) => String(sent[name] ?? '').replace(/\r\n?/g, '\n');
	const all = Object.fromEntries(
		locales.map((locale) => [locale, { subject: value(`subject_${locale}`), body: value(`body_${locale}`) }])
	) as Record<Locale, Wording>;
	const { texts, original } = filledTexts(all);
	const faults: FormIssue[] = (Object.entries(texts) as [Locale, Wording][]).flatMap(([locale, wording]) =>
		campaignFaults(wording).map((fault) => ({
			path: `${faultField(fault)}_${locale}`,
			message: joinLabel(isolated(languageNames[locale]), faultSentence(fault))
		}))
	);
	const none = original ? [] : [{ path: 'subject_en', message: m.mail_group_no_text() }];
	return { texts: texts as Campaign['texts'], original: original ?? 'en', issues: [...none, ...faults] };
}

/** The values that texts name: in a subject, or in a body outside {if until}. */
function namedIn(texts: readonly Wording[]): Set<string> {
	const always = ({ when }: { when: { name: string; is: boolean }[] }) =>
		!when.some(({ name, is }) => name === 'until' && is);
	const names = texts.flatMap(({ subject, body }) => [
		...subjectLines(subject)
			.filter(always)
			.flatMap(({ text }) => namesIn(text)),
		...paragraphsOf(body).filter(always).flatMap(referencedNames)
	]);
	return new Set(names);
}

/** What a campaign lacks, beside the fields that miss it: values that its texts name, the button, an end of its reminders. */
function lacking({ texts, page, summit, deadline, reminders, segment }: CampaignFields): FormIssue[] {
	const wordings = Object.values(texts);
	const named = namedIn(wordings);
	const hasButton = wordings.some(({ body }) => paragraphsOf(body).some(({ content }) => content.kind === 'button'));
	const needsSummit =
		['delegation', 'agenda'].includes(page) || ['summit', 'dates', 'venue'].some((name) => named.has(name));
	const issue = (path: string, message: string, isWrong: boolean) => (isWrong ? [{ path, message }] : []);
	return [
		...issue('summit', m.campaigns_needs_summit(), needsSummit && !summit),
		...issue('page', m.campaigns_button_missing({ button: isolated(braced('button')) }), page !== '' && !hasButton),
		...issue('page', m.campaigns_button_nowhere(), page === '' && hasButton),
		...issue(
			'deadline',
			m.campaigns_needs_deadline({ until: isolated(braced('if until')) }),
			named.has('until') && !deadline
		),
		...issue('reminders', m.campaigns_reminders_endless(), reminders > 0 && !segment.not_nominated && !segment.overdue)
	];
}

/** A sent form as the database takes it, or its issues. `zoneOf`: the zone of a Summit. */
export function campaignOf(
	sent: Sent,
	segment: Pick<CampaignFields, 'segment' | 'kind'>,
	zoneOf: (summit: string) => string
): { fields: CampaignFields; issues: FormIssue[] } {
	const { texts, original, issues } = textsOf(sent);
	const deadline = sent.deadline ? instantOf(sent.deadline, sent.summit ? zoneOf(sent.summit) : 'UTC') : null;
	if (sent.deadline && !deadline) issues.push({ path: 'deadline', message: m.ui_form_wrong() });
	const fields: CampaignFields = {
		...segment,
		title: sent.title,
		summit: sent.summit || null,
		form: sent.form,
		texts,
		original,
		page: sent.page === 'none' ? '' : sent.page,
		reminders: sent.reminders,
		remind_days: sent.remind_days,
		deadline
	};
	return { fields, issues: [...issues, ...(sent.deadline && !deadline ? [] : lacking(fields))] };
}

/** Sends it now to as many people as the reader saw, or at a time. */
export const startSchema = v.object({ after: wholeNumber(1), expected: wholeNumber(0), anyway: checkbox() });
export const laterSchema = v.object({ after: wholeNumber(1), at: requiredText(40) });
