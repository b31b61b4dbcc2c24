import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

/** The effect of confirming a row of a bank statement. */
export const BankOutcome = v.picklist(['matched', 'partial', 'overpaid', 'late', 'recorded', 'currency', 'unknown']);
export type BankOutcome = v.InferOutput<typeof BankOutcome>;

export const BankRow = v.strictObject({
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
		v.strictObject({
			id: v.string(),
			reference: v.string(),
			balance: v.number(),
			payer: v.nullable(v.string())
		})
	)
});
export type BankRow = v.InferOutput<typeof BankRow>;

/** What money that came for an order does. */
const paymentEffects = ['paid', 'underpaid', 'revived', 'surplus'] as const;

/** What these functions answer. */
export const answers = {
	apply_bank_row: answer({}, ...paymentEffects, 'linked', 'already', 'currency', 'unknown_order', 'own', 'not_allowed'),
	record_bank_payment: answer({}, ...paymentEffects, 'already', 'currency', 'invalid', 'own', 'not_allowed'),
	list_bank_rows: v.nullable(
		v.strictObject({
			total: v.number(),
			counts: v.record(v.string(), v.number()),
			rows: v.array(BankRow)
		})
	),
	import_statement: answer(
		{ ok: { added: v.number(), known: v.number(), returned: v.number() } },
		'invalid',
		'not_allowed'
	)
} satisfies Answers;
