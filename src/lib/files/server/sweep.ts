import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import { fileStore, incomingFolder, type FileStore } from './store.ts';

const hour = 3_600_000;
const namesIn = <Key extends string>(rows: Record<Key, string>[], key: Key) => rows.map((row) => row[key]);

/** Deletes objects that no row references. The rows are deleted last, so that a killed process begins again. */
export async function eraseObjects(store: FileStore, now = new Date()): Promise<number> {
	const names = namesIn(await callPrivate('objects_to_erase', [now]), 'objects_to_erase');
	if (names.length === 0) return 0;
	await store.remove(names);
	await callPrivate('delete_object_rows', [names, now]);
	return names.length;
}

/**
 * Checks the whole store: objects without a row are deleted, and rows without an object are marked. A row is written
 * before its object, so an object without one was left behind.
 */
export async function compareStore(store: FileStore): Promise<{ dropped: number; lost: number }> {
	const began = new Date();
	const present: string[] = [];
	for await (const names of store.list()) present.push(...names);
	const unknown = namesIn(await callPrivate('unknown_objects', [present]), 'unknown_objects');
	await store.remove(unknown);
	// Paging through a changing list may miss an object, so each is requested by name before it counts as lost.
	const lost: string[] = [];
	const missing = await callPrivate('missing_objects', [present, began]);
	for (const name of namesIn(missing, 'missing_objects')) {
		const bytes = await store.open(name);
		if (bytes) await bytes.cancel();
		else lost.push(name);
	}
	if (lost.length > 0) await callPrivate('mark_lost_objects', [lost]);
	return { dropped: unknown.length, lost: lost.length };
}

// A folder in use is as new as the newest file in it; a folder that has disappeared is not old.
async function lastWritten(path: string): Promise<number> {
	const names = await readdir(path).catch(() => []);
	const all = [path, ...names.map((name) => join(path, name))];
	const times = await Promise.all(
		all.map((one) =>
			stat(one).then(
				({ mtimeMs }) => mtimeMs,
				() => Infinity
			)
		)
	);
	return Math.max(...times);
}

/**
 * Deletes unfinished work of killed processes: uploads, and folders in which they made a recording or a copy of one.
 */
export async function clearIncoming(folder = incomingFolder(), now = Date.now()): Promise<void> {
	for (const name of await readdir(folder).catch(() => [])) {
		const path = join(folder, name);
		if (now - (await lastWritten(path)) > hour) await rm(path, { recursive: true, force: true });
	}
}

/** Each minute: deletes unreferenced objects; each hour: checks the whole store. */
export function fileJobs(): Job[] {
	let looked = 0;
	async function sweep(): Promise<void> {
		const store = fileStore();
		while ((await eraseObjects(store)) === 200);
		if (Date.now() - looked < hour) return;
		looked = Date.now();
		await clearIncoming();
		await compareStore(store);
	}
	return [{ task: 'sweep_files', everyMinute: true, run: sweep }];
}
