import * as v from 'valibot';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** What an erasure of the reader means. */
export const MyErasure = v.strictObject({
	/** Null when none was asked for. */
	due_at: v.nullable(v.string()),
	/** A role has to end first. */
	has_role: v.boolean(),
	/** Invoices and payments stay. */
	has_orders: v.boolean(),
	/** The registrations that it withdraws. */
	summits: v.array(v.strictObject({ slug: v.string(), name: TextMap }))
});
export type MyErasure = v.InferOutput<typeof MyErasure>;

export const answers = {
	my_erasure: v.nullable(MyErasure)
} satisfies Answers;
