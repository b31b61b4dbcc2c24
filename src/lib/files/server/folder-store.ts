import { copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { FileStore } from './store.ts';

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

function unlessAbsent<Else>(otherwise: Else) {
	return (error: unknown): Else => {
		if (codeOf(error) === 'ENOENT') return otherwise;
		throw error;
	};
}

// The first two letters of each name are its folder, because some file systems are slow with a hundred thousand files
// in one folder.
function pathIn(root: string, name: string): string {
	if (!/^[a-z0-9]{32}$/.test(name)) throw new Error('This is not the name of an object.');
	return join(root, name.slice(0, 2), name);
}

/** Flushed to the disk before anything says that it exists. */
async function flush(path: string): Promise<void> {
	const file = await open(path, 'r+');
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}

// A file on another disk cannot be renamed: it is copied to the folder under a temporary name, and then renamed.
async function move(from: string, to: string): Promise<void> {
	try {
		await rename(from, to);
	} catch (error) {
		if (codeOf(error) !== 'EXDEV') throw error;
		await copyFile(from, `${to}.part`);
		await flush(`${to}.part`);
		await rename(`${to}.part`, to);
		await rm(from, { force: true });
	}
}

/** Objects as files in a folder of this machine. */
export function folderStore(root: string): FileStore {
	return {
		async put(name, path) {
			const place = pathIn(root, name);
			await mkdir(dirname(place), { recursive: true, mode: 0o700 });
			await flush(path);
			await move(path, place);
		},
		async open(name, range) {
			// Opened before the answer begins, so that a missing file is null, not a broken stream.
			const file = await open(pathIn(root, name)).catch(unlessAbsent(null));
			return file && (Readable.toWeb(file.createReadStream(range)) as ReadableStream<Uint8Array>);
		},
		async remove(names) {
			for (const name of names) await rm(pathIn(root, name), { force: true });
		},
		async *list() {
			const folders = await readdir(root).catch(unlessAbsent<string[]>([]));
			for (const folder of folders.filter((name) => /^[a-z0-9]{2}$/.test(name)))
				yield (await readdir(join(root, folder))).filter((name) => /^[a-z0-9]{32}$/.test(name));
		}
	};
}
