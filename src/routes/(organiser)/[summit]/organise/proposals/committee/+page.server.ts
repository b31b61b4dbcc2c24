import { findPeople } from '#lib/accounts/server/roles.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, list, mailAddress, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import {
	balanceReviews,
	endReviewer,
	readCommittee,
	remindReviewers,
	removeCriterion,
	saveCriterion,
	saveReviewer
} from '#lib/proposals/server/choices.ts';
import {
	inviteReviewer,
	listReviewerInvitations,
	withdrawReviewerInvitation
} from '#lib/proposals/server/reviewers.ts';
import { endOfDay } from '#lib/summits/local-time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const [committee, found, invited] = await Promise.all([
		readCommittee(supabase, summit.id),
		findPeople(supabase, summit.id, query),
		listReviewerInvitations(supabase, summit.id)
	]);
	if (!committee) error(403, m.ui_forbidden());
	const { tracks, languages } = summit;
	return { committee, query, found, invited, tracks, languages };
};

const notPossible = () => refuse('', m.proposals_committee_gone());

const addSchema = v.object({
	person: v.pipe(
		v.string(() => m.proposals_no_person()),
		v.uuid()
	),
	'tracks[]': list(id())
});

const inviteSchema = v.object({
	address: mailAddress(),
	display_name: requiredText(120),
	until: v.pipe(
		v.string(),
		v.isoDate(() => m.proposals_no_day())
	),
	'reads[]': list(id())
});

const uncriterionSchema = v.object({ criterion: id() });

function criterionForm({ locals }: RequestEvent) {
	const tags = tagsFor(locals.summit.languages, null);
	const schema = v.object({
		weight: wholeNumber(1, 10),
		...textEntries('name', tags, { required: true }),
		...textEntries('help', tags, { most: 500, lines: true })
	} as v.ObjectEntries);
	return { name: 'criterion', schema, tags };
}

export const actions: Actions = {
	add: formAction('add', addSchema, async (input, { locals }) => {
		const { summit, supabase } = locals;
		const status = await saveReviewer(supabase, summit.id, input.person, input['tracks[]']);
		return byStatus(status, {
			ok: () => ({ done: m.proposals_committee_added() }),
			invalid: notPossible,
			unknown_person: notPossible,
			not_allowed: notPossible
		});
	}),
	invite: formAction('invite', inviteSchema, async (input, { locals }) => {
		const { address, display_name, until: day, 'reads[]': tracks } = input;
		const { summit, supabase } = locals;
		const until = endOfDay(day, summit.zone);
		const status =
			until === null ? 'invalid' : await inviteReviewer(supabase, summit.id, { address, display_name, tracks, until });
		return byStatus(status, {
			ok: () => ({ done: m.proposals_committee_invited() }),
			invalid: () => refuse('until', m.proposals_committee_day_wrong(), 422),
			limited: () => refuse('', m.proposals_committee_limited()),
			not_allowed: notPossible
		});
	}),
	withdraw: formAction('withdraw', v.object({ invitation: id() }), async ({ invitation }, { locals }) => {
		const { supabase } = locals;
		const status = await withdrawReviewerInvitation(supabase, invitation);
		return status === 'ok' ? { done: m.proposals_committee_withdrawn() } : notPossible();
	}),
	end: formAction('end', v.object({ person: id() }), async ({ person }, { locals }) => {
		const { summit, supabase } = locals;
		const status = await endReviewer(supabase, summit.id, person);
		return status === 'ok' ? { done: m.proposals_committee_off() } : notPossible();
	}),
	criterion: formAction(criterionForm, async (output, { locals }, _, { tags }) => {
		const { summit, supabase } = locals;
		const committee = await readCommittee(supabase, summit.id);
		const fields = {
			name: gatherText(output, 'name', tags),
			help: gatherText(output, 'help', tags),
			weight: output['weight'],
			position: (committee?.criteria.length ?? 0) + 1
		};
		const status = await saveCriterion(supabase, summit.id, null, fields);
		return byStatus(status, {
			ok: () => ({ done: m.proposals_criterion_added() }),
			invalid: notPossible,
			not_found: notPossible,
			not_allowed: notPossible
		});
	}),
	uncriterion: formAction('uncriterion', uncriterionSchema, async ({ criterion }, { locals }) => {
		const { summit, supabase } = locals;
		const status = await removeCriterion(supabase, summit.id, criterion);
		return status === 'ok' ? { done: m.proposals_criterion_removed() } : notPossible();
	}),
	balance: formAction('balance', v.object({ each: wholeNumber(1, 20) }), async ({ each }, { locals }) => {
		const { summit, supabase } = locals;
		const { assigned, short } = await balanceReviews(supabase, summit.id, each);
		const done = m.proposals_assigned({ count: assigned, shown: number(assigned) });
		if (short === 0) return { done };
		return { partial: `${done} ${m.proposals_assigned_short({ count: short, shown: number(short) })}` };
	}),
	remind: async ({ locals }) => {
		const { summit, supabase } = locals;
		return { done: m.proposals_reminded({ count: number(await remindReviewers(supabase, summit.id)) }) };
	}
};
