import { id, optionalLines, optionalText } from '#lib/forms/fields.ts';
import { m } from '#lib/i18n/messages.ts';
import { listWaivers, moneyOverview } from '#lib/payments/server/money.ts';
import { readAmount } from '#lib/payments/statement.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm, waiverRefused } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

const size = 50;
const states = ['open', 'approved', 'refused', 'withdrawn'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const state = states.find((known) => known === url.searchParams.get('state')) ?? 'open';
	const page = Math.min(Math.max(Math.trunc(Number(url.searchParams.get('page') ?? 1)) || 1, 1), 10_000);
	const [list, overview] = await Promise.all([
		listWaivers(supabase, summit.id, state, { limit: size, offset: (page - 1) * size }),
		moneyOverview(supabase, summit.id)
	]);
	if (!list || !overview) error(403, m.ui_forbidden());
	return {
		list,
		state,
		page,
		pages: Math.max(1, Math.ceil(list.total / size)),
		budgets: overview.waivers,
		currency: summit.currency
	};
};

const currency = v.pipe(
	v.string(),
	v.trim(),
	v.toUpperCase(),
	v.regex(/^[A-Z]{3}$/, () => 'Give the currency, for example EUR.')
);

export const actions: Actions = {
	decide: (event) =>
		actFromForm(event, {
			form: 'decide',
			schema: v.pipe(
				v.object({
					request: id(),
					decision: v.picklist(['approve', 'refuse']),
					amount: optionalText(30),
					currency,
					answer: optionalLines(2000)
				}),
				v.forward(
					v.check(
						(input) => input.amount === '' || (readAmount(input.amount, input.currency) ?? 0) > 0,
						() => 'Give an amount, for example 450 or 450.00, or leave it empty for all of it.'
					),
					['amount']
				)
			),
			act: 'decide_waiver',
			args: (input) => ({
				request: input.request,
				approve: input.decision === 'approve',
				amount: input.amount === '' ? null : readAmount(input.amount, input.currency),
				answer: input.answer
			}),
			refused: {
				...waiverRefused(),
				reason_needed: 'Say why it is refused: the person is notified.',
				too_much: 'That is more than is owed.',
				over_budget: 'The budget does not allow that much. Raise it, or waive a part.'
			},
			done: ({ amount }) =>
				typeof amount === 'number'
					? 'The waiver is in the ledger, and they are written to.'
					: 'Refused. They are notified, with the reason.'
		}),
	budget: (event) =>
		actFromForm(event, {
			form: 'budget',
			schema: v.pipe(
				v.object({ currency, amount: optionalText(30) }),
				v.forward(
					v.check(
						(input) => (readAmount(input.amount, input.currency) ?? -1) >= 0,
						() => 'Give an amount, for example 20000.'
					),
					['amount']
				)
			),
			act: 'save_waiver_budget',
			args: (input) => ({
				summit: event.locals.summit.id,
				currency: input.currency,
				amount: readAmount(input.amount, input.currency)
			}),
			refused: {
				below: 'amount: More than that is waived already.',
				invalid: 'amount: Give an amount, for example 20000.'
			},
			done: () => 'The budget is set.'
		})
};
