import { answerAction, requireSurveyForm } from '#lib/evaluation/server/answer-page.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { Actions, PageServerLoad } from './$types';

const requireForm = (locals: App.Locals, survey: string) =>
	survey === 'new' ? notFound() : requireSurveyForm(locals, { survey, session: null });

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return { survey: await requireForm(locals, params.survey) };
};

export const actions: Actions = {
	default: async (event) => answerAction(event, await requireForm(event.locals, event.params.survey))
};
