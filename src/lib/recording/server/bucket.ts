import { bucketSettingsOf, S3Bucket, type BucketSettings } from '#lib/files/s3.ts';

/** The bucket that Egress writes into, from the environment; null when a part of it is missing. */
export const bucketSettings = (): BucketSettings | null =>
	bucketSettingsOf({
		bucket: process.env['EGRESS_S3_BUCKET'],
		key: process.env['EGRESS_S3_KEY'],
		secret: process.env['EGRESS_S3_SECRET'],
		region: process.env['EGRESS_S3_REGION'],
		endpoint: process.env['EGRESS_S3_ENDPOINT']
	});

function openBucket(): S3Bucket {
	const found = bucketSettings();
	if (!found) throw new Error('EGRESS_S3_BUCKET, EGRESS_S3_KEY and EGRESS_S3_SECRET are needed.');
	return new S3Bucket(found, { tries: 3 });
}

/** The object of a key, or null when there is none. */
export async function readBucket(key: string): Promise<ReadableStream<Uint8Array> | null> {
	return (await openBucket().read(key))?.body ?? null;
}

/** Deletes everything whose key has this prefix. */
export async function emptyBucket(prefix: string): Promise<void> {
	const bucket = openBucket();
	for await (const { keys } of bucket.list(prefix, { most: 200 })) for (const key of keys) await bucket.remove(key);
}
