import { id, optionalLines, optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { m } from '#lib/i18n/messages.ts';
import { money } from '#lib/i18n/time.ts';
import { readFinanceOrder } from '#lib/payments/server/money.ts';
import { readAmount } from '#lib/payments/statement.ts';
import { endOfDay, isDate } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm, billing, issueInvoice, orderChanged } from '../../money/acts.ts';
import type { Actions, PageServerLoad } from './$types';

async function orderAsked(locals: App.Locals, order: string) {
	const found = locals.summit && isId(order) ? await readFinanceOrder(locals.supabase, locals.summit.id, order) : null;
	return found ?? error(404, m.ui_not_found());
}

export const load: PageServerLoad = async ({ locals, params }) => ({ order: await orderAsked(locals, params.order) });

const day = () =>
	v.pipe(
		v.string(),
		v.check(isDate, () => 'Give the day, for example 2027-03-01.')
	);
const whyNeeded = 'reason: Say why: it stays in the ledger.';
const reason = requiredLines(500, () => 'Say why: it stays in the ledger.');
/** An amount as typed, in the order's currency; empty: null, the highest possible amount. */
const amountIn = (currency: string) =>
	v.pipe(
		optionalText(30),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			if (dataset.value === '') return null;
			const minor = readAmount(dataset.value, currency);
			if (minor !== null && minor > 0) return minor;
			addIssue({ message: 'Give an amount, for example 450 or 450.00.' });
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
					v.number(() => 'Give the amount that came.')
				),
				booked_on: day(),
				reference: requiredText(120),
				note: optionalLines(300)
			}),
			act: 'record_bank_payment',
			args: (input) => ({ order_id: event.params.order, currency, ...input }),
			refused: {
				already: 'reference: This transfer is recorded already: the same day, amount and reference.',
				invalid: 'booked_on: This day is in the future.',
				currency: orderChanged()
			},
			done: ({ status }) =>
				({
					paid: 'Recorded: the order is paid.',
					underpaid: 'Recorded: a part is still owed.',
					revived: 'Recorded: the order was closed, and there was a seat left.',
					surplus: 'Recorded: the order owed nothing, so the money goes back.'
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
				invalid: 'name: Enter the name of the payer.',
				wrong_state: 'This invoice is credited already.',
				reason_needed: whyNeeded
			},
			done: ({ reference }) => `A credit note answers it, and invoice ${reference} takes its place.`
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
				too_much: ({ most }) => `amount: At most ${money(most, currency)} can go back for this registration.`,
				nothing: 'There is nothing to give back: the order still owes, or all of it has gone back.',
				registration_needed: 'registration: Say for whom.',
				reason_needed: whyNeeded
			},
			done: ({ amount }) => `${money(amount, currency)} goes back.`
		});
	},
	sent: (event) =>
		actFromForm(event, {
			form: 'sent',
			schema: v.object({ refund: id(), booked_on: day(), reference: requiredText(120) }),
			act: 'record_manual_refund',
			args: (input) => input,
			refused: { invalid: 'booked_on: This day is in the future.', wrong_state: orderChanged() },
			done: () => 'The refund is in the ledger.'
		}),
	retry: (event) =>
		actFromForm(event, {
			form: 'retry',
			schema: v.object({ refund: id() }),
			act: 'retry_refund',
			args: (input) => input,
			refused: { wrong_state: orderChanged() },
			done: () => 'Stripe is asked again. The order shows what it answers.'
		}),
	hand: (event) =>
		actFromForm(event, {
			form: 'hand',
			schema: v.object({ refund: id() }),
			act: 'make_refund_manual',
			args: (input) => input,
			refused: { wrong_state: orderChanged() },
			done: () => 'It goes back by bank now. Mark it when it is sent.'
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
				too_soon: 'until: Choose a day after the present deadline, within a year.',
				wrong_state: orderChanged()
			},
			done: () => 'The order and its seats wait longer.'
		}),
	write_off: (event) =>
		actFromForm(event, {
			form: 'write_off',
			schema: v.object({ reason }),
			act: 'write_off_order',
			args: (input) => ({ order_id: event.params.order, ...input }),
			refused: { wrong_state: orderChanged(), reason_needed: whyNeeded },
			done: () => 'Written off: nothing is owed any more.'
		})
};
