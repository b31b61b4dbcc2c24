import { readSession } from '#lib/agenda/server/sessions.ts';
import { answerAction, requireSurveyForm } from '#lib/evaluation/server/answer-page.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { Actions, PageServerLoad } from './$types';

async function requireForm(locals: App.Locals, code: string) {
	const session = (await readSession(locals.supabase, locals.summit.id, code)) ?? notFound();
	return requireSurveyForm(locals, { survey: null, session: session.id });
}

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return { survey: await requireForm(locals, params.code) };
};

export const actions: Actions = {
	default: async (event) => answerAction(event, await requireForm(event.locals, event.params.code))
};
