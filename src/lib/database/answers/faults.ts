import { domains } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';

/** A fault of the site, however often it happened. */
export const Fault = v.strictObject({
	id: v.string(),
	origin: v.picklist(domains.fault_origin),
	/** The pattern of the route; `none` outside routes. */
	route: v.string(),
	kind: v.string(),
	code: v.nullable(v.string()),
	words: v.nullable(v.string()),
	stack: v.array(v.string()),
	/** The version and build. */
	release: v.string(),
	first_at: v.string(),
	last_at: v.string(),
	times: v.number()
});
export type Fault = v.InferOutput<typeof Fault>;

const found = {
	reference: v.string(),
	at: v.string(),
	last_at: v.string(),
	times: v.number(),
	trace: v.nullable(v.string()),
	fault: Fault,
	/** Other routes where the same happened. */
	routes: v.array(v.string())
};

/** What these functions answer. */
export const answers = {
	find_fault: v.nullable(answer({ ok: found, unknown: {} })),
	list_faults: v.nullable(v.array(Fault))
} satisfies Answers;
