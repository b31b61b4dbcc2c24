/* A bounded load on one address of this machine, over keep-alive connections. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { percentile } from './report.ts';
import { clientFor } from './requests.ts';

/** The result of a load. */
export interface Load {
	perSecond: number;
	p95: number;
	failures: number;
	bytes: number;
}

/**
 * Requests `url` over so many connections for so many seconds. The load runs in its own process, so that it does not share a thread with
 * what it measures.
 */
export async function load(url: string, headers: Record<string, string>, connections = 20, seconds = 5): Promise<Load> {
	const child = spawn(
		process.execPath,
		[import.meta.filename, url, JSON.stringify(headers), String(connections), String(seconds)],
		{
			stdio: ['ignore', 'pipe', 'inherit']
		}
	);
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	await once(child, 'exit');
	return JSON.parse(output) as Load;
}

/** The time to the first byte of a page (the median of nine, after a warm-up), and its bytes on the wire. */
export async function firstByte(
	url: string,
	headers: Record<string, string>
): Promise<{ first: number; bytes: number }> {
	const { Agent, get } = clientFor(url);
	const agent = new Agent({ keepAlive: true });
	const one = () =>
		new Promise<{ first: number; bytes: number }>((done, fail) => {
			const began = performance.now();
			get(url, { agent, headers: { accept: 'text/html', 'accept-encoding': 'gzip', ...headers } }, (response) => {
				const first = performance.now() - began;
				let bytes = 0;
				response.on('data', (chunk: Buffer) => (bytes += chunk.length));
				response.on('end', () =>
					response.statusCode === 200 ? done({ first, bytes }) : fail(new Error(`${url}: ${response.statusCode}`))
				);
			}).on('error', fail);
		});
	await one();
	const times: number[] = [];
	let bytes = 0;
	for (let n = 0; n < 9; n += 1) {
		const answer = await one();
		times.push(answer.first);
		({ bytes } = answer);
	}
	agent.destroy();
	return { first: percentile(times, 0.5), bytes };
}

async function run(url: string, headers: Record<string, string>, connections: number, seconds: number): Promise<Load> {
	const { Agent, get } = clientFor(url);
	const agent = new Agent({ keepAlive: true, maxSockets: connections });
	const times: number[] = [];
	let failures = 0;
	let bytes = 0;
	const until = performance.now() + seconds * 1000;
	const one = () =>
		new Promise<void>((done) => {
			const began = performance.now();
			get(url, { agent, headers }, (response) => {
				let size = 0;
				response.on('data', (chunk: Buffer) => (size += chunk.length));
				response.on('end', () => {
					if (response.statusCode === 200) times.push(performance.now() - began);
					else failures += 1;
					bytes = size;
					done();
				});
			}).on('error', () => {
				failures += 1;
				done();
			});
		});
	const worker = async () => {
		while (performance.now() < until) await one();
	};
	await Promise.all(Array.from({ length: connections }, worker));
	agent.destroy();
	return { perSecond: times.length / seconds, p95: percentile(times, 0.95), failures, bytes };
}

if (process.argv[1] === import.meta.filename) {
	const [, , url = '', headers = '{}', connections = '20', seconds = '5'] = process.argv;
	console.log(
		JSON.stringify(await run(url, JSON.parse(headers) as Record<string, string>, Number(connections), Number(seconds)))
	);
}
