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
		() => m.safeguarding_date_wrong()
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
		reason: requiredLines(4000, () => m.safeguarding_bar_why_missing()),
		source: requiredText(500, () => m.safeguarding_bar_source_missing()),
		until: date,
		everywhere: checkbox()
	}),
	v.forward(
		v.check(
			(bar) => bar.registration !== '' || bar.name !== '' || bar.address !== '',
			() => m.safeguarding_bar_nobody()
		),
		['name']
	)
);

const refusals: Record<RefusalOf<'add_watch_list_entry'>, [field: string, words: () => string]> = {
	not_allowed: ['everywhere', m.safeguarding_bar_not_keeper],
	invalid: ['until', m.safeguarding_bar_until_past],
	nothing: ['name', m.safeguarding_bar_nobody],
	unknown_person: ['registration', m.safeguarding_bar_unknown],
	own: ['registration', m.safeguarding_bar_own]
};

type RefusedAct = RefusalOf<'update_watch_list_entry' | 'resolve_watch_list_match' | 'decline_barred'>;
const refusedActs: Record<RefusedAct, () => string> = {
	own: m.safeguarding_bar_second_person,
	wrong_state: m.safeguarding_already_done,
	not_found: m.safeguarding_bar_gone
};

/** One act from a button: done, or refused with a message. */
function answerOf(status: 'ok' | RefusedAct, done: string) {
	return status === 'ok' ? { done } : refuse('', refusedActs[status]());
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
		if (status === 'ok') return { done: m.safeguarding_bar_done_proposed() };
		const [field, words] = refusals[status];
		return refuse(field, words(), 422);
	}),
	act: formAction('act', actSchema, async ({ entry, act }, { locals }) => {
		const { summit, supabase } = locals;
		const done = {
			confirm: m.safeguarding_bar_done_confirm,
			refuse: m.safeguarding_bar_done_refuse,
			ask_end: m.safeguarding_bar_done_ask_end,
			end: m.safeguarding_bar_done_end,
			keep: m.safeguarding_bar_done_keep
		}[act]();
		return answerOf(await actOnBarredEntry(supabase, summit.id, entry, act), done);
	}),
	resolve: formAction('resolve', resolveSchema, async (input, { locals }) => {
		const { summit, supabase } = locals;
		const same = input.same === 'yes';
		return answerOf(
			await resolveBarMatch(supabase, summit.id, input.match, same),
			same ? m.safeguarding_match_done_same() : m.safeguarding_match_done_other()
		);
	}),
	decline: formAction('decline', v.object({ match: id() }), async ({ match }, { locals }) => {
		const { summit, supabase } = locals;
		return answerOf(await declineBarred(supabase, summit.id, match), m.safeguarding_match_done_declined());
	})
};
