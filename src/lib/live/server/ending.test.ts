import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const folder = resolve(import.meta.dirname);

// A server that answers whether it drains, and takes a second for /slow.
const program = (drainMs: number) => `
	import { createServer } from 'node:http';
	import { isDraining } from '${folder}/drain.ts';
	import { endOnSignals } from '${folder}/ending.ts';
	const server = createServer((request, response) => {
		setTimeout(() => response.end(isDraining() ? 'draining' : 'ok'), request.url === '/slow' ? 1000 : 0);
	});
	endOnSignals(server, { drainMs: ${drainMs}, graceMs: 5000, onEnd: (signal) => console.log('ended by ' + signal) });
	server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

async function start(drainMs: number) {
	const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program(drainMs)], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const lines: string[] = [];
	child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
	await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
	const get = async (path = '/') => (await fetch(`http://127.0.0.1:${lines[0]}${path}`)).text();
	const ended = once(child, 'exit').then(([code]) => code as unknown);
	return { child, lines, get, ended };
}

test('goes on serving while it drains, then lets requests end and exits', async () => {
	const { child, lines, get, ended } = await start(1500);
	expect(await get()).toBe('ok');
	child.kill('SIGTERM');
	await expect.poll(() => get()).toBe('draining');
	expect(lines).toHaveLength(1);
	const slow = new Promise<string>((done) => setTimeout(() => void get('/slow').then(done), 1000));
	expect(await slow).toBe('draining');
	expect([await ended, lines[1]]).toEqual([0, 'ended by SIGTERM']);
});

test('ends at once where there is nothing to wait for, and when it is told a second time', async () => {
	const one = await start(0);
	one.child.kill('SIGTERM');
	expect(await one.ended).toBe(0);
	const two = await start(60_000);
	two.child.kill('SIGTERM');
	await expect.poll(() => two.get()).toBe('draining');
	two.child.kill('SIGINT');
	expect(await two.ended).toBe(0);
	expect(two.lines[1]).toBe('ended by SIGINT');
});
