import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { readGroup } from '#lib/groups/server/groups.ts';
import { m } from '#lib/i18n/messages.ts';
import { pollFields, pollSchema } from '#lib/meetings/poll.ts';
import { planningOf } from '#lib/meetings/server/meetings.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) =>
	planningOf(await readGroup(locals.supabase, params.group));

export const actions: Actions = {
	default: formAction(pollSchema, async (input, { locals, params }) => {
		const values = { code: params.group, fields: { id: input.once || null, ...pollFields(input) } };
		return byStatus(await rpc(locals.supabase, 'open_meeting_poll', values), {
			ok: ({ code }) => `/community/groups/${params.group}/meetings/polls/${code}?done=offered`,
			not_found: notFound,
			invalid: () => refuse('time.0', m.meetings_times_wrong(), 422)
		});
	})
};
