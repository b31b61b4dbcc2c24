/* The process that archives the log of the local database, beside the other engines. */
import { join, resolve } from 'node:path';
import type { ArchiverSettings } from './backup/wal/archiver.ts';
import type { Parts } from './engines.ts';
import { clusterFolder } from './postgres-files.ts';
import type { LocalPostgres } from './postgres.ts';
import { startProcess } from './processes.ts';
import { supervise } from './supervise.ts';

/** Starts it, and starts it again whenever it ends. */
export function startArchiver(
	{ env, environment, dataFolder, runFolder, say, onStop }: Parts,
	{ postgres, sample }: { postgres: LocalPostgres; sample: boolean },
	sealingKey: string
): void {
	const settings: ArchiverSettings = {
		url: postgres.url(),
		clusterFolder: clusterFolder(dataFolder).folder,
		origin: environment.origin,
		sample,
		sealingKey
	};
	const archiver = supervise({
		start: () =>
			startProcess('archiver', process.execPath, [join(import.meta.dirname, 'backup/wal/archiver.ts')], {
				cwd: resolve(import.meta.dirname, '../..'),
				env: { ...env, WAL_ARCHIVER: JSON.stringify(settings) },
				runFolder,
				onLine: say
			}),
		ready: async () => undefined,
		onState: (next) =>
			next === 'starting' && say('The process that archives the log ended, and is being started again.')
	});
	onStop('archiver', () => archiver.stop());
}
