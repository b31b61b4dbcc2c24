import { formAction, FormRefusal, notFound } from '#lib/forms/server/action.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { optionalText } from '#lib/forms/fields.ts';
import { m } from '#lib/i18n/messages.ts';
import { addDays, dayKey, number } from '#lib/i18n/time.ts';
import { accountKinds } from '#lib/payments/journal.ts';
import { actOnMoney, readJournal } from '#lib/payments/server/money.ts';
import { isDate } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

// A field's name has no colon: vat:5.5 is vat_5-5.
const fieldOf = (kind: string) => kind.replace(':', '_').replace('.', '-');

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, supabase } = locals;
	const journal = await readJournal(supabase, summit.id);
	if (!journal) error(403, m.ui_forbidden());
	const rates = journal.percents.map((percent) => ({ percent, kind: `vat:${percent}` }));
	const kinds = [...accountKinds, ...rates.map(({ kind }) => kind)];
	// The month before this one, as the accounts of a month are closed in the next.
	const until = addDays(`${dayKey(Date.now(), summit.zone).slice(0, 7)}-01`, -1);
	const newest = journal.periods[0]?.last_day ?? '';
	const yesterday = addDays(dayKey(Date.now(), summit.zone), -1);
	return {
		journal,
		rates: rates.map(({ percent, kind }) => ({ percent, kind, name: fieldOf(kind) })),
		codes: Object.fromEntries(kinds.map((kind) => [fieldOf(kind), journal.codes[kind] ?? ''])),
		until: until > newest ? until : yesterday
	};
};

export const actions: Actions = {
	codes: formAction('codes', v.record(v.string(), optionalText(30)), async (input, { locals }) => {
		const { summit, supabase } = locals;
		const journal = await readJournal(supabase, summit.id);
		if (!journal) error(404, m.ui_not_found());
		const kinds = [...accountKinds, ...journal.percents.map((percent) => `vat:${percent}`)];
		const codes = Object.fromEntries(
			kinds.flatMap((kind) => {
				const code = input[fieldOf(kind)];
				return code === undefined ? [] : [[kind, code]];
			})
		);
		const answer = await actOnMoney(supabase, 'save_account_codes', { summit: summit.id, codes });
		return byStatus(answer, {
			ok: () => ({ done: m.payments_journal_codes_saved(), name: 'codes' }),
			invalid: ({ faults }) =>
				new FormRefusal(
					faults.map((kind) => ({ path: fieldOf(kind), message: m.payments_journal_code_wrong() })),
					422
				),
			not_allowed: notFound
		});
	}),
	close: (event) =>
		actFromForm(event, {
			form: 'close',
			schema: v.object({
				last_day: v.pipe(
					v.string(),
					v.check(isDate, () => m.payments_wrong_day())
				)
			}),
			act: 'close_journal',
			args: ({ last_day }) => ({ summit: event.locals.summit.id, last_day }),
			refused: {
				too_late: `last_day: ${m.payments_journal_too_late()}`,
				already: `last_day: ${m.payments_journal_already()}`
			},
			done: ({ entries }) => m.payments_journal_closed({ count: number(entries) })
		})
};
