import { id, optionalLines, optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { money } from '#lib/i18n/time.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { readFinanceOrder } from '#lib/payments/server/money.ts';
import { readAmount } from '#lib/payments/statement.ts';
import { endOfDay, isDate } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm, billing, billingRefused, issueInvoice, orderChanged } from '../../money/acts.ts';
import type { Actions, PageServerLoad } from './$types';

async function orderAsked(locals: App.Locals, order: string) {
	const found = locals.summit && isId(order) ? await readFinanceOrder(locals.supabase, locals.summit.id, order) : null;
	return found ?? error(404, m.ui_not_found());
}

export const load: PageServerLoad = async ({ locals, params }) => ({
	order: await orderAsked(locals, params.order),
	countries: sortedCountries()
});

const day = () =>
	v.pipe(
		v.string(),
		v.check(isDate, () => m.payments_wrong_day())
	);
const whyNeeded = () => `reason: ${m.payments_why_missing()}`;
const reason = requiredLines(500, m.payments_why_missing);
/** An amount as typed, in the order's currency; empty: null, the highest possible amount. */
const amountIn = (currency: string) =>
	v.pipe(
		optionalText(30),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			if (dataset.value === '') return null;
			const minor = readAmount(dataset.value, currency);
			if (minor !== null && minor > 0) return minor;
			addIssue({ message: m.payments_wrong_amount() });
			return NEVER;
		})
	);

export const actions: Actions = {
	bank: async (event) => {
		const { currency } = await orderAsked(event.locals, event.params.order);
		return actFromForm(event, {
			form: 'bank',
			schema: v.object({
				amount: v.pipe(
					amountIn(currency),
					v.number(() => m.payments_amount_missing())
				),
				booked_on: day(),
				reference: requiredText(120),
				note: optionalLines(300)
			}),
			act: 'record_bank_payment',
			args: (input) => ({ order_id: event.params.order, currency, ...input }),
			refused: {
				already: `reference: ${m.payments_transfer_already()}`,
				invalid: `booked_on: ${m.payments_day_in_future()}`,
				currency: orderChanged()
			},
			done: ({ status }) =>
				({
					paid: m.payments_recorded_paid(),
					underpaid: m.payments_recorded_underpaid(),
					revived: m.payments_recorded_revived(),
					surplus: m.payments_recorded_surplus()
				})[status]
		});
	},
	invoice: (event) => issueInvoice(event.params.order, event),
	correct: async (event) => {
		await orderAsked(event.locals, event.params.order);
		return actFromForm(event, {
			form: 'correct',
			schema: v.object({ ...billing.entries, invoice: id(), reason }),
			act: 'correct_invoice',
			args: ({ locale: language, invoice, reason: why, ...input }) => ({
				invoice,
				billing: input,
				reason: why,
				locale: language
			}),
			refused: {
				invalid: billingRefused,
				wrong_state: m.payments_invoice_credited_already(),
				reason_needed: whyNeeded()
			},
			done: ({ reference }) => m.payments_invoice_corrected({ reference: isolated(reference) })
		});
	},
	refund: async (event) => {
		const { currency } = await orderAsked(event.locals, event.params.order);
		return actFromForm(event, {
			form: 'refund',
			schema: v.object({ registration: v.optional(id()), amount: amountIn(currency), reason }),
			act: 'refund_order',
			args: (input) => ({ order_id: event.params.order, registration: null, ...input }),
			refused: {
				too_much: ({ most }) => `amount: ${m.payments_refund_too_much({ amount: money(most, currency) })}`,
				nothing: m.payments_refund_nothing(),
				registration_needed: `registration: ${m.payments_refund_for_whom()}`,
				reason_needed: whyNeeded()
			},
			done: ({ amount }) => m.payments_refund_done({ amount: money(amount, currency) })
		});
	},
	sent: (event) =>
		actFromForm(event, {
			form: 'sent',
			schema: v.object({ refund: id(), booked_on: day(), reference: requiredText(120) }),
			act: 'record_manual_refund',
			args: (input) => input,
			refused: { invalid: `booked_on: ${m.payments_day_in_future()}`, wrong_state: orderChanged() },
			done: () => m.payments_refund_in_ledger()
		}),
	retry: (event) =>
		actFromForm(event, {
			form: 'retry',
			schema: v.object({ refund: id() }),
			act: 'retry_refund',
			args: (input) => input,
			refused: { wrong_state: orderChanged() },
			done: () => m.payments_retry_done()
		}),
	hand: (event) =>
		actFromForm(event, {
			form: 'hand',
			schema: v.object({ refund: id() }),
			act: 'make_refund_manual',
			args: (input) => input,
			refused: { wrong_state: orderChanged() },
			done: () => m.payments_hand_done()
		}),
	extend: (event) =>
		actFromForm(event, {
			form: 'extend',
			schema: v.object({ until: day(), reason: optionalLines(500) }),
			act: 'extend_order',
			args: ({ until, reason: why }) => ({
				order_id: event.params.order,
				until: endOfDay(until, event.locals.summit.zone),
				reason: why
			}),
			refused: {
				too_soon: `until: ${m.payments_extend_too_soon()}`,
				wrong_state: orderChanged()
			},
			done: () => m.payments_extend_done()
		}),
	write_off: (event) =>
		actFromForm(event, {
			form: 'write_off',
			schema: v.object({ reason }),
			act: 'write_off_order',
			args: (input) => ({ order_id: event.params.order, ...input }),
			refused: { wrong_state: orderChanged(), reason_needed: whyNeeded() },
			done: () => m.payments_write_off_done()
		})
};
