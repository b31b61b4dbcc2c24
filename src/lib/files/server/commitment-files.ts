import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { isId } from '#lib/forms/ids.ts';
import type { Served } from './serve.ts';
import { receiveDocument, type UploadedDocument } from './uploading.ts';

/** The maximum size of a file of a report on a commitment, in bytes. */
export const evidenceLimit = 20_000_000;

/** Receives a form with a file for a report. Rights are checked before anything is read, and again when it has arrived. */
export async function uploadCommitmentFile(
	client: DataClient,
	report: string,
	request: Request
): Promise<UploadedDocument> {
	if (!isId(report)) return { status: 'not_found' };
	const begun = await rpc(client, 'begin_commitment_file', { report });
	if (begun.status !== 'ok') return begun;
	return receiveDocument(request, evidenceLimit, ({ object, name }) =>
		rpc(client, 'add_commitment_file', { report, name, object })
	);
}

/** A file of a report that the reader may have; null for anybody else. */
export async function openCommitmentFile(
	client: DataClient,
	file: string
): Promise<(Served & { name: string }) | null> {
	const found = isId(file) ? await rpc(client, 'open_commitment_file', { file }) : null;
	if (!found) return null;
	const [row] = await callPrivate('object_of_commitment_file', [file]);
	return row?.object_of_commitment_file ? { ...found, object: row.object_of_commitment_file } : null;
}
