/* Metrics and traces of a process, read by a scraper and received by a collector of OTLP, on real addresses. */
import { readFileSync } from 'node:fs';
import { createServer, IncomingMessage, type Server } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countedMetrics, type Measure } from './database-metrics.ts';
import { noteRoute, recordBrowserFault, recordFault, recordJob, recordRequest, traced } from './measures.ts';
import { recordStageQuality } from './stage-measures.ts';
import { readMetrics, startTelemetry } from './telemetry.ts';

interface Rule {
	alert: string;
	expr: string;
	annotations: { summary: string; action: string };
}

interface Received {
	path: string;
	key: string | undefined;
	body: string;
}

const received: Received[] = [];
let collector: Server;
let end: () => Promise<void>;
let isAway = false;
const measured: Measure[] = [
	{ name: 'seats', labels: { summit: 'montevideo', mode: 'in_person', state: 'taken' }, value: 214 },
	...Object.keys(countedMetrics).map((name) => ({ name, labels: { state: 'any' }, value: 1 })),
	{ name: 'of a later version', labels: {}, value: 1 }
];

function requestOf(method: string, url: string, route: string | null): IncomingMessage {
	const request = new IncomingMessage(new Socket());
	request.method = method;
	request.url = url;
	noteRoute(request, route);
	return request;
}

beforeAll(async () => {
	collector = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { url: path = '', headers } = request;
			received.push({ path, key: headers['x-key'] as string | undefined, body: Buffer.concat(chunks).toString() });
			response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
		});
	});
	await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
	const { port } = collector.address() as AddressInfo;
	end = startTelemetry(
		{ token: 'x'.repeat(16), collector: `http://127.0.0.1:${port}/otlp/`, headers: { 'x-key': 'ours' }, traced: 1 },
		'host:1',
		() => (isAway ? Promise.reject(new Error('no database')) : Promise.resolve(measured))
	);
});
afterAll(() => new Promise((done) => collector.close(done)));

test('a scraper reads requests by route, jobs and the state of the process', async () => {
	const agenda = '/(public)/[summit]/agenda';
	recordRequest(requestOf('GET', '/montevideo/agenda?q=Harbour', agenda), { status: 200, type: 'text/html' }, 40);
	recordRequest(requestOf('GET', '/montevideo/agenda.pdf', agenda), { status: 200, type: 'application/pdf' }, 9000);
	recordRequest(requestOf('BREW', '/montevideo', null), { status: 404, type: '' }, 1);
	recordJob('send_mail', true, 1500);
	recordFault('/(public)/[summit]/agenda');
	recordBrowserFault('/(public)/[summit]/agenda');
	const metrics = (await readMetrics()) ?? '';
	expect(metrics).toMatch(
		/^http_server_request_duration_bucket\{[^}]*http_route="\/\(public\)\/\[summit\]\/agenda"[^}]*le="0.05"\} 1$/m
	);
	expect(metrics).toMatch(
		/^http_server_request_duration_count\{http_request_method="_OTHER"[^}]*http_route="none"\} 1$/m
	);
	// Of a file the size and the line of its reader say how long it takes.
	expect(metrics).toMatch(/^http_server_request_duration_count\{http_request_method="GET"[^}]*http_route="none"\} 1$/m);
	expect(metrics).toMatch(/^summit_job_duration_sum\{summit_job_name="send_mail",summit_job_failed="true"\} 1.5$/m);
	expect(metrics).toMatch(/^summit_faults_total\{http_route="\/\(public\)\/\[summit\]\/agenda"\} 1$/m);
	for (const name of ['process_memory_usage', 'nodejs_eventloop_delay_p99', 'summit_streams_open'])
		expect(metrics).toMatch(new RegExp(`^${name} \\d`, 'm'));
	expect(metrics).toMatch(/^db_client_connection_count\{state="waiting"\} 0$/m);
	expect(metrics).not.toContain('Harbour');
});

test('what browsers report of stages is counted by Summit, kind of room and mode alone', async () => {
	recordStageQuality({
		summit: 'montevideo',
		kind: 'stage',
		mode: 'watching',
		joins: { ok: 3, away: 1, blocked: 0 },
		firstFrames: [900, 9000],
		reconnects: 2,
		seconds: { good: 50, poor: 10 },
		losses: [0.004]
	});
	const metrics = (await readMetrics()) ?? '';
	const of = 'summit="montevideo",kind="stage",mode="watching"';
	expect(metrics).toContain(`summit_stage_joins_total{${of},outcome="ok"} 3`);
	expect(metrics).toContain(`summit_stage_joins_total{${of},outcome="away"} 1`);
	expect(metrics).not.toContain('outcome="blocked"');
	expect(metrics).toContain(`summit_stage_first_frame_bucket{${of},le="1"} 1`);
	expect(metrics).toContain(`summit_stage_reconnects_total{${of}} 2`);
	expect(metrics).toContain(`summit_stage_watched_total{${of},quality="poor"} 10`);
	expect(metrics).toContain(`summit_stage_packet_loss_bucket{${of},le="0.005"} 1`);
});

test('what the database counts is missing while it is away, and nothing else is', async () => {
	const seats = /^summit_seats\{summit="montevideo",mode="in_person",state="taken"\} 214$/m;
	expect(await readMetrics()).toMatch(seats);
	isAway = true;
	const metrics = (await readMetrics()) ?? '';
	expect(metrics).not.toMatch(seats);
	expect(metrics).toMatch(/^process_uptime \d/m);
	isAway = false;
});

test('each alert that is shipped asks for metrics that there are, says what to do, and has a case for promtool', async () => {
	const cases = readFileSync('deploy/monitoring/alerts.test.yaml', 'utf8');
	const metrics = (await readMetrics()) ?? '';
	const names = new Set([...metrics.matchAll(/^([a-z]\w*)(?:\{| )/gm)].map(([, name = '']) => name));
	const { groups } = load(readFileSync('deploy/monitoring/alerts.yaml', 'utf8')) as { groups: { rules: Rule[] }[] };
	const rules = groups.flatMap((group) => group.rules);
	expect(rules.length).toBeGreaterThan(10);
	for (const { alert, expr, annotations } of rules) {
		const asked = [...expr.matchAll(/\b(?:summit|http|db|nodejs|process)_\w+/g)]
			.map(([name]) => name)
			.filter((name) => !expr.includes(`${name}=`) && !expr.includes(`${name}!=`) && !expr.includes(`(${name}) (`));
		expect(asked.length + (expr.startsWith('up{') ? 1 : 0), alert).toBeGreaterThan(0);
		for (const name of asked) expect(names, alert).toContain(name);
		expect(annotations.summary && annotations.action, alert).toMatch(/\.$/);
		expect(cases).toContain(`labels: 'ALERTS{alertname="${alert}", alertstate="firing"`);
	}
});

test('a collector gets metrics and traces, with the headers that it asks for and nothing that was thrown', async () => {
	await expect(
		traced('GET /(public)/[summit]', () =>
			traced('job send_mail', () => Promise.reject(new Error('no such address: ada@example.org')))
		)
	).rejects.toThrow('no such address');
	await end();
	expect(new Set(received.map(({ path }) => path))).toEqual(new Set(['/otlp/v1/metrics', '/otlp/v1/traces']));
	expect(new Set(received.map(({ key }) => key))).toEqual(new Set(['ours']));
	const bodies = received.map(({ body }) => body).join();
	expect(bodies).toContain('http.server.request.duration');
	const spans = received.filter(({ path }) => path === '/otlp/v1/traces').map(({ body }) => body);
	expect(spans.join()).toContain('job send_mail');
	expect(bodies).not.toContain('ada@example.org');
	expect(bodies).not.toContain('Harbour');
});

test('without a token or a collector nothing is begun', async () => {
	const settings = { token: null, collector: null, headers: {}, traced: 1 };
	const idle = startTelemetry(settings, 'host:1', () => Promise.reject(new Error('is not asked')));
	await expect(idle()).resolves.toBeUndefined();
});
