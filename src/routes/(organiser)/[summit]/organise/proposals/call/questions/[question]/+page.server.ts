import { choicesFrom, choicesText } from '#lib/logistics/choices.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { questionFrom, questionSchema } from '#lib/proposals/call-form.ts';
import { readCallSettings, retireQuestion, saveQuestion } from '#lib/proposals/server/call.ts';
import { tagsFor } from '#lib/summits/written.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireQuestion({ summit, supabase }: App.Locals, id: string) {
	const settings = await readCallSettings(supabase, summit.id);
	if (!settings) error(403, m.ui_forbidden());
	const question = settings.questions.find((one) => one.id === id) ?? null;
	if (!question && id !== 'new') error(404, m.ui_not_found());
	return { summit, supabase, question, next: Math.max(0, ...settings.questions.map(({ position }) => position)) + 1 };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, question, next } = await requireQuestion(locals, params.question);
	return { question, next, languages: summit.languages, choices: choicesText(question?.choices ?? []) };
};

const refusals: Record<RefusalOf<'save_call_question'>, () => string> = {
	promised: m.proposals_question_promised,
	invalid: m.proposals_question_invalid,
	not_found: m.proposals_question_gone,
	not_allowed: m.proposals_question_gone
};

async function questionForm({ locals, params }: RequestEvent) {
	const known = await requireQuestion(locals, params.question);
	const { summit, question } = known;
	const tags = [
		...new Set([...tagsFor(summit.languages, question?.label), ...tagsFor(summit.languages, question?.help)])
	];
	return { ...known, tags, schema: questionSchema(tags) };
}

export const actions: Actions = {
	save: formAction(questionForm, async (output, { params }, _, { summit, supabase, question, tags }) => {
		const isList = output['kind'] === 'choice' || output['kind'] === 'several';
		const choices = isList ? choicesFrom(String(output['choices']), question?.choices ?? [], tags[0] ?? 'en') : [];
		if (!choices) return refuse('choices', m.proposals_question_choices_wrong(), 422);
		const fields = questionFrom(output, tags, choices);
		const status = await saveQuestion(supabase, summit.id, question?.id ?? null, { ...fields });
		if (status !== 'ok') return refuse('', refusals[status]());
		return `/${params.summit}/organise/proposals/call?done=question`;
	}),
	retire: async ({ locals, params }) => {
		const { summit, supabase, question } = await requireQuestion(locals, params.question);
		if (question) await retireQuestion(supabase, summit.id, question.id);
		redirect(303, href(`/${params.summit}/organise/proposals/call?done=question`));
	}
};
