import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { constants } from 'node:zlib';
import compression from 'compression';
import { encodingFor, keyOf, KeptResponses, matches, type Kept } from '#lib/live/kept-responses.ts';
import { closeNews, newsListener } from '#lib/live/server/listener.ts';
import { passOn, renderKept } from '#lib/live/server/rendering.ts';
import type { News } from '#lib/live/topics.ts';
import { themeOfCookies } from '#lib/ui/theme.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

const built = new URL('../build/handler.js', import.meta.url).href;
const { handler } = (await import(built)) as { handler: Handler };

const port = Number(process.env['PORT'] ?? 3000);
const host = process.env['HOST'] ?? '127.0.0.1';
const grace = Number(process.env['SHUTDOWN_TIMEOUT'] ?? 10) * 1000;

const kept = new KeptResponses({ entries: 1000, bytes: 96 * 1024 * 1024, maxAge: 60_000 });
// A person's own steps change no page of a reader who is signed out.
const ownKinds = new Set(['registration', 'order', 'queue', 'badge', 'rights', 'outbox']);
function changesPages({ topic, kind }: News): boolean {
	if (topic === 'outbox' || topic.startsWith('organise:')) return false;
	return !(topic.startsWith('person:') && ownKinds.has(kind));
}
const listener = newsListener();
listener?.hear({
	news: (news) => {
		if (changesPages(news)) kept.drop();
	},
	missed: () => kept.drop()
});

const compress = compression({ level: 6, brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } } });

function send(request: IncomingMessage, response: ServerResponse, found: Kept) {
	response.setHeader('cache-control', 'no-cache');
	response.setHeader('etag', found.etag);
	response.setHeader('vary', 'accept-encoding, cookie');
	if (matches(request.headers['if-none-match'], found.etag)) {
		response.writeHead(304).end();
		return;
	}
	const encoding = encodingFor(request.headers['accept-encoding'], found);
	const body = found.bodies[encoding] ?? found.bodies.identity;
	if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
	response.setHeader('content-length', body.length);
	response.writeHead(200, found.headers).end(request.method === 'HEAD' ? undefined : body);
}

/** The key of a request that may be answered from what is kept; null without LISTEN, as nothing would be dropped. */
function keyFor(request: IncomingMessage): string | null {
	const { method, headers, url = '/' } = request;
	if ((method !== 'GET' && method !== 'HEAD') || !listener?.connected()) return null;
	if (headers.cookie?.includes('gs-session')) return null;
	const theme = themeOfCookies(headers.cookie);
	return keyOf(url, `${theme}${headers['save-data'] === 'on' ? '+' : ''}`);
}

async function answer(request: IncomingMessage, response: ServerResponse, key: string) {
	const found = kept.find(key, Date.now());
	if (found) return send(request, response, found);
	const { 'if-none-match': asked, 'accept-encoding': accepts } = request.headers;
	const theme = themeOfCookies(request.headers.cookie);
	let passed: (() => void) | undefined;
	const made = await kept.make(key, async () => {
		const { held, kept: fresh } = await renderKept(handler, request, theme === 'system' ? '' : `theme=${theme}`);
		if (!fresh) passed = () => passOn(held, response);
		return fresh;
	});
	Object.assign(request.headers, { 'if-none-match': asked, 'accept-encoding': accepts });
	if (made) send(request, response, made);
	else if (passed) passed();
	else rendered(request, response);
}

function rendered(request: IncomingMessage, response: ServerResponse) {
	compress(request as Parameters<typeof compress>[0], response as Parameters<typeof compress>[1], () =>
		handler(request, response, () => response.writeHead(404).end())
	);
}

const server = createServer((request, response) => {
	const key = keyFor(request);
	if (key === null || request.method === 'HEAD') return rendered(request, response);
	answer(request, response, key).catch(() => {
		if (response.headersSent) response.destroy();
		else response.writeHead(500, { 'content-type': 'text/plain' }).end('This did not work. Try again in a minute.');
	});
});
server.keepAliveTimeout = 65_000;
server.headersTimeout = 15_000;
server.requestTimeout = 60_000;
server.listen(port, host);

let ending = false;
function end(reason: NodeJS.Signals) {
	if (ending) return;
	ending = true;
	server.close();
	// Open streams and the pool end here; without it they would hold the process until its grace is over.
	process.emit('sveltekit:shutdown' as 'exit', reason as unknown as number);
	server.closeIdleConnections();
	void closeNews();
	const sweep = setInterval(() => server.closeIdleConnections(), 50);
	server.once('close', () => clearInterval(sweep));
	setTimeout(() => {
		server.closeAllConnections();
		process.exit(0);
	}, grace).unref();
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
