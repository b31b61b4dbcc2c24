import { byStatus } from '#lib/database/by-status.ts';
import {
	possibleParents,
	surveyQuestionFrom,
	surveyQuestionKinds,
	surveyQuestionSchema
} from '#lib/evaluation/forms.ts';
import { requireSurvey, saveSurveyQuestion } from '#lib/evaluation/server/surveys.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { choicesTexts } from '#lib/logistics/choices.ts';
import { tagField, tagsFor } from '#lib/summits/written.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function placeOf(locals: App.Locals, params: { survey: string; question: string }) {
	const survey = await requireSurvey(locals, params.survey);
	const question = survey.questions.find(({ id }) => id === params.question) ?? null;
	if (!question && params.question !== 'new') notFound();
	const { languages } = locals.summit;
	const tags = [...new Set([...tagsFor(languages, question?.label), ...tagsFor(languages, question?.help)])];
	return { survey, question, tags };
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { survey, question } = await placeOf(locals, params);
	return {
		survey,
		question,
		kind: question?.kind ?? surveyQuestionKinds.find((one) => one === url.searchParams.get('kind')) ?? null,
		parents: possibleParents(survey.questions, question?.key ?? null),
		languages: locals.summit.languages,
		choices: choicesTexts(question?.choices ?? [])
	};
};

async function questionForm({ locals, params }: RequestEvent, data: FormData) {
	const known = await placeOf(locals, params);
	if (known.question) data.set('kind', known.question.kind);
	return { ...known, schema: surveyQuestionSchema(known.tags) };
}

export const actions: Actions = {
	default: formAction(questionForm, async (output, { locals, params }, _, { survey, question, tags }) => {
		const choicesName = tagField('choices', tags[0] ?? 'en');
		const read = surveyQuestionFrom(output, tags, { key: question?.key ?? null, others: survey.questions });
		if (read === 'choices') return refuse(choicesName, m.logistics_choices_wrong(), 422);
		if (read === 'condition') return refuse('condition[]', m.logistics_condition_several(), 422);
		if ((read.kind === 'choice' || read.kind === 'choices') && read.choices.length < 2)
			return refuse(choicesName, m.logistics_choices_few(), 422);
		return byStatus(await saveSurveyQuestion(locals.supabase, survey.id, read, question ? output.version : 0), {
			ok: () => `/${params.summit}/organise/surveys/${survey.id}?done=saved`,
			not_found: () => notFound(),
			invalid: () => refuse('', m.evaluation_question_wrong(), 422),
			frozen: () => refuse('', m.evaluation_frozen()),
			conflict: () => refuse('', m.evaluation_conflict()),
			needed: () => refuse(choicesName, m.evaluation_needed())
		});
	})
};
