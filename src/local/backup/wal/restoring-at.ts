/* `npm run restore -- --at TIME`: the database as it was at a moment, from a base copy and the log after it. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { erasureLogPath } from '../../../lib/privacy/server/erasure-lines.ts';
import { claimDataFolder, noteRestored, noteRestoring } from '../../data-folder.ts';
import { filesFolder } from '../../database.ts';
import { withClient } from '../../hosted-database.ts';
import { migrate } from '../../migrate.ts';
import { clusterFolder } from '../../postgres-files.ts';
import { startPostgres } from '../../postgres.ts';
import { readSecrets } from '../../secrets.ts';
import { keepErasures } from '../erasures.ts';
import type { Keys } from '../keys.ts';
import { findOrphans } from '../load.ts';
import { isProven, listBackups, momentOf, readManifest } from '../manifest.ts';
import { keptObjects, readStoredObjects, type StoredObject } from '../objects.ts';
import type { Backup } from '../opening.ts';
import { openPlace, type BackupPlace } from '../place.ts';
import { report, reportFiles, type RestoreFindings } from '../restoring.ts';
import { tryKeys } from '../sealed.ts';
import { storeOf } from '../source.ts';
import { putFiles } from '../stored.ts';
import { walAddress } from './archiver.ts';
import { chooseBase, dropSegments, extractBase, fetchSegments, recover, setPasswords } from './recovery.ts';

interface Options {
	dataFolder: string;
	identities: readonly string[];
	keys: Keys | undefined;
	/** Whether the data folder gets the keys; those of the environment stay there. */
	fromFile: boolean;
	findings: RestoreFindings;
	onStop: (stop: () => Promise<void>) => void;
	env: NodeJS.ProcessEnv;
}

const command = '`npm run restore`';

/** Reads the moment of `--at`. Throws a sentence for people. */
export function readMoment(text: string, now = new Date()): Date {
	const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
	const moment = new Date(text);
	if (!isWhole || Number.isNaN(moment.getTime()))
		throw new Error(`--at ${text} is not a moment with its offset, such as 2026-12-01T10:00:00Z.`);
	if (moment > now) throw new Error(`--at ${text} is in the future.`);
	return moment;
}

/** Restores an empty data folder to a moment. */
export async function restoreAt(address: string, at: Date, options: Options): Promise<void> {
	const { dataFolder, identities, keys, findings, onStop, env } = options;
	const opening = { place: await openPlace(walAddress(address)), identities, sealingKey: keys?.SEALING_KEY };
	const { base, next } = await chooseBase(opening.place, at);
	console.log(`Restoring ${base.origin} as of ${at.toISOString()} into ${dataFolder}…`);
	const claimed = existsSync(dataFolder) ? claimDataFolder(dataFolder, command) : undefined;
	noteRestoring(dataFolder);
	const { release } = claimed ?? claimDataFolder(dataFolder, command);
	onStop(async () => release());
	const { folder } = clusterFolder(dataFolder);
	const segments = `${folder}.segments`;
	for (const left of [folder, segments]) rmSync(left, { recursive: true, force: true });
	writeKeys(options);
	const secrets = readSecrets(dataFolder);
	await extractBase(base, folder, opening);
	const { count, gap } = await fetchSegments(base, next, segments, opening);
	const reached = await recover(folder, segments, at);
	dropSegments(segments);
	setPasswords(folder, secrets);
	findings.ok(`the base copy ${base.name} and ${count} files of the log were replayed`);
	const last = reached.last === null ? base.finishedAt : reached.last;
	if (reached.isExact)
		findings.ok(`the database is as it was at ${at.toISOString()}; its last transaction is of ${last}`);
	else
		findings.note(
			`the log ends before ${at.toISOString()}: the database is as it was after its last transaction, of ${last}`
		);
	if (gap !== null)
		findings.note(`the segment ${gap} of the log is missing; later ones are there, and cannot be replayed`);
	const postgres = await startPostgres({
		folder,
		password: secrets.superuserPassword,
		runFolder: join(dataFolder, 'run'),
		careless: env.CARELESS === 'yes',
		onStart: (stop) => onStop(() => stop())
	});
	await withClient(postgres.url(), endSessions);
	const backups = await backupsAround(await openPlace(address), at, options);
	await withClient(postgres.url('postgres', 'postgres', secrets.ownerPassword), async (client) => {
		const { keys: count, faults } = await findOrphans(client);
		report(findings, faults, `${count} foreign keys all lead to a row`);
		if (keys) await tryKeys(client, keys.SEALING_KEY, findings);
		await restoreFiles(await keptObjects(client), backups, dataFolder, findings);
		const applied = await migrate(client);
		if (applied.length > 0) findings.ok(`${applied.length} migrations since then are applied`);
	});
	await postgres.stop();
	noteRestored(dataFolder, base.sample);
	const [newest] = backups;
	if (newest) await keepErasures(erasureLogPath(env, dataFolder), newest, findings);
	else findings.note('there is no whole backup in the place: neither stored files nor later erasures are restored');
	console.log('\nThe next start carries out the erasures since then, before it serves anything.');
}

function writeKeys({ dataFolder, keys, fromFile }: Options): void {
	if (!fromFile || !keys) return;
	const { SEALING_KEY: sealingKey, BADGE_KEY: badgeKey, PUSH_KEY: pushKey } = keys;
	writeFileSync(join(dataFolder, 'secrets.json'), JSON.stringify({ sealingKey, badgeKey, pushKey }), { mode: 0o600 });
}

// As after every restore, everybody signs in again.
async function endSessions(superuser: pg.Client): Promise<void> {
	const { rows } = await superuser.query<{ there: boolean }>(
		`select to_regclass('auth.sessions') is not null as there`
	);
	if (rows[0]?.there) await superuser.query('delete from auth.sessions');
}

/** The first backup after a moment and the last before it: what one of them has, the store had then. */
async function backupsAround(place: BackupPlace, at: Date, { identities, keys, findings }: Options): Promise<Backup[]> {
	const { whole } = await listBackups(place);
	const names = [whole.find((name) => momentOf(name) > at), whole.findLast((name) => momentOf(name) <= at)];
	const backups: Backup[] = [];
	for (const name of names.filter((each) => each !== undefined)) {
		const manifest = await readManifest(place, name);
		if (keys && !isProven(manifest, keys.SEALING_KEY))
			findings.fault(
				`the backup ${name} was not written by the installation that these keys belong to: it is not used`
			);
		else
			backups.push({
				place,
				manifest,
				identities,
				migrations: [],
				objects: (await readStoredObjects(place, name)).objects
			});
	}
	return backups;
}

async function restoreFiles(
	kept: StoredObject[],
	backups: readonly Backup[],
	dataFolder: string,
	findings: RestoreFindings
): Promise<void> {
	const store = await storeOf({ FILES_DIR: filesFolder(dataFolder) });
	let left = kept;
	for (const backup of backups) {
		const listed = new Set(backup.objects.map(({ name }) => name));
		const here = left.filter(({ name }) => listed.has(name));
		left = left.filter(({ name }) => !listed.has(name));
		if (here.length > 0)
			reportFiles(findings, await putFiles(backup, here, store), `files of ${backup.manifest.name} are as they were`);
	}
	if (left.length > 0) findings.note(`${left.length} files were stored after the last backup, and are in none`);
}
