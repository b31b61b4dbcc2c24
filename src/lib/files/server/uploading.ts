import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { FileFault, FileKind, FullStore, Publication } from '#lib/files/kinds.ts';
import { plainName } from '#lib/files/names.ts';
import { isId } from '#lib/forms/ids.ts';
import { runInWorker } from '#lib/forms/server/run-in-worker.ts';
import { scannerAddress } from './clamd.ts';
import { receiveForm, type Incoming } from './incoming.ts';
import { inspectFile } from './inspect.ts';
import { withoutMetadata } from './portrait.ts';
import { scanFile } from './scanning.ts';
import { addSessionFile, beginSessionFile, readSessionFiles } from './session-files.ts';
import { fileStore, incomingFolder, objectName } from './store.ts';

/** The result of an upload. */
export type Uploaded =
	| { status: 'ok'; late: boolean }
	| { status: 'not_found' | 'full' }
	| { status: FullStore; bytes: number }
	| { status: 'fault'; fault: FileFault; bytes: number; kind: FileKind; fields: FormData };

const isFullStore = ({ status }: { status: string }) => status.endsWith('_full');
const tag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
/** Writes an object's row, and stores the object. The sweep deletes objects that fail between the two. */
export async function storeObject(
	file: Incoming,
	mediaType: string,
	scan: 'waiting' | 'unscanned' | 'clean'
): Promise<string> {
	const name = objectName();
	await callPrivate('begin_object', [name, mediaType, file.size, file.sha256, scan]);
	await fileStore().put(name, file.path, mediaType);
	return name;
}

/** Stores bytes that this server made, or received from one of its engines, as an object. */
export async function storeBytes(bytes: Buffer, mediaType: string): Promise<string> {
	await mkdir(incomingFolder(), { recursive: true, mode: 0o700 });
	const path = join(incomingFolder(), objectName());
	try {
		await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
		return await storePath(path, mediaType);
	} finally {
		await rm(path, { force: true });
	}
}

/** A file that this server made, moved into the store as an object. */
export async function storePath(path: string, mediaType: string): Promise<string> {
	const sum = createHash('sha256');
	let size = 0;
	for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
		sum.update(chunk);
		size += chunk.length;
	}
	const name = objectName();
	await callPrivate('begin_object', [name, mediaType, size, sum.digest('hex'), 'clean']);
	await fileStore().put(name, path, mediaType);
	return name;
}

/** Deletes an object that is not needed after all. */
export async function abandonObjects(...names: string[]): Promise<void> {
	for (const name of names) await callPrivate('abandon_object', [name]);
}

/**
 * A file without what it must not contain. A picture as a handout is encoded again, because the camera's metadata may
 * reveal where a person was. Active content is removed from a PDF.
 */
export async function cleaned(file: Incoming, mediaType: string): Promise<Incoming | FileFault> {
	if (mediaType === 'application/pdf') {
		const isPlain = await runInWorker<boolean>('#lib/files/server/disarm.ts', 'disarmFile', [file.path]);
		return isPlain ? { ...file, sha256: await sumOf(file.path) } : 'active';
	}
	if (!mediaType.startsWith('image/')) return file;
	const bytes = await withoutMetadata(file.path);
	if (!bytes) return 'broken';
	await writeFile(file.path, bytes);
	return { ...file, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A file that may be stored as it is now. */
export interface CheckedFile {
	file: Incoming;
	mediaType: string;
	extension: string;
	scan: 'clean' | 'unscanned';
}

/** Checks the type of a file, cleans it, and scans it before it is stored, so that nobody opens one that was not. */
export async function checkedFile(
	file: Incoming,
	kind: Parameters<typeof inspectFile>[2]
): Promise<CheckedFile | FileFault> {
	const found = await inspectFile(file.path, file.size, kind);
	if (!found.ok) return found.fault;
	const { mediaType, extension } = found.type;
	const clean = await cleaned(file, mediaType);
	if (typeof clean === 'string') return clean;
	const scan = await scanFile(clean.path);
	if (scan === 'refused') return 'infected';
	if (scan === 'failed') return 'unchecked';
	return { file: clean, mediaType, extension, scan };
}

/** A file that was received, checked and stored, and waits for the row that uses it. */
interface StoredFile {
	object: string;
	/** Its name, with the extension of its type. */
	name: string;
	/** Its bytes, until the form is answered. */
	path: string;
	mediaType: string;
	fields: FormData;
}

/** Why a file was not stored. */
export interface FaultyFile {
	status: 'fault';
	fault: FileFault;
	fields: FormData;
}

/** The result of an upload of one document, as most forms answer it. */
export type UploadedDocument = { status: 'ok' | 'not_found' | 'full' | 'invalid' } | FaultyFile;

/**
 * Receives a form with a document of at most `most` bytes, checks and scans it, and stores it for `use`, which writes its
 * row; where it does not answer `ok`, the object is abandoned. The caller has checked the rights before anything is read,
 * and `use` checks them again. `refuse` judges the other fields before the file is stored.
 */
export async function receiveDocument<Answer extends { status: string }>(
	request: Request,
	most: number,
	use: (stored: StoredFile) => Promise<Answer>,
	refuse: (fields: FormData) => FileFault | null = () => null
): Promise<Answer | FaultyFile> {
	const { fields, file, isTooLarge } = await receiveForm(request, most);
	const fail = (fault: FileFault): FaultyFile => ({ status: 'fault', fault, fields });
	try {
		if (isTooLarge) return fail('too_large');
		if (!file || file.size === 0) return fail('missing');
		const refused = refuse(fields);
		if (refused) return fail(refused);
		const good = await checkedFile(file, 'handout');
		if (typeof good === 'string') return fail(good);
		const { mediaType } = good;
		const object = await storeObject(good.file, mediaType, good.scan);
		const name = plainName(file.name, good.extension);
		const answer = await use({ object, name, path: good.file.path, mediaType, fields });
		if (answer.status !== 'ok') await abandonObjects(object);
		return answer;
	} finally {
		await file?.drop();
	}
}

async function sumOf(path: string): Promise<string> {
	const sum = createHash('sha256');
	for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) sum.update(chunk);
	return sum.digest('hex');
}

/**
 * Receives a form with a file for a session: rights are checked before anything is read, and again when it has arrived.
 */
export async function uploadSessionFile(client: DataClient, session: string, request: Request): Promise<Uploaded> {
	if (!isId(session)) return { status: 'not_found' };
	const [slides, handout] = await Promise.all([
		beginSessionFile(client, session, 'slides', null),
		beginSessionFile(client, session, 'handout', null)
	]);
	if (slides.status === 'not_found') return { status: 'not_found' };
	const limits = {
		slides: slides.status === 'ok' ? slides.bytes : 0,
		handout: handout.status === 'ok' ? handout.bytes : 0
	};
	// When all file places are taken, new versions are still possible.
	// Where a store is full the bytes are read and not kept, so that the sender gets an answer.
	const most = isFullStore(slides) || isFullStore(handout) ? 1 : Math.max(limits.slides, limits.handout) || 100_000_000;
	const { fields, file, isTooLarge } = await receiveForm(request, most);
	const existing = String(fields.get('version_of') ?? '') || null;
	try {
		// A version must have the same type as its file.
		const before = existing && (await readSessionFiles(client, session))?.files.find(({ id }) => id === existing);
		if (existing && !before) return { status: 'not_found' };
		const kind: FileKind = before ? before.kind : fields.get('kind') === 'handout' ? 'handout' : 'slides';
		const begun = await beginSessionFile(client, session, kind, existing);
		if (begun.status !== 'ok') return begun;
		const bytes = begun.bytes ?? most;
		const fail = (fault: FileFault): Uploaded => ({ status: 'fault', fault, bytes, kind, fields });
		if (isTooLarge || (file && file.size > bytes)) return fail('too_large');
		if (!file) return fail('missing');
		const found = await inspectFile(file.path, file.size, kind);
		if (!found.ok) return fail(found.fault);
		const clean = await cleaned(file, found.type.mediaType);
		if (typeof clean === 'string') return fail(clean);
		const object = await storeObject(clean, found.type.mediaType, scannerAddress() ? 'waiting' : 'unscanned');
		const language = String(fields.get('language') ?? '');
		const publication: Publication = fields.get('publication') === 'session' ? 'session' : 'stage';
		const added = await addSessionFile(client, {
			session,
			object,
			kind,
			publication,
			name: plainName(file.name, found.type.extension),
			language: tag.test(language) ? language : null,
			file: existing
		});
		if (added.status === 'ok') return { status: 'ok', late: added.late ?? false };
		// The person was removed from the session during the upload, or another one took the place.
		await abandonObjects(object);
		return added;
	} finally {
		if (file) await rm(file.path, { force: true });
	}
}
