/* Runs of backups in words. */
import type { BackupOverview, BackupRun, WalArchiving } from '#lib/database/answers/backup.ts';
import { m } from '#lib/i18n/messages.ts';
import { bytes, dayAndClock } from '#lib/i18n/time.ts';

export type { BackupOverview, BackupRun };

const faults: Record<NonNullable<BackupRun['fault']>, () => string> = {
	killed: m.backup_fault_killed,
	too_long: m.backup_fault_too_long,
	locked: m.backup_fault_locked,
	migrating: m.backup_fault_migrating,
	database: m.backup_fault_database,
	place: m.backup_fault_place,
	place_taken: m.backup_fault_place_taken,
	no_space: m.backup_fault_no_space,
	settings: m.backup_fault_settings,
	other: m.backup_fault_other
};

/** What became of a run. */
export function runOutcome({ outcome, fault }: BackupRun): string {
	if (fault !== null) return faults[fault]();
	return outcome === 'good' ? m.backup_outcome_good() : m.backup_outcome_running();
}

/** Why the log is not archived. */
export const walReason = ({ fault }: WalArchiving): string => (fault === null ? '' : faults[fault]());

/** What somebody has to look at after a good run. */
export function warningsOf({ missing, damaged, rotation_failed }: BackupRun): string[] {
	return [
		...(missing ? [m.backup_missing({ count: String(missing) })] : []),
		...(damaged ? [m.backup_damaged({ count: String(damaged) })] : []),
		...(rotation_failed ? [m.backup_rotation_failed()] : [])
	];
}

/** How large a backup is; '' for a run that made none. */
export function sizeOf({ size, files_size }: BackupRun): string {
	return size === null ? '' : m.backup_size_of({ rows: bytes(size), files: bytes(files_size ?? 0) });
}

/** What the last verification found. */
export function verificationOf({ last_verified: last }: BackupOverview): string {
	if (!last) return m.backup_never_verified();
	const when = dayAndClock(last.at, 'UTC');
	return last.faults ? m.backup_verified_faults({ when, count: String(last.faults) }) : m.backup_verified_ok({ when });
}
