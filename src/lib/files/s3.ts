/* A bucket of any store with the S3 API. The one file that signs requests to it. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';

/** A bucket, and who uses it. */
export interface BucketSettings {
	bucket: string;
	region: string;
	/** Of the store, without a slash at the end. */
	endpoint: string;
	key: string;
	secret: string;
}

/** Settings as somebody gave them; null when the bucket or a key is missing. */
export function bucketSettingsOf(
	given: Partial<Record<keyof BucketSettings, string | undefined>>
): BucketSettings | null {
	const { bucket, key, secret } = given;
	if (!bucket || !key || !secret) return null;
	const region = given.region || 'us-east-1';
	const endpoint = given.endpoint || `https://s3.${region}.amazonaws.com`;
	return { bucket, region, endpoint: endpoint.replace(/\/+$/, ''), key, secret };
}

/** What the store answered instead, by number and its own word; 0 when it did not answer. */
export class BucketError extends Error {
	readonly status: number;

	constructor(status: number, word = '', options?: ErrorOptions) {
		super(`${status} ${word}`, options);
		this.name = 'BucketError';
		this.status = status;
	}
}

/** What a listing found: keys, and the prefixes that end at a slash where it stopped at slashes. */
export interface BucketListing {
	keys: string[];
	prefixes: string[];
}

/** An object that is being written in parts. */
export interface BucketUpload {
	key: string;
	id: string;
}

interface BucketRequest {
	method?: string;
	key?: string;
	query?: Record<string, string>;
	body?: Buffer;
	headers?: Record<string, string>;
}

// Keys that we write need no escape in XML; tokens of the store may.
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text: string) =>
	text.replace(/&(amp|lt|gt|quot|apos|#x?[\da-f]+);/gi, (whole, name: string) => {
		if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole;
		return String.fromCodePoint(Number(name.replace(/^#x/i, '0x').replace('#', '')));
	});
const valuesIn = (xml: string, tag: string) =>
	[...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text = '']) => unescaped(text));
const partsIn = (xml: string, tag: string) =>
	[...xml.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, text = '']) => text);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('base64');
const longestPauseMs = 60_000;

/** The requests to one bucket. What fails for a while is tried again. */
export class S3Bucket {
	readonly #settings: BucketSettings;
	readonly #client: AwsClient;
	readonly #tries: number;
	readonly #firstPauseMs: number;

	constructor(settings: BucketSettings, { tries = 5, firstPauseMs = 250 } = {}) {
		this.#settings = settings;
		this.#tries = tries;
		this.#firstPauseMs = firstPauseMs;
		this.#client = new AwsClient({
			accessKeyId: settings.key,
			secretAccessKey: settings.secret,
			region: settings.region,
			service: 's3',
			retries: 0
		});
	}

	/** The bytes of an object from an offset on; null when there is none. The store says when it is not `etag` any more. */
	async read(key: string, from = 0, etag?: string): Promise<{ body: ReadableStream<Uint8Array>; etag: string } | null> {
		const headers = from > 0 ? { range: `bytes=${from}-`, ...(etag && { 'if-match': etag }) } : {};
		const answer = await this.#request({ key, headers }, [404, 416]);
		if (answer.status === 404) return null;
		if (answer.status === 416 && (await endsAt(answer, from))) return { body: new Blob([]).stream(), etag: etag ?? '' };
		if (!answer.body || (from > 0 && answer.status !== 206)) throw new BucketError(answer.status, 'not the range');
		return { body: answer.body, etag: answer.headers.get('etag') ?? '' };
	}

	/** The size of an object; null when there is none. */
	async size(key: string): Promise<number | null> {
		const answer = await this.#request({ method: 'HEAD', key }, [404]);
		return answer.status === 404 ? null : Number(answer.headers.get('content-length'));
	}

	/** Writes an object as a whole; the store refuses bytes that are not those that were signed. */
	async write(key: string, body: Buffer): Promise<void> {
		await this.#text({ method: 'PUT', key, body });
	}

	/** Deletes an object; a missing one is no error. */
	async remove(key: string): Promise<void> {
		await this.#text({ method: 'DELETE', key }, [404]);
	}

	/** Everything below a prefix, page by page; `delimiter` stops at slashes. */
	async *list(prefix: string, { delimiter = '', most = 1000 } = {}): AsyncGenerator<BucketListing> {
		const fixed = { 'list-type': '2', 'max-keys': String(most), prefix, ...(delimiter && { delimiter }) };
		for (let token: string | undefined, first = true; first || token; first = false) {
			const xml = await this.#text({ query: { ...fixed, ...(token && { 'continuation-token': token }) } });
			const prefixes = partsIn(xml, 'CommonPrefixes').flatMap((part) => valuesIn(part, 'Prefix'));
			yield { keys: partsIn(xml, 'Contents').flatMap((part) => valuesIn(part, 'Key')), prefixes };
			[token] = valuesIn(xml, 'NextContinuationToken');
		}
	}

	/** Begins an object in parts, which is not there before `complete`. */
	async begin(key: string): Promise<BucketUpload> {
		const [id] = valuesIn(await this.#text({ method: 'POST', key, query: { uploads: '' } }), 'UploadId');
		if (!id) throw new BucketError(200, 'no upload');
		return { key, id };
	}

	/** Writes a part, the first one is 1; answers the tag that names it. */
	async writePart({ key, id }: BucketUpload, number: number, body: Buffer): Promise<string> {
		const query = { partNumber: String(number), uploadId: id };
		const answer = await this.#request({ method: 'PUT', key, query, body });
		await answer.body?.cancel();
		return answer.headers.get('etag') ?? '';
	}

	/** Puts the parts together. */
	async complete({ key, id }: BucketUpload, tags: readonly string[]): Promise<void> {
		const parts = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
		const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
		const xml = await this.#text({ method: 'POST', key, query: { uploadId: id }, body });
		// An error may come after the first line of a good answer.
		if (xml.includes('<Error>')) throw new BucketError(200, valuesIn(xml, 'Code')[0]);
	}

	/** Drops an object in parts. */
	async abort({ key, id }: BucketUpload): Promise<void> {
		await this.#text({ method: 'DELETE', key, query: { uploadId: id } }, [404]);
	}

	/** The objects below a prefix that were begun and neither completed nor dropped. */
	async uploads(prefix: string): Promise<BucketUpload[]> {
		const found: BucketUpload[] = [];
		for (let marker: Record<string, string> | null = {}; marker;) {
			const xml = await this.#text({ query: { uploads: '', prefix, ...marker } });
			for (const part of partsIn(xml, 'Upload')) {
				const [[key], [id]] = [valuesIn(part, 'Key'), valuesIn(part, 'UploadId')];
				if (key && id) found.push({ key, id });
			}
			const [[key], [id]] = [valuesIn(xml, 'NextKeyMarker'), valuesIn(xml, 'NextUploadIdMarker')];
			const isCut = valuesIn(xml, 'IsTruncated')[0] === 'true';
			marker = isCut && key ? { 'key-marker': key, ...(id && { 'upload-id-marker': id }) } : null;
		}
		return found;
	}

	// The whole answer, read within the tries: a connection may break in its middle.
	#text(request: BucketRequest, expected: readonly number[] = []): Promise<string> {
		return this.#retry(async () => (await this.#once(request, expected)).text());
	}

	#request(request: BucketRequest, expected: readonly number[] = []): Promise<Response> {
		return this.#retry(() => this.#once(request, expected));
	}

	async #retry<Result>(work: () => Promise<Result>): Promise<Result> {
		for (let attempt = 1; ; attempt += 1) {
			try {
				return await work();
			} catch (error) {
				const isFinal = error instanceof BucketError && error.status !== 429 && error.status < 500 && error.status > 0;
				if (isFinal || attempt >= this.#tries) {
					if (error instanceof BucketError) throw error;
					throw new BucketError(0, reasonOf(error), { cause: error });
				}
				const longest = Math.min(this.#firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
				await pause(longest * (0.5 + Math.random()));
			}
		}
	}

	async #once({ method = 'GET', key = '', query, body, headers }: BucketRequest, expected: readonly number[]) {
		const { endpoint, bucket } = this.#settings;
		const url = new URL(`${endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`);
		for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
		const signed = await this.#client.sign(url.href, {
			method,
			headers: {
				...headers,
				'x-amz-content-sha256': sha256(body ?? Buffer.alloc(0)),
				// A bucket with a default retention (Object Lock) takes no object without it.
				...(body && { 'content-md5': md5(body) })
			},
			...(body && { body: new Uint8Array(body) })
		});
		// Until the answer begins: how long its body takes, nobody knows.
		const timer = new AbortController();
		const timeout = setTimeout(() => timer.abort(new Error('no answer in ten minutes')), 600_000);
		// A redirect would send what is stored to a host that the settings do not name.
		const answer = await fetch(signed, { signal: timer.signal, redirect: 'manual' }).finally(() =>
			clearTimeout(timeout)
		);
		if (answer.ok || expected.includes(answer.status)) return answer;
		const [word] = valuesIn(await answer.text().catch(() => ''), 'Code');
		// Stores give this answer to a request that came in too slowly.
		throw new BucketError(word === 'RequestTimeout' ? 503 : answer.status, word);
	}
}

// The connection broke after the last byte.
async function endsAt(answer: Response, size: number): Promise<boolean> {
	await answer.body?.cancel();
	return answer.headers.get('content-range') === `bytes */${size}`;
}

function reasonOf(error: unknown): string {
	const cause = error instanceof Error ? (error.cause ?? error) : error;
	const code = (cause as { code?: unknown } | null)?.code;
	return typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause);
}
