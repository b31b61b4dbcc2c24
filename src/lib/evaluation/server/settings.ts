import type { Survey } from '#lib/database/answers/evaluation.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { tagsFor } from '#lib/summits/written.ts';
import type { RequestEvent } from '@sveltejs/kit';
import { surveyFrom, surveySchema } from '../forms.ts';
import { requireSurvey, saveSurvey } from './surveys.ts';

/** The languages in which a survey is written. */
export const surveyTags = (summit: { languages: readonly string[] }, survey: Survey | null): string[] => [
	...new Set([...tagsFor(summit.languages, survey?.title), ...tagsFor(summit.languages, survey?.intro)])
];

/** The act of both pages that save a survey: a new one, and one that exists. */
export const saveAction = formAction(
	async ({ locals, params }: RequestEvent, data: FormData) => {
		const id = (params as Partial<Record<string, string>>)['survey'];
		const survey = id === undefined ? null : await requireSurvey(locals, id);
		if (survey) data.set('kind', survey.kind);
		const tags = surveyTags(locals.summit, survey);
		return { survey, tags, schema: surveySchema(tags) };
	},
	async (output, { locals }, _, { survey, tags }) => {
		const { summit, supabase } = locals;
		const draft = surveyFrom(output, tags, summit.zone);
		if (draft.opens_at === null) return refuse('opens_at', m.ui_form_wrong(), 422);
		if (draft.closes_at === null || draft.closes_at <= draft.opens_at)
			return refuse('closes_at', m.evaluation_closes_wrong(), 422);
		// The version that the page showed: who saved meanwhile is not overwritten.
		const seen = survey && { id: survey.id, version: output.version };
		return byStatus(await saveSurvey(supabase, summit.id, seen, draft), {
			ok: ({ id }) => `/${summit.slug}/organise/surveys/${id}?done=saved`,
			invalid: () => refuse('closes_at', m.evaluation_times_wrong(), 422),
			frozen: () => refuse('', m.evaluation_over()),
			conflict: () => refuse('', m.evaluation_conflict()),
			not_found: () => notFound()
		});
	}
);
