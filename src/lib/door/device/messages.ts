/* The messages between a device and the server. */
import type { DoorDirection, DoorAnswer, DoorVerdict } from '#lib/door/answer.ts';
import type { Checkpoint } from '#lib/door/checkpoint.ts';

/** Whether the device is authorised. */
export type DeviceStatus = 'ok' | 'unknown' | 'shut_out' | 'expired' | 'not_allowed' | 'invalid';

/** One badge on the list: half a hash of its id and of its badge code, its answer, and bits of flags. */
export type SnapshotRow = [badge: string, badgeCode: string, standing: DoorAnswer | 'ok', flags: number];

/** The list of a checkpoint for the rest of the day. It names nobody. */
export interface OfflineSnapshot {
	checkpoint: Checkpoint;
	/** ISO. */
	expires: string;
	/** The day at the venue, "2027-06-09". */
	day: string;
	cursor: number;
	/**
	 * Sessions behind the checkpoint, with numbers of rows: admit only these, or all except these; who needs an interpreter set; where else it
	 * can be followed.
	 */
	sessions: {
		from: string;
		to: string;
		only: number[] | null;
		except: number[] | null;
		sets?: number[];
		elsewhere?: DoorVerdict['elsewhere'];
	}[];
	rows: SnapshotRow[];
	/** Who is inside, by number of row, since when in seconds. */
	inside: Record<string, number>;
}

/** The answer to a device that requests its list. */
export type SnapshotAnswer = ({ status: 'ok' } & OfflineSnapshot) | { status: Exclude<DeviceStatus, 'ok'> };

/** A waiting scan, as it is sent. */
export interface QueuedScan {
	id: string;
	badge?: string;
	badge_code?: string;
	direction: DoorDirection;
	/** The device's own time, ISO, and its offset as last measured, in milliseconds. */
	at: string;
	offset: number;
	answer: DoorAnswer;
	checkpoint: string;
	/** Which device made it: this browser may be another device when it is sent. */
	device?: string;
	undone?: boolean;
}

/** The request of a device that sends its scans. */
export interface SyncRequest {
	now: string;
	queued: number;
	battery_percent: number | null;
	version: string;
	after: number;
	scans: QueuedScan[];
}

/** The answer. */
export interface SyncAnswer {
	status: DeviceStatus;
	taken?: Record<string, 'kept' | 'repeated' | 'invalid'>;
	now?: string;
	cursor?: number;
	/** Badges whose holders came or went: since when they are inside, or null. */
	changes?: [badge: string, since: number | null][];
	checkpoint?: Checkpoint;
	inside?: number;
}
