import { createHash } from 'node:crypto';
import { ServerResponse, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding, CachedResponse, EncodedBody } from '#lib/live/response-cache.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void | Promise<void>;

// Headers about the connection, and headers that are set again for each answer.
const uncachedHeaders = new Set([
	'connection',
	'date',
	'keep-alive',
	'transfer-encoding',
	'content-length',
	'etag',
	'cache-control',
	'vary'
]);

/** A response that is written into memory instead of to a reader. */
class BufferedResponse extends ServerResponse {
	readonly chunks: Buffer[] = [];
	readonly done: Promise<void>;
	#settle: () => void = () => undefined;

	constructor(request: IncomingMessage) {
		super(request);
		this.done = new Promise((resolve) => (this.#settle = resolve));
	}

	override writeHead(status: number, ...rest: unknown[]): this {
		this.statusCode = status;
		const headers = rest.find(
			(part): part is OutgoingHttpHeaders => typeof part === 'object' && part !== null && !Array.isArray(part)
		);
		for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) this.setHeader(name, value);
		return this;
	}

	override flushHeaders(): void {}

	override write(chunk: unknown): boolean {
		if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.chunks.push(Buffer.from(chunk as string));
		return true;
	}

	override end(chunk?: unknown): this {
		this.write(chunk);
		this.#settle();
		return this;
	}

	override destroy(): this {
		this.statusCode = 500;
		this.#settle();
		return this;
	}
}

/** Lets the app answer a signed-out GET, and compresses the answer; null when it must not be cached. */
export async function renderForCache(
	handler: Handler,
	request: IncomingMessage,
	cookies: string
): Promise<{ held: BufferedResponse; cached: CachedResponse | null }> {
	// Rendered for no reader in particular: only parts of the key may change the page.
	request.headers['cookie'] = cookies;
	delete request.headers['if-none-match'];
	delete request.headers['if-modified-since'];
	const held = new BufferedResponse(request);
	await handler(request, held, () => {
		held.statusCode = 404;
		held.end();
	});
	await held.done;
	const keeps =
		held.statusCode === 200 && !held.hasHeader('set-cookie') && held.getHeader('cache-control') !== 'no-store';
	return { held, cached: keeps ? await encode(held) : null };
}

/** What a cached page depends on besides its address: the same as its key in the cache. */
export const varies = 'accept-encoding, cookie, save-data';

async function encode(held: BufferedResponse): Promise<CachedResponse> {
	const identity = Buffer.concat(held.chunks);
	const headers: string[] = [];
	for (const [name, value] of Object.entries(held.getHeaders())) {
		if (!uncachedHeaders.has(name) && value !== undefined)
			headers.push(name, Array.isArray(value) ? value.join(', ') : String(value));
	}
	const etag = `W/"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`;
	headers.push('cache-control', 'no-cache', 'etag', etag, 'vary', varies);
	const form = (body: Buffer, encoding?: Encoding): EncodedBody => ({
		body,
		headers: [...headers, ...(encoding ? ['content-encoding', encoding] : []), 'content-length', String(body.length)]
	});
	const modified = Date.parse(String(held.getHeader('last-modified') ?? ''));
	const cached: CachedResponse = {
		etag,
		encodings: { identity: form(identity) },
		at: Date.now(),
		modified: Number.isFinite(modified) ? modified : null
	};
	if (identity.length > 500) {
		const params = { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: identity.length };
		const [br, gz] = await Promise.all([
			promisify(brotliCompress)(identity, { params }),
			promisify(gzip)(identity, { level: 6 })
		]);
		Object.assign(cached.encodings, { br: form(br, 'br'), gzip: form(gz, 'gzip') });
	}
	return cached;
}

/** Sends a response that was held but not cached: a redirect, an error page. */
export function sendUncached(held: BufferedResponse, response: ServerResponse): void {
	for (const [name, value] of Object.entries(held.getHeaders()))
		if (name !== 'transfer-encoding' && value !== undefined) response.setHeader(name, value);
	response.writeHead(held.statusCode).end(Buffer.concat(held.chunks));
}
