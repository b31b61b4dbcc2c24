import { id } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerFocalInvitation, myFocalInvitations } from '#lib/members/server/member.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({ invitation: id(), answer: v.picklist(['accept', 'decline']) });

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { offers: await myFocalInvitations(locals.supabase, summit.id) };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const data = await request.formData();
		const name = String(data.get('invitation'));
		const parsed = parseForm(data, schema, name);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const accept = parsed.output.answer === 'accept';
		const status = await answerFocalInvitation(locals.supabase, parsed.output.invitation, accept);
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', m.members_focal_gone()) });
		redirect(303, href(`/${params.summit}/delegation${accept ? '' : '/invited?done=declined'}`));
	}
};
