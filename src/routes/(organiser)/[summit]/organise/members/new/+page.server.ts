import { byStatus } from '#lib/database/by-status.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { m } from '#lib/i18n/messages.ts';
import { sectors } from '#lib/members/member.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { addMember } from '#lib/members/server/members.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({
	name: requiredText(200),
	sector: v.picklist(sectors, m.registration_member_sector_missing),
	country: v.pipe(v.string(m.members_country_missing), v.regex(/^[A-Z]{2}$/, m.members_country_missing))
});

export const load: PageServerLoad = ({ locals }) => {
	if (!holdsRole(locals.viewer, locals.summit.id, 'registration')) error(403);
	return { countries: sortedCountries() };
};

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }, form) => {
		const added = await addMember(locals.supabase, locals.summit.id, input);
		const address = (id: string) => `/${params.summit}/organise/members/${id}`;
		const notAdded = () => refuse('', m.members_not_added());
		return byStatus(added, {
			ok: ({ id }) => `${address(id)}?done=added`,
			exists: ({ id }) => fail(409, { form: withIssue(form, 'name', m.members_exists()), known: address(id) }),
			invalid: notAdded,
			not_allowed: notAdded
		});
	})
};
