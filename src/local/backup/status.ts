/* What `npm run backup -- --status` says. Pure. */
import type { BackupSettings } from '../../lib/backup/settings.ts';
import type { BackupOverview, BackupRun } from '../../lib/database/answers/backup.ts';

const mb = (size: number | null) => `${((size ?? 0) / 1e6).toFixed(1)} MB`;
const hoursBetween = (from: string, to: Date) => (to.getTime() - Date.parse(from)) / 3_600_000;

/** The state in lines, and whether the last good backup is too old, or the log is not archived. */
export function statusOf(
	overview: BackupOverview | null,
	{ oldAfter }: BackupSettings,
	now: Date
): { lines: string[]; isOld: boolean } {
	const good = overview?.last_good;
	if (!overview || !good)
		return {
			lines: ['No backup was made of this installation.', ...(overview ? walLines(overview) : []), ...runsOf(overview)],
			isOld: true
		};
	const hours = hoursBetween(good.begun_at, now);
	const isTooOld = oldAfter !== null && hours > oldAfter;
	return {
		lines: [
			`Last good backup: ${good.backup}, ${hours.toFixed(1)} hours ago${isTooOld ? `: older than ${oldAfter} hours` : ''}.`,
			`Rows ${mb(good.size)}, ${good.files} files (${mb(good.files_size)}).`,
			...warnings(good),
			verified(overview),
			...walLines(overview),
			overview.next_at ? `Next one: ${overview.next_at}.` : 'None is made each night by the app.',
			...(overview.holder ? [`One is being made since ${overview.holder.since} (${overview.holder.by}).`] : []),
			...runsOf(overview)
		],
		isOld: isTooOld || isWalLate(overview)
	};
}

function warnings({ missing, damaged, rotation_failed }: BackupRun): string[] {
	return [
		...(missing ? [`${missing} files were not in the store.`] : []),
		...(damaged ? [`${damaged} files in the store were not what the database says.`] : []),
		...(rotation_failed ? ['Older backups could not be deleted: see the log, or the output of the command.'] : [])
	];
}

function verified({ last_verified: last }: BackupOverview): string {
	if (!last) return 'None was verified with `npm run restore -- --verify` on this installation.';
	return `Last verified: ${last.backup}, at ${last.at}, ${last.faults} faults.`;
}

const isWalLate = ({ wal }: BackupOverview): boolean =>
	Boolean(wal && (wal.failing_since !== null || wal.silent_since !== null));

// The log of a local database, where it is archived.
function walLines({ wal }: BackupOverview): string[] {
	if (!wal) return [];
	const last = wal.archived_at ?? 'never';
	if (wal.failing_since !== null)
		return [`The log is not archived since ${wal.failing_since} (${wal.fault ?? 'other'}); last archived: ${last}.`];
	if (wal.silent_since !== null)
		return [`The process that archives the log says nothing since ${wal.silent_since}; last archived: ${last}.`];
	return [`The log is archived up to ${last}.`];
}

// Failed runs since the last good one.
function runsOf(overview: BackupOverview | null): string[] {
	const runs = overview?.runs ?? [];
	const at = runs.findIndex(({ outcome }) => outcome === 'good');
	const failed = (at < 0 ? runs : runs.slice(0, at)).filter(
		(run): run is BackupRun & { fault: string } => run.fault !== null
	);
	return failed.map(({ begun_at, fault }) => `Failed since: ${begun_at} (${fault}).`);
}
