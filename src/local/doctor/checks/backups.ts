import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readOverview } from '../../backup/runs.ts';
import { fault, notAsked, ok, warning, type Check, type Context, type Diagnosis } from '../check.ts';

const hour = 3_600_000;
const asName = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z$/;

/** When the newest whole backup of a folder was made, in milliseconds: one without backup.json is none. */
async function newestIn(folder: string): Promise<number | null> {
	const names = await readdir(folder).catch(() => []);
	for (const name of names
		.filter((each) => asName.test(each))
		.sort()
		.reverse()) {
		const text = await readFile(join(folder, name, 'backup.json'), 'utf8').catch(() => null);
		if (text !== null) return Date.parse(name.replace(asName, '$1T$2:$3:$4Z'));
	}
	return null;
}

/** When the last good one was made and when one was verified, as runs left it in the database, else as the folder shows it. */
async function lastOf({ env }: Context): Promise<{ good: number | null; verified?: string | null }> {
	const overview = env['DATABASE_URL'] ? await readOverview(env['DATABASE_URL']).catch(() => null) : null;
	if (overview?.last_good)
		return { good: Date.parse(overview.last_good.begun_at), verified: overview.last_verified?.at ?? null };
	const folder = env['BACKUP_TO'] ?? '';
	return { good: folder.startsWith('s3:') ? null : await newestIn(folder) };
}

function verifiedFinding(verified: string | null, now: number): Diagnosis {
	const remedy = 'Run npm run restore -- --verify on another machine, each month and before each Summit.';
	if (verified === null) return warning('no backup was ever verified', remedy);
	const days = Math.round((now - Date.parse(verified)) / hour / 24);
	return days > 40
		? warning(`the last one that was verified is from ${days} days ago`, remedy)
		: ok(`one was verified ${days} days ago`);
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
		const { good, verified } = await lastOf(context);
		if (good === null) return [fault('there is no good backup', 'Run npm run backup, and look at what it says.')];
		const hours = Math.round((now() - good) / hour);
		const words = `the last one is ${hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`} old`;
		const age = hours > 72 ? fault : hours > 30 ? warning : ok;
		return [
			age(words, 'Look at /organise/backups and at the log.'),
			...(verified === undefined ? [] : [verifiedFinding(verified, now())])
		];
	}
};
