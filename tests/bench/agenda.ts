/* The agenda of 120 and of 1,200 sessions under load, compared with a bare server that sends the same bytes, in one run. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { openSessions } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { load, type Load } from './load.ts';
import { kB, ms, print, type Figure } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

const people = 8;

/** One way to read the agenda: its throughput, and that of a bare server with the same bytes. */
async function besideBare(url: string): Promise<Figure[]> {
	const accept = { 'accept-encoding': 'br' };
	const first = await fetch(url, { headers: accept });
	// fetch has decoded the body: the bytes on the wire are taken from a load of one request.
	const bare = await startBare(await wireOf(url, accept), Object.fromEntries(first.headers));
	await load(url, accept, 20, 1);
	const kept = await load(url, accept);
	const raw = await load(bare.url, accept);
	bare.stop();
	const share = Math.round((100 * kept.perSecond) / raw.perSecond);
	return [{ what: 'signed out', value: `${describe(kept)}; ${share} % of bare node:http`, aim: '50 %' }];
}

function describe({ perSecond, p95, bytes, failures }: Load): string {
	return `${Math.round(perSecond)} a second, p95 ${ms(p95)}, ${kB(bytes)}, ${failures} failures`;
}

/** Several people at once, each with their own bookmarks: what is cached for one must serve the others. */
async function signedIn(url: string, cookies: string[]): Promise<Load> {
	const one = (cookie: string) => load(url, { 'accept-encoding': 'br', cookie }, 3, 4);
	await load(url, { 'accept-encoding': 'br', cookie: cookies[0] ?? '' }, 4, 1);
	const loads = await Promise.all(cookies.map(one));
	return {
		perSecond: loads.reduce((sum, { perSecond }) => sum + perSecond, 0),
		p95: Math.max(...loads.map(({ p95 }) => p95)),
		failures: loads.reduce((sum, { failures }) => sum + failures, 0),
		bytes: loads[0]?.bytes ?? 0
	};
}

/** Measures the agenda, its files, single and personal calendars, with 120 and 1,200 sessions. */
export async function measureAgenda(stack: TestSummit): Promise<void> {
	const addresses = Array.from({ length: people }, (_, at) => `reader-${Date.now()}-${at}@example.org`);
	const sessions = await openSessions(stack.variables, addresses);
	for (const size of [120, 1200]) {
		const client = await ownerOf(stack.variables);
		const { id, slug } = await makeSummit(client, size);
		const token = randomBytes(24).toString('base64url');
		for (const { person } of sessions)
			await client.query(
				`insert into public.agenda_marks (person_id, session_id) select $1, id from public.sessions where summit_id = $2 order by random() limit 20`,
				[person, id]
			);
		await client.query(
			`insert into private.personal_links (kind, token_hash, person_id, summit_id) values ('calendar', sha256(convert_to($1, 'UTF8')), $2, $3)`,
			[token, sessions[0]?.person, id]
		);
		await client.end();
		const at = `${stack.origin}/${slug}`;
		const figures: Figure[] = [];
		for (const path of ['/agenda', '/agenda.ics', '/schedule.json'])
			for (const { what, ...rest } of await besideBare(at + path)) figures.push({ what: `${path}, ${what}`, ...rest });
		const cookies = sessions.map(({ cookie }) => cookie);
		for (const path of ['/agenda', '/agenda?view=grid']) {
			const own = await signedIn(at + path, cookies);
			figures.push({ what: `${path}, ${people} people signed in`, value: describe(own), aim: '300 a second' });
		}
		const feed = `${stack.origin}/calendar/${token}.ics`;
		await load(feed, { 'accept-encoding': 'br' }, 4, 1);
		const personal = await load(feed, { 'accept-encoding': 'br' });
		figures.push({ what: 'personal calendar', value: describe(personal), aim: '1,000 a second' });
		print(`Agenda of ${size} sessions`, figures);
	}
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

/** A server in its own process that sends these bytes and nothing else. */
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
