import { domains } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers, PrivateAnswers } from './kinds.ts';

/** What a run of a backup left. */
export const BackupRun = v.strictObject({
	id: v.string(),
	is_nightly: v.boolean(),
	begun_at: v.string(),
	ended_at: v.nullable(v.string()),
	outcome: v.picklist(domains.backup_outcome),
	fault: v.nullable(v.picklist(domains.backup_fault)),
	/** The name of its folder. */
	backup: v.nullable(v.string()),
	size: v.nullable(v.number()),
	files: v.nullable(v.number()),
	files_size: v.nullable(v.number()),
	verified_at: v.nullable(v.string()),
	verified_faults: v.nullable(v.number()),
	/** Files that the store had lost, and those that were not what the database says. */
	missing: v.nullable(v.number()),
	damaged: v.nullable(v.number()),
	/** Whether older backups could not be deleted. */
	rotation_failed: v.boolean()
});
export type BackupRun = v.InferOutput<typeof BackupRun>;

/** Who holds the lock of backups, and since when. */
const BackupLockHolder = v.strictObject({ since: v.string(), by: v.string() });

/** Whether the log of a local database is archived. */
const WalArchiving = v.strictObject({
	/** When all that there was had last been archived. */
	archived_at: v.nullable(v.string()),
	failing_since: v.nullable(v.string()),
	fault: v.nullable(v.picklist(domains.backup_fault)),
	/** Since when the process that archives says nothing, when that is too long. */
	silent_since: v.nullable(v.string())
});
export type WalArchiving = v.InferOutput<typeof WalArchiving>;

/** The state of backups. */
export const BackupOverview = v.strictObject({
	is_nightly: v.boolean(),
	/** Whether some are set up, by the app, by cron or by a timer. */
	is_expected: v.boolean(),
	/** Since when there is no good one, when that is too long. */
	old_since: v.nullable(v.string()),
	/** When the next nightly one is due. */
	next_at: v.nullable(v.string()),
	holder: v.nullable(BackupLockHolder),
	/** The archive of the log of a local database; null where there is none. */
	wal: v.nullable(WalArchiving),
	last_good: v.nullable(BackupRun),
	last_verified: v.nullable(
		v.strictObject({ backup: v.nullable(v.string()), at: v.string(), faults: v.nullable(v.number()) })
	),
	/** The newest first. */
	runs: v.array(BackupRun)
});
export type BackupOverview = v.InferOutput<typeof BackupOverview>;

/** What these functions answer. */
export const answers = { read_backups: v.nullable(BackupOverview) } satisfies Answers;
export const privateAnswers = { backup_lock_holder: v.nullable(BackupLockHolder) } satisfies PrivateAnswers;
