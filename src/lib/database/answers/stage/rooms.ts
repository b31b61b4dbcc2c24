import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { PublishSource, refusedEntries, Rights, StageFlow, StagePerson, StageRoom, StageSession } from './stage.ts';

/** A person of a session as the desk sees them. */
export const DeskPerson = v.object({
	...StagePerson.entries,
	/** LiveKit lists them on the stage of the run. */
	is_connected: v.boolean(),
	/** They wait in the green room. */
	is_behind: v.boolean()
});
export type DeskPerson = v.InferOutput<typeof DeskPerson>;

/** A run as the desk shows it. */
export const DeskRun = v.object({
	id: v.string(),
	state: v.picklist(enums.run_state),
	started_at: v.nullable(v.string()),
	room: StageRoom,
	session: StageSession,
	flow: StageFlow,
	people: v.array(DeskPerson),
	/** Registered viewers; strangers are not stored and not counted here. */
	viewers: v.number(),
	/** Signed-out viewers, by LiveKit's own list. */
	strangers: v.number(),
	/** What open pages report: what they listen to (null: the original), how many only read captions, and how many registered viewers watch delayed. */
	listening: v.object({
		reading: v.number(),
		late: v.number(),
		by_language: v.array(
			v.object({
				language: v.nullable(v.string()),
				count: v.number()
			})
		)
	}),
	/** The device of the room; lost: it was connected and no longer is. */
	hall: v.nullable(
		v.object({
			identity: v.string(),
			is_lost: v.boolean()
		})
	),
	languages: v.array(
		v.object({
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
export type DeskRun = v.InferOutput<typeof DeskRun>;

export const ReadRun = v.object({
	...v.omit(DeskRun, ['people']).entries,
	people: v.array(v.omit(DeskPerson, ['is_behind']))
});
export type ReadRun = v.InferOutput<typeof ReadRun>;

export const StagePass = v.variant('status', [
	v.object({
		status: v.literal('ok'),
		run: v.string(),
		room: v.string(),
		identity: v.nullable(v.string()),
		publish: v.array(v.string())
	}),
	v.object({ status: v.picklist(['none', 'not_backstage', 'unconfirmed', ...refusedEntries]) })
]);
export type StagePass = v.InferOutput<typeof StagePass>;

export const HallPass = v.variant('status', [
	v.object({
		status: v.literal('ok'),
		run: v.string(),
		room: v.string(),
		identity: v.string(),
		publish: v.array(v.string())
	}),
	v.object({ status: v.picklist(['refused', 'none', 'busy']) })
]);
export type HallPass = v.InferOutput<typeof HallPass>;

/** The sender of a run's hall, as LiveKit reported a moment ago. */
export const HallState = v.object({
	kind: v.picklist(['browser', 'encoder', 'ingress']),
	is_connected: v.boolean(),
	since: v.nullable(v.string()),
	/** What arrives, unmuted. */
	sends: v.array(PublishSource)
});
export type HallState = v.InferOutput<typeof HallState>;

/** A run and its ways to send from the hall. */
export const HallRun = v.object({
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
export const RoomRights = v.object({
	is_known: v.boolean(),
	is_open: v.optional(v.boolean()),
	strangers: v.optional(v.boolean()),
	rights: v.optional(v.record(v.string(), Rights)),
	/** Devices of halls, with their kind. */
	halls: v.optional(v.record(v.string(), v.picklist(['browser', 'encoder', 'ingress'])))
});
export type RoomRights = v.InferOutput<typeof RoomRights>;

/** What these functions answer. */
export const answers = {
	read_desk: v.nullable(
		v.object({
			now: v.string(),
			runs: v.array(ReadRun)
		})
	),
	read_encoders: v.nullable(v.array(HallRun)),
	make_encoder_code: v.object({
		code: v.optional(v.string())
	}),
	make_ingress: v.object({
		status: v.picklist(['ok', 'not_found', 'ended']),
		identity: v.string()
	})
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	list_green_rooms: v.object({
		run_id: v.string(),
		name: v.string()
	}),
	stage_pass: StagePass,
	desk_pass: v.object({
		status: v.string(),
		room: v.string(),
		identity: v.string()
	}),
	hall_pass: HallPass,
	ingress_livekit_room: v.nullable(v.string()),
	revoke_stale_ingresses: v.string(),
	run_session_timers: v.object({
		run: v.string(),
		wait_ms: v.number()
	}),
	room_rights: RoomRights,
	assign_ingress: v.boolean(),
	claim_livekit_rooms: v.object({
		name: v.string(),
		is_open: v.boolean()
	}),
	list_livekit_rooms: v.string()
} satisfies PrivateAnswers;
