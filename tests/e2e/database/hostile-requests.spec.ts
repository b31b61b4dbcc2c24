/*
 * Ten thousand requests that no browser sends, as a visitor and as every person of the sample: the process goes on, and none is answered
 * or logged as a server error. HOSTILE_SEED and HOSTILE_REQUESTS repeat a run, or make another.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { hostileRequest, sendRaw, type HostileRequest, type Target } from '../../fixtures/hostile-requests.ts';
import { crawl, readSiteNames, readSiteRoutes } from '../../fixtures/site-map.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';

const seed = Number(process.env.HOSTILE_SEED ?? 20261128);
const count = Number(process.env.HOSTILE_REQUESTS ?? 10_000);
const connections = 24;

// Each request comes from its own address, or the rate limits would answer most of them.
const header = { 'x-forwarded-for': '192.0.2.1' };

async function signIn(origin: string, person: string): Promise<string> {
	const answer = await fetch(`${origin}/sample`, {
		method: 'POST',
		redirect: 'manual',
		headers: { ...header, origin, accept: 'text/html' },
		body: new URLSearchParams({ person, next: '/' })
	});
	expect(answer.status).toBe(303);
	return answer.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
}

async function readTarget({ origin, variables }: TestSummit): Promise<Target> {
	const client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
	const { rows } = await client.query<{ slug: string; values: string[] }>(
		`select slug, (select array_agg(found) from (
			select id::text as found from public.sessions union all select code from public.sessions union all select slug from public.rooms
			union all select id::text from public.registrations union all select id::text from public.runs union all select id::text from public.orders
		) as every) as values from public.summits where state = 'live'`
	);
	await client.end();
	const { slug = '', values = [] } = rows[0] ?? {};
	const sample = await (await fetch(`${origin}/sample`)).text();
	const people = [...sample.matchAll(/name="person" value="([0-9a-f-]{36})"/g)].map(([, person = '']) => person);
	expect(people.length).toBeGreaterThan(10);
	const starts = ['me', 'organise', 'speak', 'delegation', 'door'].map((page) => `/${slug}/${page}`);
	const senders = [{ name: 'visitor', cookie: '', ...(await crawl(origin, '', ['/', `/${slug}`, '/sign-in'], 15)) }];
	for (const [at, person] of people.entries()) {
		const cookie = await signIn(origin, person);
		senders.push({ name: `${at}`, cookie, ...(await crawl(origin, cookie, [...starts, '/account'], 15)) });
	}
	const files = readdirSync(join(import.meta.dirname, '../../../build/client'), { recursive: true, encoding: 'utf8' });
	return {
		routes: readSiteRoutes(),
		names: readSiteNames(),
		files: files.filter((path) => /\.\w+$/.test(path)).map((path) => `/${path}`),
		senders,
		values,
		slug,
		origin
	};
}

const pidOf = ({ dataFolder }: TestSummit) =>
	(JSON.parse(readFileSync(join(dataFolder, 'run/app.json'), 'utf8')) as { pid: number }).pid;

const described = (number: number, status: number, { sender, head, body }: HostileRequest) =>
	`${status} to request ${number} of seed ${seed}, sent by ${sender}:\n${head.replace(/^cookie: gs-session.*$/m, 'cookie: …')}${body.toString('latin1').slice(0, 2000)}`;

test('survives ten thousand hostile requests, and answers or logs none as a server error @long', async () => {
	// It takes a minute on an idle machine.
	test.setTimeout(600_000);
	const stack = await startStack({ sample: true, env: { ADDRESS_HEADER: 'x-forwarded-for' } });
	try {
		const target = await readTarget(stack);
		const port = Number(new URL(stack.origin).port);
		const pid = pidOf(stack);
		const before = stack.output().length;
		const faults: string[] = [];
		const statuses = new Map<number | null, number>();
		let next = 0;
		const work = async () => {
			while (next < count && faults.length < 20) {
				const number = next++;
				const request = hostileRequest(seed, number, target);
				const status = await sendRaw(port, request);
				statuses.set(status, (statuses.get(status) ?? 0) + 1);
				if (status !== null && (status >= 500 || status === 0)) faults.push(described(number, status, request));
			}
		};
		await Promise.all(Array.from({ length: connections }, work));
		expect(faults.join('\n\n')).toBe('');
		expect(pidOf(stack)).toBe(pid);
		const logged = stack.output().slice(before).split('\n');
		expect(logged.filter((line) => line.includes('"level":50') || /^\s+at /.test(line))).toEqual([]);
		// They reached the site: many were answered, more were refused, and few disconnected.
		const share = (from: number, to: number) =>
			[...statuses].reduce(
				(sum, [status, times]) => sum + (status !== null && status >= from && status < to ? times : 0),
				0
			) / count;
		expect(share(200, 400)).toBeGreaterThan(0.1);
		expect(share(400, 500)).toBeGreaterThan(0.3);
		expect((statuses.get(null) ?? 0) / count).toBeLessThan(0.1);
		expect((statuses.get(429) ?? 0) / count).toBeLessThan(0.1);
	} finally {
		await stack.stop();
	}
});
