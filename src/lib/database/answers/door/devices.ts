import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { BadgeCheck, Checkpoint, DoorAnswer } from './checkpoints.ts';

/** Whether the device is authorised. */
export const DeviceStatus = v.picklist(['ok', 'unknown', 'shut_out', 'expired', 'not_allowed', 'invalid']);
export type DeviceStatus = v.InferOutput<typeof DeviceStatus>;

/** One badge on the list: half a hash of its id and of its badge code, its answer, and bits of flags. */
export const SnapshotRow = v.strictTuple([v.string(), v.string(), v.union([v.literal('ok'), DoorAnswer]), v.number()]);
export type SnapshotRow = v.InferOutput<typeof SnapshotRow>;

/** The list of a checkpoint for the rest of the day. It names nobody. */
export const OfflineSnapshot = v.strictObject({
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
		v.strictObject({
			from: v.string(),
			to: v.string(),
			only: v.nullable(v.array(v.number())),
			except: v.nullable(v.array(v.number())),
			sets: v.optional(v.array(v.number())),
			elsewhere: v.optional(
				v.nullable(
					v.strictObject({
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
export const SnapshotAnswer = answer({ ok: OfflineSnapshot.entries }, 'unknown', 'shut_out', 'expired', 'not_allowed');
export type SnapshotAnswer = v.InferOutput<typeof SnapshotAnswer>;

/** By the id of a scan. */
const Taken = v.record(v.string(), v.picklist(['kept', 'repeated', 'invalid']));

/** The answer to a device that sends its scans. Those of a device whose time is over, or that was shut out, are kept. */
export const SyncAnswer = answer(
	{
		ok: {
			taken: Taken,
			now: v.string(),
			cursor: v.number(),
			/** Badges whose holders came or went: since when they are inside, or null. */
			changes: v.array(v.strictTuple([v.string(), v.nullable(v.number())])),
			checkpoint: Checkpoint,
			inside: v.number()
		},
		shut_out: { taken: Taken },
		expired: { taken: Taken }
	},
	'unknown',
	'not_allowed'
);
export type SyncAnswer = v.InferOutput<typeof SyncAnswer>;

/** What these functions answer. */
export const answers = {
	enrol_door_device: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid', 'not_found', 'too_often')
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	scan_badge: answer({ ok: BadgeCheck.entries }, 'unknown', 'shut_out', 'expired', 'not_allowed', 'invalid'),
	door_snapshot: SnapshotAnswer,
	sync_door: SyncAnswer
} satisfies PrivateAnswers;
