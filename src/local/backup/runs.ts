/* The rows that runs of the commands leave in the database (supabase/schemas/39_backup). */
import type pg from 'pg';
import type { BackupOverview } from '../../lib/database/answers/backup.ts';
import { withClient } from '../hosted-database.ts';
import { faultOf, type BackupFault } from './explain.ts';
import type { MadeBackup } from './making.ts';

type OnStop = (stop: () => Promise<void>) => void;

// A database at an older migration has no such rows, and is backed up all the same.
async function hasRuns(client: pg.Client): Promise<boolean> {
	const { rows } = await client.query<{ there: boolean }>(
		`select to_regclass('private.backup_runs') is not null as there`
	);
	return rows[0]?.there ?? false;
}

async function begin(url: string): Promise<string | null> {
	return withClient(url, async (client) => {
		if (!(await hasRuns(client))) return null;
		const { rows } = await client.query<{ id: string }>('select private.begin_backup() as id');
		return rows[0]?.id ?? null;
	});
}

/**
 * Makes a backup, with a row of what became of it: the one that the app has claimed, else a new one. Also a signal ends the row; a
 * row that cannot be written is no reason to have no backup.
 */
export async function recordRun(
	url: string,
	claimed: string | undefined,
	onStop: OnStop,
	work: () => Promise<MadeBackup>
): Promise<void> {
	const id = claimed || (await begin(url).catch(() => null));
	if (!id) return void (await work());
	const fail = (fault: BackupFault) =>
		withClient(url, (client) => client.query('select private.fail_backup($1, $2)', [id, fault]));
	let over = false;
	onStop(async () => {
		if (!over) await fail('killed');
	});
	try {
		const { name, parts, objects } = (await work()).manifest;
		over = true;
		const values = [id, name, parts.database.size, objects.count, objects.size];
		await withClient(url, (client) => client.query('select private.record_backup($1, $2, $3, $4, $5)', values)).catch(
			() => console.error('The backup is made; the row that says so could not be written.')
		);
	} catch (error) {
		over = true;
		await fail(faultOf(error)).catch(() => undefined);
		throw error;
	}
}

/** Notes on the run that made a backup what a verification found. False when no run of this database made it. */
export async function recordVerification(url: string, backup: string, faults: number): Promise<boolean> {
	return withClient(url, async (client) => {
		if (!(await hasRuns(client))) return false;
		const { rows } = await client.query<{ found: boolean }>(
			'select private.record_backup_verification($1, $2) as found',
			[backup, faults]
		);
		return rows[0]?.found ?? false;
	});
}

/** What the database says of its backups. `oldAfter`: for one that no app has run on, in hours. */
export async function readOverview(url: string): Promise<BackupOverview | null> {
	return withClient(url, async (client) => {
		if (!(await hasRuns(client))) return null;
		const { rows } = await client.query<{ overview: BackupOverview }>(
			'select private.backup_overview(now()) as overview'
		);
		return rows[0]?.overview ?? null;
	});
}
