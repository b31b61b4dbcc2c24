import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fault, notAsked, ok, warning, type Check } from '../check.ts';

const hour = 3_600_000;
const asName = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z$/;

/** When the newest whole backup of a folder was made, in milliseconds: one without backup.json is none. */
async function newestIn(folder: string): Promise<number | null> {
	const names = (await readdir(folder))
		.filter((name) => asName.test(name))
		.sort()
		.reverse();
	for (const name of names) {
		const text = await readFile(join(folder, name, 'backup.json'), 'utf8').catch(() => null);
		if (text !== null) return Date.parse(name.replace(asName, '$1T$2:$3:$4Z'));
	}
	return null;
}

/** The age of the last good backup. */
export const backups: Check = {
	name: 'backups',
	async run({ env, isLocal, now }) {
		const { BACKUP_TO: folder, BACKUP_RECIPIENTS: recipients } = env;
		if (!folder)
			return [
				isLocal
					? notAsked('BACKUP_TO is not set')
					: fault('there are no backups', 'Set BACKUP_TO and BACKUP_RECIPIENTS, and run npm run backup each night.')
			];
		if (!recipients)
			return [
				fault('BACKUP_RECIPIENTS is missing', 'Make a key away from this server: npm run backup -- --make-key FILE.')
			];
		const at = await newestIn(folder);
		if (at === null)
			return [fault('there is no whole backup', 'Run npm run backup, then each night from cron or a timer.')];
		const hours = Math.round((now() - at) / hour);
		const words = `the last one is ${hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`} old`;
		if (hours > 72) return [fault(words, 'Look at the log of the timer, and run npm run backup.')];
		return [hours > 26 ? warning(words, 'Let it run each night.') : ok(words)];
	}
};
