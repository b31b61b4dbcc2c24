/* The answers of a form, as its fields hold them. No I/O. */
import type { SurveyQuestion } from '#lib/database/answers/evaluation.ts';
import type { FormIssue } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { askedAnswers, askedKeys, type SurveyAnswers } from './branching.ts';

/** The name of a question's field. */
export const fieldOf = ({ key, kind }: Pick<SurveyQuestion, 'key' | 'kind'>) =>
	kind === 'choices' ? `answer.${key}[]` : `answer.${key}`;

/** Reads the answers to the questions that are asked. */
export function answersIn(data: FormData, questions: readonly SurveyQuestion[]): SurveyAnswers {
	const all = questions.map((question) => [
		question.key,
		data
			.getAll(fieldOf(question))
			.map((value) =>
				typeof value === 'string' ? value.replaceAll('\0', '').replaceAll('\r\n', '\n').toWellFormed().trim() : ''
			)
			.filter((value) => value !== '')
	]);
	return askedAnswers(questions, Object.fromEntries(all) as SurveyAnswers);
}

/** What is missing or wrong, at its field. */
export function issuesOf(questions: readonly SurveyQuestion[], answers: SurveyAnswers): FormIssue[] {
	const asked = askedKeys(questions, answers);
	const issues = questions.flatMap((question) => {
		const [first] = answers[question.key] ?? [];
		if (!asked.has(question.key)) return [];
		if (first === undefined)
			return question.is_required ? [{ path: fieldOf(question), message: m.evaluation_missing() }] : [];
		return question.kind === 'number' && !/^\d{1,9}(\.\d{1,2})?$/.test(first)
			? [{ path: fieldOf(question), message: m.evaluation_number_wrong() }]
			: [];
	});
	return issues.length === 0 && Object.keys(answers).length === 0
		? [{ path: '', message: m.evaluation_nothing_answered() }]
		: issues;
}
