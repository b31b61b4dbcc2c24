/* The forms with which organisers write surveys. No I/O. */
import type { Survey, SurveyQuestion } from '#lib/database/answers/evaluation.ts';
import type { Enums } from '#lib/database/types.ts';
import { checkbox, list, wholeNumber } from '#lib/forms/fields.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { choicesIn, keyFrom } from '#lib/logistics/choices.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { gatherText, tagField, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

export type SurveyKind = Enums<'survey_kind'>;
export type SurveyQuestionKind = Enums<'survey_question_kind'>;

/** The kinds of surveys. */
export const surveyKinds = ['session', 'summit', 'follow_up'] as const satisfies readonly SurveyKind[];

/** The kinds of questions. */
export const surveyQuestionKinds = [
	'scale',
	'choice',
	'choices',
	'yes_no',
	'number',
	'text'
] as const satisfies readonly SurveyQuestionKind[];

/** What a survey is about, in words. */
export const kindWords: Record<SurveyKind, () => string> = {
	session: m.evaluation_kind_session,
	summit: m.evaluation_kind_summit,
	follow_up: m.evaluation_kind_follow_up
};

/** How a question is answered, in words. */
export const questionKindWords: Record<SurveyQuestionKind, () => string> = {
	scale: m.evaluation_asks_scale,
	choice: m.logistics_kind_choice,
	choices: m.logistics_kind_choices,
	yes_no: m.logistics_kind_yes_no,
	number: m.logistics_kind_number,
	text: m.logistics_kind_long_text
};

const stateWords: Record<Survey['state'], () => string> = {
	draft: m.evaluation_state_draft,
	scheduled: m.evaluation_state_scheduled,
	open: m.evaluation_state_open,
	closed: m.evaluation_state_closed
};
const stateMarks = { draft: 'draft', scheduled: 'waiting', open: 'good', closed: 'ended' } as const;

/** The mark of a survey's state. */
export const surveyStateMark = (state: Survey['state']) => ({ kind: stateMarks[state], word: stateWords[state]() });

/** What is saved of a survey. */
export interface SurveyDraft {
	kind: SurveyKind;
	title: TextMap;
	intro: TextMap;
	opens_at: string | null;
	closes_at: string | null;
	hours: number | null;
}

/** What is saved of a question. */
export type QuestionDraft = Omit<SurveyQuestion, 'id' | 'version'>;

/** A survey as it is typed. */
export function surveySchema(tags: readonly string[]) {
	return v.object({
		...textEntries('title', tags, { required: true, most: 120 }),
		...textEntries('intro', tags, { most: 1000, lines: true }),
		kind: v.picklist(surveyKinds),
		opens_at: v.string(),
		closes_at: v.string(),
		hours: v.optional(v.union([v.literal(''), wholeNumber(1, 720)]), ''),
		version: wholeNumber(0)
	});
}

/** Reads it; the times are those of the venue. */
export function surveyFrom(
	output: v.InferOutput<ReturnType<typeof surveySchema>>,
	tags: readonly string[],
	zone: string
): SurveyDraft {
	const { kind, opens_at, closes_at, hours } = output;
	return {
		kind,
		title: gatherText(output, 'title', tags),
		intro: gatherText(output, 'intro', tags),
		opens_at: instantOf(opens_at, zone),
		closes_at: instantOf(closes_at, zone),
		hours: kind === 'session' ? hours || 48 : null
	};
}

/** The times that a new survey is offered: session feedback for the Summit, a survey after it, a follow-up months later. */
export function offeredTimes(kind: SurveyKind, summit: { starts_on: string; ends_on: string; zone: string }) {
	const [from, days] = {
		session: [summit.starts_on, 14],
		summit: [summit.ends_on, 21],
		follow_up: [summit.ends_on, 30]
	}[kind] as [string, number];
	const begin = new Date(`${from}T12:00Z`);
	if (kind === 'follow_up') begin.setUTCMonth(begin.getUTCMonth() + 6);
	const end = new Date(begin.getTime() + days * 86_400_000);
	const at = (moment: Date, clock: string) => `${moment.toISOString().slice(0, 10)}T${clock}`;
	return { opens: at(begin, '08:00'), closes: at(end, '20:00') };
}

/** The times of an existing survey, for fields. */
export const timesOf = (survey: Pick<Survey, 'opens_at' | 'closes_at'>, zone: string) => ({
	opens: localTimeOf(survey.opens_at, zone),
	closes: localTimeOf(survey.closes_at, zone)
});

/** A question as it is typed. */
export function surveyQuestionSchema(tags: readonly string[]) {
	return v.object({
		...textEntries('label', tags, { required: true, most: 300 }),
		...textEntries('help', tags, { most: 500, lines: true }),
		...Object.fromEntries(tags.map((tag) => [tagField('choices', tag), v.optional(v.string(), '')])),
		kind: v.picklist(surveyQuestionKinds),
		is_required: checkbox(),
		'condition[]': list(v.string()),
		/** The version that the form was shown with; 0 for a new question. */
		version: wholeNumber(0)
	});
}

function freshKey(words: string, taken: readonly string[]): string {
	const made = keyFrom(words).slice(0, 34);
	const base = /^[a-z][a-z0-9_]*$/.test(made) ? made : 'question';
	let key = base;
	for (let n = 2; taken.includes(key); n += 1) key = `${base}_${n}`;
	return key;
}

/** Reads it; `choices` or `condition` where these cannot be read. */
export function surveyQuestionFrom(
	output: v.InferOutput<ReturnType<typeof surveyQuestionSchema>>,
	tags: readonly string[],
	{ key, others }: { key: string | null; others: readonly { key: string }[] }
): QuestionDraft | 'choices' | 'condition' {
	const { kind, is_required, 'condition[]': conditions } = output;
	const values = output as Record<string, unknown>;
	const typed = Object.fromEntries(tags.map((tag) => [tag, String(values[tagField('choices', tag)] ?? '')]));
	const choices = kind === 'choice' || kind === 'choices' ? choicesIn(typed, tags) : [];
	if (choices === null) return 'choices';
	const pairs = conditions.map((pair) => pair.split(':', 2) as [string, string]);
	const parents = new Set(pairs.map(([parent]) => parent));
	if (parents.size > 1) return 'condition';
	const label = gatherText(output, 'label', tags);
	return {
		key:
			key ??
			freshKey(
				label[label['original'] ?? ''] ?? '',
				others.map((other) => other.key)
			),
		kind,
		label,
		help: gatherText(output, 'help', tags),
		choices,
		is_required,
		depends_on: [...parents][0] ?? null,
		depends_values: pairs.map(([, value]) => value)
	};
}

/** The questions on whose answers another may depend: earlier ones with one answer of a list. */
export function possibleParents(questions: readonly SurveyQuestion[], key: string | null): SurveyQuestion[] {
	const at = questions.findIndex((question) => question.key === key);
	return questions
		.slice(0, at < 0 ? questions.length : at)
		.filter(({ kind }) => kind === 'scale' || kind === 'choice' || kind === 'yes_no');
}
