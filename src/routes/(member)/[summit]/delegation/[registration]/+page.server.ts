import { requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isOver } from '#lib/registration/registration.ts';
import { readDelegation, withdrawRegistration } from '#lib/registration/server/registrations.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = v.object({ reason: requiredText(500, () => m.registration_delegation_withdraw_reason_missing()) });

/** The colleague of the address; one of another member is as unknown as one who does not exist. */
async function delegateOf(locals: App.Locals, id: string) {
	if (!locals.summit) error(404, m.shell_not_found());
	const delegations = await readDelegation(locals.supabase, locals.summit.id);
	const person = delegations.flatMap(({ people }) => people).find((each) => each.registration_id === id);
	if (!person) error(404, m.shell_not_found());
	return person;
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const person = await delegateOf(locals, params.registration);
	if (isOver(person.state)) redirect(303, href(`/${params.summit}/delegation`));
	return { person };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const person = await delegateOf(locals, params.registration);
		const parsed = parseForm(await request.formData(), answers);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		if (!isOver(person.state)) {
			const { status } = await withdrawRegistration(locals.supabase, person.registration_id, parsed.output.reason);
			if (status !== 'ok' && status !== 'withdrawn' && status !== 'already') {
				return fail(409, { form: withIssue(parsed.form, '', m.registration_withdraw_refused()) });
			}
		}
		redirect(303, href(`/${params.summit}/delegation?withdrawn=${person.registration_id}`));
	}
};
