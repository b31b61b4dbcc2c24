import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { OrderState, PaperRow } from './orders.ts';

/** One order as finance reads it. Amounts in minor units. */
export const FinanceOrder = v.strictObject({
	id: v.string(),
	reference: v.string(),
	payer: v.nullable(v.string()),
	payer_kind: v.picklist(['person', 'member']),
	currency: v.string(),
	charged: v.number(),
	paid: v.number(),
	returned: v.number(),
	balance: v.number(),
	due_at: v.string(),
	closed_at: v.nullable(v.string()),
	created_at: v.string(),
	state: OrderState,
	registrations: v.array(
		v.strictObject({
			id: v.string(),
			reference: v.string(),
			display_name: v.string(),
			state: v.string(),
			mode: v.string(),
			amount: v.number()
		})
	),
	adjustments: v.array(
		v.strictObject({
			id: v.number(),
			kind: v.string(),
			amount: v.number(),
			provider: v.nullable(v.string()),
			provider_ref: v.nullable(v.string()),
			reason: v.string(),
			at: v.string()
		})
	),
	refunds: v.array(
		v.strictObject({
			id: v.string(),
			amount: v.number(),
			state: v.string(),
			failure: v.nullable(v.string()),
			attempts: v.number(),
			by_hand: v.boolean()
		})
	)
});
export type FinanceOrder = v.InferOutput<typeof FinanceOrder>;

/** A page of orders, with totals of all orders of the Summit. */
export const FinanceList = v.strictObject({
	total: v.number(),
	counts: v.record(OrderState, v.number()),
	sums: v.array(
		v.strictObject({
			currency: v.string(),
			charged: v.number(),
			paid: v.number(),
			returned: v.number(),
			outstanding: v.nullable(v.number())
		})
	),
	rows: v.array(FinanceOrder)
});
export type FinanceList = v.InferOutput<typeof FinanceList>;

/** An order on finance's own page. Amounts in minor units, instants ISO. */
export const WholeOrder = v.strictObject({
	...FinanceOrder.entries,
	summit_id: v.string(),
	invoices: v.array(PaperRow),
	waivers: v.array(
		v.strictObject({
			id: v.string(),
			state: v.string(),
			amount: v.nullable(v.number()),
			created_at: v.string()
		})
	),
	/** The amount that was received and not refunded, or being refunded. */
	cash: v.number(),
	/** The payer is protected: their documents show the displayed name. */
	has_alias: v.boolean(),
	billing: v.nullable(
		v.strictObject({
			name: v.string(),
			address: v.string(),
			tax_number: v.string(),
			purchase_order: v.string(),
			country: v.optional(v.string()),
			vat_id: v.optional(v.string())
		})
	),
	can_invoice: v.boolean()
});
export type WholeOrder = v.InferOutput<typeof WholeOrder>;

/** Totals of a Summit's payments. */
export const MoneyOverview = v.strictObject({
	states: v.array(
		v.strictObject({
			currency: v.string(),
			state: OrderState,
			orders: v.number(),
			charged: v.number(),
			paid: v.number(),
			returned: v.number(),
			balance: v.number()
		})
	),
	waivers: v.array(
		v.strictObject({
			currency: v.string(),
			budget: v.number(),
			waived: v.number()
		})
	),
	waiting: v.strictObject({
		waivers: v.number(),
		bank_rows: v.number(),
		hand_refunds: v.number(),
		failed_refunds: v.number(),
		overdue_invoices: v.number()
	})
});
export type MoneyOverview = v.InferOutput<typeof MoneyOverview>;

/** What keeps an order from moving to another. */
const MovingObstacle = v.picklist(['settled', 'closed', 'paid', 'waived', 'processing', 'invoiced']);

/** An order that stays as it is. */
const LeftOrder = v.strictObject({
	order_id: v.string(),
	status: v.picklist([...MovingObstacle.options, 'currency'])
});

/** What these functions answer. */
export const answers = {
	list_orders: answer({ ok: FinanceList.entries }, 'not_allowed'),
	read_finance_order: v.nullable(WholeOrder),
	money_overview: v.nullable(MoneyOverview),
	choose_currency: answer(
		{ ok: { order_id: v.string() }, already: { order_id: v.string() } },
		'not_offered',
		'not_allowed'
	),
	combine_orders: answer(
		{
			ok: { order_id: v.string(), reference: v.string(), moved: v.number(), left: v.array(LeftOrder) },
			nothing: { left: v.array(LeftOrder) }
		},
		'not_allowed'
	),
	split_order: answer({}, 'ok', ...MovingObstacle.options, 'not_allowed'),
	refund_order: answer(
		{ ok: { amount: v.number() }, too_much: { most: v.number() } },
		'reason_needed',
		'registration_needed',
		'nothing',
		'own',
		'not_allowed'
	),
	export_money: v.nullable(v.array(v.record(v.string(), v.nullable(v.union([v.string(), v.number()])))))
} satisfies Answers;
