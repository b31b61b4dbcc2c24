import { byStatus } from '#lib/database/by-status.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { readCallAnswers } from '#lib/proposals/call.ts';
import { issuesFrom } from '#lib/proposals/proposal-form.ts';
import { readCall } from '#lib/proposals/server/call.ts';
import { readProposal, saveOwnAnswers, submitProposal, withdrawProposal } from '#lib/proposals/server/proposals.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { invitePerson, invitePersonAgain, removePerson } from './people.ts';
import { saveForm } from './save.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, supabase } = locals;
	if (!v.is(uuid, params.proposal)) error(404, m.ui_not_found());
	const [proposal, call] = await Promise.all([readProposal(supabase, params.proposal), readCall(supabase, summit.id)]);
	if (!proposal || !call) error(404, m.ui_not_found());
	return { proposal, call, languages: summit.languages, done: url.searchParams.get('done') };
};

async function answersForm({ locals }: RequestEvent, data: FormData) {
	const questions = (await readCall(locals.supabase, locals.summit.id))?.questions ?? [];
	return { name: 'answers', schema: v.object({}), questions, answers: readCallAnswers(data, questions, 'person') };
}

export const actions: Actions = {
	save: async ({ locals, params, request }) => {
		const saved = await saveForm(locals, params.proposal, await request.formData());
		if (!saved.ok) return fail(saved.status, { form: saved.form, theirs: saved.theirs });
		return { version: saved.version, done: m.proposals_saved() };
	},
	submit: async ({ locals, params, request }) => {
		const saved = await saveForm(locals, params.proposal, await request.formData());
		if (!saved.ok) return fail(saved.status, { form: saved.form, theirs: saved.theirs });
		const sent = await submitProposal(locals.supabase, params.proposal);
		if (sent.status === 'ok' || sent.status === 'already')
			redirect(303, href(`/${params.summit}/propose/${params.proposal}?done=sent`));
		const issues = sent.status === 'incomplete' ? issuesFrom(sent.faults, saved.questions, true) : [];
		const form = {
			...saved.form,
			issues: issues.length > 0 ? issues : [{ path: '', message: m.proposals_is_closed() }]
		};
		return fail(422, { form, theirs: null, version: saved.version });
	},
	answers: formAction(answersForm, async (_, { locals, params }, form, { questions, answers }) =>
		byStatus(await saveOwnAnswers(locals.supabase, params.proposal, answers), {
			ok: () => ({ done: m.proposals_saved() }),
			invalid: ({ faults }) => new FormRefusal(issuesFrom(faults, questions, false), 422),
			closed: () => refuse('', m.proposals_is_closed()),
			not_found: notFound
		})
	),
	withdraw: formAction('withdraw', v.object({ sure: requiredText() }), async (_, { locals, params }) => {
		const done = () => `/${params.summit}/propose?done=withdrawn`;
		return byStatus(await withdrawProposal(locals.supabase, params.proposal), {
			ok: done,
			already: done,
			decided: () => refuse('', m.proposals_decided()),
			not_found: notFound
		});
	}),
	invite: invitePerson,
	again: invitePersonAgain,
	remove: removePerson
};
