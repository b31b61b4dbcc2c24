/* What a place of backups promises: the same of a folder and of a bucket, also while a store fails. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FileStore } from '#lib/files/server/store.ts';
import { bucketOf, bucketPlace } from '../../../src/local/backup/bucket-place.ts';
import { explain, faultOf } from '../../../src/local/backup/explain.ts';
import { folderPlace, openPlace, type BackupPlace } from '../../../src/local/backup/place.ts';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { backUp } from '../../../src/local/backup/making.ts';
import { copyObjects } from '../../../src/local/backup/objects.ts';
import { openBackup } from '../../../src/local/backup/opening.ts';
import { makeBackupWorld, withRestored } from '../../fixtures/backing-up.ts';
import { Bucket, type BucketFault } from '../../fixtures/bucket.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();
const bucket = new Bucket();
const partSize = 64 << 10;
const inBucket = (prefix = 'summit/one') =>
	bucketPlace(`s3://${bucket.name}${prefix && `/${prefix}`}`, bucket.settings('BACKUP_S3'), {
		partSize,
		firstPauseMs: 5
	});
let folder: string;

beforeAll(async () => {
	folder = temporaryFolder('global-summit-places');
	await bucket.start();
});
beforeEach(() => {
	bucket.objects.clear();
	bucket.uploads.clear();
	bucket.faults = [];
	[bucket.largest, bucket.mostAtOnce, bucket.isLocked] = [0, 0, false];
});
afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	await bucket.stop();
});

async function bytesOf(place: BackupPlace, name: string): Promise<Buffer | null> {
	const stream = await place.open(name);
	if (!stream) return null;
	const parts: Buffer[] = [];
	for await (const part of stream) parts.push(part as Buffer);
	return Buffer.concat(parts);
}

const sum = (bytes: Buffer | null) => bytes && createHash('sha256').update(bytes).digest('hex');

/** A stream of these bytes in pieces of odd sizes. */
const streamOf = (bytes: Buffer, piece = 7001) =>
	Readable.from(
		(function* () {
			for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
		})(),
		{ objectMode: false }
	);

function inFolder(): BackupPlace {
	const path = join(folder, randomBytes(4).toString('hex'));
	mkdirSync(path);
	return folderPlace(path);
}

test('a folder that is gone is not made again', async () => {
	const place = inFolder();
	await place.put('a/b', 'text');
	rmSync(place.address, { recursive: true });
	await expect(place.put('a/b', 'text')).rejects.toThrow('ENOENT');
	// What is remembered of its folders was forgotten after the error.
	await expect(place.put('a/b', 'text')).rejects.toThrow('ENOENT');
	expect(existsSync(place.address)).toBe(false);
});

describe.each([
	['a folder', inFolder],
	['a bucket', () => inBucket()]
])('%s', (_, make) => {
	test('gives back what was put, whatever its size', async () => {
		const place = make();
		for (const size of [0, 1, partSize - 1, partSize, partSize + 1, 3 * partSize, 5 * partSize + 77]) {
			const bytes = randomBytes(size);
			await place.put(`a/size-${size}`, streamOf(bytes));
			expect(sum(await bytesOf(place, `a/size-${size}`))).toBe(sum(bytes));
		}
		await place.put('place.json', '{"é": 1}');
		expect(await place.read('place.json')).toBe('{"é": 1}');
		await place.put('place.json', 'other');
		expect(await place.read('place.json')).toBe('other');
	});

	test('answers null for what is not there, and refuses names that lead out of it', async () => {
		const place = make();
		expect([await place.open('a/b'), await place.read('a/b'), await place.list('a')]).toEqual([null, null, []]);
		await place.remove(['a/b', 'c/']);
		for (const wrong of ['../a', '/a', 'a/../../b', '.partial/a', 'a b', ''])
			await expect(place.open(wrong)).rejects.toThrow('is not the name of a file');
	});

	test('lists folders and files, and removes both', async () => {
		const place = make();
		for (const name of ['one/backup.json', 'one/x', 'two/x', 'objects/ab/1.age', 'objects/cd/2.age', 'place.json'])
			await place.put(name, name);
		expect(await place.list('')).toEqual(['objects/', 'one/', 'place.json', 'two/']);
		expect(await place.list('one/')).toEqual(['backup.json', 'x']);
		expect(await place.list('one')).toEqual(['backup.json', 'x']);
		expect(await place.list('objects/')).toEqual(['ab/', 'cd/']);
		await place.remove(['one/', 'objects/ab/1.age']);
		expect(await place.list('')).toEqual(['objects/', 'place.json', 'two/']);
		expect(await place.list('objects/')).toEqual(['cd/']);
	});

	test('has more than a thousand files in a folder', async () => {
		const place = make();
		const names = Array.from({ length: 1203 }, (_, at) => `many/${String(at).padStart(5, '0')}`);
		for (let at = 0; at < names.length; at += 50)
			await Promise.all(names.slice(at, at + 50).map((name) => place.put(name, '')));
		expect(await place.list('many/')).toEqual(names.map((name) => name.slice(5)));
		await place.put('manyother', '');
		await place.remove(['many/']);
		expect(await place.list('')).toEqual(['manyother']);
	});

	test('a file whose source breaks is not there, and what was there before stays', async () => {
		const place = make();
		await place.put('a/b', 'before');
		for (const size of [10, 3 * partSize]) {
			const broken = Readable.from(
				(function* () {
					yield randomBytes(size);
					throw new Error('the source broke');
				})()
			);
			await expect(place.put('a/b', broken)).rejects.toThrow('the source broke');
		}
		expect(await place.read('a/b')).toBe('before');
		await place.clear();
		expect(await place.list('a')).toEqual(['b']);
	});
});

test('an address names a bucket and a prefix', async () => {
	expect(bucketOf('s3://backups')).toEqual({ bucket: 'backups', prefix: '' });
	expect(bucketOf('s3://backups/summit/one/')).toEqual({ bucket: 'backups', prefix: 'summit/one/' });
	for (const wrong of ['s3://', 's3://B', 's3://backups/../x', 's3://backups//x', '/backups', 's3://backups/a b'])
		expect(bucketOf(wrong)).toBe(null);
	const env = bucket.settings('BACKUP_S3');
	await expect(openPlace('s3://backups', { env: {} })).rejects.toThrow('BACKUP_S3_KEY or BACKUP_S3_SECRET is missing');
	await expect(openPlace(`s3://${bucket.name}`, { env: { ...env, BACKUP_S3_SECRET: 'wrong' } })).rejects.toThrow(
		'403 SignatureDoesNotMatch'
	);
	await expect(openPlace(`s3://${bucket.name}`, { env })).resolves.toMatchObject({ address: `s3://${bucket.name}` });
});

test('each prefix is a place of its own', async () => {
	const [one, other] = [inBucket('one'), inBucket('one-more')];
	await one.put('place.json', 'one');
	await other.put('place.json', 'other');
	expect([await one.list(''), await one.read('place.json')]).toEqual([['place.json'], 'one']);
	await one.remove(['place.json']);
	expect(await other.read('place.json')).toBe('other');
});

const large = randomBytes(6 * partSize + 5);

test('a large file goes in parts, of which one is held', async () => {
	const place = inBucket();
	await place.put('large', streamOf(large));
	expect(bucket.largest).toBe(partSize);
	expect(bucket.asked.filter((line) => line.startsWith('PUT') && line.endsWith('large')).length).toBeGreaterThan(6);
	expect(bucket.uploads.size).toBe(0);
	expect(bucket.asked.filter((line) => line.endsWith('unsigned'))).not.toContain('PUT summit/one/large unsigned');
});

const fail = (on: string, ...faults: (BucketFault | null)[]) =>
	bucket.faults.push(...faults.map((fault) => ({ on, fault })));

test('what fails for a while is tried again', async () => {
	const place = inBucket();
	fail('PUT', '503', 'cut', null, '503', 'cut', null, 'cut');
	fail('POST', '503', 'cut', null, '503', 'lost');
	fail('HEAD', 'cut', '503');
	await place.put('large', streamOf(large));
	expect(sum(bucket.objects.get('summit/one/large') ?? null)).toBe(sum(large));
	fail('GET', '503', 'cut', 'cut-body', 'cut-body', '503', 'cut-body');
	expect(sum(await bytesOf(place, 'large'))).toBe(sum(large));
	fail('GET', 'cut', '503');
	fail('DELETE', '503', 'cut');
	await place.remove(['large']);
	expect(await place.list('')).toEqual([]);
	expect(bucket.faults).toEqual([]);
});

test('what keeps failing is said, and leaves neither the object nor its parts', async () => {
	const place = inBucket();
	const said = async (work: Promise<unknown>) =>
		work.then(
			() => 'nothing',
			(error: unknown) => [faultOf(error), explain(error)]
		);
	fail('PUT', null, null, ...Array<BucketFault>(10).fill('503'));
	expect(await said(place.put('large', streamOf(large)))).toEqual([
		'place',
		'The bucket did not do what was asked: 503 SlowDown.'
	]);
	expect([bucket.objects.size, bucket.uploads.size]).toEqual([0, 0]);
	// A refusal is not tried again.
	fail('PUT', '403');
	expect(await said(place.put('small', 'x'))).toEqual([
		'place',
		'The bucket did not do what was asked: 403 AccessDenied.'
	]);
	fail('PUT', ...Array<BucketFault>(10).fill('cut'));
	expect(await said(place.put('small', 'x'))).toEqual(['place', expect.stringContaining('did not do what was asked')]);
	// Good at first sight, and an error below.
	fail('POST', null, 'error-in-answer');
	expect(await said(place.put('large', streamOf(large)))).toEqual(['place', expect.stringContaining('InternalError')]);
	expect([bucket.objects.size, bucket.uploads.size]).toEqual([0, 0]);
});

test('an object that is another one in the middle of reading is no answer', async () => {
	const place = inBucket();
	await place.put('large', streamOf(large));
	fail('GET', 'cut-body');
	const stream = await place.open('large');
	bucket.objects.set('summit/one/large', randomBytes(large.length));
	await expect(stream?.toArray()).rejects.toThrow('412');
});

test('a backup goes into a bucket and comes back', { timeout: 240_000 }, async () => {
	const world = await makeBackupWorld();
	try {
		await makeWorld(db.owner);
		const place = inBucket();
		const keep = { days: 1, weeks: 0, months: 0 };
		const options = { place, recipients: [world.recipient], keep, say: () => undefined, warn: () => undefined };
		await backUp(world.source(db.url), options);
		fail('PUT', '503', 'cut');
		fail('GET', 'cut');
		const { name } = (await backUp(world.source(db.url), options)).manifest;
		// The earlier one of the day is gone.
		expect(await place.list('')).toEqual([`${name}/`, 'place.json']);
		fail('GET', null, null, null, 'cut-body', '503', 'cut-body');
		await withRestored(db, await openBackup(place, undefined, [world.identity]), async (client, faults) => {
			expect(faults).toEqual([]);
			expect((await client.query('select count(*)::int as count from public.people')).rows).toEqual(
				(await db.owner.query('select count(*)::int as count from public.people')).rows
			);
		});
	} finally {
		world.drop();
	}
});

test('what killed writers have left in parts is dropped, of this place alone', async () => {
	const begun = (prefix: string) => {
		bucket.uploads.clear();
		const keys = [
			'2026-12-01T03-00-00Z/database.sql.gz.age',
			`objects/${'0'.repeat(16)}/ab/${'ab'.repeat(16)}.age`,
			'place.json',
			// Of others: recordings, and another place below this one.
			'recordings/one.mp4',
			'more/2026-12-01T03-00-00Z/database.sql.gz.age'
		];
		for (const key of keys) bucket.uploads.set(key, { key: prefix + key, parts: new Map() });
	};
	for (const prefix of ['', 'summit/one']) {
		begun(prefix && `${prefix}/`);
		bucket.uploads.set('summit/two', { key: 'summit/two/place.json', parts: new Map() });
		await inBucket(prefix).clear();
		expect([...bucket.uploads.keys()]).toEqual([
			'recordings/one.mp4',
			'more/2026-12-01T03-00-00Z/database.sql.gz.age',
			'summit/two'
		]);
	}
});

test('a bucket that keeps objects for a time takes them', async () => {
	bucket.isLocked = true;
	const place = inBucket();
	await place.put('small', 'x');
	await place.put('large', streamOf(large));
	expect([bucket.objects.size, sum(await bytesOf(place, 'large'))]).toEqual([2, sum(large)]);
});

test('nothing is sent to another host, and a wrong region is named', async () => {
	const elsewhere = await new Bucket().start();
	try {
		bucket.redirect = elsewhere.url;
		fail('PUT', '307');
		const said = await inBucket()
			.put('small', 'x')
			.catch((error: unknown) => [faultOf(error), explain(error)]);
		expect(said).toEqual(['place', expect.stringMatching(/in another region.*307 TemporaryRedirect/)]);
		expect(elsewhere.asked).toEqual([]);
	} finally {
		await elsewhere.stop();
	}
});

test('a connection that breaks after the last byte is the end', async () => {
	const place = inBucket();
	await place.put('large', streamOf(large));
	fail('GET', 'cut-end');
	expect(sum(await bytesOf(place, 'large'))).toBe(sum(large));
});

test('files go into a bucket a few at a time, and a failure ends the others', async () => {
	const place = inBucket();
	const names = Array.from({ length: 40 }, () => randomBytes(16).toString('hex')).sort();
	const store = {
		open: (name: string) => Promise.resolve(new Blob([`file ${name}`]).stream())
	} as unknown as FileStore;
	const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
	const objects = names.map((name) => ({ name, mediaType: '', size: 37, sha256: sha256(`file ${name}`) }));
	const recipients = [await identityToRecipient(await generateX25519Identity())];
	bucket.mostAtOnce = 0;
	const { copied, added, damaged } = await copyObjects(objects, { place, store, recipients });
	expect([copied.map(({ name }) => name), added, damaged]).toEqual([names, 40, []]);
	// One that was cut off is not kept, and asked for again the next time.
	const cutOff = { name: 'f'.repeat(32), mediaType: '', size: 50, sha256: sha256('more than is there') };
	for (const _ of ['first', 'second']) {
		const again = await copyObjects([...objects, cutOff], { place, store, recipients });
		expect([again.copied.length, again.added, again.missing, again.damaged]).toEqual([40, 0, [], [cutOff.name]]);
	}
	expect([...bucket.objects.keys()].filter((key) => key.includes(cutOff.name))).toEqual([]);
	expect(bucket.mostAtOnce).toBeGreaterThan(1);
	expect(bucket.mostAtOnce).toBeLessThanOrEqual(4);
	bucket.objects.clear();
	fail('PUT', null, '403');
	await expect(copyObjects(objects, { place, store, recipients })).rejects.toThrow('403');
	const written = bucket.objects.size;
	expect(written).toBeLessThan(8);
	await place.list('');
	expect(bucket.objects.size).toBe(written);
});
