import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { createHash, randomBytes } from 'node:crypto';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { ScanAnswer, SnapshotAnswer, SyncAnswer, SyncRequest } from '#lib/door/device/messages.ts';
import type { ReadingPlace } from '#lib/door/reading.ts';
import { readBadge, doorVerdictOf } from './check.ts';

/** The caller: the signed-in person, and the key of their device. */
export interface DeviceIdentity {
	person: string;
	key: string;
}

const hashOf = (key: string) => createHash('sha256').update(key).digest();

// The first arguments of each call of a device.
const asked = ({ person, key }: DeviceIdentity, summit: string): [string, string, Buffer] => [
	person,
	summit,
	hashOf(key)
];

function answered<Answer>(name: string, answer: Answer | undefined): Answer {
	if (!answer) throw new Error(`${name} gave no answer.`);
	return answer;
}

/** A device with its key, or why it was not enrolled. */
type EnrolledDevice =
	Exclude<AnswerOf<'enrol_door_device'>, { status: 'ok' }> | { status: 'ok'; id: string; key: string };

/** Enrols a device at a checkpoint. Only the device gets the key; the server stores its hash. */
export async function enrolDevice(
	client: DataClient,
	summit: string,
	checkpoint: string,
	name: string
): Promise<EnrolledDevice> {
	const key = randomBytes(32).toString('base64url');
	const values = { summit, checkpoint, name, key_hash: hashOf(key).toString('hex') };
	const made = await rpc(client, 'enrol_door_device', values);
	return made.status === 'ok' ? { ...made, key } : made;
}

/** Moves a device to another checkpoint. */
export function moveDevice(client: DataClient, device: string, checkpoint: string) {
	return rpc(client, 'move_door_device', { device, checkpoint });
}

/** A scan as the device sends it. */
interface ScanRequest {
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
): Promise<ScanAnswer> {
	const read = await readBadge(summit, code, rest.direction, now);
	if ('refused' in read) return { status: 'ok', verdict: read.refused };
	const scan = JSON.stringify({ ...rest, ...read });
	const [row] = await callPrivate('scan_badge', [...asked(asking, summit.id), scan]);
	const found = answered('scan_badge', row?.scan_badge);
	return found.status === 'ok' ? { status: 'ok', verdict: doorVerdictOf(found) } : found;
}

/** The offline snapshot of a device. */
export async function snapshotFor(asking: DeviceIdentity, summit: string): Promise<SnapshotAnswer> {
	const [row] = await callPrivate('door_snapshot', asked(asking, summit));
	return answered('door_snapshot', row?.door_snapshot);
}

/** A batch of scans, and changes in both directions. */
export async function syncDevice(asking: DeviceIdentity, summit: string, request: SyncRequest): Promise<SyncAnswer> {
	const [row] = await callPrivate('sync_door', [...asked(asking, summit), JSON.stringify(request)]);
	return answered('sync_door', row?.sync_door);
}
