import * as v from 'valibot';
import type { Answers } from '../kinds.ts';

/** Counted when the alias was set. `rewritten` and `left`: rows by the place in which somebody had written the name. */
export const AliasFacts = v.strictObject({
	rewritten: v.record(v.string(), v.number()),
	left: v.record(v.string(), v.number()),
	releases: v.number(),
	badges: v.number(),
	certificates: v.number(),
	letters: v.number(),
	host_lists: v.number(),
	invoices: v.number(),
	recordings: v.number(),
	files: v.number(),
	/** Files of the library that may have the name inside; not counted in older traces. */
	library_files: v.optional(v.number()),
	calendars: v.number()
});
export type AliasFacts = v.InferOutput<typeof AliasFacts>;

export const AliasTraces = v.strictObject({
	at: v.string(),
	facts: AliasFacts
});
export type AliasTraces = v.InferOutput<typeof AliasTraces>;

/** The same, for safeguarding about others. */
export const ListedTraces = v.strictObject({
	...AliasTraces.entries,
	id: v.string(),
	display_name: v.string()
});
export type ListedTraces = v.InferOutput<typeof ListedTraces>;

/** What these functions answer. */
export const answers = {
	my_alias_traces: v.nullable(AliasTraces),
	list_alias_traces: v.nullable(v.array(ListedTraces))
} satisfies Answers;
