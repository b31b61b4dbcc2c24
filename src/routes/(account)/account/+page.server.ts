import type { ActingLists } from '#lib/accounts/acting.ts';
import { answerInvitation, myInvitations } from '#lib/accounts/server/role-invitations.ts';
import { signOut } from '#lib/accounts/server/auth.ts';
import { savePreferences } from '#lib/accounts/server/preferences.ts';
import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { ask } from '#lib/database/server/ask.ts';
import { id, timeZone } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = ['accepted', 'declined', 'gone'] as const;

export const load: PageServerLoad = async ({ locals, url }) => ({
	acting: await ask<ActingLists>(locals.supabase, 'list_acting'),
	invitations: await myInvitations(locals.supabase),
	answered: answers.find((answer) => answer === url.searchParams.get('answered')) ?? null,
	zones: Intl.supportedValuesOf('timeZone'),
	saved: url.searchParams.has('saved')
});

export const actions: Actions = {
	preferences: async ({ request, locals }) => {
		const schema = v.object({
			language: v.picklist(locales),
			zone: v.union([v.literal(''), timeZone()], () => m.shell_form_zone())
		});
		const parsed = parseForm(await request.formData(), schema, 'preferences');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { language, zone } = parsed.output;
		if (!(await savePreferences(locals.supabase, language, zone || null))) {
			return fail(422, { form: withIssue(parsed.form, 'zone', m.shell_form_zone()) });
		}
		forgetViewer(locals.token);
		redirect(303, href('/account?saved', language));
	},
	answer: async ({ request, locals }) => {
		const schema = v.object({ invitation: id(), answer: v.picklist(['accept', 'decline']) });
		const parsed = parseForm(await request.formData(), schema, 'invitation');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const accepts = parsed.output.answer === 'accept';
		const status = await answerInvitation(locals.supabase, parsed.output.invitation, accepts);
		forgetViewer(locals.token);
		const done = status !== 'ok' ? 'gone' : accepts ? 'accepted' : 'declined';
		redirect(303, href(`/account?answered=${done}#invitations`));
	},
	everywhere: async (event) => {
		const { ended } = await signOut(event, 'global');
		redirect(303, href(`/account/signed-out${ended ? '' : '?partly'}`));
	},
	end: async ({ request, locals }) => {
		const parsed = parseForm(await request.formData(), v.object({ acting: id() }), 'acting');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		await ask(locals.supabase, 'end_acting', { acting: parsed.output.acting });
		return { ended: true };
	}
};
