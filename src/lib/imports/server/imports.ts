import type { AnswerOf } from '#lib/database/calls.ts';
import { byStatus } from '#lib/database/by-status.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { isId } from '#lib/forms/ids.ts';
import { runInWorker } from '#lib/forms/server/run-in-worker.ts';
import { importFaultWords } from '#lib/imports/words.ts';
import type { ImportAnswer } from '#lib/imports/read-file.ts';
import { importedRowsLimit } from '#lib/imports/registrations.ts';
import { m } from '#lib/i18n/messages.ts';
import type { ImportOutcome, ImportPreview } from '#lib/database/answers/imports.ts';
import { plannedProposals } from './proposals.ts';
import { plannedRegistrations, type Knowledge } from './registrations.ts';

// In a separate thread, because a large file takes seconds.
async function readInWorker(upload: File): Promise<ImportAnswer> {
	if (upload.size > importedRowsLimit.bytes) return { ok: false, fault: { code: 'too_large' } };
	const bytes = new Uint8Array(await upload.arrayBuffer());
	const answer = await runInWorker<ImportAnswer>('#lib/imports/read-file.ts', 'readImport', [bytes]);
	return answer ?? { ok: false, fault: { code: 'too_long' } };
}

/** Reads a file and stores it for its preview: the preview's id, or why the file cannot be imported. */
export async function prepareImport(
	client: DataClient,
	summit: string,
	upload: File,
	knowledge: Knowledge
): Promise<{ id: string } | { fault: string }> {
	const read = await readInWorker(upload);
	if (!read.ok) return { fault: importFaultWords(read.fault) };
	if (read.file.rows.length === 0) return { fault: m.imports_fault_no_rows() };
	const name = upload.name.slice(0, 120);
	const planned =
		read.file.contents === 'proposals'
			? plannedProposals(read.file, name)
			: await plannedRegistrations(client, summit, read.file, name, knowledge);
	if (Math.max(planned.file.products.length, planned.file.tracks?.length ?? 0) > importedRowsLimit.products)
		return { fault: m.imports_fault_products() };
	const made = await rpc(client, 'prepare_import', { summit, contents: read.file.contents, ...planned });
	return byStatus(made, {
		ok: ({ id }) => ({ id }),
		too_many: () => ({ fault: importFaultWords({ code: 'too_many' }) }),
		invalid: () => ({ fault: m.imports_fault_invalid() }),
		not_allowed: () => ({ fault: m.imports_fault_not_allowed() })
	});
}

/** One page of the reader's own preview; null when there is none. */
export async function readImportPreview(
	client: DataClient,
	id: string,
	outcome: ImportOutcome | null,
	page: number,
	size = 50
): Promise<ImportPreview | null> {
	if (!isId(id)) return null;
	const outcomes = outcome ? [outcome] : [];
	return rpc(client, 'read_import', { import: id, outcomes, page_size: size, page_start: (page - 1) * size });
}

/** Applies the preview, part by part; each part is its own transaction. */
export async function applyImport(
	client: DataClient,
	id: string
): Promise<Exclude<AnswerOf<'apply_import'>, { status: 'more' }>> {
	for (;;) {
		const answer = await rpc(client, 'apply_import', { import: id });
		if (answer.status !== 'more') return answer;
	}
}
