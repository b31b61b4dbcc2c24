import * as v from 'valibot';
import type { Answers } from '../kinds.ts';

/** The known facts of a room. */
export const RoomFacts = v.strictObject({
	/** Slug. */
	room: v.string(),
	building: v.string(),
	floor: v.string(),
	is_step_free: v.boolean(),
	has_hearing_loop: v.boolean(),
	/** It is streamed, so that it can be watched online. */
	is_streamed: v.boolean(),
	/** It is open: anybody may walk past and listen. */
	is_open: v.boolean(),
	equipment: v.array(v.string())
});
export type RoomFacts = v.InferOutput<typeof RoomFacts>;

/** The walk between two halls, by slug. */
export const WalkingTime = v.strictObject({
	one: v.string(),
	other: v.string(),
	/** On foot. */
	minutes: v.number(),
	/** Entered for this pair; else by building and floor. */
	is_said: v.boolean()
});
export type WalkingTime = v.InferOutput<typeof WalkingTime>;

/** The needs of a session. */
export const SessionNeeds = v.strictObject({
	expected: v.nullable(v.number()),
	needs_step_free: v.boolean(),
	needs_hearing_loop: v.boolean(),
	equipment: v.array(v.string())
});
export type SessionNeeds = v.InferOutput<typeof SessionNeeds>;

/** A person of the agenda: their availability, their zone then, and the languages that they interpret. */
export const PersonFacts = v.strictObject({
	person: v.string(),
	name: v.string(),
	roles: v.array(v.string()),
	zone: v.nullable(v.string()),
	during: v.array(
		v.strictObject({
			start: v.string(),
			end: v.string()
		})
	),
	pairs: v.array(
		v.strictObject({
			source: v.string(),
			target: v.string()
		})
	)
});
export type PersonFacts = v.InferOutput<typeof PersonFacts>;

/** What these functions answer. */
export const answers = {
	read_room_equipment: v.nullable(v.record(v.string(), RoomFacts)),
	list_walking_times: v.nullable(v.array(WalkingTime)),
	read_session_needs: v.nullable(SessionNeeds),
	list_availabilities: v.nullable(v.array(PersonFacts))
} satisfies Answers;
