import { id } from '#lib/forms/fields.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { listGroups, myGroupInvitations } from '#lib/groups/server/groups.ts';
import { seenTime } from '#lib/meetings/forms.ts';
import { readMeetingWork } from '#lib/meetings/server/room.ts';
import { wasGranted } from '#lib/accounts/viewer.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { error } from '@sveltejs/kit';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, viewer }, url }) => {
	const [groups, invitations, work] = await Promise.all([
		listGroups(supabase),
		viewer?.personId ? myGroupInvitations(supabase) : [],
		viewer?.personId ? readMeetingWork(supabase) : null
	]);
	return {
		groups,
		invitations,
		work,
		mayMake: viewer !== null && wasGranted(viewer, null, 'community'),
		done: url.searchParams.get('done') ?? ''
	};
};

const answerSchema = v.object({ invitation: id(), answer: v.picklist(['accept', 'decline']) });
const workSchema = v.object({ staff: id(), answer: v.picklist(['accept', 'decline', 'leave']), seen: seenTime() });

export const actions: Actions = {
	answer: formAction('answer', answerSchema, async ({ invitation, answer }, { locals }) => {
		if (!locals.viewer?.personId) error(401, m.ui_sign_in_first());
		const accept = answer === 'accept';
		const status = await rpc(locals.supabase, 'answer_group_invitation', { invitation, accept });
		const done = accept ? 'accepted' : 'declined';
		return `/community/groups?done=${status === 'ok' ? done : 'gone'}`;
	}),
	work: formAction('work', workSchema, async ({ staff, answer, seen }, { locals }) => {
		if (!locals.viewer?.personId) error(401, m.ui_sign_in_first());
		const accepts = answer === 'accept';
		// A chair may have taken the part back a moment before.
		const status = await rpc(locals.supabase, 'answer_meeting_staff', { staff, accepts, seen });
		const done = { accept: 'work_accepted', decline: 'work_declined', leave: 'given_back' }[answer];
		const outcome = { ok: done, not_found: 'gone', conflict: 'moved' }[status];
		return `/community/groups?done=${outcome}`;
	})
};
