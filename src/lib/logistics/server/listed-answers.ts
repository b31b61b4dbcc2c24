import type { DataClient } from '#lib/database/client.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { answerWords } from '#lib/logistics/logistics.ts';
import { openAnswer } from './logistics.ts';

/** A question whose answers the reader may read. */
type ReadableQuestion = AnswerOf<'list_readable_questions'>[number];

/** The questions whose answers the reader may read. */
export function listReadableQuestions(client: DataClient, summit: string): Promise<ReadableQuestion[]> {
	return rpc(client, 'list_readable_questions', { summit });
}

/** The answers of registrations in words, by registration and question. The database records the reading. */
export async function readListedAnswers(
	client: DataClient,
	summit: string,
	registrations: readonly string[],
	questions: readonly ReadableQuestion[],
	countryName: (code: string) => string
): Promise<Record<string, Record<string, string>>> {
	if (registrations.length === 0 || questions.length === 0) return {};
	const found = await rpc(client, 'read_listed_answers', {
		summit,
		registrations,
		questions: questions.map(({ id }) => id)
	});
	const wordsOf = (answers: (typeof found)[string]) =>
		Object.fromEntries(
			questions.flatMap((question) => {
				const answer = answers[question.id];
				return answer ? [[question.id, answerWords(question, openAnswer(question.id, answer), countryName)]] : [];
			})
		);
	return Object.fromEntries(Object.entries(found).map(([id, answers]) => [id, wordsOf(answers)]));
}
