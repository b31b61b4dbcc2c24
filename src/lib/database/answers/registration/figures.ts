import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

export const Dimension = v.picklist(['mode', 'sector', 'country', 'state', 'category', 'region']);
export type Dimension = v.InferOutput<typeof Dimension>;

/** One group with its people by stage; a value of null is not stated. `decide`: of those in review, the ones that the desk has to decide. */
export const FigureGroup = v.strictObject({
	dimension: Dimension,
	value: v.nullable(v.string()),
	decide: v.number(),
	payment: v.number(),
	confirmed: v.number(),
	ended: v.number(),
	begun: v.number(),
	review: v.number()
});
export type FigureGroup = v.InferOutput<typeof FigureGroup>;

/** The counts for releases: the confirmed; protected people only in totals. */
export const OutwardGroup = v.strictObject({
	dimension: v.picklist(['total', 'mode', 'category', 'sector', 'region', 'country']),
	/** The parent of a group: a country's region, or the delegates for a sector; else ''. */
	family: v.string(),
	value: v.nullable(v.string()),
	count: v.number()
});
export type OutwardGroup = v.InferOutput<typeof OutwardGroup>;

/** Exact figures of a Summit. */
export const Figures = v.strictObject({
	smallest_group: v.number(),
	groups: v.array(FigureGroup),
	/** Days by the venue's clock with the submissions and confirmations of each. */
	days: v.array(
		v.strictObject({
			day: v.string(),
			sent: v.number(),
			confirmed: v.number()
		})
	),
	outward: v.array(OutwardGroup)
});
export type Figures = v.InferOutput<typeof Figures>;

/** What these functions answer. */
export const answers = {
	read_figures: v.nullable(Figures),
	release_figures: answer({ ok: { number: v.number() }, stale: { number: v.number() } }, 'invalid', 'not_allowed')
} satisfies Answers;
