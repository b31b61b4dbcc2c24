import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { disarmPdf } from '#lib/files/disarm-pdf.ts';

/** Takes from a PDF on the disk what acts in it, at its place; false when that cannot be done. For a thread of its own: it waits for the disk. */
export function disarmFile(path: string): boolean {
	const patches = disarmPdf(readFileSync(path));
	if (!patches) return false;
	const file = openSync(path, 'r+');
	try {
		for (const { at, bytes } of patches) writeSync(file, bytes, 0, bytes.length, at);
	} finally {
		closeSync(file);
	}
	return true;
}
