/*
 * The process that ships the log of a local database while it runs (BACKUP_WAL=yes): each few seconds what PostgreSQL has archived goes
 * into the place, and once a day a base copy of the data folder, from which the log leads to any later moment.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { readWalDays } from '../../../lib/backup/settings.ts';
import { withClient } from '../../hosted-database.ts';
import { readRecipients } from '../encryption.ts';
import { BackupError, explain, faultOf, type BackupFault } from '../explain.ts';
import { openPlace, type BackupPlace } from '../place.ts';
import { listBases, makeBase, rotateBases } from './base.ts';
import { archiveFolder, filesToShip, shipFiles } from './shipping.ts';

const day = 86_400_000;

const settings = v.object({
	/** As the superuser. */
	url: v.string(),
	clusterFolder: v.string(),
	origin: v.string(),
	sample: v.boolean(),
	sealingKey: v.string()
});

/** What the process is given as JSON in WAL_ARCHIVER. */
export type ArchiverSettings = v.InferOutput<typeof settings>;

/** The place of the log, in that of backups: nobody else writes or clears there. */
export const walAddress = (address: string): string => `${address.replace(/\/+$/, '')}/wal`;

const noted = v.object({ name: v.string(), address: v.string(), madeAt: v.number() });

// The last base copy, and where it was put. It is noted in the folder of the archive, which is made again where archiving
// begins again: the log before that has a gap.
function lastBase(mark: string): v.InferOutput<typeof noted> | null {
	try {
		return v.parse(noted, JSON.parse(readFileSync(mark, 'utf8')));
	} catch {
		return null;
	}
}

// The folder in which a disk is mounted is there without it, and empty.
async function assertThere(place: BackupPlace, systemId: string, mark: string): Promise<void> {
	const last = lastBase(mark);
	if (last?.address !== place.address) return;
	if ((await listBases(place, systemId)).some(({ name }) => name === last.name)) return;
	throw new BackupError(
		'place',
		`The last base copy is not in ${place.address} any more: is its disk mounted? If it is gone on purpose, delete ${mark}, and a new one is made.`
	);
}

// So often the database is told that all is well.
const everyReportMs = 60_000;

/** Says each new reason once, until all is well again, and keeps it in the database for owners and monitors. */
function reporter(url: string): { fail: (error: unknown) => void; succeed: () => void } {
	let [said, notBefore] = ['', 0];
	// Without a database the log is the only place.
	const record = (fault: BackupFault | null) =>
		void withClient(url, (client) => client.query('select private.record_wal_archiving($1)', [fault])).catch(
			() => undefined
		);
	return {
		fail(error) {
			const sentence = explain(error);
			if (sentence !== said) console.error(`The log of the database could not be archived: ${sentence}`);
			said = sentence;
			notBefore = 0;
			record(faultOf(error));
		},
		succeed() {
			if (said !== '') console.log('The log of the database is archived again.');
			said = '';
			if (Date.now() < notBefore) return;
			notBefore = Date.now() + everyReportMs;
			record(null);
		}
	};
}

async function main(): Promise<void> {
	const source = v.parse(settings, JSON.parse(process.env.WAL_ARCHIVER ?? ''));
	const everyMs = Number(process.env.WAL_EVERY_MS ?? 5000);
	const reports = reporter(source.url);
	let work: (() => Promise<void>) | undefined;
	for (;;) {
		try {
			work ??= await open(source);
			await work();
			reports.succeed();
			await pause(everyMs);
		} catch (error) {
			reports.fail(error);
			await pause(everyMs * 6);
		}
	}
}

/** Opens the place. Answers what ships all that lies there, and begins a base copy when one is due. */
async function open(source: ArchiverSettings): Promise<() => Promise<void>> {
	const recipients = readRecipients(process.env.BACKUP_RECIPIENTS);
	const folder = archiveFolder(source.clusterFolder);
	const mark = join(folder, '.base');
	const address = walAddress(process.env.BACKUP_TO ?? '');
	const place = await openPlace(address, { make: lastBase(mark)?.address !== address });
	await place.clear();
	const systemId = await systemIdOf(source.url);
	let [isCopying, notBefore] = [false, 0];
	let failed: unknown = null;
	async function copy(): Promise<void> {
		await assertThere(place, systemId, mark);
		const { name } = await makeBase(source, place, recipients);
		writeFileSync(mark, JSON.stringify({ name, address, madeAt: Date.now() }), { flush: true });
		console.log(`Made the base copy ${name}.`);
		await rotateBases(place, systemId, readWalDays(process.env), new Date());
		failed = null;
	}
	function isBaseDue(): boolean {
		const last = lastBase(mark);
		return last?.address !== address || Date.now() - last.madeAt > day;
	}
	// The disk may go at any moment: the place is looked at before each time that something is put there.
	async function ship(): Promise<void> {
		const files = await filesToShip(folder);
		if (files.length === 0) return;
		await assertThere(place, systemId, mark);
		await shipFiles({ ...source, folder, files, systemId, place, recipients });
	}
	return async () => {
		await ship();
		await assertArchiving(source.url);
		if (failed !== null && (isCopying || Date.now() < notBefore)) throw failed;
		if (isCopying || Date.now() < notBefore || !isBaseDue()) return;
		// It takes long: segments are shipped meanwhile. One that failed is tried again after ten minutes.
		[isCopying, notBefore] = [true, Date.now() + 600_000];
		void copy()
			.catch((error: unknown) => (failed = error))
			.finally(() => (isCopying = false));
	};
}

// What PostgreSQL could not copy into its archive is not there to be shipped.
const assertArchiving = (url: string): Promise<void> =>
	withClient(url, async (client) => {
		const { rows } = await client.query<{ fails: boolean }>(
			`select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as fails from pg_stat_archiver`
		);
		if (rows[0]?.fails)
			throw new BackupError(
				'other',
				'PostgreSQL cannot copy its log into the folder of the archive: look at the space there, and whose folder it is.'
			);
	});

const systemIdOf = (url: string): Promise<string> =>
	withClient(url, async (client) => {
		const { rows } = await client.query<{ id: string }>(
			'select system_identifier::text as id from pg_control_system()'
		);
		return rows[0]?.id ?? '';
	});

if (import.meta.main) await main();
