import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { callPrivate } from '#lib/database/server/pool.ts';
import { emptyBucket, readBucket } from './bucket.ts';
import { findEgress, listActive, startFile, startSegments, stopEgress, type EgressReport } from './egress.ts';
import type { Store } from './finishing.ts';
import { newKey, newLargeKey } from './recorder.ts';

interface Act {
	id: string;
	egress_id: string | null;
	object_key: string;
	recording: string | null;
	length_ms: number | null;
	action: 'stop' | 'fetch' | 'drop' | 'look' | null;
}

/**
 * Records what LiveKit reports of an egress, by a signed webhook or by its list. An egress of others changes nothing.
 */
export async function noteEgress({ id, state, startedAt, lengthMs }: EgressReport): Promise<void> {
	const at = startedAt === null ? null : new Date(startedAt).toISOString();
	await callPrivate('save_egress_state', [id, state, at, lengthMs]);
}

/** Starts the egress of a recording that has none. */
export async function recordByEgress(recording: string, origin: string): Promise<void> {
	const rows = await callPrivate('ensure_egress', [recording]);
	const made = rows[0]?.ensure_egress;
	if (!made?.is_new) return;
	await begin(made.id, async () =>
		startFile(`${origin}/live/recorder/${await newKey(recording)}?by=egress`, made.object_key)
	);
}

async function begin(id: string, start: () => Promise<string>): Promise<void> {
	let started: string | undefined;
	try {
		started = await start();
		await callPrivate('set_egress_id', [id, started]);
	} catch (error) {
		// An egress whose id was not stored would run until the room closes.
		if (started) await stopEgress(started).catch(() => undefined);
		await callPrivate('delete_egress', [id]);
		throw error;
	}
}

/** Checks each of our egresses once, and corrects what is wrong. */
export async function syncEgresses(origin: string, store: Store): Promise<void> {
	for (const { id, run, object_key } of await callPrivate('start_large_audiences'))
		await begin(id, async () =>
			startSegments(`${origin}/live/recorder/${await newLargeKey(run)}?by=egress`, object_key)
		);
	const active = await listActive();
	for (const egress of active) await noteEgress(egress);
	const acts = await callPrivate('list_egress_actions', [active.map(({ id }) => id)]);
	for (const act of acts) await perform(act, store);
}

async function perform({ id, egress_id, object_key, action }: Act, store: Store): Promise<void> {
	if (action === 'stop' && egress_id) return stopEgress(egress_id);
	if (action === 'look' && egress_id) {
		const egress = await findEgress(egress_id);
		return noteEgress(egress ?? { id: egress_id, state: 'failed', startedAt: null, lengthMs: null });
	}
	// Sealed in the meantime: the next look says whether the file is to be kept.
	if (action === 'fetch' && !(await fetchFile(id, object_key, store))) return;
	if (action === 'fetch' || action === 'drop') {
		await callPrivate('fail_egress', [id]);
		await emptyBucket(`${object_key}/`);
		await callPrivate('delete_egress', [id]);
	}
}

// From the bucket to the store, through this machine, because the store takes local files. False: its recording is not
// finished with it, although there is a file.
async function fetchFile(id: string, key: string, store: Store): Promise<boolean> {
	const bytes = await readBucket(`${key}/file.mp4`);
	if (!bytes) return true;
	const folder = await mkdtemp(join(await store.folder(), 'recording-'));
	try {
		const path = join(folder, 'whole.mp4');
		await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
		const object = await store.put(path, 'video/mp4');
		const rows = await callPrivate('finish_egress', [id, object]);
		const isFinished = rows[0]?.finish_egress === true;
		if (!isFinished) await store.abandon(object);
		return isFinished;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
