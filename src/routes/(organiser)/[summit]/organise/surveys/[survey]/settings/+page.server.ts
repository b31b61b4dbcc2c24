import { timesOf } from '#lib/evaluation/forms.ts';
import { saveAction } from '#lib/evaluation/server/settings.ts';
import { requireSurvey } from '#lib/evaluation/server/surveys.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const survey = await requireSurvey(locals, params.survey);
	return { survey, times: timesOf(survey, locals.summit.zone), languages: locals.summit.languages };
};

export const actions: Actions = { default: saveAction };
