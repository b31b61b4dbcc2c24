import { id, optionalLines, optionalText } from '#lib/forms/fields.ts';
import { m } from '#lib/i18n/messages.ts';
import { listWaivers, moneyOverview } from '#lib/payments/server/money.ts';
import { readAmount } from '#lib/payments/statement.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm, waiverRefused } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

const size = 50;
const states = ['open', 'approved', 'refused', 'withdrawn'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const state = states.find((known) => known === url.searchParams.get('state')) ?? 'open';
	const page = pageNumber(url.searchParams);
	const [list, overview] = await Promise.all([
		listWaivers(supabase, summit.id, state, { limit: size, offset: (page - 1) * size }),
		moneyOverview(supabase, summit.id)
	]);
	if (!list || !overview) error(403, m.ui_forbidden());
	return {
		list,
		state,
		page,
		size,
		budgets: overview.waivers,
		currency: summit.currency
	};
};

const currency = v.pipe(
	v.string(),
	v.trim(),
	v.toUpperCase(),
	v.regex(/^[A-Z]{3}$/, () => m.payments_wrong_currency())
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
						() => m.payments_wrong_amount_or_all()
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
				reason_needed: m.payments_waiver_refuse_why(),
				too_much: m.payments_waiver_too_much(),
				over_budget: m.payments_waiver_over_budget()
			},
			done: ({ amount }) =>
				typeof amount === 'number' ? m.payments_waiver_granted() : m.payments_waiver_refused_done()
		}),
	budget: (event) =>
		actFromForm(event, {
			form: 'budget',
			schema: v.pipe(
				v.object({ currency, amount: optionalText(30) }),
				v.forward(
					v.check(
						(input) => (readAmount(input.amount, input.currency) ?? -1) >= 0,
						() => m.payments_budget_missing()
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
				below: `amount: ${m.payments_budget_below()}`,
				invalid: `amount: ${m.payments_budget_missing()}`
			},
			done: () => m.payments_budget_done()
		})
};
