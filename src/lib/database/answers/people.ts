import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** A record as those who merge see it. */
export const MergeRecord = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	has_account: v.boolean(),
	addresses: v.number(),
	registrations: v.array(
		v.strictObject({ summit: TextMap, reference: v.string(), state: v.picklist(enums.registration_state) })
	),
	sessions: v.number(),
	roles: v.number()
});
export type MergeRecord = v.InferOutput<typeof MergeRecord>;

export const ListedMerge = v.strictObject({
	id: v.string(),
	state: v.picklist(['open', 'confirmed', 'refused']),
	keep: MergeRecord,
	/** The same as `keep` once they were merged. */
	duplicate: MergeRecord,
	reason: v.string(),
	asked_by: v.nullable(v.string()),
	asked_at: v.string(),
	decided_by: v.nullable(v.string()),
	decided_at: v.nullable(v.string()),
	is_mine: v.boolean()
});
export type ListedMerge = v.InferOutput<typeof ListedMerge>;

export const answers = {
	compare_merge: v.nullable(
		v.strictObject({
			keep: v.nullable(MergeRecord),
			duplicate: v.nullable(MergeRecord),
			is_same: v.boolean(),
			/** Both take part in one Summit: one registration has to end first. */
			both_registered: v.boolean()
		})
	),
	request_merge: answer(
		{ ok: { id: v.string() } },
		'not_allowed',
		'same_person',
		'reason_needed',
		'unknown_person',
		'already'
	),
	list_merge_requests: v.array(ListedMerge),
	suggest_merges: v.array(v.strictObject({ keep: v.string(), duplicate: v.string(), display_name: v.string() }))
} satisfies Answers;
