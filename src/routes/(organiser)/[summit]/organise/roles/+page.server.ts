import { roleValues } from '#lib/accounts/roles.ts';
import { inviteToRole, listInvitations, withdrawInvitation } from '#lib/accounts/server/role-invitations.ts';
import { endRole, findPeople, grantRole, listRoles } from '#lib/accounts/server/roles.ts';
import { id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const summit = locals.summit ?? error(404);
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	return {
		query,
		grants: await listRoles(locals.supabase, summit.id),
		invitations: await listInvitations(locals.supabase, summit.id),
		found: await findPeople(locals.supabase, summit.id, query)
	};
};

const role = v.picklist(roleValues, 'Choose a role.');
const refusals: Record<string, string> = {
	already: 'This person holds the role already.',
	not_allowed: 'Only an owner grants roles.',
	unknown_person: 'This person is not known any more.',
	invalid: 'This cannot be written down so.',
	limited: 'That is enough invitations for a day.',
	last_owner: 'There must be an owner: name another one first.'
};

export const actions: Actions = {
	grant: async ({ locals, params, request }) => {
		const summit = locals.summit ?? error(404);
		const parsed = parseForm(
			await request.formData(),
			v.object({ role, person: v.pipe(v.string('Choose a person.'), v.uuid()) }),
			'grant'
		);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await grantRole(locals.supabase, parsed.output.person, parsed.output.role, summit.id);
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', refusals[status] ?? status) });
		redirect(303, href(`/${params.summit}/organise/roles?done=granted`));
	},
	invite: async ({ locals, params, request }) => {
		const summit = locals.summit ?? error(404);
		const schema = v.object({ invited_role: role, address: mailAddress(), display_name: requiredText(120) });
		const parsed = parseForm(await request.formData(), schema, 'invite');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { address, display_name, invited_role } = parsed.output;
		const status = await inviteToRole(locals.supabase, summit.id, invited_role, address, display_name);
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', refusals[status] ?? status) });
		redirect(303, href(`/${params.summit}/organise/roles?done=invited`));
	},
	withdraw: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), v.object({ id: id() }), 'withdraw');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		// Somebody may have answered in the meantime; either way it is no open offer any more.
		await withdrawInvitation(locals.supabase, parsed.output.id);
		redirect(303, href(`/${params.summit}/organise/roles?done=withdrawn`));
	},
	end: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), v.object({ id: id() }), 'end');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await endRole(locals.supabase, parsed.output.id);
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', refusals[status] ?? status) });
		redirect(303, href(`/${params.summit}/organise/roles?done=ended`));
	}
};
