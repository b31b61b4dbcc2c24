import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { isId } from '#lib/forms/ids.ts';
import type { Served } from './serve.ts';
import { receiveDocument, type UploadedDocument } from './uploading.ts';

/** The maximum size of a paper, in bytes. */
export const paperLimit = 20_000_000;

/**
 * Receives a form with a paper for a meeting. Rights are checked before anything is read, and again when it has arrived.
 * The file is scanned before it is stored.
 */
export async function uploadMeetingPaper(
	client: DataClient,
	code: string,
	request: Request
): Promise<UploadedDocument> {
	const begun = await rpc(client, 'begin_meeting_paper', { code });
	if (begun.status !== 'ok') return begun;
	return receiveDocument(request, paperLimit, ({ object, name, fields }) => {
		const item = String(fields.get('item') ?? '');
		return rpc(client, 'add_meeting_paper', { code, name, object, item: isId(item) ? item : null });
	});
}

/** A paper that the reader may have; null for anybody else. */
export async function openMeetingPaper(
	client: DataClient,
	code: string,
	paper: string
): Promise<(Served & { name: string }) | null> {
	if (!isId(paper)) return null;
	const found = await rpc(client, 'open_meeting_paper', { code, paper });
	if (!found) return null;
	const [row] = await callPrivate('object_of_meeting_paper', [paper]);
	return row?.object_of_meeting_paper ? { ...found, object: row.object_of_meeting_paper } : null;
}
