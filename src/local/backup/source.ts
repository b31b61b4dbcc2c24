/* What a backup is made of: the data folder, running or not, or a hosted database. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { folderStore } from '../../lib/files/server/folder-store.ts';
import type { FileStore } from '../../lib/files/server/store.ts';
import { erasureLogPath } from '../../lib/privacy/server/erasure-lines.ts';
import { claimDataFolder, inspectDataFolder, isClaimed, readJson } from '../data-folder.ts';
import { readEnvironment } from '../environment.ts';
import { readSecrets } from '../secrets.ts';
import type { Keys } from './keys.ts';

/** Everything that a backup reads. */
export interface BackupSource {
	/** As the owner of the schema. */
	url: string;
	store: FileStore;
	erasureLog: string;
	keys: Keys;
	origin: string;
	sample: boolean;
	stop(): Promise<void>;
}

type Variables = Record<string, string | undefined>;

/** The store of stored files that the environment names: a folder, or Supabase's. */
export async function storeOf(env: Variables): Promise<FileStore> {
	if (env.FILES_DIR) return folderStore(join(env.FILES_DIR, 'objects'));
	const [{ createClient }, { storageStore }] = await Promise.all([
		import('@supabase/supabase-js'),
		import('../../lib/files/server/storage-store.ts')
	]);
	const client = createClient(env.SUPABASE_URL ?? '', env.SUPABASE_SECRET_KEY ?? '', {
		auth: { persistSession: false, autoRefreshToken: false }
	});
	return storageStore(client as unknown as Parameters<typeof storageStore>[0], env.FILES_BUCKET || 'files');
}

/** The keys of an installation: those of the environment before those of its data folder; empty where there is none. */
export function keysOf(env: Variables, secrets?: { sealingKey: string; badgeKey: string; pushKey: string }): Keys {
	const push = env.PUSH_KEY || secrets?.pushKey;
	return {
		SEALING_KEY: env.SEALING_KEY || (secrets?.sealingKey ?? ''),
		BADGE_KEY: env.BADGE_KEY || (secrets?.badgeKey ?? ''),
		...(push && { PUSH_KEY: push })
	};
}

/** Opens what the environment names. Throws a sentence for people. */
export async function openSource(env: Variables): Promise<BackupSource> {
	const { hosted, dataFolder: given, origin, problems } = readEnvironment(env);
	if (hosted.supabase) {
		if (problems.length > 0) throw new Error(problems.join('\n'));
		return {
			url: env.DATABASE_URL ?? '',
			store: await storeOf(env),
			erasureLog: erasureLogPath(env, given),
			keys: keysOf(env),
			origin,
			// The app passes the address of a local database on as that of a hosted one.
			sample: env.LOCAL_SAMPLE === '1',
			stop: async () => undefined
		};
	}
	const dataFolder = resolve(given);
	if (!existsSync(dataFolder)) throw new Error(`There is no local data (${dataFolder}).`);
	const found = inspectDataFolder(dataFolder);
	if (found.state !== 'complete') throw new Error(`There is no local data (${dataFolder}).`);
	const keys = keysOf(env, readSecrets(dataFolder));
	const { url, origin: running, stop } = await openLocal(dataFolder, env);
	return {
		url,
		store: folderStore(join(dataFolder, 'files', 'objects')),
		erasureLog: erasureLogPath(env, dataFolder),
		keys,
		origin: running ?? origin,
		sample: found.marker.sample,
		stop
	};
}

/** The address of the database that the environment names, if it runs. */
export function runningDatabase(env: Variables): string | undefined {
	const { hosted, dataFolder } = readEnvironment(env);
	if (hosted.supabase) return env.DATABASE_URL;
	const file = join(resolve(dataFolder), 'variables.json');
	return existsSync(file) && isClaimed(resolve(dataFolder))
		? (readJson(file) as Record<string, string>).DATABASE_URL
		: undefined;
}

/** The database of a data folder: the running one, or one that is started for the while. */
async function openLocal(
	dataFolder: string,
	env: Variables
): Promise<{ url: string; origin?: string; stop: () => Promise<void> }> {
	if (isClaimed(dataFolder)) {
		const file = join(dataFolder, 'variables.json');
		if (!existsSync(file)) throw new Error(`${dataFolder} is in use by a process that starts or ends: try again.`);
		const { DATABASE_URL, ORIGIN } = readJson(file) as Record<string, string>;
		return { url: DATABASE_URL ?? '', ...(ORIGIN && { origin: ORIGIN }), stop: async () => undefined };
	}
	const { release } = claimDataFolder(dataFolder, '`npm run backup`');
	try {
		const { clusterFolder } = await import('../postgres-files.ts');
		const { startPostgres } = await import('../postgres.ts');
		const { archiveFolder, archiveSettings } = await import('./wal/shipping.ts');
		const secrets = readSecrets(dataFolder);
		const { folder } = clusterFolder(dataFolder);
		const postgres = await startPostgres({
			folder,
			password: secrets.superuserPassword,
			runFolder: join(dataFolder, 'run'),
			careless: env.CARELESS === 'yes',
			// A log that is archived must have no gap.
			...(existsSync(archiveFolder(folder)) && { settings: archiveSettings(folder) })
		});
		return {
			url: postgres.url('postgres', 'postgres', secrets.ownerPassword),
			async stop() {
				await postgres.stop();
				release();
			}
		};
	} catch (error) {
		release();
		throw error;
	}
}

/** The lines of the log of erasures. */
export function readErasures(file: string): string {
	return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
