import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { joinSchema } from '#lib/groups/group.ts';
import { writesPages } from '#lib/groups/pages.ts';
import { readGroup, readGroupRegister } from '#lib/groups/server/groups.ts';
import { m } from '#lib/i18n/messages.ts';
import { listTiedDocuments } from '#lib/library/server/library.ts';
import { listMeetings } from '#lib/meetings/server/meetings.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, viewer }, params }) => {
	const [group, register, approvedMinutes, documents, pages] = await Promise.all([
		readGroup(supabase, params.group),
		viewer?.personId ? readGroupRegister(supabase, params.group) : null,
		rpc(supabase, 'list_approved_minutes', { code: params.group }),
		listTiedDocuments(supabase, 'group', params.group),
		rpc(supabase, 'list_group_pages', { code: params.group })
	]);
	const [meetings, sessions] = group.own
		? await Promise.all([
				listMeetings(supabase, params.group),
				rpc(supabase, 'list_group_sessions', { code: params.group })
			])
		: [null, []];
	return {
		group,
		hasRegister: register !== null,
		approvedMinutes,
		nextMeeting: meetings?.next ?? null,
		sessions,
		documents,
		pages,
		writesPages: writesPages(group)
	};
};

// The pages are open to visitors; the acts are not.
function requirePerson(locals: App.Locals): void {
	if (!locals.viewer?.personId) error(401, m.ui_sign_in_first());
}

export const actions: Actions = {
	join: formAction('join', joinSchema, async ({ note }, { locals, params }) => {
		requirePerson(locals);
		return byStatus(await rpc(locals.supabase, 'request_to_join', { code: params.group, note }), {
			ok: () => `/community/groups/${params.group}`,
			already: () => refuse('', m.groups_join_already()),
			not_open: () => refuse('', m.groups_join_not_open()),
			not_found: notFound
		});
	}),
	withdraw: formAction('withdraw', v.object({}), async (_, { locals, params }) => {
		requirePerson(locals);
		// A request that was decided meanwhile is shown as it is.
		await rpc(locals.supabase, 'withdraw_join_request', { code: params.group });
		return `/community/groups/${params.group}`;
	}),
	leave: formAction('leave', v.object({ entry: id() }), async ({ entry }, { locals }) => {
		requirePerson(locals);
		return byStatus(await rpc(locals.supabase, 'end_group_person', { entry }), {
			ok: () => '/community/groups?done=left',
			last_leader: () => refuse('', m.groups_last_leader()),
			not_found: notFound,
			invalid: notFound
		});
	})
};
