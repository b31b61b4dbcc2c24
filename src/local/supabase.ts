/*
 * The local Auth and REST: @supabase/lite in a separate process, on the loopback address only. It has no limit on
 * attempts, so it is never proxied to the outside, and of its Auth only what our pages use is open.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { outageWords } from '#lib/database/server/outage.ts';
import { App } from '@supabase/lite';
import { authAdmin, catchMail, mailCatcher } from './supabase-admin.ts';
import { brokeWithin, liteConnection } from './supabase-connection.ts';

/** What the process is told, in its environment variable LITE. */
export interface LiteSettings {
	port: number;
	databaseUrl: string;
	siteUrl: string;
	jwtSecret: string;
	publishableKey: string;
	secretKey: string;
}

/** Makes the request handler of the local Auth and REST. */
async function createLite(settings: LiteSettings): Promise<(request: Request) => Promise<Response>> {
	const connection = liteConnection(settings.databaseUrl);
	const app = new App({
		connection,
		api: { enabled: true, schemas: ['public'], max_rows: 10_000 },
		auth: {
			enabled: true,
			jwt_secret: settings.jwtSecret,
			publishable_key: settings.publishableKey,
			secret_key: settings.secretKey,
			site_url: settings.siteUrl,
			jwt_expiry: 3600
		},
		options: { drivers: { email: mailCatcher }, server: { disableStudio: true } }
	});
	await app.init();
	const admin = authAdmin(
		settings,
		catchMail((request) => app.fetch(request))
	);
	return async (request) => {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname.startsWith('/auth/v1/admin/')) return admin(request);
		if (pathname.startsWith('/auth/v1/') && !isOpen(request.method, pathname, searchParams)) {
			return Response.json({ code: 404, error_code: 'not_found', msg: 'Not part of the local Auth.' }, { status: 404 });
		}
		return asPostgrest(await app.fetch(request, { peerAddress: null }));
	};
}

// lite answers 500 for a database that is away, with the driver's words, and 404 when it could not read which functions there
// are. PostgREST answers 503.
async function asPostgrest(response: Response): Promise<Response> {
	if (response.status !== 500 && !(response.status === 404 && brokeWithin(5000))) return response;
	const { code, message } = (await response
		.clone()
		.json()
		.catch(() => ({}))) as { code?: unknown; message?: unknown };
	const isAway =
		code === 'PGRST202' || code === 'PGRST205' || (typeof message === 'string' && outageWords.test(message));
	if (!isAway) return response;
	return Response.json({ code: 'PGRST000', message: 'The database does not answer.' }, { status: 503 });
}

// A sign-in without one of our codes would avoid our limits; only what a session needs stays available.
function isOpen(method: string, path: string, query: URLSearchParams): boolean {
	if (path === '/auth/v1/token') return query.get('grant_type') === 'refresh_token';
	if (path === '/auth/v1/verify') return method === 'POST';
	return ['/auth/v1/user', '/auth/v1/logout', '/auth/v1/health', '/auth/v1/.well-known/jwks.json'].includes(path);
}

async function answer(
	handle: (request: Request) => Promise<Response>,
	incoming: IncomingMessage,
	outgoing: ServerResponse
): Promise<void> {
	const method = incoming.method ?? 'GET';
	const headers = new Headers();
	for (const [name, value] of Object.entries(incoming.headers))
		if (value !== undefined) headers.set(name, String(value));
	const body = method === 'GET' || method === 'HEAD' ? undefined : (Readable.toWeb(incoming) as ReadableStream);
	const request = new Request(`http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`, {
		method,
		headers,
		body,
		duplex: 'half'
	} as RequestInit);
	const response = await handle(request);
	outgoing.writeHead(response.status, Object.fromEntries(response.headers));
	if (response.body) Readable.fromWeb(response.body as NodeStream).pipe(outgoing);
	else outgoing.end();
}

// lite logs a failed statement whole, values of its row included, and an expected refusal is no news.
function quietErrors(): void {
	console.error = (...given: unknown[]) => {
		for (const part of given) {
			const code = part instanceof Error && 'code' in part ? String(part.code) : '';
			if (/^(42501|PT|P0001|23)/.test(code)) continue;
			process.stderr.write(`${part instanceof Error ? `${part.name} ${code}` : 'error'}\n`);
		}
	};
}

async function main(): Promise<void> {
	quietErrors();
	const settings = JSON.parse(process.env.LITE ?? '{}') as LiteSettings;
	const handle = await createLite(settings);
	const server = createServer((incoming, outgoing) => {
		answer(handle, incoming, outgoing).catch((error: unknown) => {
			console.error(error);
			if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'application/json' });
			outgoing.end(JSON.stringify({ message: 'The local Supabase failed.' }));
		});
	});
	process.once('SIGTERM', () => process.exit(0));
	server.keepAliveTimeout = 60_000;
	server.listen(settings.port, '127.0.0.1');
}

// lite would print its whole configuration, keys included, when it dislikes it.
if (import.meta.main) {
	main().catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message.slice(0, 200) : 'failed'}\n`);
		process.exit(1);
	});
}
