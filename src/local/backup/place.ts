/* Where backups lie: a few calls that a folder answers, and a bucket (bucket-place.ts). */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BackupError } from './explain.ts';

/** Holds files by name, such as `2026-12-01T03-00-00Z/backup.json`. A file is there as a whole or not at all, even after a kill. */
export interface BackupPlace {
	/** The address, as it was given. */
	address: string;
	/** How many files are written at a time. */
	concurrency: number;
	/** Writes a file, and answers when it is safe on the disk. */
	put(name: string, content: Readable | string): Promise<void>;
	/** The bytes of a file; null when there is none. */
	open(name: string): Promise<Readable | null>;
	/** The text of a small file; null when there is none. */
	read(name: string): Promise<string | null>;
	/** The names of the folders (with a slash at the end) and files directly below a folder; '' is the whole place. */
	list(folder: string): Promise<string[]>;
	/** Deletes files, and folders with all that is in them. Missing ones are no error. */
	remove(names: readonly string[]): Promise<void>;
	/** Deletes what killed writers have left. Only while nobody else writes. */
	clear(): Promise<void>;
}

const partial = '.partial';
const isAbsent = (error: unknown) => (error as { code?: unknown }).code === 'ENOENT';

/** A name of a file or folder in a place. It comes from a manifest, which others may have written. */
export function checkedName(name: string): string {
	if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*\/?$/.test(name))
		throw new Error(`"${name}" is not the name of a file of a backup.`);
	return name;
}

/** A folder of this machine, or one that is mounted there. */
export function folderPlace(address: string): BackupPlace {
	const root = resolve(address);
	const at = (name: string) => join(root, checkedName(name));
	const made = new Set<string>();

	// Never the place itself: the folder of a disk that is not mounted may be missing.
	async function makeFolder(folder: string): Promise<void> {
		if (folder === root || made.has(folder)) return;
		await makeFolder(dirname(folder));
		await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
			if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
		});
		await flush(dirname(folder));
		made.add(folder);
	}

	return {
		address,
		concurrency: 1,
		async put(name, content) {
			const target = at(name);
			const waiting = join(root, partial, randomBytes(8).toString('hex'));
			try {
				await makeFolder(dirname(waiting));
				await makeFolder(dirname(target));
				// `flush` writes it to the disk before the stream ends.
				await pipeline(
					typeof content === 'string' ? [content] : content,
					createWriteStream(waiting, { mode: 0o600, flush: true })
				);
				await rename(waiting, target);
				await flush(dirname(target));
			} catch (error) {
				made.clear();
				await rm(waiting, { force: true }).catch(() => undefined);
				throw error;
			}
		},
		async open(name) {
			// Opened before the answer, so that a missing file is null, not a broken stream.
			const file = await open(at(name)).catch((error: unknown) => {
				if (isAbsent(error)) return null;
				throw error;
			});
			return file && createReadStream('', { fd: file });
		},
		async read(name) {
			return readFile(at(name), 'utf8').catch((error: unknown) => {
				if (isAbsent(error)) return null;
				throw error;
			});
		},
		async list(folder) {
			const entries = await readdir(folder === '' ? root : at(folder), { withFileTypes: true }).catch(
				(error: unknown) => {
					if (isAbsent(error) && folder !== '') return [];
					throw error;
				}
			);
			return entries
				.filter(({ name }) => !name.startsWith('.'))
				.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
				.sort();
		},
		async remove(names) {
			for (const name of names) {
				await rm(at(name), { recursive: true, force: true });
				made.clear();
				// The folder of two letters goes with its last object.
				if (/\/./.test(name)) await rmdir(dirname(at(name))).catch(() => undefined);
			}
		},
		async clear() {
			await rm(join(root, partial), { recursive: true, force: true });
			made.clear();
		}
	};
}

/** Flushes the entries of a folder to the disk, where the system can. */
async function flush(folder: string): Promise<void> {
	const handle = await open(folder, 'r').catch(() => null);
	await handle?.sync().catch(() => undefined);
	await handle?.close();
}

/** The place at an address. Throws a sentence for people when it is none. */
export async function openPlace(
	address: string,
	{ make = false, env = process.env }: { make?: boolean; env?: Record<string, string | undefined> } = {}
): Promise<BackupPlace> {
	if (address.startsWith('s3://')) {
		const { bucketPlace } = await import('./bucket-place.ts');
		// Whether it answers, and takes these keys: who waits for the answer has mistyped something more often than not.
		await bucketPlace(address, env, { tries: 4 }).read('place.json');
		return bucketPlace(address, env);
	}
	if (/^\w+:\/\//.test(address))
		throw new BackupError(
			'settings',
			`${address}: a backup goes to a folder, such as /backup/summit, or to s3://bucket/prefix.`
		);
	if (make) await mkdir(address, { recursive: true, mode: 0o700 });
	const found = await stat(address).catch(() => null);
	if (!found?.isDirectory()) throw new BackupError('place', `There is no folder ${address}.`);
	return folderPlace(address);
}
