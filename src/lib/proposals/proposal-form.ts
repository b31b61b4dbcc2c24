/* The form of a proposal: its fields, and where the database's errors belong in it. No I/O. */
import { optionalLines, optionalText } from '#lib/forms/fields.ts';
import type { FormIssue } from '#lib/forms/parse.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { levels } from '#lib/ui/level.ts';
import * as v from 'valibot';
import { questionInputName, type CallQuestion } from './call.ts';
import { attendances } from './proposal.ts';

/** Maximum lengths of texts, in characters; the database has the same. */
export const proposalLimits = { title: 200, abstract: 5000, content_note: 500, notes: 4000 } as const;

const tag = v.pipe(v.string(), v.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/));
const choice = v.optional(v.union([v.literal(''), v.pipe(v.string(), v.uuid())]), '');

export const proposalSchema = v.object({
	version: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
	language: tag,
	title: optionalText(proposalLimits.title),
	abstract: optionalLines(proposalLimits.abstract),
	content_note: optionalLines(proposalLimits.content_note),
	notes: optionalLines(proposalLimits.notes),
	format_id: choice,
	track_id: choice,
	'spoken[]': v.pipe(
		v.optional(v.array(tag), []),
		v.minLength(1, () => m.ui_form_missing()),
		v.maxLength(10)
	),
	attendance: v.picklist(attendances),
	level: v.picklist(levels)
});

function written(words: string, language: string): TextMap {
	return words === '' ? {} : { original: language, [language]: words };
}

/** The typed values, for the database. */
export function fieldsFrom(output: v.InferOutput<typeof proposalSchema>): Record<string, unknown> {
	const { language } = output;
	return {
		title: written(output.title, language),
		abstract: written(output.abstract, language),
		content_note: written(output.content_note, language),
		notes: output.notes,
		format_id: output.format_id || null,
		track_id: output.track_id || null,
		spoken: output['spoken[]'],
		attendance: output.attendance,
		level: output.level
	};
}

/** The database's errors ("title", "answer:<id>") as sentences at their fields; `missing`: a required value is absent. */
export function issuesFrom(
	faults: readonly string[],
	questions: readonly CallQuestion[],
	missing: boolean
): FormIssue[] {
	return faults.map((fault) => {
		const question = questions.find(({ id }) => fault === `answer:${id}`);
		if (question) {
			const wrong = question.kind === 'number' ? m.proposals_wrong_number() : m.ui_form_wrong();
			return { path: questionInputName(question), message: missing ? m.ui_form_missing() : wrong };
		}
		const path = { format: 'format_id', track: 'track_id', spoken: 'spoken[]', form: '' }[fault] ?? fault;
		return { path, message: missing ? m.ui_form_missing() : m.ui_form_wrong() };
	});
}
