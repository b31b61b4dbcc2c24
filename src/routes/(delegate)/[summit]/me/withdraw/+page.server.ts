import { optionalLines } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isOver } from '#lib/registration/registration.ts';
import { myRegistration, withdrawRegistration } from '#lib/registration/server/registrations.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = v.object({ reason: optionalLines(500) });

export const load: PageServerLoad = async ({ locals, params }) => {
	const registration = await myRegistration(locals.supabase, locals.summit.id);
	if (!registration || isOver(registration.state)) redirect(303, href(`/${params.summit}/me`));
	return { registration };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), answers);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const registration = await myRegistration(locals.supabase, locals.summit.id);
		// A second click finds it done.
		if (registration && !isOver(registration.state)) {
			const { status } = await withdrawRegistration(locals.supabase, registration.id, parsed.output.reason);
			if (status !== 'ok' && status !== 'withdrawn' && status !== 'already') {
				return fail(409, { form: withIssue(parsed.form, '', m.registration_withdraw_refused()) });
			}
		}
		redirect(303, href(`/${params.summit}/me`));
	}
};
