import { Agent as PlainAgent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { isOutage, noted, noteOutage } from './outage.ts';
import { requestTimeoutMs } from './timeouts.ts';

// The built-in fetch opens as many connections as there are requests, and during a rush most time would be spent on
// opening them.
const settings = { keepAlive: true, maxSockets: 64, timeout: 4000 };
const plain = new PlainAgent(settings);
const secure = new SecureAgent(settings);

const empty = new Set([204, 205, 304]);

/**
 * A `fetch` for short requests to one server: over few connections that stay open, with the answer read completely, and
 * aborted when it takes too long.
 */
export const pooledFetch: typeof fetch = (input, init = {}) => {
	const { body } = init;
	if (input instanceof Request || (body != null && typeof body !== 'string')) return limitedFetch(input, init);
	const url = new URL(input);
	const isSecure = url.protocol === 'https:';
	const bytes = body == null ? undefined : Buffer.from(body);
	const options: RequestOptions = {
		agent: isSecure ? secure : plain,
		method: init.method ?? 'GET',
		headers: {
			...Object.fromEntries(new Headers(init.headers)),
			...(bytes && { 'content-length': bytes.length })
		},
		...(init.signal && { signal: init.signal })
	};
	return new Promise((done, fail) => {
		const asked = (isSecure ? secureRequest : plainRequest)(url, options, (answer) => {
			readResponse(answer).then(done, failed);
		});
		// A limit for the whole answer, because a server may send one byte now and then.
		const timer = setTimeout(() => asked.destroy(timedOut()), requestTimeoutMs);
		const failed = (error: unknown) => fail(init.signal?.aborted ? error : noted(error));
		asked.on('close', () => clearTimeout(timer));
		asked.on('error', failed);
		asked.end(bytes);
	});
};

/** The built-in `fetch` with the same limit: for Auth, and for bodies that are not text. */
export const limitedFetch: typeof fetch = async (input, init = {}) => {
	const limit = AbortSignal.timeout(requestTimeoutMs);
	try {
		return await fetch(input, { ...init, signal: init.signal ? AbortSignal.any([init.signal, limit]) : limit });
	} catch (error) {
		if (limit.aborted) noteOutage();
		throw noted(error);
	}
};

const timedOut = () => Object.assign(new Error('The server does not answer.'), { code: 'ETIMEDOUT' });

// The data API answers even when the database is unavailable; its code says so, and supabase-js passes on no more than
// that.
function noteAnswer(status: number, body: Buffer): void {
	// PostgREST reports a read-only database as a wrong method.
	if (status < 500 && status !== 405) return;
	try {
		if (status === 503 || isOutage(JSON.parse(body.toString()))) noteOutage();
	} catch {
		// Errors of Postgres arrive as JSON. Any other text comes from a proxy, or from the local REST, when the server
		// behind it does not answer.
		if (status >= 500) noteOutage();
	}
}

async function readResponse(answer: IncomingMessage): Promise<Response> {
	const chunks: Buffer[] = [];
	for await (const chunk of answer) chunks.push(chunk as Buffer);
	const status = answer.statusCode ?? 500;
	noteAnswer(status, Buffer.concat(chunks));
	const headers = new Headers();
	for (const [name, values = []] of Object.entries(answer.headersDistinct))
		for (const value of values) headers.append(name, value);
	return new Response(empty.has(status) ? null : Buffer.concat(chunks), { status, headers });
}
