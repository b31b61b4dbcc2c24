import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id, requiredLines } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** For organisers of registration and safeguarding of all Summits: a person belongs to none. */
export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const wanted = {
		keep: url.searchParams.get('keep') ?? '',
		duplicate: url.searchParams.get('duplicate') ?? ''
	};
	const [requests, suggested, compared] = await Promise.all([
		rpc(supabase, 'list_merge_requests'),
		rpc(supabase, 'suggest_merges', { summit: summit.id }),
		rpc(supabase, 'compare_merge', wanted)
	]);
	if (!compared) error(403, m.ui_forbidden());
	return { requests, suggested, wanted, compared };
};

const requestSchema = v.object({ request: id() });
const late = () => refuse('', m.people_merge_late());
const notAllowed = () => refuse('', m.people_merge_not_allowed());

export const actions: Actions = {
	ask: formAction(
		'ask',
		v.object({ keep: id(), duplicate: id(), reason: requiredLines(2000) }),
		async (input, { locals: { supabase } }) =>
			byStatus(await rpc(supabase, 'request_merge', input), {
				ok: () => ({ done: m.people_merge_done_asked() }),
				already: () => refuse('', m.people_merge_already()),
				same_person: () => refuse('', m.people_merge_same(), 422),
				reason_needed: () => refuse('reason', m.people_merge_reason_missing(), 422),
				unknown_person: () => refuse('', m.people_merge_unknown()),
				not_allowed: notAllowed
			})
	),
	confirm: formAction('confirm', requestSchema, async ({ request }, { locals: { supabase } }) =>
		byStatus(await rpc(supabase, 'confirm_merge', { request }), {
			ok: () => ({ done: m.people_merge_done() }),
			unknown: late,
			not_allowed: notAllowed,
			second_person_needed: () => refuse('', m.people_merge_own()),
			owner_needed: () => refuse('', m.people_merge_owner_needed()),
			lead_needed: () => refuse('', m.people_merge_lead_needed()),
			protected: () => refuse('', m.people_merge_protected()),
			both_registered: () => refuse('', m.people_merge_both_registered())
		})
	),
	refuse: formAction('refuse', requestSchema, async ({ request }, { locals: { supabase } }) =>
		byStatus(await rpc(supabase, 'refuse_merge', { request }), {
			ok: () => ({ done: m.people_merge_refused() }),
			unknown: late,
			not_allowed: notAllowed
		})
	)
};
