/* Which questions of a survey are asked. private.asked_survey_answers follows the same rules. No I/O. */
import type { SurveyQuestion } from '#lib/database/answers/evaluation.ts';
import { joinList } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

/** Answers by the key of their question. */
export type SurveyAnswers = Record<string, string[]>;

type Asked = Pick<SurveyQuestion, 'key' | 'depends_on' | 'depends_values'>;

/** The keys of the questions that are asked after these answers. */
export function askedKeys(questions: readonly Asked[], answers: SurveyAnswers): Set<string> {
	const asked = new Set<string>();
	for (const { key, depends_on, depends_values } of questions)
		if (
			depends_on === null ||
			(asked.has(depends_on) && (answers[depends_on] ?? []).some((value) => depends_values.includes(value)))
		)
			asked.add(key);
	return asked;
}

/** The answers without those to questions that are not asked. */
export function askedAnswers(questions: readonly Asked[], answers: SurveyAnswers): SurveyAnswers {
	const asked = askedKeys(questions, answers);
	return Object.fromEntries(Object.entries(answers).filter(([key, values]) => asked.has(key) && values.length > 0));
}

/** The options of a question, with their labels in the reader's language; none for numbers and texts. */
export function surveyOptions({ kind, choices }: Pick<SurveyQuestion, 'kind' | 'choices'>) {
	if (kind === 'scale') return ['1', '2', '3', '4', '5'].map((value) => ({ value, label: scaleWords(value) }));
	if (kind === 'yes_no')
		return [
			{ value: 'yes', label: m.logistics_form_yes() },
			{ value: 'no', label: m.logistics_form_no() }
		];
	return choices.map(({ key, label }) => ({ value: key, label: text(label).text }));
}

const scaleEnds: Record<string, () => string> = {
	'1': m.evaluation_scale_1,
	'2': m.evaluation_scale_2,
	'3': m.evaluation_scale_3,
	'4': m.evaluation_scale_4,
	'5': m.evaluation_scale_5
};

/** A step of the scale, in words. */
export const scaleWords = (value: string) => scaleEnds[value]?.() ?? value;

/** After which answers a question is asked, in words; null for one that always is. */
export function surveyConditionWords(question: SurveyQuestion, questions: readonly SurveyQuestion[]): string | null {
	const parent = questions.find(({ key }) => key === question.depends_on);
	if (!parent) return null;
	const labels = surveyOptions(parent)
		.filter(({ value }) => question.depends_values.includes(value))
		.map(({ label }) => label);
	return m.evaluation_condition({ question: text(parent.label).text, answers: joinList(labels) });
}
