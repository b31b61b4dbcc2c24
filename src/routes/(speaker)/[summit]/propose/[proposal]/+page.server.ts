import { parseForm, withIssue } from '#lib/forms/parse.ts';
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
import type { Actions, PageServerLoad } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, supabase } = locals;
	if (!v.is(uuid, params.proposal)) error(404, m.ui_not_found());
	const [proposal, call] = await Promise.all([readProposal(supabase, params.proposal), readCall(supabase, summit.id)]);
	if (!proposal || !call) error(404, m.ui_not_found());
	return { proposal, call, languages: summit.languages, done: url.searchParams.get('done') };
};

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
	answers: async ({ locals, params, request }) => {
		const data = await request.formData();
		const questions = (await readCall(locals.supabase, locals.summit.id))?.questions ?? [];
		const saved = await saveOwnAnswers(locals.supabase, params.proposal, readCallAnswers(data, questions, 'person'));
		if (saved.status === 'ok') return { done: m.proposals_saved() };
		const { form } = parseForm(data, v.object({}), 'answers');
		if (saved.status === 'not_found') error(404, m.ui_not_found());
		if (saved.status === 'closed') return fail(409, { form: withIssue(form, '', m.proposals_is_closed()) });
		return fail(422, { form: { ...form, issues: issuesFrom(saved.faults, questions, false) } });
	},
	withdraw: async ({ locals, params, request }) => {
		const { form } = parseForm(await request.formData(), v.object({}), 'withdraw');
		if (!form.values['sure']) return fail(422, { form: withIssue(form, 'sure', m.ui_form_missing()) });
		const status = await withdrawProposal(locals.supabase, params.proposal);
		if (status === 'not_found') error(404, m.ui_not_found());
		if (status === 'decided') return fail(409, { form: withIssue(form, '', m.proposals_decided()) });
		redirect(303, href(`/${params.summit}/propose?done=withdrawn`));
	},
	invite: invitePerson,
	again: invitePersonAgain,
	remove: removePerson
};
