import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { CameraFacts } from './camera.ts';
import {
	PublishSource,
	refusedEntries,
	Rights,
	StageAnnouncement,
	StageFlow,
	StagePerson,
	StageRoom,
	StageSession
} from './stage.ts';

/** A person of a session as the desk sees them. */
export const ListedPerson = v.strictObject({
	...StagePerson.entries,
	/** LiveKit lists them on the stage of the run. */
	is_connected: v.boolean()
});
export type ListedPerson = v.InferOutput<typeof ListedPerson>;

/** A run as the desk shows it. */
export const ListedRun = v.strictObject({
	id: v.string(),
	state: v.picklist(enums.run_state),
	started_at: v.nullable(v.string()),
	room: StageRoom,
	session: StageSession,
	flow: StageFlow,
	announcement: v.nullable(StageAnnouncement),
	people: v.array(ListedPerson),
	/** Registered viewers; signed-out viewers are not stored and not counted here. */
	viewers: v.number(),
	/** Signed-out viewers, by LiveKit's own list. */
	signed_out_viewers: v.number(),
	/** What open pages report: what they listen to (null: the original), how many only read captions, and how many registered viewers watch delayed. */
	listening: v.strictObject({
		reading: v.number(),
		late: v.number(),
		by_language: v.array(
			v.strictObject({
				language: v.nullable(v.string()),
				count: v.number()
			})
		)
	}),
	/** The device of the room; lost: it was connected and no longer is. */
	hall: v.nullable(
		v.strictObject({
			identity: v.string(),
			is_lost: v.boolean()
		})
	),
	/** What its camera crew is told. */
	camera: CameraFacts,
	languages: v.array(
		v.strictObject({
			language: v.string(),
			is_on_air: v.boolean()
		})
	),
	hands: v.number(),
	questions: v.number(),
	recording: v.nullable(v.picklist(['wanted', 'running', 'paused'])),
	/** A recording should run, and nothing arrives. */
	is_recording_silent: v.boolean(),
	/** People speak, and the recording is silent. */
	has_recording_lost_sound: v.boolean()
});
export type ListedRun = v.InferOutput<typeof ListedRun>;

const StagePass = answer(
	{
		ok: {
			run: v.string(),
			room: v.string(),
			identity: v.nullable(v.string()),
			publish: v.array(v.string())
		}
	},
	'none',
	'not_backstage',
	'unconfirmed',
	...refusedEntries
);

export const HallPass = answer(
	{
		ok: {
			run: v.string(),
			room: v.string(),
			identity: v.string(),
			publish: v.array(v.string())
		}
	},
	'refused',
	'none',
	'busy'
);
export type HallPass = v.InferOutput<typeof HallPass>;

/** The sender of a run's hall, as LiveKit reported a moment ago. */
export const HallState = v.strictObject({
	kind: v.picklist(['browser', 'encoder', 'ingress']),
	is_connected: v.boolean(),
	since: v.nullable(v.string()),
	/** What arrives, unmuted. */
	sends: v.array(PublishSource)
});
export type HallState = v.InferOutput<typeof HallState>;

/** A run and its ways to send from the hall. */
export const HallRun = v.strictObject({
	id: v.string(),
	state: v.picklist(enums.run_state),
	session: StageSession,
	hall: v.nullable(HallState),
	/** The expiry of an encoder's code. */
	encoder_until: v.nullable(v.string()),
	has_ingress: v.boolean()
});
export type HallRun = v.InferOutput<typeof HallRun>;

/** `room_rights` of the database. */
export const RoomRights = v.strictObject({
	is_known: v.boolean(),
	is_open: v.optional(v.boolean()),
	allows_signed_out: v.optional(v.boolean()),
	rights: v.optional(v.record(v.string(), Rights)),
	/** Devices of halls, with their kind. */
	halls: v.optional(v.record(v.string(), v.picklist(['browser', 'encoder', 'ingress'])))
});
export type RoomRights = v.InferOutput<typeof RoomRights>;

/** What these functions answer. */
export const answers = {
	read_desk: v.nullable(
		v.strictObject({
			now: v.string(),
			runs: v.array(ListedRun)
		})
	),
	read_encoders: v.nullable(v.array(HallRun)),
	make_encoder_code: answer({ ok: { code: v.string() } }, 'not_found', 'ended'),
	make_ingress: answer({ ok: { identity: v.string() } }, 'not_found', 'ended')
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	list_green_rooms: v.strictObject({
		run_id: v.string(),
		name: v.string()
	}),
	stage_pass: StagePass,
	desk_pass: answer({ ok: { room: v.string(), identity: v.string() } }, 'none'),
	hall_pass: HallPass,
	ingress_livekit_room: v.nullable(v.string()),
	revoke_stale_ingresses: v.string(),
	run_session_timers: v.strictObject({
		run: v.string(),
		wait_ms: v.number()
	}),
	room_rights: RoomRights,
	assign_ingress: v.boolean(),
	claim_livekit_rooms: v.strictObject({
		name: v.string(),
		is_open: v.boolean()
	}),
	list_livekit_rooms: v.string()
} satisfies PrivateAnswers;
