import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** The answer of the door to a badge. */
export const DoorAnswer = v.picklist([
	'welcome',
	'left',
	'already_in',
	'full',
	'not_here',
	'not_open',
	'wrong_mode',
	'not_confirmed',
	'in_review',
	'revoked',
	'stop',
	'other_day',
	'other_summit',
	'forged',
	'unreadable',
	'unknown',
	'unlisted',
	'no_checkpoint',
	'no_network',
	'not_allowed'
]);
export type DoorAnswer = v.InferOutput<typeof DoorAnswer>;

/** Marks for door staff to act on, for admitted people; never the personal file. */
export const DoorFlag = v.picklist(['no_photographs', 'escort', 'interpreter_set', 'access_need']);
export type DoorFlag = v.InferOutput<typeof DoorFlag>;

/** What the database says to a badge. */
export const BadgeCheck = v.object({
	answer: DoorAnswer,
	scan: v.optional(v.nullable(v.string())),
	display_name: v.optional(v.nullable(v.string())),
	flags: v.optional(v.array(DoorFlag)),
	since: v.optional(v.nullable(v.string())),
	where: v.optional(v.nullable(TextMap)),
	elsewhere: v.optional(
		v.nullable(
			v.object({
				room: v.optional(TextMap),
				stream: v.optional(v.boolean())
			})
		)
	)
});
export type BadgeCheck = v.InferOutput<typeof BadgeCheck>;

/** Where badges are read. */
export const Checkpoint = v.object({
	id: v.string(),
	kind: v.picklist(enums.checkpoint_kind),
	/** The place behind it: `building`, or the id of a room, session or of the checkpoint itself. */
	place: v.string(),
	name: TextMap,
	both_ways: v.boolean(),
	capacity: v.nullable(v.number()),
	own_capacity: v.nullable(v.number()),
	categories: v.array(v.string()),
	opens_at: v.nullable(v.string()),
	closes_at: v.nullable(v.string()),
	position: v.number(),
	ended: v.boolean()
});
export type Checkpoint = v.InferOutput<typeof Checkpoint>;

/** Somebody whose badge was left at home. */
export const BadgeMatch = v.object({
	badge_code: v.string(),
	name: v.string(),
	affiliation: v.string(),
	category: v.string()
});
export type BadgeMatch = v.InferOutput<typeof BadgeMatch>;

/** A device at a door. */
export const DeskDevice = v.object({
	id: v.string(),
	name: v.string(),
	checkpoint: v.string(),
	person: v.nullable(v.string()),
	last_seen_at: v.nullable(v.string()),
	queued: v.number(),
	battery_percent: v.nullable(v.number()),
	version: v.string(),
	offset_minutes: v.number(),
	shut_out: v.boolean(),
	expired: v.boolean(),
	scans: v.number()
});
export type DeskDevice = v.InferOutput<typeof DeskDevice>;

/** An incident to review. */
export const Incident = v.object({
	id: v.string(),
	kind: v.picklist([
		'two_doors',
		'revoked',
		'barred',
		'not_entitled',
		'over_capacity',
		'wrong_clock',
		'shut_out',
		'unknown_badge'
	]),
	found_at: v.string(),
	facts: v.record(v.string(), v.union([v.string(), v.number()])),
	note: v.string(),
	resolved_at: v.nullable(v.string()),
	resolved_by: v.nullable(v.string()),
	who_looks: v.picklist(['safeguarding', 'door', 'registration']),
	person: v.nullable(v.string()),
	device: v.nullable(v.string()),
	checkpoint: v.nullable(v.string())
});
export type Incident = v.InferOutput<typeof Incident>;

/** One page of the whole list. */
export const DoorDesk = v.object({
	/** The number of people inside, at any checkpoint. */
	building: v.number(),
	/** The number of people who came today. */
	came: v.number(),
	places: v.array(
		v.object({
			...Checkpoint.entries,
			inside: v.number()
		})
	),
	devices: v.array(DeskDevice),
	conflicts: v.array(Incident)
});
export type DoorDesk = v.InferOutput<typeof DoorDesk>;

/** A person who is inside. */
export const PersonInside = v.object({
	person: v.string(),
	name: v.string(),
	category: v.nullable(v.string()),
	since: v.string(),
	needs_help: v.nullable(v.boolean()),
	places: v.array(v.string())
});
export type PersonInside = v.InferOutput<typeof PersonInside>;

/** Whether the device is authorised. */
export const DeviceStatus = v.picklist(['ok', 'unknown', 'shut_out', 'expired', 'not_allowed', 'invalid']);
export type DeviceStatus = v.InferOutput<typeof DeviceStatus>;

/** One badge on the list: half a hash of its id and of its badge code, its answer, and bits of flags. */
export const SnapshotRow = v.strictTuple([v.string(), v.string(), v.union([v.literal('ok'), DoorAnswer]), v.number()]);
export type SnapshotRow = v.InferOutput<typeof SnapshotRow>;

/** The list of a checkpoint for the rest of the day. It names nobody. */
export const OfflineSnapshot = v.object({
	checkpoint: Checkpoint,
	/** ISO. */
	expires: v.string(),
	/** The day at the venue, "2027-06-09". */
	day: v.string(),
	cursor: v.number(),
	/**
	 * Sessions behind the checkpoint, with numbers of rows: admit only these, or all except these; who needs an interpreter set; where else it
	 * can be followed.
	 */
	sessions: v.array(
		v.object({
			from: v.string(),
			to: v.string(),
			only: v.nullable(v.array(v.number())),
			except: v.nullable(v.array(v.number())),
			sets: v.optional(v.array(v.number())),
			elsewhere: v.optional(
				v.nullable(
					v.object({
						room: v.optional(TextMap),
						stream: v.optional(v.boolean())
					})
				)
			)
		})
	),
	rows: v.array(SnapshotRow),
	/** Who is inside, by number of row, since when in seconds. */
	inside: v.record(v.string(), v.number())
});
export type OfflineSnapshot = v.InferOutput<typeof OfflineSnapshot>;

/** The answer to a device that requests its list. */
export const SnapshotAnswer = v.union([
	v.object({
		status: v.literal('ok'),
		...OfflineSnapshot.entries
	}),
	v.object({
		status: v.picklist(['expired', 'not_allowed', 'unknown', 'invalid', 'shut_out'])
	})
]);
export type SnapshotAnswer = v.InferOutput<typeof SnapshotAnswer>;

/** The answer. */
export const SyncAnswer = v.object({
	status: DeviceStatus,
	taken: v.optional(v.record(v.string(), v.picklist(['kept', 'repeated', 'invalid']))),
	now: v.optional(v.string()),
	cursor: v.optional(v.number()),
	/** Badges whose holders came or went: since when they are inside, or null. */
	changes: v.optional(v.array(v.strictTuple([v.string(), v.nullable(v.number())]))),
	checkpoint: v.optional(Checkpoint),
	inside: v.optional(v.number())
});
export type SyncAnswer = v.InferOutput<typeof SyncAnswer>;

/** A checkpoint in the last five minutes. */
export const DoorNow = v.object({
	id: v.string(),
	name: TextMap,
	kind: v.string(),
	/** Scans, and those of them that were refused. */
	now: v.number(),
	refused: v.number(),
	inside: v.number(),
	capacity: v.nullable(v.number()),
	devices: v.number(),
	silent: v.number(),
	/** Scans that its devices have not sent yet. */
	queued: v.number()
});
export type DoorNow = v.InferOutput<typeof DoorNow>;

/** Where a person of a session was last seen: connected to the stage, in its green room, or in the building. */
export const LastSeenAt = v.nullable(v.picklist(['stage', 'green_room', 'building']));
export type LastSeenAt = v.InferOutput<typeof LastSeenAt>;

export const AwaitedPerson = v.object({
	name: v.string(),
	role: v.picklist(enums.session_role),
	/** Their LiveKit identity, once they had a pass. */
	identity: v.nullable(v.string()),
	seen: LastSeenAt
});
export type AwaitedPerson = v.InferOutput<typeof AwaitedPerson>;

/** A session that begins within half an hour, or has begun within it. */
export const SessionSoon = v.object({
	code: v.string(),
	title: TextMap,
	room: TextMap,
	/** When it begins, ISO. */
	at: v.string(),
	run: v.nullable(v.string()),
	state: v.nullable(v.picklist(['waiting', 'live', 'paused'])),
	people: v.array(AwaitedPerson)
});
export type SessionSoon = v.InferOutput<typeof SessionSoon>;

export const OnTheDay = v.object({
	day: v.string(),
	came: v.number(),
	building: v.number(),
	/** First arrivals by quarter of an hour. */
	arrivals: v.array(
		v.object({
			at: v.string(),
			people: v.number()
		})
	),
	doors: v.array(DoorNow),
	soon: v.array(SessionSoon),
	conflicts: v.number(),
	mail: v.number(),
	/** Changes when something of `soon` changed. */
	mark: v.string()
});
export type OnTheDay = v.InferOutput<typeof OnTheDay>;

/** What these functions answer. */
export const answers = {
	check_badge: BadgeCheck,
	list_checkpoints: v.array(Checkpoint),
	find_badges_by_name: v.nullable(v.array(BadgeMatch)),
	read_door_desk: v.nullable(DoorDesk),
	list_people_inside: v.nullable(v.array(PersonInside)),
	save_checkpoint: v.object({
		status: v.picklist(['ok', 'not_allowed', 'not_found', 'invalid']),
		id: v.optional(v.string())
	}),
	enrol_door_device: v.object({
		status: v.string(),
		id: v.optional(v.string())
	}),
	read_on_the_day: v.nullable(OnTheDay)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	scan_badge: v.variant('status', [
		v.object({ ...BadgeCheck.entries, status: v.literal('ok') }),
		v.object({ status: v.picklist(['unknown', 'shut_out', 'expired', 'not_allowed', 'invalid']) })
	]),
	door_snapshot: SnapshotAnswer,
	sync_door: SyncAnswer
} satisfies PrivateAnswers;
