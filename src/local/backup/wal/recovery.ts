/* Brings a base copy and the log after it to a moment, in a new folder. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { binaries, clusterOwner, type Owner } from '../../postgres-files.ts';
import { freePort, startProcess } from '../../processes.ts';
import type { Secrets } from '../../secrets.ts';
import { decrypt } from '../encryption.ts';
import { isProven, sealingKeysOf } from '../manifest.ts';
import { measure } from '../measuring.ts';
import type { BackupPlace } from '../place.ts';
import { folders, listBases, type BaseCopy } from './base.ts';
import { contiguous, isHistory, numberOf, readName } from './segments.ts';
import { segmentProof } from './shipping.ts';
import { extractTar } from './tar.ts';

/** The base copy from which a moment is reached, and the first one after it. Throws a sentence for people. */
export async function chooseBase(
	place: BackupPlace,
	at: Date
): Promise<{ base: BaseCopy; next: BaseCopy | undefined }> {
	const ids = (await place.list('')).flatMap((name) => /^(\d{1,20})\/$/.exec(name)?.[1] ?? []);
	const bases = (await Promise.all(ids.map((id) => listBases(place, id)))).flat();
	bases.sort((one, other) => (one.finishedAt < other.finishedAt ? -1 : 1));
	const moment = at.toISOString();
	const base = bases.findLast(({ finishedAt }) => finishedAt <= moment);
	if (!base)
		throw new Error(
			bases[0]
				? `No base copy in ${place.address} is older than ${moment}: the first moment that can be reached is ${bases[0].finishedAt}.`
				: `There is no base copy in ${place.address}.`
		);
	const next = bases.find(({ systemId, startedAt }) => systemId === base.systemId && startedAt > moment);
	return { base, next };
}

interface Opening {
	place: BackupPlace;
	identities: readonly string[];
	/** Undefined: who wrote the files is not checked. */
	sealingKey: string | undefined;
}

/** Extracts a base copy into a folder that is not there. */
export async function extractBase(
	base: BaseCopy,
	folder: string,
	{ place, identities, sealingKey }: Opening
): Promise<void> {
	if (sealingKey !== undefined && !isProven(base, sealingKey))
		throw new Error(`The base copy ${base.name} was not made by the installation that these keys belong to.`);
	const file = `${folders.bases(base.systemId)}/${base.name}.tar.gz.age`;
	const encrypted = await place.open(file);
	if (!encrypted) throw new Error(`${file} is missing.`);
	const { stream, sum } = measure();
	const owner = clusterOwner();
	mkdirSync(folder, { mode: 0o700 });
	own(folder, owner);
	const plain = await decrypt(
		pipeline(encrypted, stream, () => undefined),
		identities
	);
	await extractTar(unpacked(plain), folder, owner);
	if (sum().sha256 !== base.sha256) throw new Error(`${file} was changed since it was written.`);
}

const unpacked = (packed: Readable) => pipeline(packed, createGunzip(), () => undefined);

function own(path: string, { uid, gid }: Owner): void {
	if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/** Fetches the log from a base copy on, as far as it has no gap and is needed. Answers the first segment that is missing. */
export async function fetchSegments(
	base: BaseCopy,
	next: BaseCopy | undefined,
	folder: string,
	{ place, identities, sealingKey }: Opening
): Promise<{ count: number; gap: string | null }> {
	const below = folders.segments(base.systemId);
	const files = new Map<string, string[]>();
	for (const file of await place.list(`${below}/`)) {
		const name = readName(file)?.name;
		if (name) files.set(name, [...(files.get(name) ?? []), file]);
	}
	const { names, gap } = contiguous([...files.keys()], base.startSegment);
	// One more than the copy after the moment begins with: it is read to its end.
	const last = next ? numberOf(next.startSegment) + 1 : Infinity;
	const wanted = [...names.filter((name) => numberOf(name) <= last), ...[...files.keys()].filter(isHistory)];
	const owner = clusterOwner();
	mkdirSync(folder, { mode: 0o700 });
	own(folder, owner);
	for (const name of wanted) {
		const content = await fetchFile(name, files.get(name) ?? [], { below, base, place, identities, sealingKey });
		await writeSparse(join(folder, name), content);
		own(join(folder, name), owner);
	}
	const needed = numberOf(base.stopSegment);
	if (!names.some((name) => numberOf(name) >= needed))
		throw new Error(
			`The segment ${gap ?? base.stopSegment} is missing: without it the base copy ${base.name} is no whole database.`
		);
	return { count: wanted.length, gap: gap !== null && numberOf(gap) <= last ? gap : null };
}

async function fetchFile(
	name: string,
	files: readonly string[],
	{ below, base, place, identities, sealingKey }: Opening & { below: string; base: BaseCopy }
): Promise<Buffer> {
	for (const file of files) {
		const encrypted = await place.open(`${below}/${file}`);
		if (!encrypted) continue;
		const parts: Buffer[] = [];
		for await (const part of unpacked(await decrypt(encrypted, identities))) parts.push(part as Buffer);
		const content = Buffer.concat(parts);
		const given = readName(file)?.proof;
		if (sealingKey === undefined) return content;
		if (sealingKeysOf(sealingKey).some((key) => segmentProof(base.systemId, name, content, key) === given))
			return content;
	}
	throw new Error(`${below}/${name} was not written by the installation that these keys belong to, or was changed.`);
}

// What a switch of segments leaves is zeros, which take no room.
async function writeSparse(path: string, content: Buffer): Promise<void> {
	let end = content.length;
	const zeros = Buffer.alloc(8192);
	while (end >= 8192 && content.subarray(end - 8192, end).equals(zeros)) end -= 8192;
	const file = await open(path, 'w', 0o600);
	try {
		await file.write(content, 0, end);
		await file.truncate(content.length);
	} finally {
		await file.close();
	}
}

/** What a recovery reached. */
export interface Reached {
	/** The last transaction that is there; null when there was none since the base copy. */
	last: string | null;
	/** Whether the log has the moment itself. */
	isExact: boolean;
}

/** Replays the log in `segments` up to a moment, or to its end when it ends before. */
export async function recover(folder: string, segments: string, at: Date): Promise<Reached> {
	const signal = join(folder, 'recovery.signal');
	for (const isExact of [true, false]) {
		writeFileSync(signal, '', { mode: 0o600 });
		own(signal, clusterOwner());
		const lines = await run(folder, {
			restore_command: `cp '${segments.replaceAll("'", `'\\''`).replaceAll('%', '%%')}'/%f %p`,
			// Before it has read its files PostgreSQL knows no names of zones, not even Z.
			...(isExact && {
				recovery_target_time: at.toISOString().replace('T', ' ').replace('Z', '+00'),
				recovery_target_action: 'promote'
			})
		});
		const text = lines.join('\n');
		if (isExact && text.includes('recovery ended before configured recovery target was reached')) continue;
		if (!text.includes('archive recovery complete'))
			throw new Error(`PostgreSQL could not replay its log:\n${lines.slice(-10).join('\n')}`);
		const time = /last completed transaction was at log time (.+)$/m.exec(text)?.[1];
		return { last: time === undefined ? null : new Date(time.replace('+00', 'Z')).toISOString(), isExact };
	}
	throw new Error('PostgreSQL could not replay its log.');
}

/** Runs PostgreSQL until it serves or gives up, and stops it. Answers what it said. */
async function run(folder: string, settings: Record<string, string>): Promise<string[]> {
	const owner = clusterOwner();
	const lines: string[] = [];
	let serve: () => void = () => undefined;
	const serving = new Promise<void>((done) => (serve = done));
	const all: Record<string, string> = {
		...settings,
		unix_socket_directories: '',
		log_timezone: 'UTC',
		timezone: 'UTC',
		wal_level: 'replica',
		archive_mode: 'off',
		// Nobody comes in before the moment is reached.
		hot_standby: 'off',
		max_wal_senders: '0',
		max_connections: '400'
	};
	const started = startProcess(
		'postgres',
		join(binaries(owner), 'postgres'),
		[
			...['-D', folder, '-h', '127.0.0.1', '-p', String(await freePort())],
			...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
		],
		{
			...owner,
			signal: 'INT',
			cwd: folder,
			env: { PATH: process.env.PATH, LC_MESSAGES: 'C', TZ: 'UTC' },
			onLine(line) {
				lines.push(line);
				if (line.includes('database system is ready to accept connections')) serve();
			}
		}
	);
	await Promise.race([serving, started.ended]);
	await started.stop(60_000);
	return lines;
}

/** Gives the recovered roles the passwords of the new data folder: the old ones stay with the old one. */
export function setPasswords(folder: string, secrets: Secrets): void {
	const owner = clusterOwner();
	const roles = {
		supabase_admin: secrets.superuserPassword,
		postgres: secrets.ownerPassword,
		lite_login: secrets.litePassword
	};
	const input = Object.entries(roles)
		.map(([role, password]) => `alter role ${role} password '${password}'\n`)
		.join('');
	execFileSync(join(binaries(owner), 'postgres'), ['--single', '-D', folder, 'postgres'], {
		...owner,
		cwd: folder,
		input,
		stdio: ['pipe', 'ignore', 'pipe'],
		env: { PATH: process.env.PATH, LC_MESSAGES: 'C', TZ: 'UTC' }
	});
}

/** Deletes what a recovery needed. */
export const dropSegments = (folder: string): void => rmSync(folder, { recursive: true, force: true });
