/*
 * `npm run backup`: an encrypted copy of the database, and of the stored files that the place lacks, while everything runs.
 *
 *   npm run backup                         to BACKUP_TO, for BACKUP_RECIPIENTS; keeps as many as BACKUP_KEEP says
 *   npm run backup -- --to PLACE           to another folder or bucket (s3://bucket/prefix)
 *   npm run backup -- --new-place          to BACKUP_TO, although the backups that were there are gone
 *   npm run backup -- --status             says when the last good one was made, and ends with 1 when that is too long ago
 *   npm run backup -- --make-key FILE      makes an identity, which opens backups, and prints its public key
 *   npm run backup -- --keys FILE          writes the keys that no backup has, encrypted, to be kept elsewhere
 */
import { parseArgs } from 'node:util';
import { readBackupSettings } from '../../lib/backup/settings.ts';
import { endAfter, fromHere, runCommand } from './command.ts';
import { makeKey, readRecipients } from './encryption.ts';
import { writeKeys } from './keys.ts';
import { backUp } from './making.ts';
import { openPlace } from './place.ts';
import { readKeep } from './rotation.ts';
import { isUsed, readOverview, recordRun } from './runs.ts';
import { openSource } from './source.ts';
import { statusOf } from './status.ts';

const usage = `npm run backup [-- --to PLACE | --new-place | --status | --make-key FILE | --keys FILE]   (docs/operations.md)`;

async function main(onStop: (stop: () => Promise<void>) => void): Promise<boolean> {
	const { values } = parseArgs({
		options: {
			to: { type: 'string' },
			'new-place': { type: 'boolean', default: false },
			status: { type: 'boolean' },
			'make-key': { type: 'string' },
			keys: { type: 'string' }
		}
	});
	if (values['make-key'] !== undefined) {
		const file = fromHere(values['make-key']);
		const recipient = await makeKey(file);
		console.log(`${file} opens backups. Move it away from this server, and keep it in two places.`);
		console.log(`Its public key, for BACKUP_RECIPIENTS:\n${recipient}`);
		return true;
	}
	if (values.status) {
		const source = await openSource({ ...process.env });
		onStop(source.stop);
		const { lines, isOld } = statusOf(await readOverview(source.url), readBackupSettings(process.env), new Date());
		console.log(lines.join('\n'));
		return !isOld;
	}
	const recipients = readRecipients(process.env.BACKUP_RECIPIENTS);
	if (values.keys !== undefined) {
		const source = await openSource({ ...process.env });
		onStop(source.stop);
		const file = fromHere(values.keys);
		await writeKeys(file, source.keys, recipients);
		console.log(`${file} has the keys that open what is sealed. Keep it apart from the backups.`);
		return true;
	}
	const address = values.to === undefined ? process.env.BACKUP_TO : fromHere(values.to);
	if (!address) throw new Error('BACKUP_TO is missing: the folder or bucket that backups go to.');
	const keep = readKeep(process.env.BACKUP_KEEP);
	const limitMs = readBackupSettings(process.env).limit * 3_600_000;
	endAfter(limitMs + 60_000);
	const source = await openSource({ ...process.env });
	onStop(source.stop);
	await recordRun(source.url, { address, claimed: process.env.BACKUP_RUN, onStop, limitMs }, async (onMade) => {
		const hasBackups = !values['new-place'] && (await isUsed(source.url, address));
		const place = await openPlace(address, { make: !hasBackups });
		return backUp(source, { place, hasBackups, recipients, keep, onMade, say: console.log, warn: console.error });
	});
	return true;
}

if (import.meta.main) await runCommand(main, usage);
