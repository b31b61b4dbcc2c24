/* The agenda of 120 sessions under load, beside a bare server that sends the same bytes, in one run. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { openSession } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { load } from './load.ts';
import { kB, ms, print, type Figure } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

/** Measures the agenda signed out, revalidated and signed in. */
export async function measureAgenda(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { slug } = await makeSummit(client, 120);
	await client.end();
	const url = `${stack.origin}/${slug}/agenda`;
	const accept = { 'accept-encoding': 'br' };
	const first = await fetch(url, { headers: accept });
	const etag = first.headers.get('etag') ?? '';
	// fetch has decoded the body: the bytes on the wire are taken from a load of one.
	const bare = await startBare(await wireOf(url, accept), Object.fromEntries(first.headers));
	const session = await openSession(stack.variables, `reader-${Date.now()}@example.org`);
	const signedIn = { ...accept, cookie: session.cookie };
	await load(url, accept, 20, 1);
	await load(url, signedIn, 20, 1);
	const kept = await load(url, accept);
	const raw = await load(bare.url, accept);
	const own = await load(url, signedIn);
	bare.stop();
	const figures: Figure[] = [
		{
			what: 'signed out',
			value: `${Math.round(kept.perSecond)} a second, p95 ${ms(kept.p95)}, ${kB(kept.bytes)}, ${kept.failures} failures`
		},
		{ what: 'bare node:http, same bytes', value: `${Math.round(raw.perSecond)} a second, p95 ${ms(raw.p95)}` },
		{
			what: 'signed out, share of bare',
			value: `${Math.round((100 * kept.perSecond) / raw.perSecond)} %`,
			aim: '50 %'
		},
		{
			what: 'signed in',
			value: `${Math.round(own.perSecond)} a second, p95 ${ms(own.p95)}, ${kB(own.bytes)}, ${own.failures} failures`
		},
		{ what: 'ETag', value: etag ? 'given' : 'missing' }
	];
	print('Agenda of 120 sessions, 20 connections', figures);
}

async function wireOf(url: string, headers: Record<string, string>): Promise<Buffer> {
	const { get } = await import('node:http');
	return new Promise((done, fail) => {
		get(url, { headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () => done(Buffer.concat(chunks)));
		}).on('error', fail);
	});
}

/** A server in a process of its own that sends these bytes and nothing else. */
async function startBare(body: Buffer, headers: IncomingHttpHeaders): Promise<{ url: string; stop: () => void }> {
	const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(headers)], {
		stdio: ['pipe', 'pipe', 'inherit']
	});
	child.stdin.end(body);
	const [line] = (await once(child.stdout, 'data')) as [Buffer];
	return { url: line.toString().trim(), stop: () => child.kill() };
}

if (process.argv[1] === import.meta.filename) {
	const chunks: Buffer[] = [];
	for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
	const body = Buffer.concat(chunks);
	const given = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
	const headers = { ...given, 'content-encoding': 'br', 'content-length': body.length };
	for (const name of ['connection', 'keep-alive', 'date', 'transfer-encoding'])
		delete (headers as Record<string, unknown>)[name];
	const server = createServer((_, response) => response.writeHead(200, headers).end(body));
	server.listen(0, '127.0.0.1', () => {
		const address = server.address();
		if (address && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}/`);
	});
}
