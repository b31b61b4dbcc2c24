/* Backups in a bucket with the S3 API. An object is there as a whole or not at all, as the store promises. */
import { Readable } from 'node:stream';
import { BucketError, bucketSettingsOf, S3Bucket } from '../../lib/files/s3.ts';
import { BackupError } from './explain.ts';
import { inParallel } from './parallel.ts';
import { checkedName, type BackupPlace } from './place.ts';

type Variables = Record<string, string | undefined>;

interface Options {
	/** How large a part is, all of one size: a store takes ten thousand of them. One is held in memory. */
	partSize?: number;
	firstPauseMs?: number;
	/** How often a request is tried. */
	tries?: number;
}

// What a backup writes below the prefix; other things there belong to others.
const written =
	/^(?:\d{1,20}\/(?:base|segments)\/[^/]+|place\.json|\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\/[^/]+|objects\/[0-9a-f]{16}\/[^/]+\/[^/]+)$/;

/** The bucket and the prefix of s3://bucket/prefix; null for another address. */
export function bucketOf(address: string): { bucket: string; prefix: string } | null {
	const [, bucket, path] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w-][\w.-]*)*)\/?$/.exec(address) ?? [];
	return bucket === undefined ? null : { bucket, prefix: path ? `${path.slice(1)}/` : '' };
}

/** A place in a bucket, with the keys of BACKUP_S3_…. Throws a sentence for people when a part is missing. */
export function bucketPlace(address: string, env: Variables, options: Options = {}): BackupPlace {
	const found = bucketOf(address);
	const settings =
		found &&
		bucketSettingsOf({
			bucket: found.bucket,
			key: env.BACKUP_S3_KEY,
			secret: env.BACKUP_S3_SECRET,
			region: env.BACKUP_S3_REGION,
			endpoint: env.BACKUP_S3_ENDPOINT
		});
	if (!found) throw new BackupError('settings', `${address} is not in its form: s3://bucket, or s3://bucket/prefix.`);
	if (!settings)
		throw new BackupError(
			'settings',
			'BACKUP_S3_KEY or BACKUP_S3_SECRET is missing: the keys of the bucket of backups.'
		);
	// Two minutes in all: a router that restarts is no reason to begin a copy of hours again.
	const { partSize = 16 << 20, firstPauseMs = 250, tries = 10 } = options;
	const bucket = new S3Bucket(settings, { firstPauseMs, tries });
	const at = (name: string) => found.prefix + checkedName(name);

	async function removeBelow(prefix: string): Promise<void> {
		for await (const { keys } of bucket.list(prefix)) await inParallel(keys, 8, (key) => bucket.remove(key));
	}

	return {
		address,
		concurrency: 4,
		async put(name, content) {
			const key = at(name);
			const source = typeof content === 'string' ? Readable.from([content], { objectMode: false }) : content;
			const size = await writeParts(bucket, key, piecesOf(source, partSize));
			const there = await bucket.size(key);
			if (there !== size)
				throw new BackupError('place', `${name} has ${there ?? 'no'} bytes in the bucket, and ${size} were written.`);
		},
		async open(name) {
			const key = at(name);
			// Asked before the answer, so that a missing object is null, not a broken stream.
			const first = await bucket.read(key);
			return first && Readable.from(resumed(bucket, key, first), { objectMode: false });
		},
		async read(name) {
			const stream = await this.open(name);
			if (!stream) return null;
			const parts: Buffer[] = [];
			for await (const part of stream) parts.push(part as Buffer);
			return Buffer.concat(parts).toString('utf8');
		},
		async list(folder) {
			const prefix = folder === '' ? found.prefix : `${at(folder).replace(/\/$/, '')}/`;
			const names: string[] = [];
			for await (const { keys, prefixes } of bucket.list(prefix, { delimiter: '/' })) names.push(...keys, ...prefixes);
			return names
				.map((name) => name.slice(prefix.length))
				.filter(Boolean)
				.sort();
		},
		async remove(names) {
			await inParallel(names, 8, (name) => (name.endsWith('/') ? removeBelow(at(name)) : bucket.remove(at(name))));
		},
		async clear() {
			const uploads = await bucket.uploads(found.prefix);
			const ours = uploads.filter(({ key }) => written.test(key.slice(found.prefix.length)));
			await inParallel(ours, 8, (upload) => bucket.abort(upload));
		}
	};
}

/** A stream in pieces of one size; the last one may be smaller, or the only one empty. */
async function* piecesOf(
	source: AsyncIterable<Uint8Array>,
	size: number
): AsyncGenerator<{ piece: Buffer; isLast: boolean }> {
	let held: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of source) {
		held.push(chunk);
		length += chunk.length;
		while (length > size) {
			const all = Buffer.concat(held);
			yield { piece: all.subarray(0, size), isLast: false };
			held = [all.subarray(size)];
			length -= size;
		}
	}
	yield { piece: Buffer.concat(held), isLast: true };
}

/** Writes the pieces, more than one as an object in parts. Answers how many bytes they have. */
async function writeParts(
	bucket: S3Bucket,
	key: string,
	pieces: AsyncGenerator<{ piece: Buffer; isLast: boolean }>
): Promise<number> {
	const first = (await pieces.next()).value as { piece: Buffer; isLast: boolean };
	if (first.isLast) {
		await bucket.write(key, first.piece);
		return first.piece.length;
	}
	const upload = await bucket.begin(key);
	try {
		const tags = [await bucket.writePart(upload, 1, first.piece)];
		let size = first.piece.length;
		for await (const { piece } of pieces) {
			tags.push(await bucket.writePart(upload, tags.length + 1, piece));
			size += piece.length;
		}
		// Put together already, where the answer to that was lost; the size is compared afterwards.
		await bucket.complete(upload, tags).catch((error: unknown) => {
			if (!(error instanceof BucketError && error.status === 404)) throw error;
		});
		return size;
	} catch (error) {
		await bucket.abort(upload).catch(() => undefined);
		throw error;
	}
}

/** The bytes of an object; where a connection broke they go on from there, if it is still the same object. */
async function* resumed(
	bucket: S3Bucket,
	key: string,
	first: { body: ReadableStream<Uint8Array>; etag: string }
): AsyncGenerator<Uint8Array> {
	let [from, body, failures] = [0, first.body, 0];
	for (;;) {
		try {
			for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
				yield chunk;
				from += chunk.length;
				failures = 0;
			}
			return;
		} catch (error) {
			failures += 1;
			if (failures > 5) throw error;
		}
		const next = await bucket.read(key, from, first.etag);
		if (!next) throw new BackupError('place', `${key} disappeared from the bucket while it was read.`);
		body = next.body;
	}
}
