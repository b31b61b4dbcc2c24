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
const late = () => refuse('', 'It was decided or taken back already.');
const notAllowed = () =>
	refuse(
		'',
		'Two people decide, neither about themselves, and one of them is an organiser of registration for all Summits.'
	);

export const actions: Actions = {
	ask: formAction(
		'ask',
		v.object({ keep: id(), duplicate: id(), reason: requiredLines(2000) }),
		async (input, { locals: { supabase } }) =>
			byStatus(await rpc(supabase, 'request_merge', input), {
				ok: () => ({ done: 'Asked for. A second person confirms it.' }),
				already: () => refuse('', 'This merge was asked for already.'),
				same_person: () => refuse('', 'Both are the same record.', 422),
				reason_needed: () => refuse('reason', 'Say how you know that they are one person.', 422),
				unknown_person: () => refuse('', 'One of the records is gone.'),
				not_allowed: notAllowed
			})
	),
	confirm: formAction('confirm', requestSchema, async ({ request }, { locals: { supabase } }) =>
		byStatus(await rpc(supabase, 'confirm_merge', { request }), {
			ok: () => ({ done: 'Merged. The record that was kept has everything of both.' }),
			unknown: late,
			not_allowed: notAllowed,
			second_person_needed: () => refuse('', 'You asked for it: somebody else confirms it.'),
			owner_needed: () => refuse('', 'One of them holds a role: an owner of all Summits asks or confirms.'),
			lead_needed: () => refuse('', 'One of them is a safeguarding lead: another lead asks or confirms.'),
			protected: () => refuse('', 'A safeguarding lead has to ask or confirm this merge.'),
			both_registered: () => refuse('', 'Both take part in one Summit: end one of the registrations first.')
		})
	),
	refuse: formAction('refuse', requestSchema, async ({ request }, { locals: { supabase } }) =>
		byStatus(await rpc(supabase, 'refuse_merge', { request }), {
			ok: () => ({ done: 'Not merged. Both records stay.' }),
			unknown: late,
			not_allowed: notAllowed
		})
	)
};
