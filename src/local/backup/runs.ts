/* The rows that runs of the commands leave in the database (supabase/schemas/39_backup). */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { BackupOverview } from '../../lib/database/answers/backup.ts';
import { withClient } from '../hosted-database.ts';
import { BackupError, faultOf, type BackupFault } from './explain.ts';
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
		const { rows: known } = await client.query<{ there: boolean }>(
			`select to_regprocedure('private.fail_backup_rotation(uuid)') is not null as there`
		);
		if (!known[0]?.there) return null;
		const { rows } = await client.query<{ id: string }>('select private.begin_backup() as id');
		return rows[0]?.id ?? null;
	});
}

interface RunOptions {
	/** The address of the place. */
	address: string;
	/** The row that the app has claimed, else a new one. */
	claimed?: string | undefined;
	onStop: OnStop;
	/** After so long it is ended. */
	limitMs: number;
}

/** Makes a backup: calls `onMade` once it is whole, and answers whether older ones were deleted. */
type Work = (onMade: (made: MadeBackup) => Promise<void>) => Promise<{ isRotated: boolean }>;

/**
 * Makes a backup, with a row of what became of it. Also a signal ends the row; a row that cannot be written is no reason to have no
 * backup. One that takes too long is given up, also where nobody is left who would end it.
 */
export async function recordRun(
	url: string,
	{ address, claimed, onStop, limitMs }: RunOptions,
	work: Work
): Promise<void> {
	const id = claimed || (await begin(url).catch(() => null));
	if (!id)
		return void (await withinLimit(
			limitMs,
			work(async () => undefined)
		));
	const write = (sql: string, ...values: unknown[]) => withClient(url, (client) => client.query(sql, [id, ...values]));
	let isOver = false;
	const fail = async (fault: BackupFault) => {
		isOver = true;
		await write('select private.fail_backup($1, $2)', fault);
	};
	const failRotation = () => write('select private.fail_backup_rotation($1)').catch(() => undefined);
	let isMade = false;
	const record = async ({ manifest: { name, parts, objects }, missing, damaged }: MadeBackup) => {
		[isMade, isOver] = [true, true];
		const values = [name, parts.database.size, objects.count, objects.size, missing, damaged];
		await write('select private.record_backup($1, $2, $3, $4, $5, $6, $7)', ...values)
			.then(() => write('update private.backup_runs set place = $2 where id = $1', placeOf(address)))
			.catch(() => console.error('The backup is made; the row that says so could not be written.'));
	};
	onStop(async () => {
		if (!isOver) await fail('killed');
	});
	try {
		const { isRotated } = await withinLimit(limitMs, work(record));
		if (!isRotated) await failRotation();
	} catch (error) {
		if (isMade) await failRotation();
		else await fail(faultOf(error)).catch(() => undefined);
		throw error;
	}
}

async function withinLimit<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		const sentence = `It took longer than ${limitMs / 3_600_000} hours (BACKUP_LIMIT), and was given up.`;
		timer = setTimeout(() => reject(new BackupError('too_long', sentence)), limitMs);
	});
	return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** A place by a digest of its address, as runs keep it. */
const placeOf = (address: string) => createHash('sha256').update(address).digest('hex').slice(0, 16);

/** Whether a good backup went to this address. At an older migration no run has a place. */
export async function isUsed(url: string, address: string): Promise<boolean> {
	return withClient(url, async (client) => {
		const { rows } = await client.query<{ used: boolean }>(
			`select exists (select from private.backup_runs where place = $1 and outcome = 'good') as used`,
			[placeOf(address)]
		);
		return rows[0]?.used ?? false;
	}).catch(() => false);
}

/** The last good backup that went to this address: its name, and when it was begun. A run of an older release has no place, and counts. */
export async function lastBackupIn(url: string, address: string): Promise<{ backup: string; begunAt: Date } | null> {
	return withClient(url, async (client) => {
		const { rows } = await client.query<{ backup: string; begunAt: Date }>(
			`select backup, begun_at as "begunAt" from private.backup_runs
			where outcome = 'good' and (place = $1 or place is null) order by begun_at desc limit 1`,
			[placeOf(address)]
		);
		return rows[0] ?? null;
	});
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
