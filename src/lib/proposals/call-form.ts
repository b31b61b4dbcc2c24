/* The forms of the call and of its questions, as organisers fill them in. No I/O. */
import { checkbox, list, optionalLines, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { gatherText, textEntries } from '#lib/summits/written.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import * as v from 'valibot';
import { questionKinds, type CallQuestion } from './call.ts';

/** The kinds of answers, in words. */
export const questionLabels = (): Record<(typeof questionKinds)[number], string> => ({
	text: m.proposals_kind_text(),
	long_text: m.proposals_kind_long_text(),
	choice: m.proposals_kind_choice(),
	several: m.proposals_kind_several(),
	number: m.proposals_kind_number()
});

const moment = () => requiredText(20);
const ids = () => list(v.pipe(v.string(), v.uuid()));

export const callSchema = (tags: readonly string[]) =>
	v.object({
		version: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
		opens_at: moment(),
		closes_at: moment(),
		max_per_person: wholeNumber(1, 50),
		is_anonymous: checkbox(),
		'format_ids[]': ids(),
		'track_ids[]': ids(),
		...textEntries('text', tags, { most: 5000, lines: true })
	} as v.ObjectEntries);

/** The call as it is saved; instants are null where the wall time is invalid. */
export function callFrom(output: Record<string, unknown>, tags: readonly string[], zone: string) {
	return {
		opens_at: instantOf(String(output['opens_at']), zone),
		closes_at: instantOf(String(output['closes_at']), zone),
		max_per_person: output['max_per_person'],
		is_anonymous: output['is_anonymous'],
		format_ids: output['format_ids[]'],
		track_ids: output['track_ids[]'],
		text: gatherText(output, 'text', tags)
	};
}

export const questionSchema = (tags: readonly string[]) =>
	v.object({
		kind: v.picklist(questionKinds),
		choices: optionalLines(4000),
		subject: v.picklist(['proposal', 'person']),
		visible_to: v.picklist(['reviewers', 'organisers']),
		is_required: checkbox(),
		in_balance: checkbox(),
		position: wholeNumber(0, 1000),
		...textEntries('label', tags, { required: true }),
		...textEntries('help', tags, { most: 500, lines: true })
	} as v.ObjectEntries);

/** The question as it is saved; the choices are passed separately. */
export function questionFrom(
	output: Record<string, unknown>,
	tags: readonly string[],
	choices: { key: string; label: TextMap }[]
): Omit<CallQuestion, 'id'> {
	const subject = output['subject'] as CallQuestion['subject'];
	const kind = output['kind'] as CallQuestion['kind'];
	return {
		label: gatherText(output, 'label', tags),
		help: gatherText(output, 'help', tags),
		kind,
		choices,
		subject,
		// Answers about a person are never shown to reviewers.
		visible_to: subject === 'person' ? 'organisers' : (output['visible_to'] as CallQuestion['visible_to']),
		is_required: output['is_required'] === true,
		in_balance: output['in_balance'] === true && kind === 'choice',
		position: Number(output['position'])
	};
}
