/* Folders that nothing needs to survive, as those of tests. */
import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from './processes.ts';

const memory = '/dev/shm';
const enough = 4 * 1024 ** 3;

/** Makes a folder in memory where that has 4 GB to spare, else among the temporary files: a database is made there in a fraction of the time. */
export function temporaryFolder(name: string): string {
	return temporaryFolderIn(hasMemory() ? memory : tmpdir(), name);
}

/** The same in a folder of the caller's choice. */
export function temporaryFolderIn(parent: string, name: string): string {
	dropLeft(parent, name);
	return mkdtempSync(join(parent, `${name}-${process.pid}-`));
}

function hasMemory(): boolean {
	try {
		accessSync(memory, constants.W_OK);
		const { bavail, bsize } = statfsSync(memory);
		return bavail * bsize > enough;
	} catch {
		return false;
	}
}

/** Drops what processes that were killed have left. */
function dropLeft(parent: string, name: string): void {
	for (const entry of readdirSync(parent)) {
		const [, pid] = new RegExp(`^${name}-(\\d+)-\\w+$`).exec(entry) ?? [];
		if (pid && startOf(Number(pid)) === undefined) rmSync(join(parent, entry), { recursive: true, force: true });
	}
}
