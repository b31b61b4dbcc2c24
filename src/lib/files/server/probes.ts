import { access, constants, mkdir } from 'node:fs/promises';
import { isScannerThere, scannerAddress } from './clamd.ts';
import { fileStore, incomingFolder } from './store.ts';

async function isStoreThere(): Promise<boolean> {
	// Uploads wait on this machine's disk, whatever the store is.
	await mkdir(incomingFolder(), { recursive: true, mode: 0o700 });
	await access(incomingFolder(), constants.W_OK);
	await fileStore().list()[Symbol.asyncIterator]().next();
	return true;
}

/** How to check whether the file store and the scanner are available; the scanner is off when none is configured. */
export function fileProbes(): { files: () => Promise<boolean>; scanner: (() => Promise<boolean>) | null } {
	const address = scannerAddress();
	return { files: isStoreThere, scanner: address && (() => isScannerThere(address)) };
}
