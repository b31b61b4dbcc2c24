import { checkbox, id } from '#lib/forms/fields.ts';
import { formActionsAbout, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { decidedSentence } from '#lib/proposals/choices.ts';
import {
	assignReviewer,
	decideProposals,
	markProposal,
	readChoice,
	readCommittee,
	releaseDecisions,
	unassignReviewer
} from '#lib/proposals/server/choices.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

async function requireProposal(locals: App.Locals, proposal: string) {
	const { summit, supabase } = locals;
	const choice = summit && v.is(uuid, proposal) ? await readChoice(supabase, proposal) : null;
	if (!choice) error(404, m.ui_not_found());
	return { summit, supabase, choice };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, supabase, choice } = await requireProposal(locals, params.proposal);
	const committee = await readCommittee(supabase, summit.id);
	const has = new Set(choice.reviewers.map(({ person }) => person));
	const free = (committee?.reviewers ?? []).filter(({ person }) => !has.has(person));
	return { choice, reviewers: free.map(({ person, name }) => ({ value: person, label: name })) };
};

const decision = v.object({
	act: v.picklist(['accept', 'waitlist', 'decline', 'none']),
	version: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))
});

const chooseReviewer = () => m.proposals_no_reviewer();
const assignSchema = v.object({ reviewer: v.pipe(v.string(chooseReviewer), v.uuid(chooseReviewer)) });
const markSchema = v.object({ brings_survivors: checkbox() });

const about = formActionsAbout(({ locals, params }: RequestEvent) => requireProposal(locals, params.proposal));

export const actions: Actions = {
	decide: about('decide', decision, async ({ act, version }, { params }, _, { summit, supabase }) => {
		const choices = [{ id: params.proposal, version }];
		const { text, good } = decidedSentence(
			await decideProposals(supabase, summit.id, choices, act === 'none' ? null : act)
		);
		return good ? { done: m.proposals_decided_one() } : refuse('', text);
	}),
	release: async ({ locals, params }) => {
		const { summit, supabase } = await requireProposal(locals, params.proposal);
		const { mails } = await releaseDecisions(supabase, summit.id, [params.proposal]);
		return { done: m.proposals_told({ count: number(mails) }) };
	},
	mark: about('mark', markSchema, async ({ brings_survivors }, { params }, _, { supabase }) => {
		await markProposal(supabase, params.proposal, brings_survivors);
		return { done: m.proposals_saved() };
	}),
	assign: about('assign', assignSchema, async ({ reviewer }, { params }, _, { summit, supabase }) => {
		const { conflicts } = await assignReviewer(supabase, summit.id, [params.proposal], reviewer);
		if (conflicts === 0) return { done: m.proposals_assigned_one() };
		return refuse('reviewer', m.proposals_assign_conflict());
	}),
	unassign: about('assign', v.object({ reviewer: id() }), async ({ reviewer }, { params }, _, { supabase }) => {
		const status = await unassignReviewer(supabase, params.proposal, reviewer);
		if (status === 'ok') return { done: m.proposals_unassigned() };
		return refuse('', m.proposals_unassign_sent());
	})
};
