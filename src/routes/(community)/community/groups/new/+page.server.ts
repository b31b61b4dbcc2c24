import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { groupFields, groupSchema } from '#lib/groups/group.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Actions, PageServerLoad } from './$types';

/** By the id of its form a group is made once. */
export const load: PageServerLoad = () => ({ once: crypto.randomUUID() });

export const actions: Actions = {
	default: formAction(groupSchema(null), async (input, { locals }) => {
		const fields = { id: input.once || null, ...groupFields(input, null) };
		return byStatus(await rpc(locals.supabase, 'create_group', { fields }), {
			ok: ({ code }) => `/community/groups/${code}/people`,
			not_allowed: () => refuse('', m.ui_forbidden(), 403),
			invalid: () => refuse('', m.ui_form_wrong(), 422)
		});
	})
};
