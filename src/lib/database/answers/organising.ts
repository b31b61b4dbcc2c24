import * as v from 'valibot';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** How many of one kind wait, and since when the oldest does. */
const Waiting = v.strictObject({ count: v.number(), since: v.string() });

/** What waits for the reader's roles, by kind; kinds of which nothing waits are left out. */
export const WaitingList = v.strictObject({
	registrations: v.optional(Waiting),
	second: v.optional(Waiting),
	re_reviews: v.optional(Waiting),
	member_requests: v.optional(Waiting),
	conflicts: v.optional(Waiting),
	proposals: v.optional(Waiting),
	suggestions: v.optional(Waiting),
	bank_rows: v.optional(Waiting),
	waivers: v.optional(Waiting),
	concerns: v.optional(Waiting),
	matches: v.optional(Waiting)
});
export type WaitingList = v.InferOutput<typeof WaitingList>;

/** What the words of a query name. */
export const FoundItem = v.strictObject({
	kind: v.picklist(['registration', 'member', 'session', 'proposal', 'order']),
	id: v.string(),
	/** The title of a session or proposal, by language; else a name or reference. */
	label: v.union([v.string(), TextMap]),
	detail: v.nullable(v.string())
});
export type FoundItem = v.InferOutput<typeof FoundItem>;

/** What these functions answer. */
export const answers = { list_waiting: WaitingList, find_in_summit: v.array(FoundItem) } satisfies Answers;
