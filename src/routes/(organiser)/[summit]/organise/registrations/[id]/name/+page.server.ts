import type { RefusalOf } from '#lib/database/calls.ts';
import { checkbox, optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { correctName, readRegistration } from '#lib/registration/server/accreditation.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function registrationOf(locals: App.Locals, id: string) {
	if (!locals.summit || !v.is(v.pipe(v.string(), v.uuid()), id)) error(404, m.ui_not_found());
	const registration = await readRegistration(locals.supabase, id);
	if (registration?.summit_id !== locals.summit.id) error(404, m.ui_not_found());
	const { names_freeze_at: at } = locals.summit;
	const isFrozen =
		at !== null &&
		Date.parse(at) <= Date.now() &&
		['accredited', 'awaiting_payment', 'confirmed'].includes(registration.state);
	return { registration, isFrozen };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { registration, isFrozen } = await registrationOf(locals, params.id);
	const { id, display_name, office, reference, has_alias } = registration;
	if (has_alias) error(404, m.ui_not_found());
	return { id, display_name, office, reference, isFrozen };
};

const schema = v.object({
	display_name: requiredText(120),
	office: optionalText(200),
	reason: requiredLines(2000, m.registration_correct_why_missing),
	override: checkbox()
});

const refusals: Record<RefusalOf<'correct_name'>, [field: string, words: () => string]> = {
	not_allowed: ['', m.registration_correct_not_allowed],
	frozen: ['override', m.registration_correct_frozen],
	protected: ['', m.registration_correct_protected],
	invalid: ['display_name', m.registration_correct_invalid]
};

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }) => {
		const { registration } = await registrationOf(locals, params.id);
		const status = await correctName(locals.supabase, registration.id, input);
		if (status === 'ok') return `/${params.summit}/organise/registrations/${registration.id}`;
		const [field, words] = refusals[status];
		return refuse(field, words());
	})
};
