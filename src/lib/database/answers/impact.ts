import * as v from 'valibot';
import { answer } from './answer.ts';
import { SurveyCounts } from './evaluation.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** A number of a group, of a day or of an answer, with the day of its count. */
const ImpactRow = v.strictObject({
	dimension: v.string(),
	key: v.string(),
	/** Of what has no words of ours: a theme, a question. */
	label: v.nullable(TextMap),
	value: v.number(),
	on: v.string()
});
export type ImpactRow = v.InferOutput<typeof ImpactRow>;

/** An indicator with its number; null: suppressed, or there is nothing to count. */
export const ImpactIndicator = v.strictObject({
	key: v.string(),
	value: v.nullable(v.number()),
	on: v.string(),
	/** Its numbers count people, or what they did: none is below the smallest group. */
	of_people: v.boolean(),
	rows: v.array(ImpactRow)
});
export type ImpactIndicator = v.InferOutput<typeof ImpactIndicator>;

/** The numbers of a released report. */
export const ImpactContent = v.strictObject({
	threshold: v.number(),
	on: v.string(),
	/** The release of figures whose numbers of registrations it repeats; null: there was none. */
	figures: v.nullable(v.number()),
	indicators: v.array(ImpactIndicator),
	/** How each indicator was counted, in words, by its key; reports of before these words were kept have none. */
	how: v.optional(v.record(v.string(), TextMap)),
	/** The released report of the edition before, with which it is compared. */
	before: v.nullable(
		v.strictObject({
			id: v.string(),
			slug: v.string(),
			name: TextMap,
			number: v.number(),
			on: v.string(),
			indicators: v.array(ImpactIndicator)
		})
	)
});
export type ImpactContent = v.InferOutput<typeof ImpactContent>;

const Count = v.strictObject({
	indicator: v.string(),
	dimension: v.string(),
	value: v.nullable(v.string()),
	count: v.number(),
	/** Of how many different people it is, where one can have several. */
	people: v.optional(v.number())
});

const Commitment = v.strictObject({
	theme: v.strictObject({ slug: v.string(), name: TextMap }),
	region: v.string(),
	sector: v.string(),
	countries: v.array(v.string()),
	status: v.picklist(['not_reported', 'on_track', 'at_risk', 'delivered', 'overdue']),
	announced_on: v.string(),
	delivered_on: v.nullable(v.string())
});
export type ImpactCommitment = v.InferOutput<typeof Commitment>;

const FigureRow = v.strictObject({ family: v.string(), value: v.string(), count: v.number(), on: v.string() });

/** Released figures, as far as reports and comparisons repeat them. */
const FigureContent = v.object({
	total: v.nullable(v.object({ count: v.number(), on: v.string() })),
	tables: v.array(v.object({ dimension: v.string(), rows: v.array(FigureRow) }))
});

/** Exact counts, which never leave the server. */
export const ImpactCounts = v.strictObject({
	smallest_group: v.number(),
	zone: v.string(),
	people: v.array(Count),
	programme: v.array(Count),
	commitments: v.array(Commitment),
	earlier_commitments: v.nullable(v.array(Commitment)),
	figures: v.nullable(
		v.strictObject({
			number: v.number(),
			released_at: v.string(),
			content: FigureContent
		})
	),
	survey: v.nullable(SurveyCounts),
	/** How many registrations are confirmed now; the report repeats the figures instead. */
	confirmed: v.number(),
	/** What was last released about this Summit. */
	shown: v.nullable(v.array(ImpactIndicator)),
	/** The indicators whose rows retention has deleted. */
	expired: v.array(v.string()),
	before: v.nullable(
		v.strictObject({
			id: v.string(),
			slug: v.string(),
			name: TextMap,
			release: v.nullable(v.strictObject({ number: v.number(), on: v.string(), indicators: v.array(ImpactIndicator) }))
		})
	)
});
export type ImpactCounts = v.InferOutput<typeof ImpactCounts>;

const release = { number: v.number(), released_at: v.string(), reason: v.string() };
const written = { texts: v.record(v.string(), TextMap), targets: v.record(v.string(), v.number()) };

/** What organisers have written for the report, and what was released. */
export const ImpactDraft = v.strictObject({
	version: v.number(),
	...written,
	may_release: v.boolean(),
	/** `figures`: the number of the released figures that it repeats. */
	releases: v.array(
		v.strictObject({ ...release, released_by: v.nullable(v.string()), figures: v.nullable(v.number()) })
	)
});
export type ImpactDraft = v.InferOutput<typeof ImpactDraft>;

/** A released report. */
export const ImpactReport = v.strictObject({
	...release,
	...written,
	content: ImpactContent,
	releases: v.array(v.strictObject(release))
});
export type ImpactReport = v.InferOutput<typeof ImpactReport>;

/** A Summit with a released report. */
export const ListedImpactReport = v.strictObject({
	slug: v.string(),
	name: TextMap,
	number: v.number(),
	released_at: v.string()
});
export type ListedImpactReport = v.InferOutput<typeof ListedImpactReport>;

/** One of the editions that are compared; see compare_editions. */
export const ComparedEdition = v.strictObject({
	slug: v.string(),
	name: TextMap,
	starts_on: v.string(),
	is_own: v.boolean(),
	/** The edition before the own one. */
	is_before: v.boolean(),
	/** How many days before it begins today is; negative afterwards. */
	today: v.number(),
	/** Registrations sent on each day; null: not for this reader, or no longer whole. */
	pace: v.nullable(v.array(v.strictObject({ before: v.number(), sent: v.number() }))),
	figures: v.nullable(v.strictObject({ number: v.number(), content: FigureContent })),
	indicators: v.nullable(v.array(ImpactIndicator))
});
export type ComparedEdition = v.InferOutput<typeof ComparedEdition>;

/** What these functions answer. */
export const answers = {
	compare_editions: v.nullable(v.array(ComparedEdition)),
	read_impact_draft: v.nullable(ImpactDraft),
	save_impact_draft: answer({ ok: { version: v.number() } }, 'not_found', 'invalid', 'conflict'),
	begin_impact_release: answer(
		{ ok: { release: v.string() } },
		'not_found',
		'invalid',
		'conflict',
		'stale',
		'wrong_state'
	),
	read_impact_report: v.nullable(ImpactReport),
	list_impact_reports: v.array(ListedImpactReport)
} satisfies Answers;

/** What these functions of `private` answer. */
export const privateAnswers = { count_impact: v.nullable(ImpactCounts) } satisfies PrivateAnswers;
