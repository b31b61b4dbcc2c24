import { enums } from '#lib/database/types.ts';
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

/** A reading by somebody else of sensitive values of the reader. */
export const Reading = v.strictObject({
	at: v.string(),
	kind: v.picklist(['protection', 'needs', 'emergency_contact', 'history', 'answers', 'host_list']),
	/** What the other person was at that moment; empty when they hold no role, as a system has none. */
	roles: v.array(v.picklist(enums.organiser_role)),
	summit: v.nullable(TextMap)
});
export type Reading = v.InferOutput<typeof Reading>;

export const answers = {
	my_erasure: v.nullable(MyErasure),
	my_readings: v.array(Reading)
} satisfies Answers;
