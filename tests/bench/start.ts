/* From a clean clone to the first page, the second start, and the idle memory of all processes. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../src/local/processes.ts';
import { processesUnder } from './processes.ts';
import { ms, print, type Figure } from './report.ts';

const root = resolve(import.meta.dirname, '../..');

/** Clones the last commit into a new folder and starts it there, as a new developer would. */
export async function measureStart(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'global-summit-clone-'));
	execFileSync('chmod', ['755', folder]);
	try {
		execFileSync('git', ['clone', '--quiet', root, join(folder, 'summit')]);
		const first = await startIn(join(folder, 'summit'));
		await stop(first.process);
		const second = await startIn(join(folder, 'summit'));
		const memory = memoryOf(second.process.pid ?? 0);
		await stop(second.process);
		const figures: Figure[] = [
			{ what: 'clean clone to first page', value: ms(first.took), aim: '30 s' },
			{ what: 'warm start', value: ms(second.took), aim: '3 s' },
			...memory.map(({ name, megabytes }) => ({ what: `memory of ${name}`, value: `${megabytes} MB` })),
			{
				what: 'memory of everything',
				value: `${memory.reduce((sum, { megabytes }) => sum + megabytes, 0)} MB`,
				aim: '450 MB'
			}
		];
		print('Start', figures);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function startIn(folder: string): Promise<{ process: ChildProcess; took: number }> {
	const port = await freePort();
	const began = performance.now();
	const child = spawn('npm', ['start'], {
		cwd: folder,
		env: { ...process.env, PORT: String(port), DATA_DIR: join(folder, '.data'), ORIGIN: '' },
		stdio: 'ignore',
		detached: true
	});
	for (;;) {
		if (child.exitCode !== null) throw new Error('npm start ended by itself');
		const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
		if (answer?.ok && (await answer.text()).includes('</html>'))
			return { process: child, took: performance.now() - began };
		await new Promise((done) => setTimeout(done, 100));
	}
}

async function stop(child: ChildProcess): Promise<void> {
	// Like Ctrl-C: the whole process group receives it.
	if (child.pid) process.kill(-child.pid, 'SIGINT');
	await once(child, 'exit');
}

/** Proportional memory of a process and all its descendants, by program. */
function memoryOf(top: number): { name: string; megabytes: number }[] {
	const sums = new Map<string, number>();
	for (const { pid } of processesUnder(top)) {
		try {
			const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
			const script = words
				.find((word) => /\.(ts|js)$/.test(word))
				?.split('/')
				.at(-1);
			const name = words[0]?.includes('postgres')
				? 'Postgres'
				: words[0]?.includes('livekit')
					? 'LiveKit'
					: (script ?? words[0]?.split('/').at(-1) ?? '?');
			const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
			sums.set(name, (sums.get(name) ?? 0) + Number(pss?.[1] ?? 0));
		} catch {
			// It ended in between, or may not be read.
		}
	}
	return [...sums].map(([name, kilobytes]) => ({ name, megabytes: Math.round(kilobytes / 1024) }));
}
