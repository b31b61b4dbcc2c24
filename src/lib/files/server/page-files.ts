import { writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { fileTypeFromFile } from 'file-type';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { FileFault } from '#lib/files/kinds.ts';
import { plainName } from '#lib/files/names.ts';
import { isId } from '#lib/forms/ids.ts';
import { receiveForm, type Incoming } from './incoming.ts';
import { pictureForPage, type PictureFault } from './portrait.ts';
import type { Served } from './serve.ts';
import { abandonObjects, checkedFile, storeObject } from './uploading.ts';

/** The maximum size of a file of a page, in bytes. */
export const pageFileLimit = 20_000_000;

/** The result of an upload. */
export type UploadedPageFile =
	| { status: 'ok'; file: string }
	| { status: 'not_allowed' | 'full' }
	| { status: 'fault'; fault: FileFault }
	| { status: 'picture'; fault: PictureFault };

interface Stored {
	status: 'stored';
	object: string;
	extension: string;
	width: number | null;
	height: number | null;
}

// A picture is encoded again from its pixels, without the camera's metadata, so nothing is left for a scanner to find.
async function storePicture(file: Incoming): Promise<Stored | { status: 'picture'; fault: PictureFault }> {
	const made = await pictureForPage(file.path);
	if (!made.ok) return { status: 'picture', fault: made.fault };
	await writeFile(file.path, made.bytes);
	const sha256 = createHash('sha256').update(made.bytes).digest('hex');
	const object = await storeObject({ ...file, size: made.bytes.length, sha256 }, 'image/webp', 'clean');
	return { status: 'stored', object, extension: 'webp', width: made.width, height: made.height };
}

async function storeDocument(file: Incoming): Promise<Stored | { status: 'fault'; fault: FileFault }> {
	const good = await checkedFile(file, 'handout');
	if (typeof good === 'string') return { status: 'fault', fault: good };
	const object = await storeObject(good.file, good.mediaType, good.scan);
	return { status: 'stored', object, extension: good.extension, width: null, height: null };
}

/** Receives a form with a picture or a document for the pages of a Summit. Rights are checked before anything is read. */
export async function uploadPageFile(client: DataClient, summit: string, request: Request): Promise<UploadedPageFile> {
	if (!(await rpc(client, 'may_add_page_file', { summit }))) return { status: 'not_allowed' };
	const { file, isTooLarge } = await receiveForm(request, pageFileLimit);
	try {
		if (isTooLarge) return { status: 'fault', fault: 'too_large' };
		if (!file || file.size === 0) return { status: 'fault', fault: 'missing' };
		const isPicture = (await fileTypeFromFile(file.path).catch(() => undefined))?.mime.startsWith('image/');
		const stored = await (isPicture ? storePicture(file) : storeDocument(file));
		if (stored.status !== 'stored') return stored;
		const { object, extension, width, height } = stored;
		const added = await rpc(client, 'add_page_file', {
			summit,
			object,
			name: plainName(file.name, extension),
			width,
			height
		});
		if (added.status !== 'ok') await abandonObjects(object);
		return added;
	} finally {
		await file?.drop();
	}
}

/** A file that the reader may have; null for anybody else. */
export async function openPageFile(
	client: DataClient,
	summit: string,
	file: string
): Promise<(Served & { name: string }) | null> {
	if (!isId(file)) return null;
	const found = await rpc(client, 'open_page_file', { summit, file });
	if (!found) return null;
	const [row] = await callPrivate('object_of_page_file', [file]);
	return row?.object_of_page_file ? { ...found, object: row.object_of_page_file } : null;
}

/** Deletes a file that no page uses. */
export async function deletePageFile(client: DataClient, summit: string, file: string) {
	return isId(file) ? rpc(client, 'delete_page_file', { summit, file }) : ('not_found' as const);
}
