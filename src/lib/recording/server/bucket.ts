import { AwsClient } from 'aws4fetch';

/** The bucket that Egress writes into, of any store with the S3 API. */
interface BucketSettings {
	bucket: string;
	region: string;
	/** For a store other than Amazon's. */
	endpoint: string;
	key: string;
	secret: string;
}

/** From the environment; null when a part of it is missing. */
export function bucketSettings(): BucketSettings | null {
	const bucket = process.env['EGRESS_S3_BUCKET'];
	const key = process.env['EGRESS_S3_KEY'];
	const secret = process.env['EGRESS_S3_SECRET'];
	if (!bucket || !key || !secret) return null;
	const region = process.env['EGRESS_S3_REGION'] ?? 'us-east-1';
	const endpoint = process.env['EGRESS_S3_ENDPOINT'] ?? `https://s3.${region}.amazonaws.com`;
	return { bucket, region, endpoint: endpoint.replace(/\/+$/, ''), key, secret };
}

function fetchBucket(path: string, method = 'GET'): Promise<Response> {
	const found = bucketSettings();
	if (!found) throw new Error('EGRESS_S3_BUCKET, EGRESS_S3_KEY and EGRESS_S3_SECRET are needed.');
	const client = new AwsClient({
		accessKeyId: found.key,
		secretAccessKey: found.secret,
		region: found.region,
		service: 's3',
		retries: 2
	});
	return client.fetch(`${found.endpoint}/${found.bucket}${path}`, { method, signal: AbortSignal.timeout(60_000) });
}

/** The object of a key, or null when there is none. */
export async function readBucket(key: string): Promise<ReadableStream<Uint8Array> | null> {
	const answer = await fetchBucket(`/${key}`);
	if (answer.status === 404) return null;
	if (!answer.ok || !answer.body) throw new Error(`The bucket answered ${answer.status}.`);
	return answer.body;
}

/** Deletes everything whose key has this prefix. */
export async function emptyBucket(prefix: string): Promise<void> {
	for (;;) {
		const answer = await fetchBucket(`/?list-type=2&max-keys=200&prefix=${encodeURIComponent(prefix)}`);
		if (!answer.ok) throw new Error(`The bucket answered ${answer.status}.`);
		const keys = keysOf(await answer.text());
		if (keys.length === 0) return;
		for (const key of keys) {
			const gone = await fetchBucket(`/${key.split('/').map(encodeURIComponent).join('/')}`, 'DELETE');
			if (!gone.ok && gone.status !== 404) throw new Error(`The bucket answered ${gone.status}.`);
		}
	}
}

/**
 * The keys of a listing. Keys under our prefixes contain only letters, digits, dots, hyphens and slashes, so XML
 * escapes nothing in them.
 */
function keysOf(xml: string): string[] {
	return [...xml.matchAll(/<Key>([^<&]+)<\/Key>/g)].map(([, key = '']) => key);
}
