import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { callPrivate } from '#lib/database/server/pool.ts';
import { joinParts, type PartFile } from './joining.ts';

/** The functions of the file store that recordings need. */
export interface Store {
	/** The bytes of an object, or null when it is gone. */
	open: (object: string) => Promise<ReadableStream<Uint8Array> | null>;
	/** Moves a file of this machine into the store, as an object. */
	put: (path: string, mediaType: string) => Promise<string>;
	abandon: (object: string) => Promise<void>;
	/** The folder for temporary files on this machine. */
	folder: () => Promise<string>;
}

interface Piece {
	part: number;
	most_ms: number;
	object: string;
}

/** Writes the pieces of each part into one file of the folder. A part of which no piece is left is none. */
export async function joinPieces(store: Store, pieces: readonly Piece[], folder: string): Promise<PartFile[]> {
	const parts = new Map<number, PartFile>();
	for (const { part, most_ms, object } of pieces) {
		const file = parts.get(part) ?? { number: part, path: join(folder, `${part}.webm`), most: most_ms };
		const bytes = await store.open(object);
		if (!bytes) continue;
		parts.set(part, file);
		await pipeline(bytes, createWriteStream(file.path, { flags: 'a', mode: 0o600 }));
	}
	return [...parts.values()];
}

/**
 * Joins the pieces of a recording into one file of the store, a draft. Throws when that failed, with all pieces still
 * there.
 */
export async function finishRecording(recording: string, store: Store): Promise<void> {
	const pieces = await callPrivate('list_recording_chunks', [recording]);
	const folder = await mkdtemp(join(await store.folder(), 'recording-'));
	try {
		const path = join(folder, 'whole.webm');
		const joined = await joinParts(await joinPieces(store, pieces, folder), path);
		if (!joined) {
			await callPrivate('fail_recording', [recording]);
			return;
		}
		const object = await store.put(path, 'video/webm');
		const rows = await callPrivate('finish_recording', [
			recording,
			object,
			joined.length,
			JSON.stringify(joined.lengths)
		]);
		// Sealed in the meantime.
		if (!rows[0]?.finish_recording) await store.abandon(object);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
