import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

const BarState = v.picklist(['proposed', 'active', 'refused', 'ended']);

/** A person whom an entry may mean. `person` is null for a person with an alias, or not at this Summit. */
export const BarMatch = v.strictObject({
	id: v.string(),
	level: v.picklist(['certain', 'likely', 'possible']),
	/** It connects the entry with an alias: only safeguarding sees that there is a match. */
	is_sealed: v.boolean(),
	found_at: v.string(),
	/** When their accreditation was requested and had to wait. */
	held_back_at: v.nullable(v.string()),
	is_same: v.nullable(v.boolean()),
	decided_at: v.nullable(v.string()),
	decided_by: v.nullable(v.string()),
	/** Whether the reader may decide: about an entry for all Summits, only safeguarding leads for all Summits may. */
	may_decide: v.boolean(),
	may_decline: v.boolean(),
	person: v.nullable(
		v.strictObject({
			display_name: v.string(),
			office: v.string(),
			affiliation: v.string(),
			country: v.nullable(v.string()),
			registrations: v.array(
				v.strictObject({
					reference: v.string(),
					state: v.picklist(enums.registration_state),
					mode: v.picklist(enums.attendance_mode)
				})
			)
		})
	)
});
export type BarMatch = v.InferOutput<typeof BarMatch>;

/** One entry for safeguarding leads, with sealed details. */
export const SealedEntry = v.strictObject({
	id: v.string(),
	everywhere: v.boolean(),
	state: BarState,
	person: v.nullable(v.string()),
	details_sealed: v.string(),
	key_id: v.string(),
	country: v.nullable(v.string()),
	has_address: v.boolean(),
	until: v.nullable(v.string()),
	added_at: v.string(),
	added_by: v.nullable(v.string()),
	confirmed_at: v.nullable(v.string()),
	confirmed_by: v.nullable(v.string()),
	end_asked_at: v.nullable(v.string()),
	end_asked_by: v.nullable(v.string()),
	ended_at: v.nullable(v.string()),
	ended_by: v.nullable(v.string()),
	may_confirm: v.boolean(),
	may_end: v.boolean(),
	matches: v.array(BarMatch)
});
export type SealedEntry = v.InferOutput<typeof SealedEntry>;

/** What these functions answer. */
export const answers = {
	read_watch_list: v.nullable(
		v.strictObject({
			may_everywhere: v.boolean(),
			entries: v.array(SealedEntry)
		})
	),
	add_watch_list_entry: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid', 'nothing', 'unknown_person', 'own')
} satisfies Answers;
