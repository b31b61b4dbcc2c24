/* Opens a backup: finds it, checks that its files are whole, and reads what is encrypted. */
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readMigrations, type Migration } from '../migrate.ts';
import { decrypt, decryptText } from './encryption.ts';
import { files, listBackups, parseTableSums, readManifest, type Manifest, type TableSums } from './manifest.ts';
import { sumOf, type Sum } from './measuring.ts';
import { readList, type CopiedObject } from './objects.ts';
import type { BackupPlace } from './place.ts';

/** A backup whose files are whole. */
export interface Backup {
	place: BackupPlace;
	manifest: Manifest;
	identities: readonly string[];
	/** The migrations of its database. */
	migrations: Migration[];
	objects: CopiedObject[];
}

/** Opens the backup of this name, or the newest one. Throws a sentence for people. */
export async function openBackup(
	place: BackupPlace,
	name: string | undefined,
	identities: readonly string[]
): Promise<Backup> {
	const { whole } = await listBackups(place);
	const chosen = name ?? whole.at(-1);
	if (chosen === undefined) throw new Error(`There is no whole backup in ${place.address}.`);
	if (!whole.includes(chosen))
		throw new Error(
			`There is no whole backup ${chosen} in ${place.address}. There are: ${whole.join(', ') || 'none'}.`
		);
	const manifest = await readManifest(place, chosen);
	const migrations = migrationsOf(manifest);
	for (const [part, sum] of Object.entries(manifest.parts))
		await checkFile(place, `${chosen}/${files[part as keyof Manifest['parts']]}`, sum);
	const list = (await place.read(`${chosen}/${files.objects}`)) ?? '';
	return { place, manifest, identities, migrations, objects: readList(list) };
}

/** The migrations that a backup names. Throws when this version of the software does not have them all. */
function migrationsOf({ name, version, migrations }: Manifest): Migration[] {
	const known = new Map(readMigrations().map((migration) => [migration.version, migration]));
	return migrations.map((wanted) => {
		const found = known.get(wanted.version);
		if (!found)
			throw new Error(
				`The backup ${name} was made by version ${version}, which has a migration that this one lacks (${wanted.file}): restore it with version ${version} or a newer one.`
			);
		if (found.hash !== wanted.sha256)
			throw new Error(
				`supabase/migrations/${found.file} is not the one that the database of the backup ${name} had: restore it with version ${version}.`
			);
		return found;
	});
}

async function checkFile(place: BackupPlace, path: string, expected: Sum): Promise<void> {
	const stream = await place.open(path);
	if (!stream) throw new Error(`${path} is missing: this backup is not whole. Take another one.`);
	const found = await sumOf(stream);
	if (found.size < expected.size)
		throw new Error(`${path} was cut off: it has ${found.size} of ${expected.size} bytes. Take another backup.`);
	if (found.sha256 !== expected.sha256)
		throw new Error(`${path} was changed since it was written. Take another backup.`);
}

/** The text of the database. */
export async function openDatabaseText({ place, manifest, identities }: Backup): Promise<Readable> {
	const encrypted = await openFile(place, `${manifest.name}/${files.database}`);
	return pipeline(await decrypt(encrypted, identities), createGunzip(), () => undefined);
}

/** What the rows of each table are compared by. */
export async function readTableSums({ place, manifest, identities }: Backup): Promise<TableSums> {
	const encrypted = await openFile(place, `${manifest.name}/${files.tables}`);
	return parseTableSums(await decryptText(encrypted, identities));
}

/** The lines of the newest log of erasures that the place has: an older backup does not know those that came later. */
export async function newestErasures({
	place,
	manifest,
	identities
}: Pick<Backup, 'place' | 'manifest' | 'identities'>): Promise<string[]> {
	const { whole } = await listBackups(place);
	const lines = new Set<string>();
	for (const name of new Set([manifest.name, whole.at(-1) ?? manifest.name])) {
		const encrypted = await openFile(place, `${name}/${files.erasures}`);
		for (const line of (await decryptText(encrypted, identities)).split('\n')) if (line) lines.add(line);
	}
	return [...lines];
}

/** A file that must be there. */
export async function openFile(place: BackupPlace, path: string): Promise<Readable> {
	const stream = await place.open(path);
	if (!stream) throw new Error(`${path} is missing.`);
	return stream;
}
