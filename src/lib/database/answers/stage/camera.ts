import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** What the camera and photo crew is told about a session. */
export const CameraFacts = v.strictObject({
	/** Nothing may be photographed or recorded; then nobody is counted. */
	is_off: v.boolean(),
	/** People on stage who must not be in a picture, by their place in the running order. */
	stage: v.array(
		v.strictObject({
			place: v.number(),
			role: v.picklist(enums.session_role),
			/** As the public programme names them; null where it does not. */
			name: v.nullable(v.string())
		})
	),
	/** People called to the stage from the floor who must not be in a picture. */
	called: v.number(),
	/** People on stage who have not said whether they may be photographed. */
	unanswered: v.number(),
	/** The same of the hall, rounded down; null: nobody counts. */
	hall: v.nullable(
		v.strictObject({ count: v.number(), smallest: v.number(), basis: v.picklist(['inside', 'signed_up']) })
	),
	/** Where nobody is in a picture; '': nowhere. */
	area: v.string(),
	recording: v.picklist(['never', 'no', 'sealed', 'incomplete', 'complete']),
	/** People on stage who have not agreed to be recorded. */
	without_consent: v.number()
});
export type CameraFacts = v.InferOutput<typeof CameraFacts>;

/** A session of the crew's list. */
export const CameraSession = v.strictObject({
	...CameraFacts.entries,
	id: v.string(),
	code: v.string(),
	title: TextMap,
	level: v.picklist(enums.confidentiality),
	rooms: v.array(TextMap),
	start: v.string(),
	end: v.string(),
	/** Of a run that has not ended. */
	run: v.nullable(v.picklist(enums.run_state))
});
export type CameraSession = v.InferOutput<typeof CameraSession>;

/** The crew's list of a day. */
export const CameraList = v.strictObject({
	now: v.string(),
	/** Counts are rounded down to multiples of this. */
	smallest_group: v.number(),
	/** Badges for the hall with the sign, rounded down. */
	marked: v.number(),
	sessions: v.array(CameraSession)
});
export type CameraList = v.InferOutput<typeof CameraList>;

/** What these functions answer. */
export const answers = {
	read_camera_list: v.nullable(CameraList),
	read_session_camera: v.nullable(CameraFacts)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	read_hall_camera: answer({ ok: { session: TextMap, facts: CameraFacts } }, 'none', 'refused')
} satisfies PrivateAnswers;
