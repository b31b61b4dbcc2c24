import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { FileFault } from '#lib/files/kinds.ts';
import { plainName } from '#lib/files/names.ts';
import { isId } from '#lib/forms/ids.ts';
import { receiveForm } from './incoming.ts';
import type { Served } from './serve.ts';
import { abandonObjects, checkedFile, storeObject } from './uploading.ts';

/** The maximum size of a paper, in bytes. */
export const paperLimit = 20_000_000;

/** The result of an upload. */
export type UploadedPaper = { status: 'ok' | 'not_found' | 'full' | 'invalid' } | { status: 'fault'; fault: FileFault };

/**
 * Receives a form with a paper for a meeting. Rights are checked before anything is read, and again when it has arrived.
 * The file is scanned before it is stored.
 */
export async function uploadMeetingPaper(client: DataClient, code: string, request: Request): Promise<UploadedPaper> {
	const begun = await rpc(client, 'begin_meeting_paper', { code });
	if (begun.status !== 'ok') return begun;
	const { fields, file, isTooLarge } = await receiveForm(request, paperLimit);
	const fail = (fault: FileFault): UploadedPaper => ({ status: 'fault', fault });
	try {
		if (isTooLarge) return fail('too_large');
		if (!file || file.size === 0) return fail('missing');
		const good = await checkedFile(file, 'handout');
		if (typeof good === 'string') return fail(good);
		const object = await storeObject(good.file, good.mediaType, good.scan);
		const item = String(fields.get('item') ?? '');
		const added = await rpc(client, 'add_meeting_paper', {
			code,
			name: plainName(file.name, good.extension),
			object,
			item: isId(item) ? item : null
		});
		if (added.status !== 'ok') await abandonObjects(object);
		return added;
	} finally {
		await file?.drop();
	}
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
