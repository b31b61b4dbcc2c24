import type { Survey } from '#lib/database/answers/evaluation.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { requireSurvey } from './surveys.ts';

/** A survey and one of its collections. */
export async function requireCollection(
	locals: App.Locals,
	params: { survey: string; collection: string }
): Promise<{ survey: Survey; collection: Survey['collections'][number] }> {
	const survey = await requireSurvey(locals, params.survey);
	return { survey, collection: survey.collections.find(({ id }) => id === params.collection) ?? notFound() };
}
