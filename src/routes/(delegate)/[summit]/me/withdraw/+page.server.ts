import { optionalLines } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isRegistrationOver } from '#lib/registration/registration.ts';
import { myRegistration, withdrawRegistration } from '#lib/registration/server/registrations.ts';
import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = v.object({ reason: optionalLines(500) });

export const load: PageServerLoad = async ({ locals, params }) => {
	const registration = await myRegistration(locals.supabase, locals.summit.id);
	if (!registration || isRegistrationOver(registration.state)) redirect(303, href(`/${params.summit}/me`));
	return { registration };
};

export const actions: Actions = {
	default: formAction(answers, async ({ reason }, { locals, params }) => {
		const registration = await myRegistration(locals.supabase, locals.summit.id);
		// A second click finds the registration withdrawn already.
		if (registration && !isRegistrationOver(registration.state)) {
			const { status } = await withdrawRegistration(locals.supabase, registration.id, reason);
			if (status !== 'ok') return refuse('', m.registration_withdraw_refused());
		}
		return `/${params.summit}/me`;
	})
};
