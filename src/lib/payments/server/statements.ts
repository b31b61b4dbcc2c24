import { runInWorker } from '#lib/forms/server/run-in-worker.ts';
import type { readStatementFile, StatementFile } from '#lib/payments/statement-file.ts';
import { statementLimit } from '#lib/payments/statement.ts';

/** Reads an uploaded bank file without blocking the process. */
export async function readUploadedStatement(
	file: Blob,
	reading: Parameters<typeof readStatementFile>[1]
): Promise<StatementFile> {
	const { bytes: most } = statementLimit;
	if (file.size > most) return { ok: false, fault: { code: 'too_large', limit: most } };
	const bytes = new Uint8Array(await file.arrayBuffer());
	const name: keyof typeof import('#lib/payments/statement-file.ts') = 'readStatementFile';
	const read = await runInWorker<StatementFile>('#lib/payments/statement-file.ts', name, [bytes, reading]);
	return read ?? { ok: false, fault: { code: 'too_long' } };
}
