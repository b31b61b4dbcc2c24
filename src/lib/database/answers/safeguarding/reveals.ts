import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

/** A value that only the app opens. */
const SealedValue = v.strictObject({ sealed: v.string(), key_id: v.string() });

/** A request to open the name of a protected person, or those that a list for the host state withholds. */
export const ListedReveal = v.strictObject({
	id: v.string(),
	/** The alias; null for a list. */
	display_name: v.nullable(v.string()),
	reference: v.nullable(v.string()),
	list: v.nullable(v.strictObject({ recipient: v.string(), purpose: v.string(), withheld: v.number() })),
	state: v.picklist(['asked', 'confirmed', 'refused', 'withdrawn', 'shown']),
	is_expired: v.boolean(),
	asked_as: v.picklist(enums.organiser_role),
	asked_by: v.nullable(v.string()),
	asked_at: v.string(),
	expires_at: v.string(),
	decided_by: v.nullable(v.string()),
	decided_at: v.nullable(v.string()),
	shown_at: v.nullable(v.string()),
	is_mine: v.boolean(),
	may_decide: v.boolean(),
	may_show: v.boolean(),
	reason_sealed: v.string(),
	key_id: v.string(),
	/** For leads: whom somebody still has to tell. */
	untold: v.array(v.strictObject({ person_id: v.string(), display_name: v.string() }))
});
export type ListedReveal = v.InferOutput<typeof ListedReveal>;

/** What these functions answer. */
export const answers = {
	list_reveals: v.array(ListedReveal),
	show_revealed_name: answer(
		{ ok: { display_name: v.string(), reference: v.string(), real_name: SealedValue } },
		'not_found',
		'wrong_state'
	)
} satisfies Answers;
