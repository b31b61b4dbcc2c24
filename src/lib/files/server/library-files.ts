import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { FileFault } from '#lib/files/kinds.ts';
import { plainName } from '#lib/files/names.ts';
import { isId } from '#lib/forms/ids.ts';
import { isLocale } from '#lib/i18n/locale.ts';
import { receiveForm, type Incoming } from './incoming.ts';
import { inspectFile } from './inspect.ts';
import { textOfPdf } from './pdf-text.ts';
import { scanFile } from './scanning.ts';
import type { Served } from './serve.ts';
import { abandonObjects, cleaned, storeObject } from './uploading.ts';

/** The result of an upload; `bytes` is the limit of a file, `language` what was chosen, once the form was read. */
export type UploadedLibraryFile = (
	| { status: 'ok' | 'not_found' | 'wrong_state' | 'full'; bytes: number }
	| { status: 'fault'; fault: FileFault; bytes: number }
) & { language?: string };

interface Checked {
	file: Incoming;
	mediaType: string;
	extension: string;
	scan: 'clean' | 'unscanned';
}

// The file is scanned before it is stored, so that a reviewer never opens one that was not.
async function checked(file: Incoming): Promise<Checked | FileFault> {
	const found = await inspectFile(file.path, file.size, 'handout');
	if (!found.ok) return found.fault;
	const clean = await cleaned(file, found.type.mediaType);
	if (typeof clean === 'string') return clean;
	const verdict = await scanFile(clean.path);
	if (verdict === 'refused') return 'infected';
	if (verdict === 'failed') return 'unchecked';
	return { file: clean, mediaType: found.type.mediaType, extension: found.type.extension, scan: verdict };
}

/** Receives a form with a file of an item. Rights are checked before anything is read, and again when it has arrived. */
export async function uploadLibraryFile(
	client: DataClient,
	item: string,
	request: Request
): Promise<UploadedLibraryFile> {
	const begun = await rpc(client, 'begin_library_file', { item });
	if (begun.status !== 'ok') return begun;
	const { bytes } = begun;
	const { fields, file, isTooLarge } = await receiveForm(request, bytes);
	const language = String(fields.get('language') ?? '');
	const fail = (fault: FileFault): UploadedLibraryFile => ({ status: 'fault', fault, bytes, language });
	try {
		if (isTooLarge) return fail('too_large');
		if (!file) return fail('missing');
		if (!isLocale(language)) return fail('missing');
		const good = await checked(file);
		if (typeof good === 'string') return fail(good);
		const content = good.mediaType === 'application/pdf' ? await textOfPdf(good.file.path) : '';
		const object = await storeObject(good.file, good.mediaType, good.scan);
		const name = plainName(file.name, good.extension);
		const added = await rpc(client, 'add_library_file', { item, object, name, language, content });
		if (added.status !== 'ok') await abandonObjects(object);
		return { ...added, language };
	} finally {
		await file?.drop();
	}
}

/** A file of the library that the reader may have; null for anybody else. */
export async function openLibraryFile(client: DataClient, file: string): Promise<(Served & { name: string }) | null> {
	const found = isId(file) ? await rpc(client, 'open_library_file', { file }) : null;
	if (!found) return null;
	const [row] = await callPrivate('object_of_library_file', [found.id]);
	return row?.object_of_library_file ? { ...found, object: row.object_of_library_file } : null;
}
