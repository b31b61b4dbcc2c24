/* The stored files of a backup, read again: each is decrypted and compared with what the restored database says of it. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { FileStore } from '../../lib/files/server/store.ts';
import { temporaryFolderIn } from '../temporary-folders.ts';
import { decrypt } from './encryption.ts';
import { explain } from './explain.ts';
import { measure, sumOf, type Sum } from './measuring.ts';
import { objectPath, type StoredObject } from './objects.ts';
import type { Backup } from './opening.ts';

/** What was found. */
export interface StoredFiles {
	whole: number;
	/** Those that the store had lost before the backup. */
	missing: number;
	faults: string[];
}

type Use = (object: StoredObject, plain: Readable) => Promise<Sum>;

const isSame = (one: Sum, other: Sum) => one.size === other.size && one.sha256 === other.sha256;

async function readAll(
	{ place, manifest, identities, objects }: Backup,
	kept: StoredObject[],
	use: Use
): Promise<StoredFiles> {
	const listed = new Map(objects.map((object) => [object.name, object]));
	const missing = new Set(manifest.objects.missing);
	const found: StoredFiles = { whole: 0, missing: 0, faults: [] };
	for (const object of kept) {
		if (missing.has(object.name)) {
			found.missing += 1;
			continue;
		}
		const path = objectPath(manifest.objects.folder, object.name);
		try {
			const encrypted = listed.has(object.name) ? await place.open(path) : null;
			if (!encrypted) throw new Error('it is missing');
			const sum = await use(object, await decrypt(encrypted, identities));
			if (!isSame(sum, object)) throw new Error('it is not the file that the database names');
			found.whole += 1;
		} catch (error) {
			found.faults.push(`${path}: ${explain(error)}`);
		}
	}
	return found;
}

/** Decrypts and compares each file. */
export const checkFiles = (backup: Backup, kept: StoredObject[]): Promise<StoredFiles> =>
	readAll(backup, kept, (_, plain) => sumOf(plain));

/** Puts each file into the store; one that is there already is compared. A file that is not whole is not put. */
export async function putFiles(backup: Backup, kept: StoredObject[], store: FileStore): Promise<StoredFiles> {
	const folder = temporaryFolderIn(tmpdir(), 'global-summit-files');
	try {
		return await readAll(backup, kept, async (object, plain) => {
			const path = join(folder, object.name);
			const { stream, sum } = measure();
			await pipeline(plain, stream, createWriteStream(path, { mode: 0o600 }));
			const there = isSame(sum(), object) ? await store.open(object.name) : null;
			if (there) {
				await rm(path);
				return sumOf(Readable.fromWeb(there as ReadableStream<Uint8Array>));
			}
			if (isSame(sum(), object)) await store.put(object.name, path, object.mediaType);
			return sum();
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
