import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { SealedConcern } from './concerns.ts';

const Severity = v.picklist(['critical', 'high', 'medium', 'low']);
/** What a case or concern is about. */
export const Category = v.picklist([
	'child',
	'material',
	'sexual',
	'harassment',
	'threat',
	'privacy',
	'wellbeing',
	'other'
]);
const CaseState = v.picklist(['open', 'waiting', 'closed']);
const Outcome = v.picklist(['resolved', 'referred', 'not_confirmed', 'no_action', 'other']);

/** A case in the list, without any text. */
export const ListedCase = v.strictObject({
	id: v.string(),
	reference: v.string(),
	severity: Severity,
	category: Category,
	state: CaseState,
	lead: v.nullable(v.string()),
	opened_at: v.string(),
	last_at: v.string(),
	/** Something was added since the reader last read it. */
	is_new: v.boolean(),
	/** The last entry hands it over to the next shift. */
	is_handed_over: v.boolean()
});
export type ListedCase = v.InferOutput<typeof ListedCase>;

/** A case as the database keeps it: its texts are sealed with its own key, and the key is sealed too. */
export const SealedCase = v.strictObject({
	id: v.string(),
	reference: v.string(),
	severity: Severity,
	category: Category,
	state: CaseState,
	outcome: v.nullable(Outcome),
	version: v.number(),
	key_sealed: v.string(),
	key_id: v.string(),
	lead: v.nullable(v.string()),
	/** To whom it may be given. */
	leads: v.array(v.strictObject({ id: v.string(), display_name: v.string() })),
	opened_at: v.string(),
	opened_by: v.nullable(v.string()),
	closed_at: v.nullable(v.string()),
	/** To which authorities it has to be reported, and by when. */
	duties: v.array(
		v.strictObject({
			id: v.string(),
			authority: v.string(),
			address: v.string(),
			note: v.string(),
			due_at: v.string(),
			referred_at: v.nullable(v.string()),
			referred_by: v.nullable(v.string())
		})
	),
	entries: v.array(
		v.strictObject({
			id: v.string(),
			at: v.string(),
			kind: v.picklist(['note', 'handover', 'act', 'outcome']),
			author: v.nullable(v.string()),
			text_sealed: v.string()
		})
	),
	concerns: v.array(SealedConcern),
	/** Who has read it, and when last. */
	read_by: v.array(v.strictObject({ display_name: v.string(), at: v.string() }))
});
export type SealedCase = v.InferOutput<typeof SealedCase>;

/** Figures that may leave safeguarding: nothing below the smallest group. */
export const ConcernFigures = v.strictObject({
	smallest_group: v.number(),
	/** Null: too few. */
	concerns: v.nullable(v.number()),
	cases: v.nullable(v.number()),
	/** A value of null: all others together. */
	groups: v.array(
		v.variant('dimension', [
			v.strictObject({ dimension: v.literal('category'), value: v.nullable(Category), count: v.number() }),
			v.strictObject({ dimension: v.literal('severity'), value: v.nullable(Severity), count: v.number() }),
			v.strictObject({ dimension: v.literal('outcome'), value: v.nullable(Outcome), count: v.number() })
		])
	),
	/** From the report to the first answer, in the middle. */
	minutes_to_answer: v.nullable(v.number())
});
export type ConcernFigures = v.InferOutput<typeof ConcernFigures>;

/** What the lead of an open case can act on. Messages and questions come without an author. */
export const CaseTargets = v.strictObject({
	messages: v.array(
		v.strictObject({
			id: v.string(),
			act: v.picklist(['hide_message', 'hide_question']),
			session: v.string(),
			words: v.string(),
			at: v.string()
		})
	),
	sessions: v.array(v.strictObject({ id: v.string(), title: TextMap, is_on: v.boolean() })),
	recordings: v.array(v.strictObject({ id: v.string(), session: v.string(), at: v.string(), is_held: v.boolean() })),
	people: v.array(
		v.strictObject({ id: v.string(), display_name: v.string(), is_reporter: v.boolean(), is_out: v.boolean() })
	)
});
export type CaseTargets = v.InferOutput<typeof CaseTargets>;

/** What these functions answer. */
export const answers = {
	open_case: answer({ ok: { case: v.string() } }, 'already', 'not_found', 'invalid'),
	list_cases: v.nullable(v.array(ListedCase)),
	read_case: v.nullable(SealedCase),
	concern_figures: v.nullable(ConcernFigures),
	read_case_targets: v.nullable(CaseTargets)
} satisfies Answers;
