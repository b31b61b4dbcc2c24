import { id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { nominateRegistrations, readDelegation } from '#lib/registration/server/registrations.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (!locals.summit) error(404);
	const delegations = await readDelegation(locals.supabase, locals.summit.id);
	const withdrawn = url.searchParams.get('withdrawn');
	const person = delegations.flatMap(({ people }) => people).find((each) => each.registration_id === withdrawn);
	return { delegations, withdrawn: person?.state === 'withdrawn' ? person.display_name : null };
};

const naming = v.object({ registration: id() });

export const actions: Actions = {
	nominate: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), naming);
		// Those of another member are left alone by the database.
		if (parsed.ok) await nominateRegistrations(locals.supabase, [parsed.output.registration]);
		redirect(303, href(`/${params.summit}/delegation`));
	}
};
