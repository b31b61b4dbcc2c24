import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { FileFault } from '#lib/files/kinds.ts';
import { isId } from '#lib/forms/ids.ts';
import { isLocale } from '#lib/i18n/locale.ts';
import { textOfPdf } from './pdf-text.ts';
import { isOpening } from './opening.ts';
import type { Served } from './serve.ts';
import { receiveDocument } from './uploading.ts';

/** The result of an upload; `bytes` is the limit of a file, `language` what was chosen, once the form was read. */
export type UploadedLibraryFile = (
	| { status: 'ok' | 'not_found' | 'wrong_state' | 'full'; bytes: number }
	| { status: 'fault'; fault: FileFault; bytes: number }
) & { language?: string };

/** Receives a form with a file of an item. Rights are checked before anything is read, and again when it has arrived. */
export async function uploadLibraryFile(
	client: DataClient,
	item: string,
	request: Request
): Promise<UploadedLibraryFile> {
	const begun = await rpc(client, 'begin_library_file', { item });
	if (begun.status !== 'ok') return begun;
	const { bytes } = begun;
	const languageOf = (fields: FormData) => String(fields.get('language') ?? '');
	const answer = await receiveDocument(
		request,
		bytes,
		async ({ object, name, path, mediaType, fields }) => {
			const language = languageOf(fields);
			const content = mediaType === 'application/pdf' ? await textOfPdf(path) : '';
			return { ...(await rpc(client, 'add_library_file', { item, object, name, language, content })), language };
		},
		(fields) => (isLocale(languageOf(fields)) ? null : 'missing')
	);
	return answer.status === 'fault' ? { ...answer, bytes, language: languageOf(answer.fields) } : answer;
}

/** A file of the library that the reader may have, counted if the request opens it; null for anybody else. */
export async function openLibraryFile(
	client: DataClient,
	file: string,
	request: Request
): Promise<(Served & { name: string }) | null> {
	const found = isId(file) ? await rpc(client, 'open_library_file', { file }) : null;
	if (!found) return null;
	const [row] = await callPrivate('object_of_library_file', [found.id, isOpening(request, found)]);
	return row?.object_of_library_file ? { ...found, object: row.object_of_library_file } : null;
}
