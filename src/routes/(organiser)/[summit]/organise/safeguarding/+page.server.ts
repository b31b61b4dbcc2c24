import type { RefusalOf } from '#lib/database/calls.ts';
import { checkbox, id, mailAddress, optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { safeguardingNotes } from '#lib/registration/server/accreditation.ts';
import { barActs } from '#lib/safeguarding/barred.ts';
import {
	actOnBarredEntry,
	addBarredEntry,
	declineBarred,
	readBarredList,
	resolveBarMatch
} from '#lib/safeguarding/server/barred.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { readOnNow } from '#lib/stage/server/reading.ts';
import { endOfDay, isDate } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, setHeaders }) => {
	const { summit, supabase } = locals;
	const [list, notes, live] = await Promise.all([
		readBarredList(supabase, summit.id),
		safeguardingNotes(supabase, summit.id),
		readOnNow(supabase, summit.id)
	]);
	if (!list) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { ...list, notes, live, countries: sortedCountries() };
};

const date = v.pipe(
	optionalText(10),
	v.check(
		(value) => value === '' || isDate(value),
		() => 'Give a date, for example 1984-05-31.'
	)
);
const schema = v.pipe(
	v.object({
		registration: optionalText(20),
		name: optionalText(120),
		born_on: date,
		country: v.pipe(optionalText(2), v.regex(/^([A-Z]{2})?$/)),
		address: v.union([
			v.pipe(
				v.string(),
				v.trim(),
				v.literal('', () => m.ui_form_mail())
			),
			mailAddress()
		]),
		reason: requiredLines(4000, () => 'Say why: another person confirms it on this ground.'),
		source: requiredText(500, () => 'Say where this is known from.'),
		until: date,
		everywhere: checkbox()
	}),
	v.forward(
		v.check(
			(bar) => bar.registration !== '' || bar.name !== '' || bar.address !== '',
			() => 'Give a registration, a name or a mail address: one of them at least.'
		),
		['name']
	)
);

const refusals: Record<RefusalOf<'add_watch_list_entry'>, [field: string, words: string]> = {
	not_allowed: ['everywhere', 'Only who keeps the list of all Summits adds to it.'],
	invalid: ['until', 'The end must be in the future.'],
	nothing: ['name', 'Give a registration, a name or a mail address: one of them at least.'],
	unknown_person: ['registration', 'No registration at this Summit has that reference.'],
	own: ['registration', 'That is you, or somebody you act for: somebody else does this.']
};

type RefusedAct = RefusalOf<'update_watch_list_entry' | 'resolve_watch_list_match' | 'decline_barred'>;
const refusedActs: Record<RefusedAct, string> = {
	own: 'You did the first part, or it is about you: somebody else does this.',
	wrong_state: 'Somebody else has already done this.',
	not_found: 'This is no longer on the list.'
};

/** One act from a button: done, or refused with a message. */
function answerOf(status: 'ok' | RefusedAct, done: string) {
	return status === 'ok' ? { done } : refuse('', refusedActs[status]);
}

const actSchema = v.object({ entry: id(), act: v.picklist(barActs) });
const resolveSchema = v.object({ match: id(), same: v.picklist(['yes', 'no']) });

export const actions: Actions = {
	emergency: deskActions.emergency,
	add: formAction('add', schema, async ({ until, ...bar }, { locals }) => {
		const { summit, supabase } = locals;
		const status = await addBarredEntry(supabase, summit.id, {
			...bar,
			// Until the end of that day in the Summit's time zone.
			until: until === '' ? null : endOfDay(until, summit.zone)
		});
		if (status === 'ok') return { done: 'Proposed. It takes effect when somebody else confirms it.' };
		const [field, words] = refusals[status];
		return refuse(field, words, 422);
	}),
	act: formAction('act', actSchema, async ({ entry, act }, { locals }) => {
		const { summit, supabase } = locals;
		const done = {
			confirm: 'Confirmed. It is in force now, at the desk, at the door and on the stage.',
			refuse: 'Not taken up.',
			ask_end: 'The end is asked for. Somebody else ends it.',
			end: 'Ended. Nobody is held up by it any more.',
			keep: 'It stays in force.'
		}[act];
		return answerOf(await actOnBarredEntry(supabase, summit.id, entry, act), done);
	}),
	resolve: formAction('resolve', resolveSchema, async (input, { locals }) => {
		const { summit, supabase } = locals;
		const same = input.same === 'yes';
		return answerOf(
			await resolveBarMatch(supabase, summit.id, input.match, same),
			same
				? 'Noted: the same person. An entry in force bars them from now on.'
				: 'Noted: not the same person. Nothing holds them up.'
		);
	}),
	decline: formAction('decline', v.object({ match: id() }), async ({ match }, { locals }) => {
		const { summit, supabase } = locals;
		return answerOf(
			await declineBarred(supabase, summit.id, match),
			'Declined. They are told that there is no place for them, and nothing else; so is everybody else.'
		);
	})
};
