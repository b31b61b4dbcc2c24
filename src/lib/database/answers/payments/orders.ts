import { enums } from '#lib/database/types.ts';
import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** The state of an order; the first that applies. */
export const OrderState = v.picklist([
	'refund_failed',
	'refunding',
	'overpaid',
	'settled',
	'refunded',
	'cancelled',
	'free',
	'closed',
	'overdue',
	'owing'
]);
export type OrderState = v.InferOutput<typeof OrderState>;

/** An order as its payer reads it. Amounts in minor units. */
export const Order = v.strictObject({
	id: v.string(),
	reference: v.string(),
	summit_id: v.string(),
	currency: v.string(),
	charged: v.number(),
	paid: v.number(),
	balance: v.number(),
	due_at: v.string(),
	closed_at: v.nullable(v.string()),
	state: OrderState,
	is_processing: v.boolean(),
	/** Its payment came after the seat was reassigned. */
	is_late: v.boolean(),
	modes: v.array(v.picklist(enums.attendance_mode))
});
export type Order = v.InferOutput<typeof Order>;

/** The state of a document. */
export const PaperState = v.picklist(['due', 'overdue', 'paid', 'credited', 'credit_note']);
export type PaperState = v.InferOutput<typeof PaperState>;

/** A document in a list. */
export const PaperRow = v.strictObject({
	id: v.string(),
	kind: v.picklist(enums.invoice_kind),
	reference: v.string(),
	amount: v.number(),
	currency: v.string(),
	issued_on: v.string(),
	due_on: v.nullable(v.string()),
	state: PaperState,
	/** It can be downloaded as XML. */
	electronic: v.boolean()
});
export type PaperRow = v.InferOutput<typeof PaperRow>;

/** What a payer may do with an order beside paying it by card. */
export const PayerChoices = v.union([
	v.strictObject({
		pays: v.literal(false)
	}),
	v.strictObject({
		pays: v.literal(true),
		payer: v.picklist(['person', 'member']),
		invoices: v.array(PaperRow),
		/** The tax in its charge; null at a Summit without. */
		vat: v.nullable(v.strictObject({ shown: v.picklist(['included', 'added']), net: v.number(), tax: v.number() })),
		can_invoice: v.boolean(),
		/** The payer is protected: their documents show the displayed name. */
		has_alias: v.boolean(),
		currencies: v.array(v.string()),
		waiver: v.nullable(
			v.strictObject({
				id: v.string(),
				state: v.picklist(['open', 'approved', 'refused', 'withdrawn']),
				amount: v.nullable(v.number()),
				answer: v.string()
			})
		),
		registration_id: v.nullable(v.string()),
		waivable: v.boolean()
	})
]);
export type PayerChoices = v.InferOutput<typeof PayerChoices>;

/** A seat of the delegation that is not paid yet. */
const UnpaidSeat = v.strictObject({
	order_id: v.string(),
	reference: v.string(),
	registration_id: v.string(),
	registration: v.string(),
	display_name: v.string(),
	mode: v.picklist(enums.attendance_mode),
	amount: v.number(),
	currency: v.string(),
	due_at: v.string(),
	/** Why it has its own order. */
	obstacle: v.nullable(v.string()),
	waiver: v.nullable(v.string())
});

/** An order that a member pays. */
const MemberOrder = v.strictObject({
	id: v.string(),
	reference: v.string(),
	currency: v.string(),
	charged: v.number(),
	paid: v.number(),
	balance: v.number(),
	due_at: v.string(),
	state: v.string(),
	obstacle: v.nullable(v.string()),
	/** Without a name: somebody whom the focal point does not see. */
	people: v.array(
		v.strictObject({
			registration: v.nullable(v.string()),
			mode: v.picklist(enums.attendance_mode),
			amount: v.number(),
			display_name: v.nullable(v.string())
		})
	)
});

const DelegationMoney = v.strictObject({
	member: v.strictObject({
		id: v.string(),
		name: v.string()
	}),
	unpaid: v.array(UnpaidSeat),
	orders: v.array(MemberOrder)
});

const VatCategory = v.picklist(['S', 'Z', 'E', 'O', 'AE']);

/** An amount at a rate: without the tax (`net`) and as it is charged. */
const Taxed = {
	net: v.number(),
	amount: v.number(),
	category: VatCategory,
	percent: v.number()
};

/** The value added tax of a document, by EN 16931. Its sums and the rounding are the amount. */
export const PaperVat = v.strictObject({
	shown: v.picklist(['included', 'added']),
	/** The buyer accounts for the tax. */
	reverse_charge: v.boolean(),
	lines: v.array(v.strictObject({ ...Taxed, registration: v.string(), mode: v.picklist(enums.attendance_mode) })),
	/** What was taken off the lines; below zero, a charge. */
	allowances: v.array(v.strictObject(Taxed)),
	groups: v.array(
		v.strictObject({ ...Taxed, tax: v.number(), exemption_code: v.string(), exemption_reason: v.string() })
	),
	net: v.number(),
	tax: v.number(),
	rounding: v.number()
});
export type PaperVat = v.InferOutput<typeof PaperVat>;

/** An issued document as the database froze it. Amounts in minor units, days by the venue's calendar. */
export const Paper = v.strictObject({
	id: v.string(),
	summit_id: v.string(),
	order_id: v.string(),
	kind: v.picklist(enums.invoice_kind),
	state: PaperState,
	reference: v.string(),
	issued_on: v.string(),
	due_on: v.nullable(v.string()),
	locale: v.picklist(locales),
	/** The invoice that a credit note corrects. */
	answers: v.nullable(v.string()),
	reason: v.string(),
	summit: TextMap,
	order: v.string(),
	currency: v.string(),
	amount: v.number(),
	paid: v.number(),
	issuer: v.strictObject({
		name: v.string(),
		address: v.string(),
		tax_number: v.string(),
		// Documents from before there was tax have neither these nor `vat`.
		country: v.optional(v.string()),
		vat_id: v.optional(v.string()),
		registration: v.optional(v.string())
	}),
	vat: v.optional(v.nullable(PaperVat)),
	bank: v.strictObject({
		name: v.string(),
		iban: v.string(),
		bic: v.string()
	}),
	note: v.string(),
	buyer: v.strictObject({
		name: v.string(),
		address: v.string(),
		tax_number: v.string(),
		purchase_order: v.string(),
		country: v.optional(v.string()),
		vat_id: v.optional(v.string())
	}),
	lines: v.array(
		v.strictObject({
			registration: v.string(),
			mode: v.picklist(enums.attendance_mode),
			amount: v.number()
		})
	)
});
export type Paper = v.InferOutput<typeof Paper>;

/** What these functions answer. */
export const answers = {
	read_order: v.nullable(Order),
	read_payer_choices: v.nullable(PayerChoices),
	list_delegation_orders: v.nullable(v.array(DelegationMoney))
} satisfies Answers;
