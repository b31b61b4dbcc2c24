import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { readGroup } from '#lib/groups/server/groups.ts';
import { m } from '#lib/i18n/messages.ts';
import { meetingFields, meetingSchema } from '#lib/meetings/forms.ts';
import { planningOf } from '#lib/meetings/server/meetings.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) =>
	planningOf(await readGroup(locals.supabase, params.group));

export const actions: Actions = {
	default: formAction(meetingSchema(null), async (input, { locals, params }) => {
		const values = { code: params.group, fields: { id: input.once || null, ...meetingFields(input, null) } };
		return byStatus(await rpc(locals.supabase, 'plan_meeting', values), {
			ok: ({ code }) => `/community/groups/${params.group}/meetings/${code}?done=planned`,
			not_found: notFound,
			invalid: () => refuse('', m.ui_form_wrong(), 422)
		});
	})
};
