import type { SurveyForm } from '#lib/database/answers/evaluation.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { parseForm, type FormResult } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { answersIn, issuesOf } from '../answers.ts';
import { answerSurvey, openSurvey } from './answering.ts';

/** Opens a survey for the page that asks it; answers as for something that does not exist where the reader is not asked. */
export async function requireSurveyForm(
	{ supabase, summit }: App.Locals,
	asked: { survey: string | null; session: string | null }
): Promise<SurveyForm> {
	return (await openSurvey(supabase, summit.id, asked)) ?? notFound();
}

/** The act of the page without script: answers as the reader, and shows the page again. */
export async function answerAction(
	{ request, locals, url }: Pick<RequestEvent, 'request' | 'locals' | 'url'>,
	survey: SurveyForm
) {
	const data = await request.formData();
	const { form } = parseForm(data, v.looseObject({}));
	const answers = answersIn(data, survey.questions);
	const refusal = (issues: FormResult['issues'], status: number) => fail(status, { form: { ...form, issues } });
	const issues = issuesOf(survey.questions, answers);
	if (issues.length > 0) return refusal(issues, 422);
	if (survey.collection === null) return refusal([{ path: '', message: m.evaluation_closed() }], 409);
	const status = await answerSurvey(locals.supabase, survey.collection, answers);
	const refused = byStatus(status, {
		ok: () => null,
		already: () => refuse('', m.evaluation_already()),
		closed: () => refuse('', m.evaluation_closed()),
		invalid: () => refuse('', m.evaluation_invalid(), 422),
		not_found: () => notFound()
	});
	if (refused instanceof FormRefusal) return refusal(refused.issues, refused.status);
	redirect(303, href(url.pathname));
}
