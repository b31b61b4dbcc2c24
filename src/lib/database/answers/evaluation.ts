import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

const question = {
	id: v.string(),
	key: v.string(),
	kind: v.picklist(enums.survey_question_kind),
	label: TextMap,
	help: TextMap,
	choices: v.array(v.strictObject({ key: v.string(), label: TextMap })),
	is_required: v.boolean(),
	depends_on: v.nullable(v.string()),
	depends_values: v.array(v.string()),
	version: v.number()
};

/** A question of a survey. */
export const SurveyQuestion = v.strictObject(question);
export type SurveyQuestion = v.InferOutput<typeof SurveyQuestion>;

const SessionName = v.strictObject({ code: v.string(), title: TextMap });
const kind = v.picklist(enums.survey_kind);
const state = v.picklist(['draft', 'scheduled', 'open', 'closed']);

/** A survey as the person sees it who is asked. */
export const SurveyForm = v.strictObject({
	/** Null after its end, where nobody has opened it before. */
	collection: v.nullable(v.string()),
	survey: v.string(),
	kind,
	title: TextMap,
	intro: TextMap,
	session: v.nullable(SessionName),
	closes_at: v.string(),
	state: v.picklist(['open', 'answered', 'closed']),
	smallest_group: v.number(),
	public_key: v.nullable(v.string()),
	questions: v.array(SurveyQuestion)
});
export type SurveyForm = v.InferOutput<typeof SurveyForm>;

/** What a person is asked now. */
export const OwnSurveys = v.strictObject({
	surveys: v.array(
		v.strictObject({ id: v.string(), title: TextMap, kind, closes_at: v.string(), answered: v.boolean() })
	),
	sessions: v.array(
		v.strictObject({
			code: v.string(),
			title: TextMap,
			ended_at: v.string(),
			closes_at: v.string(),
			answered: v.boolean()
		})
	)
});
export type OwnSurveys = v.InferOutput<typeof OwnSurveys>;

const listed = { id: v.string(), kind, title: TextMap, opens_at: v.string(), closes_at: v.string(), state };

/** A survey in the list of organisers. */
export const ListedSurvey = v.strictObject({ ...listed, questions: v.number(), answered: v.number() });
export type ListedSurvey = v.InferOutput<typeof ListedSurvey>;

/** A survey for its organisers. */
export const Survey = v.strictObject({
	...listed,
	intro: TextMap,
	hours: v.nullable(v.number()),
	version: v.number(),
	smallest_group: v.nullable(v.number()),
	questions: v.array(SurveyQuestion),
	collections: v.array(
		v.strictObject({
			id: v.string(),
			session: v.nullable(SessionName),
			closes_at: v.string(),
			is_closed: v.boolean(),
			answered: v.number(),
			/** How many texts wait for the reader. */
			texts: v.number()
		})
	)
});
export type Survey = v.InferOutput<typeof Survey>;

/** Exact counts, which never leave the server. */
export const SurveyCounts = v.strictObject({
	answered: v.number(),
	smallest_group: v.number(),
	questions: v.array(
		v.strictObject({
			...question,
			values: v.array(v.string()),
			answered: v.number(),
			counts: v.record(v.string(), v.number()),
			median: v.nullable(v.number())
		})
	),
	texts: v.array(v.strictObject({ question: v.string(), body: v.string() }))
});
export type SurveyCounts = v.InferOutput<typeof SurveyCounts>;

/** An open text for those who read it before its release. */
export const SurveyText = v.strictObject({
	id: v.string(),
	question: v.string(),
	body: v.string(),
	approvals: v.number(),
	/** Whether the reader agreed. */
	mine: v.boolean(),
	is_released: v.boolean(),
	hidden_reason: v.string()
});
export type SurveyText = v.InferOutput<typeof SurveyText>;

/** What these functions answer. */
export const answers = {
	open_survey_form: v.nullable(SurveyForm),
	my_surveys: v.nullable(OwnSurveys),
	list_surveys: v.nullable(v.array(ListedSurvey)),
	read_survey: v.nullable(Survey),
	list_survey_texts: v.nullable(v.array(SurveyText)),
	save_survey: answer({ ok: { id: v.string() } }, 'not_found', 'invalid', 'frozen', 'conflict'),
	copy_survey: answer({ ok: { id: v.string() } }, 'not_found')
} satisfies Answers;

/** What these functions of `private` answer. */
export const privateAnswers = {
	survey_keys: v.nullable(
		v.strictObject({
			public_key: v.string(),
			sealed: v.nullable(v.string()),
			key_id: v.nullable(v.string()),
			summit: v.string()
		})
	),
	count_survey_answers: v.nullable(SurveyCounts)
} satisfies PrivateAnswers;
