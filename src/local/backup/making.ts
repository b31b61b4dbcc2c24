/* The steps of a backup. */
import { hostname } from 'node:os';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { migrationsLock, pendingMigrations, readMigrations } from '../migrate.ts';
import { dumpRows } from './dump.ts';
import { encrypt, encryptText } from './encryption.ts';
import { BackupError, explain } from './explain.ts';
import { files, listBackups, backupName, prove, type Manifest, type TableSums } from './manifest.ts';
import { measure, type Sum } from './measuring.ts';
import { copyObjects, keptObjects, objectsFolder, writeList } from './objects.ts';
import type { BackupPlace } from './place.ts';
import { rotate, type Keep } from './rotation.ts';
import { readDatabaseRules, sumRules } from './rules.ts';
import { readErasures, type BackupSource } from './source.ts';
import { fixForms, readBackupTables } from './tables.ts';
import { ownVersion } from '../version.ts';

interface Options {
	place: BackupPlace;
	/** The database knows of backups there. */
	hasBackups?: boolean;
	recipients: readonly string[];
	keep: Keep;
	say: (line: string) => void;
	/** What somebody has to look at. */
	warn: (line: string) => void;
	/** Called once the backup is whole, before older ones are deleted. */
	onMade?: (made: MadeBackup) => Promise<void>;
}

// private.is_backup_running() asks for this lock: while it is held no stored file is deleted.
const lock = '20261201, 1';

/** A backup that was made: what it says of itself, and what its tables are compared by. */
export interface MadeBackup {
	manifest: Manifest;
	tables: TableSums;
	/** How many files the store had lost, and how many were not what the database says. */
	missing: number;
	damaged: number;
}

/** Makes a backup, then deletes those that are not kept. Answers whether that succeeded too: the new one is whole either way. */
export async function backUp(source: BackupSource, options: Options): Promise<MadeBackup & { isRotated: boolean }> {
	const { place, hasBackups = false, say, onMade } = options;
	const client = new pg.Client({
		connectionString: source.url,
		keepAlive: true,
		// Who looks for the holder of the lock finds the process by it.
		application_name: `backup on ${hostname()}, process ${process.pid}`
	});
	// Its failure is told by the next statement.
	client.on('error', () => undefined);
	await client.connect();
	try {
		const { rows } = await client.query<{ ours: boolean }>(`select pg_try_advisory_lock(${lock}) as ours`);
		if (!rows[0]?.ours)
			throw new BackupError('locked', `Another backup of this database is being made${await holderOf(client)}.`);
		await claimPlace(place, source.origin, hasBackups);
		await place.clear();
		const made = await make(client, source, options);
		const { manifest } = made;
		await assertLocked(client);
		await place.put(`${manifest.name}/${files.manifest}`, `${JSON.stringify(manifest, null, '\t')}\n`);
		say(`${place.address}/${manifest.name}: ${summary(made)}`);
		await onMade?.(made);
		return { ...made, isRotated: await deleteOld(options) };
	} finally {
		await client.end().catch(() => undefined);
	}
}

async function deleteOld({ place, keep, say, warn }: Options): Promise<boolean> {
	try {
		const { dropped, files: objects } = await rotate(place, keep);
		if (dropped.length > 0) say(`Deleted ${dropped.length} older backups: ${dropped.join(', ')}.`);
		if (objects > 0) say(`Deleted ${objects} files that no backup names any more.`);
		return true;
	} catch (error) {
		warn(`The backup is whole; older ones could not be deleted, and fill the place: ${explain(error)}`);
		return false;
	}
}

// A process that hangs is found by this.
async function holderOf(client: pg.Client): Promise<string> {
	const { rows } = await client
		.query<{ holder: { since: string; by: string } | null }>('select private.backup_lock_holder() as holder')
		.catch(() => ({ rows: [] }));
	const holder = rows[0]?.holder;
	return holder ? ` since ${holder.since} (${holder.by})` : '';
}

// Two installations that shared a place would delete each other's backups.
async function claimPlace(place: BackupPlace, origin: string, hasBackups: boolean): Promise<void> {
	const found = await place.read('place.json');
	const other = found === null ? undefined : (JSON.parse(found) as { origin?: string }).origin;
	if (other !== undefined && other !== origin)
		throw new BackupError(
			'place_taken',
			`${place.address} has the backups of ${other}, and this is ${origin}. Give it a folder of its own; if only the address of the site has changed, delete place.json there and give npm run backup -- --new-place once.`
		);
	// The folder in which a disk is mounted is there without it, and empty.
	if (found === null && hasBackups)
		throw new BackupError(
			'place',
			`${place.address} is empty, and backups went there: is its disk mounted? If they are gone on purpose, give npm run backup -- --new-place once.`
		);
	if (other === undefined) await place.put('place.json', `${JSON.stringify({ origin })}\n`);
}

async function make(
	client: pg.Client,
	source: BackupSource,
	{ place, recipients, say, warn }: Options
): Promise<MadeBackup> {
	const name = await newName(place);
	await fixForms(client);
	await lockMigrations(client);
	// The lock came first: what was deletable before this moment is not in the backup, and nothing is deleted after it.
	await client.query('begin transaction isolation level repeatable read, read only');
	const migrations = await appliedMigrations(client);
	const { rows: versions } = await client.query<{ server_version: string }>('show server_version');
	const rules = sumRules(await readDatabaseRules(client));
	const { tables, leftOut } = await readBackupTables(client);
	// As pg_dump does: no table is changed or rewritten before its rows are read.
	await client.query(`lock table ${tables.map((table) => table.name).join(', ')} in access share mode`);
	const kept = await keptObjects(client);
	const sums: TableSums = {};
	const text = dumpRows(client, tables, (table, sum) => (sums[table] = sum));
	const packed = pipeline(Readable.from(text, { objectMode: false }), createGzip(), () => undefined);
	const database = await putMeasured(place, `${name}/${files.database}`, await encrypt(packed, recipients));
	await client.query('commit');
	await client.query(`select pg_advisory_unlock_shared(${migrationsLock})`);
	const { copied, added, missing, damaged } = await copyObjects(kept, { place, store: source.store, recipients });
	if (added > 0) say(`Copied ${added} new files.`);
	if (missing.length > 0)
		warn(`${missing.length} files that the database names are not in the store, and so not in the backup.`);
	if (damaged.length > 0)
		warn(
			`${damaged.length} files in the store are not what the database says, such as ${damaged[0]}: they were changed or cut off there, and are not in the backup.`
		);
	const put = (file: string, content: string | Buffer) =>
		putMeasured(place, `${name}/${file}`, Readable.from([content], { objectMode: false }));
	const objects = await put(files.objects, writeList(copied));
	const erasures = await put(files.erasures, await encryptText(readErasures(source.erasureLog), recipients));
	const summed = await put(files.tables, await encryptText(JSON.stringify(sums), recipients));
	const manifest = prove(
		{
			format: 1,
			name,
			version: ownVersion(),
			origin: source.origin,
			finishedAt: new Date().toISOString(),
			server: versions[0]?.server_version ?? '',
			sample: source.sample,
			recipients: [...recipients],
			migrations,
			parts: { database, tables: summed, objects, erasures },
			objects: {
				folder: objectsFolder(recipients),
				count: copied.length,
				size: copied.reduce((total, { size }) => total + size, 0),
				missing: [...missing, ...damaged].sort()
			},
			leftOut,
			rules
		},
		source.keys.SEALING_KEY
	);
	return { manifest, tables: sums, missing: missing.length, damaged: damaged.length };
}

// Between two migrations a database has no version.
async function lockMigrations(client: pg.Client): Promise<void> {
	const { rows } = await client.query<{ ours: boolean }>(
		`select pg_try_advisory_lock_shared(${migrationsLock}) as ours`
	);
	if (!rows[0]?.ours)
		throw new BackupError('migrating', 'Migrations are being applied to this database: try again when they are done.');
}

// A name is a second: one that was given is not given again.
async function newName(place: BackupPlace): Promise<string> {
	for (;;) {
		const name = backupName(new Date());
		const { whole, unfinished } = await listBackups(place);
		if (![...whole, ...unfinished].includes(name)) return name;
		await pause(200);
	}
}

async function putMeasured(place: BackupPlace, name: string, content: Readable): Promise<Sum> {
	const { stream, sum } = measure();
	await place.put(
		name,
		pipeline(content, stream, () => undefined)
	);
	return sum();
}

async function appliedMigrations(client: pg.Client): Promise<Manifest['migrations']> {
	const all = readMigrations();
	const pending = new Set((await pendingMigrations(client, all)).map(({ version }) => version));
	return all
		.filter(({ version }) => !pending.has(version))
		.map(({ version, file, hash }) => ({ version, file, sha256: hash }));
}

// Without the lock files may have been deleted while they were copied.
async function assertLocked(client: pg.Client): Promise<void> {
	const { rows } = await client.query(
		`select from pg_catalog.pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and (classid, objid) = (${lock})`
	);
	if (rows.length === 0) throw new Error('The connection to the database broke.');
}

function summary({ tables, manifest: { parts, objects } }: MadeBackup): string {
	const rows = Object.values(tables).reduce((total, table) => total + table.rows, 0);
	const mb = (size: number) => `${(size / 1e6).toFixed(1)} MB`;
	return `${Object.keys(tables).length} tables with ${rows} rows (${mb(parts.database.size)}), ${objects.count} files (${mb(objects.size)}).`;
}
