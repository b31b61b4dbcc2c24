import type { CsvAnswer, CsvLimit } from '#lib/files/csv.ts';
import { runInWorker } from '#lib/forms/server/run-in-worker.ts';

/** Reads an uploaded table in a worker thread: one that is too large is refused before it is read. */
export async function readTable(file: Blob, limit: CsvLimit): Promise<CsvAnswer> {
	if (file.size > limit.bytes) return { ok: false, fault: { code: 'too_large', limit: limit.bytes } };
	const bytes = new Uint8Array(await file.arrayBuffer());
	const answer = await runInWorker<CsvAnswer>('#lib/files/csv.ts', 'readCsv', [bytes, limit]);
	return answer ?? { ok: false, fault: { code: 'too_long' } };
}
