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

/** A form with one file. */
interface Received {
	fields: FormData;
	/** Null when no file was chosen. */
	file: Incoming | null;
	/** The file was larger than the limit, and the rest was not kept. */
	isTooLarge: boolean;
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

function parserFor(type: string, most: number) {
	try {
		return new Busboy({
			headers: { 'content-type': type },
			limits: { fileSize: most, files: 1, fields: 20, fieldSize: 4000, parts: 24 }
		});
	} catch {
		// The content type names no boundary.
		return refuse(400, m.ui_form_wrong());
	}
}

const isOfSystem = (error: unknown) => error instanceof Error && 'syscall' in error;

/**
 * Reads a form with one file as it arrives, to the disk and never into memory. Bytes beyond `most` are read and
 * discarded, so that the sender gets an answer. Refuses (400) a body that is cut off or is no form, and then leaves
 * nothing behind.
 */
export async function receiveForm(request: Request, most: number): Promise<Received> {
	const type = request.headers.get('content-type') ?? '';
	const fields = new FormData();
	if (!request.body || !type.startsWith('multipart/form-data')) return { fields, file: null, isTooLarge: false };
	let keeping: Promise<Incoming> | undefined;
	let current: BusboyFileStream | undefined;
	const parser = parserFor(type, most);
	parser.on('field', (name, value) => fields.append(name, value));
	parser.on('file', (_field, stream, name: string | undefined) => {
		current = stream;
		keeping = keep(stream, name ?? '');
		// Awaited below; until then a rejection must not count as unhandled.
		keeping.catch(() => undefined);
	});
	try {
		await pipeline(Readable.fromWeb(request.body as NodeStream<Uint8Array>), parser);
	} catch (error) {
		current?.destroy(error instanceof Error ? error : undefined);
		await keeping?.then((file) => file.drop()).catch(() => undefined);
		// A full disk is our error; a form that is cut off or malformed is not.
		if (isOfSystem(error)) throw error;
		return refuse(400, m.ui_form_wrong());
	}
	const file = (await keeping) ?? null;
	const isTooLarge = current?.truncated ?? false;
	// An empty file field arrives as a file without name and bytes.
	if (file && (isTooLarge || (file.size === 0 && file.name === ''))) {
		await file.drop();
		return { fields, file: null, isTooLarge };
	}
	return { fields, file, isTooLarge };
}
