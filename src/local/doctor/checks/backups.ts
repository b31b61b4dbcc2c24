import type { WalArchiving } from '../../../lib/database/answers/backup.ts';
import { readBackupSettings } from '../../../lib/backup/settings.ts';
import { explain } from '../../backup/explain.ts';
import { listBackups, momentOf } from '../../backup/manifest.ts';
import { openPlace } from '../../backup/place.ts';
import { lastBackupIn, readOverview } from '../../backup/runs.ts';
import { fault, notAsked, ok, warning, type Check, type Context, type Diagnosis } from '../check.ts';

const hour = 3_600_000;

/** What is known of the backups: when the last good one was made, in milliseconds, and, where runs are recorded, when one was verified. */
interface LastBackups {
	good: number | null;
	/** It is not in the place any more. */
	isLost?: boolean;
	verified?: string | null;
	wal?: WalArchiving | null;
}

/** As runs left it in the database, else as the place itself has it, a folder or a bucket. */
async function readLast({ env }: Context): Promise<LastBackups> {
	const [url, address] = [env['DATABASE_URL'], env['BACKUP_TO'] ?? ''];
	const overview = url ? await readOverview(url).catch(() => null) : null;
	// One that went elsewhere (--to) says nothing about this place.
	const last = url && overview ? await lastBackupIn(url, address).catch(() => null) : null;
	const listed = openPlace(address, { env }).then(listBackups);
	if (overview && last) {
		// Another machine may see the runs and not the place.
		const found = await listed.catch(() => null);
		return {
			good: last.begunAt.getTime(),
			isLost: found !== null && !found.whole.includes(last.backup),
			verified: overview.last_verified?.at ?? null,
			wal: overview.wal
		};
	}
	const { whole } = await listed;
	const newest = whole.at(-1);
	return {
		good: newest === undefined ? null : momentOf(newest).getTime(),
		...(overview && { wal: overview.wal })
	};
}

function verifiedFinding(verified: string | null, now: number): Diagnosis {
	const remedy = 'Run npm run restore -- --verify on another machine, each month and before each Summit.';
	if (verified === null) return warning('no backup was ever verified', remedy);
	const days = Math.round((now - Date.parse(verified)) / hour / 24);
	return days > 40
		? warning(`the last one that was verified is from ${days} days ago`, remedy)
		: ok(`one was verified ${days} days ago`);
}

/** Whether the log of a local database is archived, where it should be. */
function walFinding(wal: WalArchiving): Diagnosis {
	const remedy = 'Look at the log of the archiver, at /organise/backups, and at the place of backups.';
	if (wal.failing_since !== null)
		return fault(`the log is not archived since ${wal.failing_since} (${wal.fault ?? 'other'})`, remedy);
	if (wal.silent_since !== null)
		return fault(`the process that archives the log says nothing since ${wal.silent_since}`, remedy);
	return ok(`the log is archived up to ${wal.archived_at ?? 'now'}`);
}

/** The age of the last good backup, and whether one was brought up. */
export const backups: Check = {
	name: 'backups',
	async run(context) {
		const { env, isLocal, now } = context;
		if (!env['BACKUP_TO'])
			return [
				isLocal
					? notAsked('BACKUP_TO is not set')
					: fault('there are no backups', 'Set BACKUP_TO and BACKUP_RECIPIENTS (docs/operations.md).')
			];
		if (!env['BACKUP_RECIPIENTS'])
			return [
				fault('BACKUP_RECIPIENTS is missing', 'Make a key away from this server: npm run backup -- --make-key FILE.')
			];
		const last = await readLast(context).catch((error: unknown) => explain(error).replace(/\.$/, ''));
		if (typeof last === 'string')
			return [
				fault(
					`BACKUP_TO cannot be read: ${last}`,
					'Check that the folder is there and mounted, or the address and keys of the bucket.'
				)
			];
		const { good, isLost, verified, wal } = last;
		const log = wal ? [walFinding(wal)] : [];
		if (good === null)
			return [fault('there is no good backup', 'Run npm run backup, and look at what it says.'), ...log];
		if (isLost)
			return [
				fault(
					'the last good backup is not in BACKUP_TO any more',
					'Check that its disk is mounted, and that nothing else deletes there.'
				),
				...log
			];
		const { oldAfter } = readBackupSettings(env);
		const hours = Math.round((now() - good) / hour);
		const words = `the last one is ${hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`} old`;
		const isOlderThan = (limits: number) => oldAfter !== null && hours > oldAfter * limits;
		const age = isOlderThan(2) ? fault : isOlderThan(1) ? warning : ok;
		return [
			age(words, 'Look at /organise/backups and at the log.'),
			...(verified === undefined ? [] : [verifiedFinding(verified, now())]),
			...log
		];
	}
};
