import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { disarmPdf } from '#lib/files/disarm-pdf.ts';

/**
 * Removes active content from a PDF on the disk, in place; false when that is impossible. It blocks on the disk, so it
 * runs in a separate thread.
 */
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
