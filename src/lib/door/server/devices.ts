import type { SupabaseClient } from '@supabase/supabase-js';
import { createHash, randomBytes } from 'node:crypto';
import { ask } from '#lib/database/server/ask.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { DoorVerdict } from '#lib/door/answer.ts';
import type { DeviceStatus, SnapshotAnswer, SyncAnswer, SyncRequest } from '#lib/door/device/messages.ts';
import type { ReadingPlace } from '#lib/door/reading.ts';
import { readBadge, verdictOf, type Checked } from './check.ts';

/** Who asks: the person who is signed in, and the key of the device they hold. */
export interface DeviceIdentity {
	person: string;
	key: string;
}

const hashOf = (key: string) => createHash('sha256').update(key).digest();

async function call<Answer>(
	name: string,
	{ person, key }: DeviceIdentity,
	summit: string,
	said?: unknown
): Promise<Answer> {
	const values = [person, summit, hashOf(key), ...(said === undefined ? [] : [JSON.stringify(said)])];
	const [row] = await callPrivate<Record<string, Answer>>(name, values);
	if (!row?.[name]) throw new Error(`${name} gave no answer.`);
	return row[name];
}

/** Enrols a device at a checkpoint. The key is told to the device alone; here only its hash stays. */
export async function enrolDevice(
	client: SupabaseClient,
	summit: string,
	checkpoint: string,
	name: string
): Promise<{ status: string; id?: string; key?: string }> {
	const key = randomBytes(32).toString('base64url');
	const values = { summit, checkpoint, name, key_hash: hashOf(key).toString('hex') };
	const made = await ask<{ status: string; id?: string }>(client, 'enrol_door_device', values);
	return made.status === 'ok' ? { ...made, key } : made;
}

/** Moves a device to another checkpoint. */
export function moveDevice(client: SupabaseClient, device: string, checkpoint: string): Promise<'ok' | 'not_found'> {
	return ask(client, 'move_door_device', { device, checkpoint });
}

/** A scan as the device sends it. */
export interface ScanRequest {
	id: string;
	code: string;
	direction: 'in' | 'out';
	at: string;
	offset: number;
}

/** One scan of a device, in one round trip. */
export async function scanFromDevice(
	asking: DeviceIdentity,
	summit: ReadingPlace,
	{ code, ...rest }: ScanRequest,
	now: number
): Promise<{ status: DeviceStatus; verdict?: DoorVerdict }> {
	const read = await readBadge(summit, code, rest.direction, now);
	if ('refused' in read) return { status: 'ok', verdict: read.refused };
	const { status, ...found } = await call<Checked & { status: DeviceStatus }>('scan_badge', asking, summit.id, {
		...rest,
		...read
	});
	return status === 'ok' ? { status, verdict: verdictOf(found) } : { status };
}

/** What a device takes with it. */
export function snapshotFor(asking: DeviceIdentity, summit: string): Promise<SnapshotAnswer> {
	return call('door_snapshot', asking, summit);
}

/** A batch of scans, and news both ways. */
export function syncDevice(asking: DeviceIdentity, summit: string, said: SyncRequest): Promise<SyncAnswer> {
	return call('sync_door', asking, summit, said);
}
