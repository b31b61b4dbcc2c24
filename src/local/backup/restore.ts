/*
 * `npm run restore`: a backup into an empty data folder, or into an empty hosted database.
 *
 *   npm run restore -- PLACE --identity FILE --keys FILE            the newest backup
 *   npm run restore -- PLACE --backup NAME --identity FILE …        an older one
 *   npm run restore -- PLACE --identity FILE --keys FILE --at TIME   as it was at a moment, where the log is archived (BACKUP_WAL)
 *   npm run restore -- PLACE --identity FILE [--keys FILE] --verify brings it up beside, checks everything, and deletes it again
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { erasureLogPath } from '../../lib/privacy/server/erasure-lines.ts';
import { claimDataFolder, noteRestored, noteRestoring } from '../data-folder.ts';
import { readEnvironment, type Environment } from '../environment.ts';
import { withClient } from '../hosted-database.ts';
import { migrate } from '../migrate.ts';
import { readSecrets } from '../secrets.ts';
import { fromHere, runCommand } from './command.ts';
import { readIdentities } from './encryption.ts';
import { keepErasures } from './erasures.ts';
import { readKeys, type Keys } from './keys.ts';
import { isProven } from './manifest.ts';
import { keptObjects } from './objects.ts';
import { openBackup, type Backup } from './opening.ts';
import { openPlace } from './place.ts';
import { reportFiles, restoreDatabase, type RestoreFindings } from './restoring.ts';
import { tryKeys } from './sealed.ts';
import { recordVerification } from './runs.ts';
import { keysOf, runningDatabase, storeOf } from './source.ts';
import { putFiles } from './stored.ts';

const usage = `npm run restore -- PLACE [--backup NAME | --at TIME] --identity FILE [--keys FILE | --without-keys] [--verify]   (docs/operations.md)`;

const command = '`npm run restore`';

const keysMissing =
	'--keys FILE is missing: the keys that `npm run backup -- --keys` wrote, or SEALING_KEY and BADGE_KEY in the environment. Without them what is sealed stays closed for ever, and no printed badge is valid; --without-keys restores the rest.';

type OnStop = (stop: () => Promise<void>) => void;

async function main(onStop: OnStop): Promise<boolean> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			backup: { type: 'string' },
			identity: { type: 'string' },
			keys: { type: 'string' },
			'without-keys': { type: 'boolean' },
			verify: { type: 'boolean' },
			at: { type: 'string' }
		}
	});
	const address = positionals[0] === undefined ? process.env.BACKUP_TO : fromHere(positionals[0]);
	if (!address) throw new Error(`Which place of backups? ${usage}`);
	if (values.identity === undefined)
		throw new Error('--identity FILE is missing: the secret key to which the backup was encrypted.');
	const identities = readIdentities(fromHere(values.identity));
	const keys = values.keys === undefined ? keysOfEnvironment() : await readKeys(fromHere(values.keys), identities);
	const { findings, faults } = collect();
	if (values.at !== undefined) {
		const { readMoment, restoreAt } = await import('./wal/restoring-at.ts');
		const { hosted, dataFolder } = readEnvironment(process.env);
		if (hosted.supabase || values.verify || values.backup !== undefined)
			throw new Error('--at restores a local data folder, and goes neither with --backup nor with --verify.');
		if (!keys && !values['without-keys']) throw new Error(keysMissing);
		const at = readMoment(values.at);
		const fromFile = values.keys !== undefined;
		await restoreAt(address, at, {
			...{ dataFolder: resolve(dataFolder), identities, keys, fromFile, findings, onStop },
			env: process.env
		});
		if (faults.length > 0) throw new Error(`${faults.length} faults: this is not what was there.`);
		return true;
	}
	const backup = await openBackup(await openPlace(address), values.backup, identities);
	if (values.verify) {
		const { verify } = await import('./verifying.ts');
		await verify(backup, { keys, findings, onStop });
		await noteVerified(backup.manifest.name, faults.length);
		console.log(faults.length === 0 ? '\nThis backup can be restored.' : `\n${faults.length} faults.`);
		return faults.length === 0;
	}
	if (!keys && !values['without-keys']) throw new Error(keysMissing);
	if (keys && !isProven(backup.manifest, keys.SEALING_KEY))
		throw new Error('backup.json was not written by the installation that these keys belong to. Nothing was changed.');
	await restore(backup, { keys, fromFile: values.keys !== undefined, findings, onStop });
	if (faults.length > 0) throw new Error(`${faults.length} faults: this is not what was backed up.`);
	return true;
}

// Where the verified installation runs on this machine, or this environment names its database, its owners see it too.
async function noteVerified(name: string, faults: number): Promise<void> {
	const url = runningDatabase(process.env);
	const noted = url ? await recordVerification(url, name, faults).catch(() => false) : false;
	if (noted) console.log('Its owners see that it was verified.');
}

function keysOfEnvironment(): Keys | undefined {
	const keys = keysOf(process.env);
	return keys.SEALING_KEY && keys.BADGE_KEY ? keys : undefined;
}

/** Says each finding as it comes. */
function collect(): { findings: RestoreFindings; faults: string[] } {
	const faults: string[] = [];
	return {
		faults,
		findings: {
			ok: (line) => console.log(`ok     ${line}`),
			note: (line) => console.log(`note   ${line}`),
			fault(line) {
				faults.push(line);
				console.log(`FAULT  ${line}`);
			}
		}
	};
}

interface RestoreOptions {
	keys: Keys | undefined;
	/** Whether the data folder gets the keys; those of the environment stay there. */
	fromFile: boolean;
	findings: RestoreFindings;
	onStop: OnStop;
}

async function restore(backup: Backup, options: RestoreOptions): Promise<void> {
	const environment = readEnvironment(process.env);
	const { name, origin } = backup.manifest;
	if (environment.hosted.supabase) {
		if (environment.problems.length > 0) throw new Error(environment.problems.join('\n'));
		console.log(`Restoring ${name} of ${origin} into the database of DATABASE_URL…`);
		await fill(process.env.DATABASE_URL ?? '', process.env, backup, options);
	} else {
		const dataFolder = resolve(environment.dataFolder);
		console.log(`Restoring ${name} of ${origin} into ${dataFolder}…`);
		await restoreLocally(dataFolder, environment, backup, options);
	}
	await keepErasures(erasureLogPath(process.env, environment.dataFolder), backup, options.findings);
	console.log(
		`\nRestored as of ${name}. The next start carries out the erasures since then, before it serves anything.`
	);
}

async function restoreLocally(
	dataFolder: string,
	environment: Environment,
	backup: Backup,
	options: RestoreOptions
): Promise<void> {
	const { clusterFolder } = await import('../postgres-files.ts');
	const { startPostgres } = await import('../postgres.ts');
	const { prepare, filesFolder } = await import('../database.ts');
	const claimed = existsSync(dataFolder) ? claimDataFolder(dataFolder, command) : undefined;
	noteRestoring(dataFolder);
	const { release } = claimed ?? claimDataFolder(dataFolder, command);
	if (options.fromFile && options.keys) {
		const { SEALING_KEY: sealingKey, BADGE_KEY: badgeKey, PUSH_KEY: pushKey } = options.keys;
		writeFileSync(join(dataFolder, 'secrets.json'), JSON.stringify({ sealingKey, badgeKey, pushKey }), { mode: 0o600 });
	}
	const secrets = readSecrets(dataFolder);
	const postgres = await startPostgres({
		folder: clusterFolder(dataFolder).folder,
		password: secrets.superuserPassword,
		runFolder: join(dataFolder, 'run'),
		careless: process.env.CARELESS === 'yes',
		onStart: (stop) => options.onStop(async () => stop().finally(release))
	});
	await prepare(postgres, secrets);
	const url = postgres.url('postgres', 'postgres', secrets.ownerPassword);
	await fill(url, { FILES_DIR: filesFolder(dataFolder) }, backup, options);
	await postgres.stop();
	noteRestored(dataFolder, backup.manifest.sample);
}

/** The rows, the files, and the migrations since. */
async function fill(
	url: string,
	storeEnv: Record<string, string | undefined>,
	backup: Backup,
	{ keys, findings }: RestoreOptions
): Promise<void> {
	await withClient(url, async (client) => {
		await restoreDatabase(client, backup, findings);
		if (keys) await tryKeys(client, keys.SEALING_KEY, findings);
		const files = await putFiles(backup, await keptObjects(client), await storeOf(storeEnv));
		reportFiles(findings, files, 'files are as they were');
		const applied = await migrate(client);
		if (applied.length > 0) findings.ok(`${applied.length} migrations since then are applied`);
	});
}

if (import.meta.main) await runCommand(main, usage);
