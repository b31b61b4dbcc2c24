import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { enums } from '#lib/database/types.ts';
import { checkbox, id, optionalId, optionalText, requiredLines } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { canonicalTag, isLanguageTag } from '#lib/interpretation/interpretation.ts';
import { seenTime } from '#lib/meetings/forms.ts';
import { readMeeting } from '#lib/meetings/server/meetings.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	meeting: await readMeeting(locals.supabase, params.group, params.meeting),
	done: url.searchParams.get('done') ?? ''
});

const page = ({ group, meeting }: { group: string; meeting: string }, done: string) =>
	`/community/groups/${group}/meetings/${meeting}?done=${done}`;

const answerSchema = v.object({ answer: v.picklist(enums.meeting_answer), alternate: optionalId(), seen: seenTime() });
const commentSchema = v.object({ words: requiredLines(4000) });

const staffSchema = v.object({
	part: v.picklist(enums.meeting_staff_part),
	language: v.pipe(
		v.string(),
		v.trim(),
		v.transform(canonicalTag),
		v.check(isLanguageTag, () => m.interpretation_refused_invalid())
	),
	entry: optionalId(),
	reference: optionalText(12)
});

export const actions: Actions = {
	name: formAction('staff', staffSchema, async ({ entry, reference, ...input }, { locals, params }) => {
		const values = { code: params.meeting, ...input, ...(entry ? { entry } : { reference }) };
		return byStatus(await rpc(locals.supabase, 'name_meeting_staff', values), {
			ok: () => page(params, 'saved'),
			not_found: notFound,
			invalid: () =>
				entry
					? refuse('entry', m.meetings_staff_not_named(), 422)
					: refuse('reference', m.meetings_staff_unknown(), 422),
			limited: () => refuse('', m.meetings_staff_limited(), 429),
			wrong_state: () => refuse('', m.meetings_wrong_state())
		});
	}),
	unname: formAction('unname', v.object({ staff: id() }), async ({ staff }, { locals, params }) => {
		// Somebody else may have done it a moment before.
		await rpc(locals.supabase, 'remove_meeting_staff', { code: params.meeting, staff });
		return page(params, 'saved');
	}),
	open: formAction('open', v.object({}), async (_, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'open_meeting_room', { code: params.meeting }), {
			ok: () => `/community/groups/${params.group}/meetings/${params.meeting}/room`,
			not_found: notFound,
			invalid: notFound,
			conflict: notFound,
			wrong_state: () => refuse('', m.meetings_wrong_state())
		})
	),
	answer: formAction('answer', answerSchema, async ({ answer, alternate, seen }, { locals, params }) => {
		const values = { code: params.meeting, answer, alternate: answer === 'alternate' ? alternate || null : null, seen };
		return byStatus(await rpc(locals.supabase, 'answer_meeting', values), {
			ok: () => page(params, 'answered'),
			not_found: notFound,
			invalid: () => refuse('alternate', m.meetings_answer_choose(), 422),
			conflict: () => refuse('', m.meetings_answer_moved(), 409),
			wrong_state: () => refuse('', m.meetings_wrong_state())
		});
	}),
	comment: formAction('comment', commentSchema, async ({ words }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'comment_on_minutes', { code: params.meeting, words }), {
			ok: () => page(params, 'commented'),
			not_found: notFound,
			invalid: () => refuse('words', m.ui_form_wrong(), 422),
			conflict: notFound,
			too_early: notFound,
			wrong_state: () => refuse('', m.meetings_wrong_state())
		})
	),
	mark: formAction('mark', v.object({ action: id(), is_done: checkbox() }), async (input, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'set_group_action_done', input), {
			ok: () => page(params, 'saved'),
			already: () => page(params, 'saved'),
			not_found: notFound
		})
	)
};
