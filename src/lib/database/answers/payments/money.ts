import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { OrderState, Paper, PaperRow } from './orders.ts';

/** One order as finance reads it. Amounts in minor units. */
export const FinanceOrder = v.object({
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
		v.object({
			id: v.string(),
			reference: v.string(),
			display_name: v.string(),
			state: v.string(),
			mode: v.string(),
			amount: v.number()
		})
	),
	adjustments: v.array(
		v.object({
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
		v.object({
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
export const FinanceList = v.object({
	total: v.number(),
	counts: v.record(OrderState, v.number()),
	sums: v.array(
		v.object({
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

/** The database's decision about one attempt to pay. */
export const Checkout = v.object({
	checkout_id: v.string(),
	/** Minor units. */
	amount: v.number(),
	currency: v.string(),
	/** ISO instant at which Stripe must close it. */
	expires_at: v.string(),
	/** The order's reference, for the statement and for people who write to us. */
	reference: v.string()
});
export type Checkout = v.InferOutput<typeof Checkout>;

export const Requested = v.object({
	...Checkout.entries,
	status: v.picklist(['ok', 'open', 'processing', 'settled', 'closed', 'not_allowed']),
	url: v.optional(v.nullable(v.string()))
});
export type Requested = v.InferOutput<typeof Requested>;

/** An order on finance's own page. Amounts in minor units, instants ISO. */
export const WholeOrder = v.object({
	...FinanceOrder.entries,
	summit_id: v.string(),
	invoices: v.array(PaperRow),
	waivers: v.array(
		v.object({
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
		v.object({
			name: v.string(),
			address: v.string(),
			tax_number: v.string(),
			purchase_order: v.string()
		})
	),
	can_invoice: v.boolean()
});
export type WholeOrder = v.InferOutput<typeof WholeOrder>;

/** Totals of a Summit's payments. */
export const MoneyOverview = v.object({
	states: v.array(
		v.object({
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
		v.object({
			currency: v.string(),
			budget: v.number(),
			waived: v.number()
		})
	),
	waiting: v.object({
		waivers: v.number(),
		bank_rows: v.number(),
		hand_refunds: v.number(),
		failed_refunds: v.number(),
		overdue_invoices: v.number()
	})
});
export type MoneyOverview = v.InferOutput<typeof MoneyOverview>;

/** An invoice or credit note in finance's list. */
export const InvoiceRow = v.object({
	...PaperRow.entries,
	order_id: v.string(),
	order_reference: v.string(),
	payer: v.nullable(v.string())
});
export type InvoiceRow = v.InferOutput<typeof InvoiceRow>;

export const WaiverGrounds = v.picklist([
	'other',
	'invited',
	'no_budget',
	'low_income_country',
	'small_organisation',
	'lived_experience'
]);
export type WaiverGrounds = v.InferOutput<typeof WaiverGrounds>;

/** A request for a waiver, as finance sees it. */
export const WaiverRow = v.object({
	id: v.string(),
	state: v.picklist(['open', 'approved', 'refused', 'withdrawn']),
	grounds: WaiverGrounds,
	explanation: v.string(),
	amount: v.nullable(v.number()),
	answer: v.string(),
	created_at: v.string(),
	order_id: v.string(),
	order: v.string(),
	currency: v.string(),
	registration: v.string(),
	display_name: v.string(),
	member: v.nullable(v.string()),
	owed: v.number(),
	by_focal: v.boolean(),
	decided_by: v.nullable(v.string()),
	/** Requested by or for the reader, who may not decide it. */
	own: v.boolean()
});
export type WaiverRow = v.InferOutput<typeof WaiverRow>;

/** The effect of confirming a row of a bank statement. */
export const BankOutcome = v.picklist(['matched', 'partial', 'overpaid', 'late', 'recorded', 'currency', 'unknown']);
export type BankOutcome = v.InferOutput<typeof BankOutcome>;

export const BankRow = v.object({
	id: v.string(),
	statement: v.string(),
	line: v.number(),
	booked_on: v.string(),
	amount: v.number(),
	currency: v.string(),
	words: v.string(),
	state: v.picklist(enums.bank_row_state),
	/** False for a returned payment. */
	is_incoming: v.boolean(),
	/** One of the parts into which a payment was divided. */
	is_part: v.boolean(),
	note: v.string(),
	outcome: BankOutcome,
	order: v.nullable(
		v.object({
			id: v.string(),
			reference: v.string(),
			balance: v.number(),
			payer: v.nullable(v.string())
		})
	)
});
export type BankRow = v.InferOutput<typeof BankRow>;

export const FeeRow = v.object({
	id: v.string(),
	mode: v.picklist(enums.attendance_mode),
	category: v.nullable(v.string()),
	sector: v.nullable(v.string()),
	amount: v.number(),
	currency: v.string(),
	valid_from: v.nullable(v.string()),
	valid_until: v.nullable(v.string())
});
export type FeeRow = v.InferOutput<typeof FeeRow>;

/** Fees, and what each kind of person pays at each date. */
export const FeeList = v.object({
	currencies: v.array(v.string()),
	complete: v.array(v.string()),
	moments: v.array(v.string()),
	fees: v.array(FeeRow),
	paid: v.array(
		v.object({
			mode: v.picklist(enums.attendance_mode),
			sector: v.nullable(v.string()),
			category: v.string(),
			currency: v.string(),
			amounts: v.array(v.number())
		})
	)
});
export type FeeList = v.InferOutput<typeof FeeList>;

/** A discrepancy in the books. */
export const BooksFault = v.object({
	code: v.string(),
	subject: v.nullable(v.string()),
	order_id: v.nullable(v.string()),
	currency: v.nullable(v.string()),
	expected: v.nullable(v.number()),
	found: v.nullable(v.number())
});
export type BooksFault = v.InferOutput<typeof BooksFault>;

export const Books = v.object({
	checked_at: v.string(),
	faults: v.array(BooksFault),
	night: v.nullable(
		v.object({
			ran_at: v.string(),
			faults: v.number()
		})
	),
	totals: v.array(
		v.object({
			returned: v.number(),
			cancelled: v.number(),
			credited: v.number(),
			lines: v.number(),
			waived: v.number(),
			by_card: v.number(),
			by_bank: v.number(),
			disputed: v.number(),
			balance: v.number(),
			invoiced: v.number(),
			currency: v.string(),
			orders: v.number()
		})
	)
});
export type Books = v.InferOutput<typeof Books>;

/** What these functions answer. */
export const answers = {
	apply_bank_row: v.object({
		status: v.picklist([
			'paid',
			'underpaid',
			'revived',
			'surplus',
			'linked',
			'already',
			'currency',
			'unknown_order',
			'own',
			'not_allowed'
		])
	}),
	record_bank_payment: v.object({
		status: v.picklist([
			'paid',
			'underpaid',
			'revived',
			'surplus',
			'already',
			'currency',
			'invalid',
			'own',
			'not_allowed'
		])
	}),
	choose_currency: v.object({
		status: v.picklist(['ok', 'already', 'not_offered', 'not_allowed']),
		order_id: v.optional(v.string())
	}),
	combine_orders: v.object({
		status: v.picklist(['ok', 'nothing', 'not_allowed']),
		order_id: v.optional(v.string()),
		reference: v.optional(v.string()),
		moved: v.optional(v.number()),
		left: v.optional(v.array(v.object({ order_id: v.string(), status: v.string() })))
	}),
	split_order: v.object({
		status: v.picklist(['ok', 'not_allowed', 'settled', 'closed', 'paid', 'waived', 'processing', 'invoiced'])
	}),
	request_invoice: v.object({
		status: v.picklist(['ok', 'already', 'nothing', 'closed', 'processing', 'not_offered', 'invalid', 'not_allowed']),
		invoice_id: v.optional(v.string()),
		reference: v.optional(v.string()),
		due_on: v.optional(v.string()),
		faults: v.optional(v.array(v.string()))
	}),
	correct_invoice: v.object({
		status: v.picklist(['ok', 'invalid', 'wrong_state', 'reason_needed', 'not_allowed']),
		invoice_id: v.optional(v.string()),
		reference: v.optional(v.string()),
		faults: v.optional(v.array(v.string()))
	}),
	request_waiver: v.object({
		status: v.picklist(['ok', 'already', 'nothing', 'invalid', 'not_allowed']),
		id: v.optional(v.string())
	}),
	decide_waiver: v.object({
		status: v.picklist([
			'ok',
			'own',
			'wrong_state',
			'reason_needed',
			'nothing',
			'too_much',
			'over_budget',
			'not_allowed'
		]),
		amount: v.optional(v.number()),
		left: v.optional(v.number())
	}),
	refund_order: v.object({
		status: v.picklist(['ok', 'too_much', 'reason_needed', 'registration_needed', 'nothing', 'own', 'not_allowed']),
		amount: v.optional(v.number()),
		most: v.optional(v.number())
	}),
	save_fee: v.object({
		status: v.picklist(['ok', 'overlap', 'invalid', 'not_allowed']),
		id: v.optional(v.string())
	}),
	save_money_settings: v.object({
		status: v.picklist(['ok', 'invalid', 'not_allowed']),
		faults: v.optional(v.array(v.string()))
	}),
	list_orders: v.object({
		...FinanceList.entries,
		status: v.string()
	}),
	request_checkout: Requested,
	read_finance_order: v.nullable(WholeOrder),
	read_invoice: v.nullable(Paper),
	money_overview: v.nullable(MoneyOverview),
	list_invoices: v.nullable(
		v.object({
			total: v.number(),
			counts: v.record(v.string(), v.number()),
			rows: v.array(InvoiceRow)
		})
	),
	list_waivers: v.nullable(
		v.object({
			total: v.number(),
			counts: v.record(v.string(), v.number()),
			rows: v.array(WaiverRow)
		})
	),
	list_bank_rows: v.nullable(
		v.object({
			total: v.number(),
			counts: v.record(v.string(), v.number()),
			rows: v.array(BankRow)
		})
	),
	import_statement: v.object({
		status: v.string(),
		added: v.number(),
		known: v.number(),
		returned: v.number()
	}),
	list_fees: v.nullable(FeeList),
	check_books: v.nullable(Books),
	export_money: v.nullable(v.array(v.record(v.string(), v.nullable(v.union([v.string(), v.number()])))))
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	due_refunds: v.object({
		id: v.string(),
		payment_intent: v.string(),
		amount: v.number(),
		currency: v.string(),
		attempts: v.number()
	}),
	apply_stripe_event: v.object({
		effect: v.string()
	})
} satisfies PrivateAnswers;
