import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** A side event that a member asked for. */
export const SideEvent = v.strictObject({
	id: v.string(),
	member: v.strictObject({ id: v.string(), name: v.string() }),
	requested_by: v.nullable(v.string()),
	title: TextMap,
	purpose: TextMap,
	wished: v.string(),
	room_needs: v.string(),
	expected: v.number(),
	languages: v.array(v.string()),
	contact: v.string(),
	state: v.picklist(enums.side_event_state),
	/** What the organisers wrote: the reason, or what to change. */
	answer: v.string(),
	version: v.number(),
	created_at: v.string(),
	/** Of an accepted one, with its times in the draft. */
	session: v.nullable(
		v.strictObject({
			id: v.string(),
			code: v.string(),
			slots: v.array(
				v.strictObject({
					start: v.string(),
					end: v.string(),
					rooms: v.array(v.strictObject({ slug: v.string(), name: TextMap }))
				})
			)
		})
	)
});
export type SideEvent = v.InferOutput<typeof SideEvent>;

/** The side events of the members for which the reader is a focal point. */
export const OwnSideEvents = v.strictObject({
	/** Whether members may ask for one now. */
	takes: v.boolean(),
	members: v.array(v.strictObject({ id: v.string(), name: v.string() })),
	events: v.array(SideEvent)
});
export type OwnSideEvents = v.InferOutput<typeof OwnSideEvents>;

/** What these functions answer. */
export const answers = {
	my_side_events: OwnSideEvents,
	list_side_events: v.nullable(v.array(SideEvent)),
	decide_side_event: answer({}, 'ok', 'not_found', 'conflict', 'no_words', 'room_taken', 'invalid', 'not_allowed')
} satisfies Answers;
