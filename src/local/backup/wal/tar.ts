/* A tar archive of a folder that changes while it is read, and its extraction. Anybody can read it with tar. */
import { createWriteStream } from 'node:fs';
import { lchown, mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import type { Owner } from '../../postgres-files.ts';

const block = 512;
const padding = (size: number) => Buffer.alloc((block - (size % block)) % block);
const isAbsent = (error: unknown) => (error as { code?: unknown }).code === 'ENOENT';

function header(name: string, size: number, isFolder: boolean): Buffer {
	if (Buffer.byteLength(name) > 99) throw new Error(`${name} is too long a name.`);
	const bytes = Buffer.alloc(block);
	const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
	bytes.write(name, 0);
	bytes.write(octal(isFolder ? 0o700 : 0o600, 8), 100);
	for (const at of [108, 116]) bytes.write(octal(0, 8), at);
	bytes.write(octal(size, 12), 124);
	bytes.write(octal(Math.floor(Date.now() / 1000), 12), 136);
	bytes.write(' '.repeat(8), 148);
	bytes.write(isFolder ? '5' : '0', 156);
	bytes.write('ustar\0' + '00', 257);
	const sum = bytes.reduce((total, byte) => total + byte, 0);
	bytes.write(`${octal(sum, 7)}\0 `, 148);
	return bytes;
}

/** A file with a content that is known. */
export function* tarText(name: string, text: string): Generator<Buffer> {
	const bytes = Buffer.from(text);
	yield header(name, bytes.length, false);
	yield bytes;
	yield padding(bytes.length);
}

/** The end of an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * block);

/** One file. It has the size that it had at the beginning: what it grows by is left out, what it shrinks by is zeros. */
export async function* tarFile(root: string, name: string): AsyncGenerator<Buffer> {
	const file = await open(join(root, name), 'r').catch((error: unknown) => {
		if (isAbsent(error)) return null;
		throw error;
	});
	if (!file) return;
	try {
		const { size } = await file.stat();
		yield header(name, size, false);
		let left = size;
		while (left > 0) {
			const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(left, 1 << 18)), 0, Math.min(left, 1 << 18));
			if (bytesRead === 0) break;
			yield buffer.subarray(0, bytesRead);
			left -= bytesRead;
		}
		for (; left > 0; left -= Math.min(left, 1 << 18)) yield Buffer.alloc(Math.min(left, 1 << 18));
		yield padding(size);
	} finally {
		await file.close();
	}
}

/** A folder with all that `has` wants of it; `has` gets names such as `base/5/1259`, folders with a slash at the end. */
export async function* tarFolder(root: string, has: (name: string) => boolean, below = ''): AsyncGenerator<Buffer> {
	const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
		if (isAbsent(error)) return [];
		throw error;
	});
	for (const entry of entries) {
		const name = `${below}${entry.name}`;
		if (entry.isDirectory()) {
			yield header(`${name}/`, 0, true);
			if (has(`${name}/`)) yield* tarFolder(root, has, `${name}/`);
		} else if (entry.isFile() && has(name)) yield* tarFile(root, name);
	}
}

/** Puts the files of an archive below a folder, for their owner. Throws for a name that leads out of it. */
export async function extractTar(stream: AsyncIterable<Uint8Array>, root: string, owner: Owner): Promise<void> {
	const source = reader(stream);
	const own = async (path: string) => {
		if (owner.uid !== undefined && owner.gid !== undefined) await lchown(path, owner.uid, owner.gid);
	};
	for (;;) {
		const head = await source.take(block);
		const name = head.subarray(0, 100).toString().replace(/\0.*$/s, '');
		// To the end, so that a file that was cut off is found.
		if (name === '') return source.drain();
		if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*\/?$/.test(name))
			throw new Error(`"${name}" is no name of a file of a database.`);
		const size = parseInt(head.subarray(124, 136).toString(), 8);
		const path = join(root, name);
		if (name.endsWith('/')) {
			await mkdir(path, { recursive: true, mode: 0o700 });
			await own(path);
			continue;
		}
		await stat(dirname(path));
		const file = createWriteStream(path, { mode: 0o600, flush: true });
		for (let left = size; left > 0;) {
			const part = await source.some(left);
			left -= part.length;
			if (!file.write(part)) await once(file, 'drain');
		}
		file.end();
		await once(file, 'close');
		await own(path);
		await source.take(padding(size).length);
	}
}

function reader(stream: AsyncIterable<Uint8Array>) {
	const iterator = stream[Symbol.asyncIterator]();
	let held = Buffer.alloc(0);
	async function some(most: number): Promise<Buffer> {
		while (held.length === 0) {
			const next = await iterator.next();
			if (next.done) throw new Error('The copy of the database was cut off.');
			held = Buffer.from(next.value);
		}
		const part = held.subarray(0, most);
		held = held.subarray(part.length);
		return part;
	}
	async function take(size: number): Promise<Buffer> {
		const parts: Buffer[] = [];
		for (let left = size; left > 0;) {
			const part = await some(left);
			parts.push(part);
			left -= part.length;
		}
		return Buffer.concat(parts);
	}
	async function drain(): Promise<void> {
		while (!(await iterator.next()).done);
	}
	return { some, take, drain };
}
