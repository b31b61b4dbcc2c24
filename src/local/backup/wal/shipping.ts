/* Finished segments go from the folder that PostgreSQL archives to into the place, encrypted, and are deleted here. */
import { createHash, createHmac } from 'node:crypto';
import { chownSync, mkdirSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { clusterOwner } from '../../postgres-files.ts';
import { encrypt } from '../encryption.ts';
import { sealingKeysOf, proofKey } from '../manifest.ts';
import type { BackupPlace } from '../place.ts';
import { folders } from './base.ts';
import { isHistory, isSegment } from './segments.ts';

/** Where PostgreSQL puts finished segments: beside its data folder, where its user may write. */
export const archiveFolder = (clusterFolder: string): string => `${clusterFolder}.wal`;

/** Makes the folder, and answers the settings with which PostgreSQL archives to it. */
export function archiveSettings(clusterFolder: string): Record<string, string> {
	const folder = archiveFolder(clusterFolder);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const { uid, gid } = clusterOwner();
	if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
	const quoted = `'${folder.replaceAll("'", `'\\''`).replaceAll('%', '%%')}`;
	const [waiting, target] = [`${quoted}'/.%f`, `${quoted}'/%f`];
	return {
		wal_level: 'replica',
		archive_mode: 'on',
		// On the disk before it is named: PostgreSQL drops its own after that.
		archive_command: `if test -e ${target}; then cmp -s %p ${target}; else cp %p ${waiting} && sync ${waiting} && mv ${waiting} ${target}; fi`,
		archive_timeout: '60'
	};
}

/** What proves that a holder of the sealing key shipped a file. It is in its name. */
export function segmentProof(systemId: string, name: string, content: Buffer, key: string): string {
	const sha256 = createHash('sha256').update(content).digest('hex');
	return createHmac('sha256', proofKey(key)).update(`${systemId} ${name} ${sha256}`).digest('hex').slice(0, 32);
}

/** What lies there to be shipped, the oldest first. */
export const filesToShip = async (folder: string): Promise<string[]> =>
	(await readdir(folder)).filter((file) => !file.startsWith('.')).sort();

interface Shipping {
	folder: string;
	files: readonly string[];
	systemId: string;
	place: BackupPlace;
	recipients: readonly string[];
	sealingKey: string;
}

/** Ships these files of the folder, in their order. */
export async function shipFiles({ folder, files, systemId, place, recipients, sealingKey }: Shipping): Promise<void> {
	const [key = ''] = sealingKeysOf(sealingKey);
	for (const name of files) {
		if (isSegment(name) || isHistory(name)) {
			const content = await readFile(join(folder, name));
			const file = `${folders.segments(systemId)}/${name}-${segmentProof(systemId, name, content, key)}.age`;
			const packed = pipeline(
				Readable.from([content], { objectMode: false }),
				createGzip({ level: 1 }),
				() => undefined
			);
			await place.put(file, await encrypt(packed, recipients));
		}
		// It is safe in the place; labels of base copies are in the copies.
		await rm(join(folder, name));
	}
}
