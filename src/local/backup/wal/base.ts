/* A copy of the data folder of a running PostgreSQL, from which the log leads to any later moment. */
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import * as v from 'valibot';
import { withClient } from '../../hosted-database.ts';
import { encrypt } from '../encryption.ts';
import { backupName, prove } from '../manifest.ts';
import { measure } from '../measuring.ts';
import type { BackupPlace } from '../place.ts';
import { isSegment, numberOf, readName } from './segments.ts';
import { tarEnd, tarFile, tarFolder, tarText } from './tar.ts';

const schema = v.object({
	format: v.literal(1),
	name: v.string(),
	/** Of the cluster; every copy of it has the same. */
	systemId: v.pipe(v.string(), v.regex(/^\d{1,20}$/)),
	/** The first segment that it needs, and the last without which it is no whole database. */
	startSegment: v.pipe(v.string(), v.regex(/^[0-9A-F]{24}$/)),
	stopSegment: v.pipe(v.string(), v.regex(/^[0-9A-F]{24}$/)),
	startedAt: v.string(),
	finishedAt: v.string(),
	size: v.number(),
	sha256: v.string(),
	/** Of PostgreSQL. */
	server: v.string(),
	origin: v.string(),
	sample: v.boolean(),
	proof: v.optional(v.string())
});

/** What a base copy says of itself. */
export type BaseCopy = v.InferOutput<typeof schema>;

/** Where the files of the log and the base copies lie. */
export const folders = {
	segments: (systemId: string) => `${systemId}/segments`,
	bases: (systemId: string) => `${systemId}/base`
};

// What PostgreSQL makes again at a start, or what belongs to the running one alone.
const leftOut =
	/^(?:postmaster\.(?:pid|opts)|global\/pg_control|backup_label|tablespace_map|(?:.*\/)?pgsql_tmp.*|(?:.*\/)?pg_internal\.init.*)$/;
const emptied = /^(?:pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./;
const isCopied = (name: string) => !leftOut.test(name) && !emptied.test(name);

interface BaseSource {
	/** As the superuser. */
	url: string;
	clusterFolder: string;
	origin: string;
	sample: boolean;
	sealingKey: string;
}

/** Makes a base copy. The database goes on meanwhile. */
export async function makeBase(
	source: BaseSource,
	place: BackupPlace,
	recipients: readonly string[]
): Promise<BaseCopy> {
	return withClient(source.url, async (client) => {
		const one = async <Row extends pg.QueryResultRow>(sql: string) => {
			const { rows } = await client.query<Row>(sql);
			if (!rows[0]) throw new Error('PostgreSQL gave no answer.');
			return rows[0];
		};
		const { systemId, server, startedAt } = await one<{ systemId: string; server: string; startedAt: Date }>(
			`select system_identifier::text as "systemId", current_setting('server_version') as server, clock_timestamp() as "startedAt" from pg_control_system()`
		);
		const name = backupName(startedAt);
		const { startSegment } = await one<{ startSegment: string }>(
			`select pg_walfile_name(pg_backup_start('${name}', true)) as "startSegment"`
		);
		let stop: { stopSegment: string; label: string; finishedAt: Date } | undefined;
		async function* content() {
			yield* tarFolder(source.clusterFolder, isCopied);
			// The last of all: it says from where the log is read.
			yield* tarFile(source.clusterFolder, 'global/pg_control');
			stop = await one(
				`select pg_walfile_name(lsn) as "stopSegment", labelfile as label, clock_timestamp() as "finishedAt" from pg_backup_stop(false)`
			);
			yield* tarText('backup_label', stop?.label ?? '');
			yield tarEnd();
		}
		const packed = pipeline(Readable.from(content(), { objectMode: false }), createGzip({ level: 1 }), () => undefined);
		const { stream, sum } = measure();
		await place.put(
			`${folders.bases(systemId)}/${name}.tar.gz.age`,
			pipeline(await encrypt(packed, recipients), stream, () => undefined)
		);
		if (!stop) throw new Error('The copy of the database was cut off.');
		const copy: BaseCopy = {
			format: 1,
			name,
			systemId,
			startSegment,
			stopSegment: stop.stopSegment,
			startedAt: startedAt.toISOString(),
			finishedAt: stop.finishedAt.toISOString(),
			...sum(),
			server,
			origin: source.origin,
			sample: source.sample
		};
		const proven = prove(copy, source.sealingKey);
		await place.put(`${folders.bases(systemId)}/${name}.json`, `${JSON.stringify(proven, null, '\t')}\n`);
		return proven;
	});
}

/** The base copies of a cluster, the oldest first. One that cannot be read is none. */
export async function listBases(place: BackupPlace, systemId: string): Promise<BaseCopy[]> {
	const found: BaseCopy[] = [];
	for (const file of await place.list(`${folders.bases(systemId)}/`)) {
		if (!file.endsWith('.json')) continue;
		const text = await place.read(`${folders.bases(systemId)}/${file}`);
		const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text ?? '');
		if (parsed.success && parsed.output.systemId === systemId && file === `${parsed.output.name}.json`)
			found.push(parsed.output);
	}
	return found.sort((one, other) => (one.finishedAt < other.finishedAt ? -1 : 1));
}

/** Deletes the base copies that no moment of the last days needs, and the segments before the oldest that is kept. */
export async function rotateBases(place: BackupPlace, systemId: string, days: number, now: Date): Promise<void> {
	const bases = await listBases(place, systemId);
	const limit = new Date(now.getTime() - days * 86_400_000).toISOString();
	const needed = Math.max(
		bases.findLastIndex(({ finishedAt }) => finishedAt <= limit),
		0
	);
	const dropped = bases.slice(0, needed);
	// What says that it is whole goes first.
	await place.remove(dropped.map(({ name }) => `${folders.bases(systemId)}/${name}.json`));
	await place.remove(dropped.map(({ name }) => `${folders.bases(systemId)}/${name}.tar.gz.age`));
	const oldest = bases[needed];
	if (!oldest) return;
	// A copy without its description was not finished.
	const there = await place.list(`${folders.bases(systemId)}/`);
	const unfinished = there.filter(
		(file) => file.endsWith('.tar.gz.age') && !there.includes(file.replace(/tar\.gz\.age$/, 'json'))
	);
	await place.remove(unfinished.map((file) => `${folders.bases(systemId)}/${file}`));
	const first = numberOf(oldest.startSegment);
	const files = await place.list(`${folders.segments(systemId)}/`);
	const old = files.filter((file) => {
		const name = readName(file)?.name;
		return name !== undefined && isSegment(name) && numberOf(name) < first;
	});
	await place.remove(old.map((file) => `${folders.segments(systemId)}/${file}`));
}
