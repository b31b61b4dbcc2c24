/* The messages between a device and the server. */
import type { DoorAnswer, DoorDirection, DoorVerdict } from '#lib/door/answer.ts';
import type { DeviceStatus } from '#lib/database/answers/door/devices.ts';

export type {
	DeviceStatus,
	OfflineSnapshot,
	SnapshotAnswer,
	SnapshotRow,
	SyncAnswer
} from '#lib/database/answers/door/devices.ts';

/** The verdict on a scan, or why the device may not ask. */
export type ScanAnswer = { status: 'ok'; verdict: DoorVerdict } | { status: Exclude<DeviceStatus, 'ok'> };

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
