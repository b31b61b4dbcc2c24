import type { ListedSurvey, Survey, SurveyText } from '#lib/database/answers/evaluation.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { SurveyDraft, QuestionDraft } from '../forms.ts';
import { shownResults, type ShownResult } from '../results.ts';

/** The surveys of a Summit; null for others than its programme organisers. */
export function listSurveys(client: DataClient, summit: string): Promise<ListedSurvey[] | null> {
	return rpc(client, 'list_surveys', { summit });
}

/** One survey; answers as for something that does not exist where there is none. */
export async function requireSurvey({ supabase, summit }: App.Locals, survey: string): Promise<Survey> {
	return (survey === 'new' ? null : await rpc(supabase, 'read_survey', { summit: summit.id, survey })) ?? notFound();
}

/** Makes a survey (null), or changes one. */
export function saveSurvey(
	client: DataClient,
	summit: string,
	survey: Pick<Survey, 'id' | 'version'> | null,
	fields: SurveyDraft
): Promise<AnswerOf<'save_survey'>> {
	return rpc(client, 'save_survey', { summit, survey: survey?.id ?? null, version: survey?.version ?? 0, fields });
}

/** Adds a question to a draft (version 0), or changes the version of it that was shown. */
export function saveSurveyQuestion(client: DataClient, survey: string, question: QuestionDraft, version: number) {
	return rpc(client, 'save_survey_question', { survey, question, version });
}

/** Moves a question one place. */
export function moveQuestion(client: DataClient, survey: string, question: string, isUp: boolean) {
	return rpc(client, 'move_survey_question', { survey, question, is_up: isUp });
}

/** Deletes a question of a draft. */
export function deleteQuestion(client: DataClient, survey: string, question: string) {
	return rpc(client, 'delete_survey_question', { survey, question });
}

/** Publishes a survey, ends it, takes it back or deletes it. */
export function moveSurvey(client: DataClient, survey: string, step: 'publish' | 'end' | 'take_back' | 'delete') {
	return rpc(client, 'move_survey', { survey, step });
}

/** Copies a survey as a draft. */
export function copySurvey(client: DataClient, survey: string): Promise<AnswerOf<'copy_survey'>> {
	return rpc(client, 'copy_survey', { survey });
}

/** What is shown of a collection that is closed. */
interface Results {
	answered: number;
	results: ShownResult[];
	texts: { question: string; body: string }[];
}

/** The results of a collection, with small groups suppressed; or why there are none. */
export async function readResults(
	client: DataClient,
	collection: string
): Promise<{ status: 'open' | 'few' } | ({ status: 'ok' } & Results)> {
	const status = await rpc(client, 'open_survey_results', { collection });
	if (status === 'not_found') notFound();
	if (status !== 'ok') return { status };
	const [row] = await callPrivate('count_survey_answers', [collection]);
	const counts = row?.count_survey_answers;
	if (!counts) return { status: 'few' };
	const results = shownResults(counts);
	const shownQuestions = new Set(results.filter(({ answered }) => answered !== null).map(({ id }) => id));
	const texts = counts.texts.filter(({ question }) => shownQuestions.has(question));
	return { status, answered: counts.answered, results, texts };
}

/** The open texts of a collection, for those who read them before their release. */
export function listTexts(client: DataClient, collection: string): Promise<SurveyText[] | null> {
	return rpc(client, 'list_survey_texts', { collection });
}

/** Agrees to the release of a text, or hides it with a reason. */
export function decideText(client: DataClient, text: string, release: boolean, reason = '') {
	return rpc(client, 'decide_survey_text', { survey_text: text, release, reason });
}
