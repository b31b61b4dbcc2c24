import { list, optionalId } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { chosenFrom, decidedSentence, choiceFiltersFrom } from '#lib/proposals/choices.ts';
import {
	assignReviewer,
	decideProposals,
	readSelection,
	readCommittee,
	releaseDecisions
} from '#lib/proposals/server/choices.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const [choices, committee] = await Promise.all([
		readSelection(supabase, summit.id),
		readCommittee(supabase, summit.id)
	]);
	if (!choices || !committee) error(403, m.ui_forbidden());
	const filters = choiceFiltersFrom(url.searchParams);
	const { tracks, formats } = summit;
	return {
		...choices,
		rows: chosenFrom(choices.rows, filters, (id) => text(tracks.find((track) => track.id === id)?.name).text),
		all: choices.rows.length,
		filters,
		tracks: tracks.map(({ id: value, name }) => ({ value, name })),
		formats: formats.map(({ id: value, name }) => ({ value, name })),
		reviewers: committee.reviewers.map(({ person, name }) => ({ value: person, label: name }))
	};
};

const chosen = list(v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}:\d{1,9}$/)));
const choicesOf = (values: readonly string[]) =>
	values.map((value) => ({ id: value.slice(0, 36), version: Number(value.slice(37)) }));

const decideSchema = v.object({
	'chosen[]': chosen,
	act: v.picklist(['accept', 'waitlist', 'decline', 'none', 'assign']),
	reviewer: optionalId()
});

export const actions: Actions = {
	decide: formAction('decide', decideSchema, async (input, { locals }) => {
		const { summit, supabase } = locals;
		const choices = choicesOf(input['chosen[]']);
		const { act, reviewer } = input;
		if (choices.length === 0) return refuse('', m.proposals_none_chosen(), 422);
		if (act === 'assign') {
			if (!reviewer) return refuse('reviewer', m.proposals_no_reviewer(), 422);
			const ids = choices.map((choice) => choice.id);
			const { assigned, conflicts } = await assignReviewer(supabase, summit.id, ids, reviewer);
			const done = m.proposals_assigned({ count: assigned, shown: number(assigned) });
			if (conflicts === 0) return { done };
			return { partial: `${done} ${m.proposals_assigned_left({ count: conflicts, shown: number(conflicts) })}` };
		}
		const answers = await decideProposals(supabase, summit.id, choices, act === 'none' ? null : act);
		const { text: sentence, good } = decidedSentence(answers);
		return good ? { done: sentence } : refuse('', sentence);
	}),
	release: async ({ locals }) => {
		const { summit, supabase } = locals;
		const { released, mails } = await releaseDecisions(supabase, summit.id);
		return {
			done: m.proposals_released({ count: number(released), mails: number(mails) })
		};
	}
};
