import { findPeople } from '#lib/accounts/server/roles.ts';
import { id, list, mailAddress, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
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
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

function here({ summit, supabase }: App.Locals) {
	return { summit, supabase };
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = here(locals);
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const [committee, found, invited] = await Promise.all([
		readCommittee(supabase, summit.id),
		findPeople(supabase, summit.id, query),
		listReviewerInvitations(supabase, summit.id)
	]);
	if (!committee) error(403, m.shell_forbidden());
	const { tracks, languages } = summit;
	return { committee, query, found, invited, tracks, languages };
};

const refuse = (form: FormResult, words: string) => fail(409, { form: withIssue(form, '', words) });
const gone = 'This is not possible any more. Look again.';

export const actions: Actions = {
	add: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const schema = v.object({ person: v.pipe(v.string('Choose a person.'), v.uuid()), 'tracks[]': list(id()) });
		const parsed = parseForm(await request.formData(), schema, 'add');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await saveReviewer(supabase, summit.id, parsed.output.person, parsed.output['tracks[]']);
		return status === 'ok' ? { done: 'They are on the committee.' } : refuse(parsed.form, gone);
	},
	invite: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const schema = v.object({
			address: mailAddress(),
			display_name: requiredText(120),
			until: v.pipe(v.string(), v.isoDate('Choose a day.')),
			'reads[]': list(id())
		});
		const parsed = parseForm(await request.formData(), schema, 'invite');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { address, display_name, until: day, 'reads[]': tracks } = parsed.output;
		const until = endOfDay(day, summit.zone);
		const status =
			until === null ? 'invalid' : await inviteReviewer(supabase, summit.id, { address, display_name, tracks, until });
		if (status === 'invalid')
			return fail(422, { form: withIssue(parsed.form, 'until', 'Choose a day to come, within a year.') });
		if (status === 'limited') return refuse(parsed.form, 'That is enough invitations for a day.');
		return status === 'ok' ? { done: 'The invitation is on its way.' } : refuse(parsed.form, gone);
	},
	withdraw: async ({ locals, request }) => {
		const { supabase } = here(locals);
		const parsed = parseForm(await request.formData(), v.object({ invitation: id() }), 'withdraw');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await withdrawReviewerInvitation(supabase, parsed.output.invitation);
		return status === 'ok' ? { done: 'The invitation is taken back.' } : refuse(parsed.form, gone);
	},
	end: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const parsed = parseForm(await request.formData(), v.object({ person: id() }), 'end');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await endReviewer(supabase, summit.id, parsed.output.person);
		return status === 'ok' ? { done: 'They are off the committee. What they sent stays.' } : refuse(parsed.form, gone);
	},
	criterion: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const tags = tagsFor(summit.languages, null);
		const schema = v.object({
			weight: wholeNumber(1, 10),
			...textEntries('name', tags, { required: true }),
			...textEntries('help', tags, { most: 500, lines: true })
		} as v.ObjectEntries);
		const parsed = parseForm(await request.formData(), schema, 'criterion');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { output } = parsed;
		const committee = await readCommittee(supabase, summit.id);
		const fields = {
			name: gatherText(output, 'name', tags),
			help: gatherText(output, 'help', tags),
			weight: output['weight'],
			position: (committee?.criteria.length ?? 0) + 1
		};
		const status = await saveCriterion(supabase, summit.id, null, fields);
		return status === 'ok' ? { done: 'The criterion is added.' } : refuse(parsed.form, gone);
	},
	uncriterion: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const parsed = parseForm(await request.formData(), v.object({ criterion: id() }), 'uncriterion');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await removeCriterion(supabase, summit.id, parsed.output.criterion);
		return status === 'ok' ? { done: 'The criterion is gone; its scores count no more.' } : refuse(parsed.form, gone);
	},
	balance: async ({ locals, request }) => {
		const { summit, supabase } = here(locals);
		const parsed = parseForm(await request.formData(), v.object({ each: wholeNumber(1, 20) }), 'balance');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { assigned, short } = await balanceReviews(supabase, summit.id, parsed.output.each);
		const left = short > 0 ? ` For ${short} there are too few reviewers without a conflict of interest.` : '';
		return { done: `${assigned} assigned.${left}` };
	},
	remind: async ({ locals }) => {
		const { summit, supabase } = here(locals);
		return { done: `${await remindReviewers(supabase, summit.id)} reminded.` };
	}
};
