/* The stored files of a backup. They never change, so each is copied once, into a folder that all backups of a place share. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { pipeline, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { FileStore } from '../../lib/files/server/store.ts';
import { encrypt, nameOfRecipients } from './encryption.ts';
import { measure, sumOf, type Sum } from './measuring.ts';
import { files, listBackups, readObjectsPart } from './manifest.ts';
import { inParallel } from './parallel.ts';
import type { BackupPlace } from './place.ts';

/** An encrypted file in the place. */
export interface CopiedObject extends Sum {
	name: string;
}

/** The folder of the files for these recipients: with others everything is copied again, as the old identity may be gone. */
export const objectsFolder = (recipients: readonly string[]) => `objects/${nameOfRecipients(recipients)}`;

/** Where a file lies below the folder: some file systems are slow with a hundred thousand files in one folder. */
export const objectPath = (folder: string, name: string) => `${folder}/${name.slice(0, 2)}/${name}.age`;

/** What a stored file is, as the database says. */
export interface StoredObject extends Sum {
	name: string;
	mediaType: string;
}

/** The files that rows refer to. */
export async function keptObjects(client: pg.ClientBase): Promise<StoredObject[]> {
	const { rows } = await client.query<{ name: string; mediaType: string; size: string; sha256: string }>(`
		select name, media_type as "mediaType", size::text, encode(sha256, 'hex') as sha256
		from private.stored_objects where state = 'kept' order by name collate "C"`);
	return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

/** The list of a backup as text, one line each. */
export const writeList = (objects: readonly CopiedObject[]) =>
	objects.map(({ name, size, sha256 }) => `${name} ${size} ${sha256}\n`).join('');

/** Reads the list of a backup. */
export function readList(text: string): CopiedObject[] {
	return text
		.split('\n')
		.filter(Boolean)
		.map((line) => {
			const [, name, size, sha256] = /^([a-z0-9]{32}) (\d+) ([0-9a-f]{64})$/.exec(line) ?? [];
			if (!name || !sha256) throw new Error(`${files.objects} has a line that no backup writes: it was changed.`);
			return { name, size: Number(size), sha256 };
		});
}

/** Copies the files that the place lacks. Answers all of the backup, how many are new, the names that the store does not have, and those that are not what the database says, of which no copy is kept. */
export async function copyObjects(
	objects: readonly StoredObject[],
	{ place, store, recipients }: { place: BackupPlace; store: FileStore; recipients: readonly string[] }
): Promise<{ copied: CopiedObject[]; added: number; missing: string[]; damaged: string[] }> {
	const folder = objectsFolder(recipients);
	const known = await knownSums(place);
	const present = await presentObjects(place, folder);
	const sums = new Map<string, Sum>();
	const missing: string[] = [];
	const damaged: string[] = [];
	let added = 0;
	await inParallel(objects, place.concurrency, async ({ name, sha256 }) => {
		const path = objectPath(folder, name);
		if (present.has(name)) {
			sums.set(name, known.get(`${folder} ${name}`) ?? (await sumIn(place, path)));
			return;
		}
		const found = await store.open(name);
		if (!found) {
			missing.push(name);
			return;
		}
		const [plain, encrypted] = [measure(), measure()];
		const content = pipeline(Readable.fromWeb(found as ReadableStream<Uint8Array>), plain.stream, () => undefined);
		await place.put(
			path,
			pipeline(await encrypt(content, recipients), encrypted.stream, () => undefined)
		);
		if (plain.sum().sha256 !== sha256) {
			// A copy that stays would be taken for whole the next time.
			await place.remove([path]);
			damaged.push(name);
			return;
		}
		sums.set(name, encrypted.sum());
		added += 1;
	});
	// In the order of the objects, whichever was written first.
	const copied = objects.flatMap(({ name }) => {
		const sum = sums.get(name);
		return sum ? [{ name, ...sum }] : [];
	});
	return { copied, added, missing: missing.sort(), damaged: damaged.sort() };
}

/** The files in a folder of the place. */
async function presentObjects(place: BackupPlace, folder: string): Promise<Set<string>> {
	const present = new Set<string>();
	for (const letters of await place.list(`${folder}/`))
		for (const file of await place.list(`${folder}/${letters}`)) present.add(file.replace(/\.age$/, ''));
	return present;
}

async function sumIn(place: BackupPlace, path: string): Promise<Sum> {
	const stream = await place.open(path);
	if (!stream) throw new Error(`${path} disappeared from ${place.address}.`);
	return sumOf(stream);
}

// By the lists of earlier backups; a file that was copied by one that was killed is in none.
async function knownSums(place: BackupPlace): Promise<Map<string, Sum>> {
	const known = new Map<string, Sum>();
	for (const name of (await listBackups(place)).whole.slice(-3)) {
		// What an earlier one has lost is read again.
		const earlier = await readStoredObjects(place, name).catch(() => null);
		for (const { name: object, ...sum } of earlier?.objects ?? []) known.set(`${earlier?.folder} ${object}`, sum);
	}
	return known;
}

/** The folder and the list of the files of a backup. Throws when the list is not the one that the backup wrote. */
export async function readStoredObjects(
	place: BackupPlace,
	name: string
): Promise<{ folder: string; objects: CopiedObject[] }> {
	const { folder, list } = await readObjectsPart(place, name);
	const text = await place.read(`${name}/${files.objects}`);
	if (text === null) throw new Error(`${name}/${files.objects} is missing.`);
	if (createHash('sha256').update(text).digest('hex') !== list.sha256)
		throw new Error(`${name}/${files.objects} was cut off or changed.`);
	return { folder, objects: readList(text) };
}
