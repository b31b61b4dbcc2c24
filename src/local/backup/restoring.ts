/* The steps that a restore and a verification share. */
import pg from 'pg';
import { migrate, pendingMigrations } from '../migrate.ts';
import { compareTables, findOrphans, loadRows } from './load.ts';
import { openDatabaseText, readTableSums, type Backup } from './opening.ts';
import type { StoredFiles } from './stored.ts';

/** What was found while a backup was restored. */
export interface RestoreFindings {
	ok(line: string): void;
	note(line: string): void;
	fault(line: string): void;
}

/** Brings an empty database to where the backup was, with its rows, and compares them. The database stays at the backup's migrations. */
export async function restoreDatabase(client: pg.Client, backup: Backup, findings: RestoreFindings): Promise<void> {
	const { migrations } = backup;
	const sums = await readTableSums(backup);
	await refuseRows(client);
	await refuseNewer(client, backup);
	await migrate(client, migrations);
	for (const note of await loadRows(client, sums, await openDatabaseText(backup))) findings.note(note);
	const names = Object.keys(sums);
	const rows = Object.values(sums).reduce((total, table) => total + table.rows, 0);
	report(findings, await compareTables(client, sums), `${names.length} tables with ${rows} rows are as they were`);
	const { keys, faults } = await findOrphans(client);
	report(findings, faults, `${keys} foreign keys all lead to a row`);
	await client.query('reset all');
}

/** One line when there is no fault, else all of them. */
export function report(findings: RestoreFindings, faults: readonly string[], ok: string): void {
	for (const fault of faults) findings.fault(fault);
	if (faults.length === 0) findings.ok(ok);
}

/** What was found of the stored files; `ok`: what those that are whole are. */
export function reportFiles(findings: RestoreFindings, { whole, missing, faults }: StoredFiles, ok: string): void {
	report(findings, faults, `${whole} ${ok}`);
	if (missing > 0) findings.note(`${missing} files were missing or damaged already when the backup was made`);
}

// Migrations write no accounts, people or Summits.
async function refuseRows(client: pg.Client): Promise<void> {
	for (const table of ['auth.users', 'public.people', 'public.summits']) {
		const { rows: known } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
			table
		]);
		if (!known[0]?.there) continue;
		const { rows } = await client.query(`select from ${table} limit 1`);
		if (rows.length > 0)
			throw new Error(
				`The database has data already (${table}). A restore goes into an empty one, and nothing was changed.`
			);
	}
}

async function refuseNewer(client: pg.Client, { manifest, migrations }: Backup): Promise<void> {
	const wanted = new Set(migrations.map(({ version }) => version));
	await pendingMigrations(client);
	const { rows: known } = await client.query<{ there: boolean }>(
		`select to_regclass('supabase_migrations.schema_migrations') is not null as there`
	);
	if (!known[0]?.there) return;
	const { rows } = await client.query<{ version: string }>('select version from supabase_migrations.schema_migrations');
	const newer = rows.filter(({ version }) => !wanted.has(version));
	if (newer[0])
		throw new Error(
			`The database has ${newer.length} migrations that the backup ${manifest.name} did not have (first: ${newer[0].version}): restore into one without migrations.`
		);
}
