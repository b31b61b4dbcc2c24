import { createReadStream } from 'node:fs';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job, QueuedJob } from '#lib/live/server/jobs.ts';
import { scan, scannerAddress, type ScanVerdict } from './clamd.ts';
import { fileStore } from './store.ts';

const task = 'scan_file';
const jobsOf = (ids: string[]): QueuedJob[] => ids.map((id) => ({ task, id, priority: 10 }));

async function due(): Promise<string[]> {
	const rows = await callPrivate('scans_due', [scannerAddress() !== null]);
	return rows.map((row) => row.scans_due);
}

async function scanObject(name: string): Promise<ScanVerdict> {
	const scanner = scannerAddress();
	if (!scanner) return { result: 'failed', why: 'no scanner' };
	const bytes = await fileStore().open(name);
	if (!bytes) return { result: 'failed', why: 'the file is not in the store' };
	return scan(scanner, bytes);
}

/**
 * Lets the scanner check one version, if it still waits. An object that the store cannot deliver is tried again, as if
 * the scanner were unavailable.
 */
export async function scanVersion(version: string): Promise<void> {
	const [row] = await callPrivate('object_to_scan', [version]);
	if (!row?.object_to_scan || !scannerAddress()) return;
	const verdict = await scanObject(row.object_to_scan).catch((): ScanVerdict => ({
		result: 'failed',
		why: 'the store did not answer'
	}));
	const note = verdict.result === 'refused' ? verdict.found : verdict.result === 'failed' ? verdict.why : '';
	await callPrivate('finish_scan', [version, verdict.result, note]);
}

/** Lets the scanner check a file of this machine, before it is stored. `unscanned`: there is no scanner. */
export async function scanFile(path: string): Promise<ScanVerdict['result'] | 'unscanned'> {
	const scanner = scannerAddress();
	return scanner ? (await scan(scanner, createReadStream(path) as AsyncIterable<Uint8Array>)).result : 'unscanned';
}

/** Scans files as they arrive; each minute also those that wait for a scanner that was unavailable. */
export function scanJobs(): Job[] {
	return [
		{
			task,
			everyMinute: true,
			run: async (id, add) => (id === null ? add(jobsOf(await due())) : scanVersion(id)),
			trigger: { kind: 'file', run: async (ids, add) => add(jobsOf(scannerAddress() ? ids : [])) }
		}
	];
}
