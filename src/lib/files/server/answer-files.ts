import { readFile, writeFile } from 'node:fs/promises';
import type { CopyOfPerson } from '#lib/database/answers/privacy.ts';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { fileExtension, type FileFault } from '#lib/files/kinds.ts';
import { plainName } from '#lib/files/names.ts';
import { isId } from '#lib/forms/ids.ts';
import type { AnswerFiles, StoredFile } from '#lib/logistics/answer-files.ts';
import { answerFileLimit, givenFile, type GivenFile, type OwnField } from '#lib/logistics/logistics.ts';
import { answerContexts, sealAnswerFile } from '#lib/logistics/sealed-file.ts';
import { m } from '#lib/i18n/messages.ts';
import { openSealedFile, theSealer } from '#lib/people/sealing.ts';
import { error } from '@sveltejs/kit';
import { receiveFiles, type Incoming } from './incoming.ts';
import { uploads } from './simultaneous.ts';
import { bytesOf, fileStore } from './store.ts';
import { abandonObjects, checkedFile, storeObject } from './uploading.ts';

/** A file that its reader may have. */
type OpenedFile = GivenFile & { bytes: Uint8Array<ArrayBuffer> };

/**
 * Reads a form of questions, with its files, and lets `work` save it. Refuses (429) an account that uploads too much already.
 * Afterwards nothing of the files is left on this machine.
 */
export async function receiveAnswers<Result>(
	request: Request,
	account: string,
	work: (data: FormData, files: AnswerFiles) => Promise<Result>
): Promise<Result> {
	if (!request.headers.get('content-type')?.startsWith('multipart/form-data'))
		return work(await request.formData(), answerFiles(new Map()));
	const answer = await uploads.run(account, async () => {
		const limits = { fileSize: answerFileLimit, files: 20, fields: 500, fieldSize: 20_000 };
		const { fields, files } = await receiveFiles(request, limits);
		try {
			return { result: await work(fields, answerFiles(files)) };
		} finally {
			for (const file of files.values()) if (file !== 'too_large') await file.drop();
		}
	});
	// As an error, the page and what was typed stay as they are.
	return answer ? answer.result : error(429, m.files_at_once());
}

const answerFiles = (files: ReadonlyMap<string, Incoming | 'too_large'>): AnswerFiles => ({
	has: (name) => files.has(name),
	store: (field, name) => storeAnswerFile(field, files.get(name) ?? 'too_large'),
	abandon: (stored) => abandonObjects(...stored.map(({ object }) => object))
});

/** Checks and scans a file, and stores it sealed with a key of its own; or what is wrong with it. */
export async function storeAnswerFile(
	field: Pick<OwnField, 'id' | 'file_sort'>,
	file: Incoming | 'too_large'
): Promise<StoredFile | FileFault> {
	if (file === 'too_large') return 'too_large';
	const good = await checkedFile(file, field.file_sort ?? 'document');
	if (typeof good === 'string') return good === 'kind' ? 'type' : good;
	const { file: clean, mediaType, extension, scan } = good;
	const given: GivenFile = { name: plainName(file.name, extension), size: clean.size, media_type: mediaType };
	const sealed = sealAnswerFile(theSealer(), field.id, await readFile(clean.path), given);
	await writeFile(clean.path, sealed.bytes);
	const stored = { ...clean, size: sealed.bytes.length, sha256: sealed.sha256.toString('hex') };
	return {
		sealed: sealed.facts.toString('hex'),
		key_id: sealed.keyId,
		object: await storeObject(stored, 'application/octet-stream', scan),
		file_key: sealed.key.toString('hex')
	};
}

type CopiedFile = CopyOfPerson['files'][number];
type Sealed = NonNullable<CopiedFile['sealed']>;

// Null where the key is gone.
function factsOf({ field, answer_sealed, key_id }: Sealed): GivenFile | null {
	return givenFile(theSealer().tryOpen(answer_sealed, key_id, answerContexts(field).facts) ?? '');
}

/** The files of a copy of everything about a person: their names, and their bytes as far as they are there. */
export const copiedFiles = {
	name: ({ name, sealed }: CopiedFile) => (sealed ? (factsOf(sealed)?.name ?? '') : name),
	open: ({ object, sealed }: CopiedFile) => (sealed ? openBytes(object, sealed) : fileStore().open(object))
};

/** The bytes of a sealed file; null where they are gone, were altered or cannot be opened any more. */
export async function openBytes(object: string, sealed: Sealed): Promise<Uint8Array<ArrayBuffer> | null> {
	const { field, file_key_sealed, key_id } = sealed;
	const key = theSealer().tryOpen(file_key_sealed, key_id, answerContexts(field).key);
	const bytes = key === null ? null : await bytesOf(object);
	if (key === null || bytes === null) return null;
	try {
		return Uint8Array.from(openSealedFile(bytes, Buffer.from(key, 'base64'), answerContexts(field).bytes));
	} catch {
		return null;
	}
}

// The caller has checked who reads it.
async function openFile(registration: string, field: string): Promise<OpenedFile | null> {
	const [row] = await callPrivate('sealed_file', [registration, field]);
	const { object_name, answer_sealed, file_key_sealed, key_id } = row ?? {};
	if (!object_name || !answer_sealed || !file_key_sealed || !key_id) return null;
	const sealed = { field, answer_sealed, file_key_sealed, key_id };
	const facts = factsOf(sealed);
	const bytes = facts && (await openBytes(object_name, sealed));
	return bytes && { ...facts, bytes };
}

/** The file that the reader gave in answer to a question; null where there is none. */
export async function openOwnFile(client: DataClient, summit: string, field: string): Promise<OpenedFile | null> {
	const registration = isId(field) ? await rpc(client, 'open_own_file', { summit, field }) : null;
	return registration === null ? null : openFile(registration, field);
}

/**
 * A file for the roles that its question names, under a name that says nothing of its person; null for everybody else. The
 * database records the reading.
 */
export async function openAnswerFile(
	client: DataClient,
	summit: string,
	field: string,
	reference: string
): Promise<OpenedFile | null> {
	const found = isId(field) ? await rpc(client, 'open_answer_file', { summit, field, reference }) : null;
	const opened = found && (await openFile(found.registration, field));
	return opened && { ...opened, name: `${found.key}-${reference}.${fileExtension(opened.media_type)}` };
}
