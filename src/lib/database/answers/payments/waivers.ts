import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

export const WaiverGrounds = v.picklist([
	'other',
	'invited',
	'no_budget',
	'low_income_country',
	'small_organisation',
	'lived_experience'
]);
export type WaiverGrounds = v.InferOutput<typeof WaiverGrounds>;

/** A request for a waiver, as finance sees it. */
const WaiverRow = v.strictObject({
	id: v.string(),
	state: v.picklist(['open', 'approved', 'refused', 'withdrawn']),
	grounds: WaiverGrounds,
	explanation: v.string(),
	amount: v.nullable(v.number()),
	answer: v.string(),
	created_at: v.string(),
	order_id: v.string(),
	order: v.string(),
	currency: v.string(),
	registration: v.string(),
	display_name: v.string(),
	member: v.nullable(v.string()),
	owed: v.number(),
	by_focal: v.boolean(),
	decided_by: v.nullable(v.string()),
	/** Requested by or for the reader, who may not decide it. */
	own: v.boolean()
});

/** What these functions answer. */
export const answers = {
	request_waiver: answer({ ok: { id: v.string() } }, 'already', 'nothing', 'invalid', 'not_allowed'),
	decide_waiver: answer(
		{
			/** What was waived; null when it was refused. */
			ok: { amount: v.nullable(v.number()) },
			/** How much can be waived. */
			too_much: { left: v.number() },
			/** How much of the budget is left. */
			over_budget: { left: v.number() }
		},
		'own',
		'wrong_state',
		'reason_needed',
		'nothing',
		'not_allowed'
	),
	list_waivers: v.nullable(
		v.strictObject({
			total: v.number(),
			counts: v.record(v.string(), v.number()),
			rows: v.array(WaiverRow)
		})
	)
} satisfies Answers;
