import { requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { sectors } from '#lib/members/member.ts';
import { countryOptions } from '#lib/members/server/countries.ts';
import { addMember } from '#lib/members/server/members.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({
	name: requiredText(200),
	sector: v.picklist(sectors, 'Choose a sector.'),
	country: v.pipe(v.string('Choose a country.'), v.regex(/^[A-Z]{2}$/, 'Choose a country.'))
});

export const load: PageServerLoad = ({ locals }) => {
	if (!holdsRole(locals.viewer, locals.summit.id, 'registration')) error(403);
	return { countries: countryOptions() };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form, known: '' });
		const { status, id } = await addMember(locals.supabase, summit.id, parsed.output);
		const address = `/${params.summit}/organise/members/${id}`;
		if (status === 'ok') redirect(303, href(`${address}?done=added`));
		if (status === 'exists') {
			const form = withIssue(parsed.form, 'name', 'A member of this name takes part already.');
			return fail(409, { form, known: address });
		}
		return fail(409, { form: withIssue(parsed.form, '', 'The member was not added.'), known: '' });
	}
};
