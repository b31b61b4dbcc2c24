import { byStatus } from '#lib/database/by-status.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { sectors } from '#lib/members/member.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { addMember } from '#lib/members/server/members.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({
	name: requiredText(200),
	sector: v.picklist(sectors, 'Choose a sector.'),
	country: v.pipe(v.string('Choose a country.'), v.regex(/^[A-Z]{2}$/, 'Choose a country.'))
});

export const load: PageServerLoad = ({ locals }) => {
	if (!holdsRole(locals.viewer, locals.summit.id, 'registration')) error(403);
	return { countries: sortedCountries() };
};

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }, form) => {
		const added = await addMember(locals.supabase, locals.summit.id, input);
		const address = (id: string) => `/${params.summit}/organise/members/${id}`;
		const notAdded = () => refuse('', 'The member was not added.');
		return byStatus(added, {
			ok: ({ id }) => `${address(id)}?done=added`,
			exists: ({ id }) =>
				fail(409, { form: withIssue(form, 'name', 'A member of this name takes part already.'), known: address(id) }),
			invalid: notAdded,
			not_allowed: notAdded
		});
	})
};
