/* The backup of each night, in a process of its own, and the alarm when the last good one is too old. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isDraining } from '#lib/live/server/drain.ts';
import { errorCode, type Job } from '#lib/live/server/jobs.ts';
import { archivesLog, readBackupSettings } from '../settings.ts';

const hour = 3_600_000;
// Time to close its files and its connection, once it is asked to end.
const graceMs = 30_000;

/** The log of the process. */
export type BackupLog = Record<'info' | 'warn' | 'error', (facts: object, words: string) => void>;

interface Options {
	/** The arguments of Node that make a backup. */
	command?: readonly string[];
	limitMs?: number;
	graceMs?: number;
}

/** Makes the backup of a run in another process, which writes down what became of it; one that takes too long is ended. */
export async function makeBackup(run: string, log: BackupLog, options: Options = {}): Promise<void> {
	const { command = ['src/local/backup/backup.ts'], limitMs = readBackupSettings(process.env).limit * hour } = options;
	const child = spawn(process.execPath, command, {
		env: { ...process.env, BACKUP_RUN: run },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const [said, warned] = [lastLines(child.stdout), lastLines(child.stderr)];
	// Pages come first.
	if (child.pid) lowerPriority(child.pid);
	const end = () => endChild(child, options.graceMs ?? graceMs);
	process.once('sveltekit:shutdown', end);
	const timer = setTimeout(() => {
		// Written first: the process would only say that it was killed.
		void callPrivate('fail_backup', [run, 'too_long'])
			.catch(() => undefined)
			.then(end);
	}, limitMs);
	const code = await new Promise<number | null>((done) => {
		child.once('error', () => done(null));
		// Once all that it said was read.
		child.once('close', done);
	});
	clearTimeout(timer);
	process.off('sveltekit:shutdown', end);
	// One that was killed could not say so, nor one that stopped at its settings, or could not write what became of it.
	const [row] = await callPrivate('fail_backup', [
		run,
		code === null ? 'killed' : code === 0 ? 'database' : 'settings'
	]);
	const fault = row?.fail_backup ?? null;
	if (fault !== null) log.error({ fault, code, said, warned }, 'the nightly backup failed');
	else if (warned.length > 0) log.warn({ run, said, warned }, 'the nightly backup was made, with warnings');
	else log.info({ run, said }, 'the nightly backup was made');
}

/** Keeps the last lines of a stream. What the command says is written for people, without secrets or texts of participants. */
function lastLines(stream: Readable): string[] {
	const lines: string[] = [];
	createInterface({ input: stream }).on('line', (line) => {
		if (line.trim()) lines.push(line.slice(0, 500));
		if (lines.length > 20) lines.shift();
	});
	return lines;
}

function lowerPriority(pid: number): void {
	try {
		setPriority(pid, 10);
	} catch {
		// It has ended, or the system does not allow it.
	}
}

function endChild(child: ChildProcess, afterMs: number): void {
	child.kill('SIGTERM');
	setTimeout(() => child.kill('SIGKILL'), afterMs).unref();
}

/** Alarms the owners when the last good backup is too old. */
async function alarm(now: Date, log: BackupLog): Promise<void> {
	const [row] = await callPrivate('alarm_old_backups', [now]);
	if (row?.alarm_old_backups) log.error({ since: row.alarm_old_backups }, 'the last good backup is too old');
}

/** Each minute: makes the backup of this night when it is due and no other process does, and looks how old the last good one is. */
export function backupJobs(log: BackupLog): Job[] {
	let warned = 0;
	async function watchLock(limitMs: number): Promise<void> {
		const [row] = await callPrivate('backup_lock_holder');
		const holder = row?.backup_lock_holder;
		if (!holder || Date.now() - Date.parse(holder.since) < limitMs || Date.now() - warned < hour) return;
		warned = Date.now();
		log.warn(holder, 'a backup takes too long, and while it runs no stored file is deleted');
	}
	async function run(): Promise<void> {
		const { isNightly, isExpected, at, oldAfter, limit } = readBackupSettings(process.env);
		const interval = oldAfter === null ? null : `${oldAfter} hours`;
		await callPrivate('set_backup_settings', [isNightly, at, interval, isExpected]);
		await callPrivate('expect_wal_archiving', [archivesLog(process.env)]);
		const now = new Date();
		await callPrivate('clean_backup_runs', [now]);
		// One that is begun while this process drains would be killed with it.
		const [claimed] = isNightly && !isDraining() ? await callPrivate('claim_backup', [now]) : [];
		// It takes long: the other jobs do not wait for it.
		if (claimed?.claim_backup)
			void makeBackup(claimed.claim_backup, log).catch((error: unknown) =>
				log.error({ code: errorCode(error) }, 'what became of the nightly backup is not known')
			);
		await watchLock(limit * hour);
		await alarm(now, log);
	}
	return [{ task: 'make_backups', everyMinute: true, run }];
}
