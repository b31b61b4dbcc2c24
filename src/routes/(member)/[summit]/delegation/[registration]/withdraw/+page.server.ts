import { requiredLines } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isRegistrationOver } from '#lib/registration/registration.ts';
import { delegateOf } from '#lib/registration/server/delegation.ts';
import { withdrawRegistration } from '#lib/registration/server/registrations.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = v.object({ reason: requiredLines(500, () => m.registration_delegation_withdraw_reason_missing()) });

async function colleague({ summit, supabase }: App.Locals, id: string) {
	const found = summit && (await delegateOf(supabase, summit.id, id));
	if (!found) error(404, m.ui_not_found());
	return found.person;
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const person = await colleague(locals, params.registration);
	if (isRegistrationOver(person.state)) redirect(303, href(`/${params.summit}/delegation`));
	return { person };
};

export const actions: Actions = {
	default: formAction(answers, async ({ reason }, { locals, params }) => {
		const person = await colleague(locals, params.registration);
		if (!isRegistrationOver(person.state)) {
			const { status } = await withdrawRegistration(locals.supabase, person.registration_id, reason);
			if (status !== 'ok') return refuse('', m.registration_withdraw_refused());
		}
		return `/${params.summit}/delegation?done=withdrawn&about=${person.registration_id}`;
	})
};
