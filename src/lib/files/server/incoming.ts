import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { m } from '#lib/i18n/messages.ts';
import { error as refuse } from '@sveltejs/kit';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { incomingFolder, objectName } from './store.ts';

/** An uploaded file, on the disk of this machine until it is stored or deleted. */
export interface Incoming {
	path: string;
	/** The name on the sender's machine. */
	name: string;
	size: number;
	sha256: string;
	drop(): Promise<void>;
}

/** A form with files, by the names of their fields; those without a chosen file are left out. */
interface Received {
	fields: FormData;
	/** `too_large`: larger than the limit; nothing of it was kept. */
	files: Map<string, Incoming | 'too_large'>;
}

/** How many files, fields and bytes of one field a form may have, and how many bytes a file. */
interface FormLimits {
	fileSize: number;
	files: number;
	fields: number;
	fieldSize: number;
}

/** A file while it arrives. */
interface Arriving {
	field: string;
	stream: BusboyFileStream;
	keeping: Promise<Incoming>;
}

function counting(sum: Hash, count: (bytes: number) => void): Transform {
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			sum.update(chunk);
			count(chunk.length);
			done(null, chunk);
		}
	});
}

async function keep(stream: BusboyFileStream, name: string): Promise<Incoming> {
	await mkdir(incomingFolder(), { recursive: true, mode: 0o700 });
	const path = join(incomingFolder(), objectName());
	const sum = createHash('sha256');
	let size = 0;
	const drop = () => rm(path, { force: true });
	try {
		await pipeline(
			stream,
			counting(sum, (bytes) => (size += bytes)),
			createWriteStream(path, { flags: 'wx', mode: 0o600 })
		);
	} catch (error) {
		await drop();
		throw error;
	}
	return { path, name, size, sha256: sum.digest('hex'), drop };
}

function parserFor(type: string, limits: FormLimits) {
	try {
		return new Busboy({
			headers: { 'content-type': type },
			limits: { ...limits, parts: limits.files + limits.fields + 3 }
		});
	} catch {
		// The content type names no boundary.
		return refuse(400, m.ui_form_wrong());
	}
}

const isOfSystem = (error: unknown) => error instanceof Error && 'syscall' in error;

/**
 * Reads a form with files as it arrives, to the disk and never into memory. Bytes beyond the limit of a file are read and
 * discarded, so that the sender gets an answer. Refuses (400) a body that is cut off or is no form, and then leaves
 * nothing behind.
 */
export async function receiveFiles(request: Request, limits: FormLimits): Promise<Received> {
	const type = request.headers.get('content-type') ?? '';
	const received: Received = { fields: new FormData(), files: new Map() };
	if (!request.body || !type.startsWith('multipart/form-data')) return received;
	const arriving: Arriving[] = [];
	const parser = parserFor(type, limits);
	parser.on('field', (name, value) => received.fields.append(name, value));
	parser.on('file', (field, stream, name: string | undefined) => {
		const keeping = keep(stream, name ?? '');
		// Awaited below; until then a rejection must not count as unhandled.
		keeping.catch(() => undefined);
		arriving.push({ field, stream, keeping });
	});
	try {
		await pipeline(Readable.fromWeb(request.body as NodeStream<Uint8Array>), parser);
		for (const each of arriving) await take(each, received.files);
		return received;
	} catch (error) {
		for (const { stream } of arriving) stream.destroy(error instanceof Error ? error : undefined);
		for (const { keeping } of arriving) await keeping.then((file) => file.drop()).catch(() => undefined);
		// A full disk is our error; a form that is cut off or malformed is not.
		if (isOfSystem(error)) throw error;
		return refuse(400, m.ui_form_wrong());
	}
}

/** Puts a file that has arrived under the name of its field. */
async function take({ field, stream, keeping }: Arriving, files: Received['files']): Promise<void> {
	const file = await keeping;
	const before = files.get(field);
	// An empty file field arrives as a file without name and bytes.
	const isNone = file.size === 0 && file.name === '';
	if (stream.truncated || isNone) await file.drop();
	if (isNone) return;
	if (before && before !== 'too_large') await before.drop();
	files.set(field, stream.truncated ? 'too_large' : file);
}

/** Reads a form with one file, as `receiveFiles` does. */
export async function receiveForm(
	request: Request,
	most: number
): Promise<{ fields: FormData; file: Incoming | null; isTooLarge: boolean }> {
	const { fields, files } = await receiveFiles(request, { fileSize: most, files: 1, fields: 20, fieldSize: 4000 });
	const [file = null] = files.values();
	return { fields, file: file === 'too_large' ? null : file, isTooLarge: file === 'too_large' };
}
