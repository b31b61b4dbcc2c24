import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

export const FeeRow = v.strictObject({
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
export const FeeList = v.strictObject({
	currencies: v.array(v.string()),
	complete: v.array(v.string()),
	moments: v.array(v.string()),
	fees: v.array(FeeRow),
	paid: v.array(
		v.strictObject({
			mode: v.picklist(enums.attendance_mode),
			sector: v.nullable(v.string()),
			category: v.string(),
			currency: v.string(),
			amounts: v.array(v.number())
		})
	)
});
export type FeeList = v.InferOutput<typeof FeeList>;

/** What these functions answer. */
export const answers = {
	save_fee: answer({ ok: { id: v.string() } }, 'overlap', 'invalid', 'not_allowed'),
	list_fees: v.nullable(FeeList)
} satisfies Answers;
