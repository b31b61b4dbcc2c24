import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox, id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { groupFields, groupSchema } from '#lib/groups/group.ts';
import { readLedGroup } from '#lib/groups/server/groups.ts';
import { m } from '#lib/i18n/messages.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RouteParams } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	group: await readLedGroup(locals.supabase, params.group),
	done: url.searchParams.get('done') ?? ''
});

const saving = async ({ locals, params }: RequestEvent<RouteParams>) => {
	const group = await readLedGroup(locals.supabase, params.group);
	return { schema: groupSchema(group), name: 'save', group };
};
const memberSchema = v.object({ member: id(), is_in: checkbox() });

export const actions: Actions = {
	save: formAction(saving, async (input, { locals, params }, _, { group }) => {
		const fields = groupFields(input, group);
		const { version } = input;
		return byStatus(await rpc(locals.supabase, 'change_group', { code: params.group, version, fields }), {
			ok: () => `/community/groups/${params.group}/settings?done=saved`,
			not_found: notFound,
			conflict: () => refuse('', m.groups_conflict()),
			invalid: () => refuse('', m.ui_form_wrong(), 422)
		});
	}),
	member: formAction('member', memberSchema, async ({ member, is_in }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'set_group_member', { code: params.group, member, is_in }), {
			ok: () => `/community/groups/${params.group}/settings?done=saved`,
			not_found: notFound
		})
	)
};
