import type { AnswerOf, RpcCall } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc, rpcOf } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { FileKind, Publication, SessionDocument, SessionFiles } from '#lib/files/kinds.ts';
import { isId } from '#lib/forms/ids.ts';
import type { Served } from './serve.ts';
import type { FileList } from '#lib/database/answers/files.ts';

type Client = DataClient;
/** All files of a session, for its people and organisers; null for others. */
export async function readSessionFiles(client: Client, session: string): Promise<SessionFiles | null> {
	return isId(session) ? rpc(client, 'read_session_files', { session }) : null;
}

/** The published files of a session, as far as the reader may read them. */
export async function readDocuments(client: Client, session: string): Promise<SessionDocument[]> {
	return rpc(client, 'list_published_files', { session });
}

/** Whether an upload may begin: ok with the limit in bytes. */
export async function beginSessionFile(
	client: Client,
	session: string,
	kind: FileKind,
	file: string | null
): Promise<AnswerOf<'begin_session_file'>> {
	return rpc(client, 'begin_session_file', { session, kind, file });
}

/** An upload, as a new file of the session or a version of one. */
interface NewFile {
	session: string;
	object: string;
	name: string;
	kind: FileKind;
	publication: Publication;
	language: string | null;
	file: string | null;
}

/** Makes a stored object a file of the session. */
export async function addSessionFile(client: Client, file: NewFile): Promise<AnswerOf<'add_session_file'>> {
	return rpc(client, 'add_session_file', { ...file });
}

type FileAct =
	| 'withdraw_file_version'
	| 'restore_file_version'
	| 'rescan_file_version'
	| 'publish_session_file'
	| 'remove_session_file';

/** Withdraws, restores or rescans a version; publishes or removes a file. */
export async function actOnFile(client: Client, act: string, id: string, publication?: Publication) {
	const acts: Record<string, RpcCall<FileAct>> = {
		withdraw: ['withdraw_file_version', { version: id }],
		restore: ['restore_file_version', { version: id }],
		again: ['rescan_file_version', { version: id }],
		publish: ['publish_session_file', { file: id, publication: publication ?? null }],
		remove: ['remove_session_file', { file: id }]
	};
	const found = acts[act];
	if (!found || !isId(id)) return 'not_found';
	return rpcOf<FileAct>(client, ...found);
}

/** The file at an address of a Summit that the reader may read; null when there is none or the reader may not read it. */
export async function openSessionFile(
	client: Client,
	summit: string,
	file: string,
	number: number | null
): Promise<(Served & { name: string }) | null> {
	if (!isId(file)) return null;
	const found = await rpc(client, 'open_session_file', {
		summit,
		file,
		number
	});
	const object = found && (await objectOfVersion(found.version));
	return object ? { ...found, object } : null;
}

/** The object of a version that the caller has checked the reader may read; null when it is gone. */
export async function objectOfVersion(version: string): Promise<string | null> {
	const [row] = await callPrivate('object_of_version', [version]);
	return row?.object_of_version ?? null;
}

/** For organisers of the programme; null for others. */
export async function listSessionFiles(client: Client, summit: string): Promise<FileList | null> {
	return rpc(client, 'list_session_files', { summit });
}

/** When files are due, and how large they may be. */
interface FileSettings {
	due_at: string | null;
	slides_mb: number;
	handouts_mb: number;
	session_mb: number;
	person_mb: number;
	summit_gb: number;
}

/** Saves when files are due, and how large they may be. */
export async function saveFileSettings(client: Client, summit: string, settings: FileSettings) {
	return rpc(client, 'save_file_settings', { summit, ...settings });
}
