import { byStatus } from '#lib/database/by-status.ts';
import { optionalText, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { isSent } from '#lib/registration/registration.ts';
import { changeDetails, myRegistration } from '#lib/registration/server/registrations.ts';
import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = v.object({
	display_name: requiredText(120),
	office: optionalText(200),
	country: v.pipe(optionalText(2), v.regex(/^([A-Z]{2})?$/))
});

async function ownOf(locals: App.Locals, slug: string) {
	const { summit } = locals;
	const registration = await myRegistration(locals.supabase, summit.id);
	// People with an alias change it on another page.
	if (!registration || !isSent(registration.state) || registration.protection.kind === 'alias')
		redirect(303, href(`/${slug}/me`));
	return registration;
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { display_name, office, country } = await ownOf(locals, params.summit);
	return { kept: { display_name, office, country: country ?? '' }, countries: sortedCountries() };
};

export const actions: Actions = {
	default: formAction(answers, async (input, { locals, params }) => {
		const { id } = await ownOf(locals, params.summit);
		const changed = await changeDetails(locals.supabase, id, input);
		const refused = () => refuse('', m.registration_change_refused());
		return byStatus(changed, {
			ok: ({ review }) => `/${params.summit}/me?done=${review ? 'review' : 'changed'}`,
			invalid: ({ faults: [fault = ''] }) =>
				fault === 'frozen'
					? refuse('display_name', m.registration_name_frozen(), 422)
					: refuse(fault, m.ui_form_wrong(), 422),
			protected: refused,
			closed: refused,
			not_found: refused
		});
	})
};
