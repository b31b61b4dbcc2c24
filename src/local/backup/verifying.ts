/* Brings a backup up beside, in a PostgreSQL of its own, checks everything that a restore rests on, and deletes it again. */
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { erasedIn } from '../../lib/privacy/server/erasure-lines.ts';
import { prepare } from '../database.ts';
import { withClient } from '../hosted-database.ts';
import { migrate } from '../migrate.ts';
import { clusterFolder } from '../postgres-files.ts';
import { startPostgres, type LocalPostgres } from '../postgres.ts';
import { createSystemSchema } from '../roles.ts';
import { temporaryFolderIn } from '../temporary-folders.ts';
import type { Keys } from './keys.ts';
import { isProven } from './manifest.ts';
import { keptObjects } from './objects.ts';
import { newestErasures, type Backup } from './opening.ts';
import { compareRules, readDatabaseRules, sumRules } from './rules.ts';
import { report, reportFiles, restoreDatabase, type RestoreFindings } from './restoring.ts';
import { tryKeys } from './sealed.ts';
import { checkFiles } from './stored.ts';
import type pg from 'pg';

interface Options {
	keys: Keys | undefined;
	findings: RestoreFindings;
	onStop: (stop: () => Promise<void>) => void;
}

/** Checks a backup whose files are whole. Whatever happens, what it made is deleted by the stop that it registers. */
export async function verify(backup: Backup, { keys, findings, onStop }: Options): Promise<void> {
	const { manifest } = backup;
	findings.ok(`${manifest.name} of ${manifest.origin}, made by version ${manifest.version}: its files are whole`);
	const base = temporaryFolderIn(tmpdir(), 'global-summit-verify');
	chmodSync(base, 0o711);
	const { folder } = clusterFolder(base);
	onStop(async () => {
		for (const made of [base, folder]) rmSync(made, { recursive: true, force: true });
	});
	const word = () => randomBytes(16).toString('hex');
	const passwords = { superuser: word(), ownerPassword: word(), litePassword: word() };
	const postgres = await startPostgres({
		folder,
		password: passwords.superuser,
		careless: true,
		onStart: (stop) => onStop(() => stop())
	});
	await prepare(postgres, passwords);
	const url = (database: string) => postgres.url(database, 'postgres', passwords.ownerPassword);
	await withClient(url('postgres'), async (client) => {
		await restoreDatabase(client, backup, findings);
		await checkRules(client, await makeFresh(postgres, url('fresh'), backup), backup, findings);
		await checkKeys(client, backup, keys, findings);
		const files = await checkFiles(backup, await keptObjects(client));
		reportFiles(findings, files, 'files open and are what the database says');
		const applied = await migrate(client);
		if (applied.length > 0) findings.ok(`${applied.length} migrations since then apply`);
		await replay(client, await newestErasures(backup), findings);
	});
}

/** The rules of an empty database with the migrations of the backup. */
async function makeFresh(postgres: LocalPostgres, url: string, { migrations }: Backup): Promise<Map<string, string>> {
	await withClient(postgres.url(), (superuser) => superuser.query('create database fresh owner postgres'));
	await withClient(postgres.url('fresh'), createSystemSchema);
	return withClient(url, async (client) => {
		await migrate(client, migrations);
		return readDatabaseRules(client);
	});
}

async function checkRules(
	client: pg.Client,
	fresh: Map<string, string>,
	{ manifest }: Backup,
	findings: RestoreFindings
): Promise<void> {
	const found = await readDatabaseRules(client);
	const faults = compareRules(found, fresh).map((object) => `${object} is not what the migrations make`);
	report(
		findings,
		faults,
		`${fresh.size} policies, grants, triggers, functions and other objects are what the migrations make`
	);
	const { rows } = await client.query<{ server_version: string }>('show server_version');
	// Another version of PostgreSQL writes definitions in another way.
	const isSameServer = parseInt(rows[0]?.server_version ?? '') === parseInt(manifest.server);
	const sums = sumRules(fresh);
	const changed = Object.keys(sums).filter((kind) => sums[kind] !== manifest.rules[kind]);
	if (isSameServer && changed.length > 0)
		findings.note(`in the database that was backed up, these were changed by hand: ${changed.join(', ')}`);
	await client.query('reset all');
}

async function checkKeys(
	client: pg.Client,
	{ manifest }: Backup,
	keys: Keys | undefined,
	findings: RestoreFindings
): Promise<void> {
	if (!keys) {
		findings.note(
			'no keys were given (--keys): whether they open what is sealed, and who wrote the backup, was not checked'
		);
		return;
	}
	if (isProven(manifest, keys.SEALING_KEY)) findings.ok('the installation of these keys wrote this backup');
	else findings.fault('backup.json was not written by the installation that these keys belong to');
	await tryKeys(client, keys.SEALING_KEY, findings);
}

/** Carries out what the next start would. */
async function replay(client: pg.Client, lines: readonly string[], findings: RestoreFindings): Promise<void> {
	const { rows } = await client.query<{ person_id: string }>('select person_id from private.erased_ids()');
	const erased = new Set(rows.map((row) => row.person_id));
	const ids = [...erasedIn(lines.join('\n'))].filter((id) => !erased.has(id));
	for (const id of ids) await client.query('select private.replay_erasure($1)', [id]);
	const { rows: left } = await client.query<{ count: string }>(
		'select count(*)::text from unnest($1::uuid[]) as id where id not in (select person_id from private.erased_ids())',
		[ids]
	);
	if (left[0]?.count === '0') findings.ok(`${ids.length} erasures since then were carried out`);
	else findings.fault(`${left[0]?.count} erasures since then were not carried out`);
}
