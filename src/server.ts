import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { constants } from 'node:zlib';
import compression from 'compression';
import { errorFacts, log } from '#lib/audit/server/log.ts';
import { shownReference } from '#lib/faults/reference.ts';
import { noteFault } from '#lib/faults/server/recording.ts';
import {
	bestEncoding,
	isNotModified,
	isAlwaysAnonymous,
	cacheKey,
	ResponseCache,
	etagMatches,
	type CachedResponse
} from '#lib/live/response-cache.ts';
import { cdnHeaders, readCdnSettings } from '#lib/live/cdn-settings.ts';
import { createPurge } from '#lib/live/server/cdn.ts';
import { isDraining } from '#lib/live/server/drain.ts';
import { endOnSignals } from '#lib/live/server/ending.ts';
import { closeListener, eventListener } from '#lib/live/server/listener.ts';
import { recordRequest } from '#lib/live/server/measures.ts';
import { sendUncached, renderForCache, varies } from '#lib/live/server/rendering.ts';
import { allowsRange, refusalStatus } from '#lib/live/request-check.ts';
import { barePath } from '#lib/i18n/locale.ts';
import { isRestrictedTopic, type LiveEvent } from '#lib/live/topics.ts';
import { dismissedOfCookies } from '#lib/status/notices.ts';
import { withHostPrefix, withoutHostPrefix } from '#lib/ui/host-cookies.ts';
import { themeOfCookies } from '#lib/ui/theme.ts';

type Handler = (
	request: IncomingMessage,
	response: ServerResponse,
	next: (error?: unknown) => void
) => void | Promise<void>;

// Organisers upload tables and people of sessions upload slides, which are streamed to the disk. Forms of anybody else
// get the limit for forms, before anything is read.
const uploadLimit = 105_000_000;
const fileLimit = 6_000_000;
const formLimit = 512 * 1024;
const takesFiles = /^\/[^/?]+\/organise\//;
const takesUploads =
	/^\/[^/?]+\/(?:(?:organise\/(?:agenda|pages)|speak)\/[^/?]+\/files\?\/upload|speak\/photo\?\/save|me\/logistics\?\/save|register\/4)$/;
// The pieces that a recorder sends, two seconds each.
const pieceLimit = 8_100_000;
const takesPieces = /^\/live\/recorder\/[\w-]+\/parts\//;
process.env['BODY_SIZE_LIMIT'] ??= String(uploadLimit);

const built = new URL('../build/handler.js', import.meta.url).href;
const { handler } = (await import(built)) as { handler: Handler };

const port = Number(process.env['PORT'] ?? 3000);
const host = process.env['HOST'] ?? '127.0.0.1';
const formTimeoutMs = 60_000;
const graceMs = Number(process.env['SHUTDOWN_TIMEOUT'] || 10) * 1000;

const cached = new ResponseCache({ entries: 1000, bytes: 96 * 1024 * 1024, maxAge: 60_000 });
// Events about one person change no page of a signed-out reader.
const ownKinds = new Set(['registration', 'order', 'queue', 'badge', 'rights', 'outbox', 'marks', 'calendar']);
function changesPages({ topic, kind }: LiveEvent): boolean {
	if (topic === 'outbox' || topic === 'sessions' || topic.startsWith('organise:') || isRestrictedTopic(topic))
		return false;
	return !(topic.startsWith('person:') && ownKinds.has(kind));
}
const cdn = readCdnSettings(process.env);
const forCdn = cdnHeaders(cdn);
const purge =
	cdn.seconds > 0 && cdn.purge
		? createPurge(cdn.purge, (error) => log.warn(errorFacts(error), 'the CDN was not told that pages have changed'))
		: null;
function dropPages(): void {
	cached.clear();
	purge?.();
}
const listener = eventListener();
listener?.subscribe({
	onEvent: (event) => {
		if (changesPages(event)) dropPages();
	},
	resync: dropPages
});

const compress = compression({
	level: 6,
	brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 18 } }
});

function send(request: IncomingMessage, response: ServerResponse, found: CachedResponse) {
	const asked = request.headers['if-none-match'];
	// What is made for a cookie is of one reader's choices.
	const kept = request.headers.cookie === undefined ? forCdn : [];
	const has =
		asked === undefined
			? isNotModified(request.headers['if-modified-since'], found.modified)
			: etagMatches(asked, found.etag);
	if (has) {
		const modified = found.modified === null ? [] : ['last-modified', new Date(found.modified).toUTCString()];
		// The empty answer needs it too: a browser checks it before a script of another site may use the resource.
		const { headers } = found.encodings.identity;
		const at = headers.indexOf('access-control-allow-origin');
		const sharing = at < 0 ? [] : headers.slice(at, at + 2);
		response
			.writeHead(304, [
				'cache-control',
				'no-cache',
				'etag',
				found.etag,
				'vary',
				varies,
				...kept,
				...modified,
				...sharing
			])
			.end();
		return;
	}
	const form = bestEncoding(request.headers['accept-encoding'], found);
	response.writeHead(200, [...form.headers, ...kept]).end(form.body);
}

/**
 * What a cached page depends on besides its address; null for a signed-in reader, and without LISTEN, when nothing
 * would be evicted.
 */
function variantFor({ method, headers, url = '/' }: IncomingMessage): string | null {
	if ((method !== 'GET' && method !== 'HEAD') || !listener?.connected()) return null;
	const saves = headers['save-data'] === 'on' ? '+' : '';
	if (headers.cookie === undefined || isAlwaysAnonymous(url)) return `system${saves}`;
	if (headers.cookie.includes('gs-session')) return null;
	return [themeOfCookies(headers.cookie) + saves, ...dismissedOfCookies(headers.cookie)].join('.');
}

async function answer(request: IncomingMessage, response: ServerResponse, key: string) {
	const { 'if-none-match': asked, 'if-modified-since': since, 'accept-encoding': accepts } = request.headers;
	const cookies = isAlwaysAnonymous(request.url ?? '/') ? undefined : request.headers.cookie;
	const [theme, dismissed] = [themeOfCookies(cookies), dismissedOfCookies(cookies)];
	let passed: (() => void) | undefined;
	const made = await cached.make(key, async () => {
		const { held, cached: fresh } = await renderForCache(
			handler,
			request,
			[
				...(theme === 'system' ? [] : [`theme=${theme}`]),
				...(dismissed.length === 0 ? [] : [`dismissed=${dismissed.join('.')}`])
			].join('; ')
		);
		if (!fresh) passed = () => compressed(request, response, () => sendUncached(held, response));
		return fresh;
	});
	Object.assign(request.headers, { 'if-none-match': asked, 'if-modified-since': since, 'accept-encoding': accepts });
	if (made) send(request, response, made);
	else if (passed) passed();
	else rendered(request, response);
}

function compressed(request: IncomingMessage, response: ServerResponse, answer: () => void) {
	compress(request as Parameters<typeof compress>[0], response as Parameters<typeof compress>[1], answer);
}

// The app's handler throws, or its promise is rejected: that ends this one request, not the process.
async function handle(request: IncomingMessage, response: ServerResponse) {
	try {
		await handler(request, response, () => response.writeHead(404).end());
	} catch (thrown) {
		fail(response, thrown);
	}
}

function fail(response: ServerResponse, thrown: unknown) {
	const reference = noteFault(thrown, null);
	log.error({ reference, ...errorFacts(thrown) }, 'a request could not be answered');
	if (response.headersSent) response.destroy();
	else
		response
			.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
			.end(`This did not work. Try again in a minute. Reference: ${shownReference(reference)}`);
}

function rendered(request: IncomingMessage, response: ServerResponse) {
	compressed(request, response, () => void handle(request, response));
}

function refuse(response: ServerResponse, status: number, sentence: string) {
	response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(sentence);
}

function limitFor(url = '/', type = ''): number {
	if (takesPieces.test(url)) return pieceLimit;
	const bare = barePath(url);
	// A form without files is read into memory, and has no more than others.
	const isUpload = type.startsWith('multipart/form-data') && takesUploads.test(bare);
	return isUpload ? uploadLimit : takesFiles.test(bare) ? fileLimit : formLimit;
}

// The handler has one limit for all: a body without a content length is counted here as it arrives, and a form must
// arrive within a minute.
function watchBody(request: IncomingMessage, most: number) {
	const { 'transfer-encoding': pieces, 'content-length': length = '0' } = request.headers;
	if (most === uploadLimit || (pieces === undefined && length === '0')) return;
	if (pieces !== undefined) {
		let size = 0;
		request.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size > most) request.destroy();
		});
	}
	const late = setTimeout(() => request.complete || request.destroy(), formTimeoutMs);
	request.once('close', () => clearTimeout(late));
}

// RFC 8058: a mail program posts a form from no page, and SvelteKit refuses forms without an origin. A browser always
// sends one, so this lets in no page of another site; what is asked for is in the token of the address.
const takesOneClick = /^\/unsubscribe\/[\w-]{32}\/one-click$/;
function admitOneClick({ method, url = '', headers }: IncomingMessage) {
	if (method === 'POST' && headers.origin === undefined && takesOneClick.test(barePath(url)))
		headers['content-type'] = 'application/octet-stream';
}

function respond(request: IncomingMessage, response: ServerResponse) {
	const url = request.url ?? '';
	const refusal = refusalStatus(url);
	if (refusal !== null) return refuse(response, refusal, 'There is no such address.');
	const { range } = request.headers;
	if (range !== undefined && !allowsRange(url, range)) delete request.headers.range;
	admitOneClick(request);
	const most = limitFor(url, request.headers['content-type']);
	if (Number(request.headers['content-length'] ?? 0) > most) return refuse(response, 413, 'This is too large.');
	watchBody(request, most);
	const variant = variantFor(request);
	if (variant === null) return rendered(request, response);
	const found = cached.find(`${variant} ${url}`, Date.now());
	if (found) return send(request, response, found);
	// A page rendered for HEAD has no body to cache.
	const key = request.method === 'HEAD' ? null : cacheKey(url, variant);
	if (key === null) return rendered(request, response);
	answer(request, response, key).catch((thrown: unknown) => fail(response, thrown));
}

const isSecure = process.env['ORIGIN']?.startsWith('https:') ?? false;

function bindCookies({ headers }: IncomingMessage, response: ServerResponse) {
	if (headers.cookie !== undefined) headers.cookie = withoutHostPrefix(headers.cookie);
	const set = response.setHeader.bind(response);
	response.setHeader = (name, value) =>
		set(name, name.toLowerCase() === 'set-cookie' ? [value].flat().map((each) => withHostPrefix(String(each))) : value);
}

const server = createServer((request, response) => {
	const began = performance.now();
	response.once('close', () => {
		const type = String(response.getHeader('content-type') ?? '');
		if (response.writableFinished && !type.startsWith('text/event-stream'))
			recordRequest(request, { status: response.statusCode, type }, performance.now() - began);
	});
	try {
		// Static files and early refusals get no header from the app.
		response.setHeader('x-content-type-options', 'nosniff');
		// A proxy that keeps connections takes the next request to another process.
		if (isDraining()) response.setHeader('connection', 'close');
		if (isSecure) {
			response.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
			bindCookies(request, response);
		}
		respond(request, response);
	} catch (thrown) {
		fail(response, thrown);
	}
});
server.keepAliveTimeout = 65_000;
server.headersTimeout = 15_000;
// 100 MB over a slow connection.
server.requestTimeout = 30 * 60_000;
server.listen(port, host, () => {
	// Requests share no state except caches, so the others continue: ending the process would end their streams and
	// uploads.
	for (const event of ['uncaughtException', 'unhandledRejection'] as const)
		process.on(event, (thrown) =>
			log.error({ event, reference: noteFault(thrown, null), ...errorFacts(thrown) }, 'a fault that nothing caught')
		);
});

endOnSignals(server, {
	drainMs: Number(process.env['DRAIN_SECONDS'] ?? 0) * 1000,
	graceMs,
	onEnd(signal) {
		// Open streams and the pool end here; otherwise they would keep the process running until its grace period is over.
		process.emit('sveltekit:shutdown' as 'exit', signal as unknown as number);
		void closeListener();
	}
});
