import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { archiveFolder, archiveSettings } from './backup/wal/shipping.ts';
import { inspectDataFolder, noteComplete, noteMaking } from './data-folder.ts';
import { withClient } from './hosted-database.ts';
import { migrate, readMigrations } from './migrate.ts';
import { clusterFolder } from './postgres-files.ts';
import { startPostgres, type LocalPostgres } from './postgres.ts';
import { createRoles, createSystemSchema, openAppRoles } from './roles.ts';
import { refreshSample } from './sample/refresh.ts';
import type { Secrets } from './secrets.ts';
import type { Supervision } from './supervise.ts';

/** The database of a data folder, migrated and, if it is a sample, seeded. */
interface LocalDatabase {
	postgres: LocalPostgres;
	url: string;
	appUrl: string;
	dataUrl: string;
	liteUrl: string;
	sample: boolean;
}

/** The paths of files in a data folder. */
export const filesFolder = (dataFolder: string) => join(dataFolder, 'files');

interface DatabaseOptions {
	dataFolder: string;
	secrets: Secrets;
	/** The key that the app seals with; a sample's addresses are sealed with it too. */
	sealingKey: string;
	sample: boolean;
	careless?: boolean;
	/** Whether PostgreSQL archives its log (BACKUP_WAL). */
	isArchived?: boolean;
	say: (line: string) => void;
	/** Called as soon as there is a PostgreSQL to stop. */
	onStart: (stop: LocalPostgres['stop']) => void;
	onState: Supervision['onState'];
}

/** Starts Postgres and brings its database up to date; what an ended first start left half made is made again. */
export async function openDatabase(options: DatabaseOptions): Promise<LocalDatabase> {
	const { dataFolder, secrets, say } = options;
	const { folder, moved } = clusterFolder(dataFolder);
	if (moved)
		say(`PostgreSQL does not run as root, and its user may not pass through ${moved}: its files go to ${folder}.`);
	const found = inspectDataFolder(dataFolder);
	const marker = found.state === 'complete' ? found.marker : undefined;
	if (found.state === 'unfinished') say('The first start did not finish making the database: making it again.');
	if (!marker) noteMaking(dataFolder);
	const postgres = await startPostgres({
		folder,
		password: secrets.superuserPassword,
		runFolder: join(dataFolder, 'run'),
		careless: options.careless,
		settings: settingsOf(folder, options.isArchived ?? false),
		onStart: options.onStart,
		onState: options.onState
	});
	try {
		if (!marker) await prepare(postgres, secrets);
		const url = postgres.url('postgres', 'postgres', secrets.ownerPassword);
		await withClient(url, (owner) =>
			migrate(owner, readMigrations(), marker ? { onFile: (file) => say(`Applying ${file}`) } : {})
		);
		await withClient(postgres.url(), (superuser) =>
			openAppRoles(superuser, { app: secrets.appPassword, data: secrets.dataPassword })
		);
		const sample = marker?.sample ?? (options.sample && (await seed(url, options)));
		if (marker?.sample) await withClient(url, (owner) => refreshSample(owner, { now: new Date() }));
		if (!marker) noteComplete(dataFolder, sample);
		return {
			postgres,
			url,
			appUrl: postgres.url('postgres', 'app_server', secrets.appPassword),
			dataUrl: postgres.url('postgres', 'data_path', secrets.dataPassword),
			liteUrl: postgres.url('postgres', 'lite_login', secrets.litePassword),
			sample
		};
	} catch (error) {
		await postgres.stop();
		throw error;
	}
}

// Where archiving was turned off the folder goes: when it is there again, a new base copy is due.
function settingsOf(folder: string, isArchived: boolean): Record<string, string> {
	if (isArchived) return archiveSettings(folder);
	rmSync(archiveFolder(folder), { recursive: true, force: true });
	return {};
}

/** Gives a new cluster the roles and schemas that are there before the first migration. */
export async function prepare(
	postgres: LocalPostgres,
	secrets: Pick<Secrets, 'ownerPassword' | 'litePassword'>
): Promise<void> {
	await withClient(postgres.url(), async (superuser) => {
		await createRoles(superuser, { owner: secrets.ownerPassword, lite: secrets.litePassword });
		await createSystemSchema(superuser);
	});
}

async function seed(url: string, { dataFolder, sealingKey, say }: DatabaseOptions): Promise<boolean> {
	say('Making the sample Summit…');
	// In a separate process: the supervisor would keep the memory that this needs.
	await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'seed.ts')], {
		env: { PATH: process.env.PATH, SEED: JSON.stringify({ url, sealingKey, filesFolder: filesFolder(dataFolder) }) }
	}).catch((error: unknown) => {
		const { stderr } = error as { stderr?: string };
		throw new Error(`The sample Summit could not be made:\n${stderr ?? String(error)}`);
	});
	return true;
}
