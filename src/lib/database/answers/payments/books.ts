import * as v from 'valibot';
import type { Answers } from '../kinds.ts';

/** A discrepancy in the books. */
export const BooksFault = v.strictObject({
	code: v.string(),
	subject: v.nullable(v.string()),
	order_id: v.nullable(v.string()),
	currency: v.nullable(v.string()),
	expected: v.nullable(v.number()),
	found: v.nullable(v.number())
});
export type BooksFault = v.InferOutput<typeof BooksFault>;

export const Books = v.strictObject({
	checked_at: v.string(),
	faults: v.array(BooksFault),
	night: v.nullable(
		v.strictObject({
			ran_at: v.string(),
			faults: v.number()
		})
	),
	totals: v.array(
		v.strictObject({
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
	check_books: v.nullable(Books)
} satisfies Answers;
