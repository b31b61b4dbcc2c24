import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A child that cannot outlive its parent: a shell starts it and ends it when the parent's pipe closes. */
export interface ChildProcessHandle {
	name: string;
	child: ChildProcess;
	/** Settles when the process has ended, by itself or by `stop`. */
	ended: Promise<number | null>;
	/** Asks the process to end, and ends it by force after `timeoutMs` ms. */
	stop(timeoutMs?: number): Promise<void>;
}

interface ProcessOptions {
	env?: NodeJS.ProcessEnv;
	cwd?: string;
	uid?: number;
	gid?: number;
	/** The signal that makes this process end in good order. */
	signal?: 'TERM' | 'INT' | 'KILL';
	/** How long it has for that, 8 by default. */
	endSeconds?: number;
	/** Where the process is noted, so that the next start can clear what a killed one left. */
	runFolder?: string;
	onLine?: (line: string) => void;
}

// The pipe on descriptor 0 closes when the parent dies, however it dies; job control is not needed for that.
const script = `exec 3<&0
signal=$1; tenths=$2; shift 2
"$@" </dev/null 3<&- &
kept=$!
(
	cat <&3 >/dev/null
	kill -s "$signal" $kept
	for moment in $(seq $tenths); do kill -0 $kept || exit; sleep 0.1; done
	kill -s KILL $kept
) 2>/dev/null &
wait $kept`;

/** Starts a process that ends with this one, even when this one is killed. */
export function startProcess(
	name: string,
	command: string,
	args: string[],
	options: ProcessOptions = {}
): ChildProcessHandle {
	const child = spawn(
		'/bin/sh',
		['-c', script, name, options.signal ?? 'TERM', String((options.endSeconds ?? 8) * 10), command, ...args],
		{
			cwd: options.cwd,
			env: options.env ?? process.env,
			uid: options.uid,
			gid: options.gid,
			// Its own group: Ctrl-C in a terminal reaches only the supervisor, which stops things in order.
			detached: true,
			stdio: ['pipe', 'pipe', 'pipe']
		}
	);
	child.stdin?.on('error', () => undefined);
	for (const stream of [child.stdout, child.stderr]) if (stream) readLines(stream, options.onLine ?? (() => undefined));
	const note = options.runFolder && child.pid ? writeNote(options.runFolder, name, child.pid) : undefined;
	const ended = new Promise<number | null>((resolve) => {
		const settle = (code: number | null) => {
			child.stdin?.destroy();
			if (note) rmSync(note, { force: true });
			resolve(code);
		};
		child.once('error', (error) => {
			options.onLine?.(String(error));
			settle(127);
		});
		child.once('exit', settle);
	});
	async function stop(timeoutMs = 5000): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.stdin?.destroy();
		const timer = setTimeout(() => killGroup(child.pid), timeoutMs);
		await ended;
		clearTimeout(timer);
	}
	return { name, child, ended, stop };
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
	let rest = '';
	stream.setEncoding('utf8');
	stream.on('data', (chunk: string) => {
		const lines = (rest + chunk).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) if (line.trim()) onLine(line);
	});
	stream.on('end', () => rest.trim() && onLine(rest));
}

function killGroup(pid: number | undefined): void {
	try {
		if (pid) process.kill(-pid, 'SIGKILL');
	} catch {
		// It was gone already.
	}
}

/** When a process started, in the system's own words: a pid alone may have been given to another since. */
export function startOf(pid: number): string | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
	} catch {
		return askPs(pid, 'lstart');
	}
}

/** The command line of a process; empty when there is none. */
export function commandOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
	} catch {
		return askPs(pid, 'args') ?? '';
	}
}

/** Whether a process works in this folder: PostgreSQL's all do. Known only where there is a /proc. */
export function isWorkedIn(folder: string): boolean {
	if (!existsSync('/proc/self')) return false;
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.some((pid) => {
			try {
				return readlinkSync(`/proc/${pid}/cwd`) === folder;
			} catch {
				return false;
			}
		});
}

function askPs(pid: number, column: string): string | undefined {
	// Where there is a /proc, its silence is the answer.
	if (existsSync('/proc/self')) return undefined;
	try {
		return (
			execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore']
			}).trim() || undefined
		);
	} catch {
		return undefined;
	}
}

/** Notes a process in the run folder; returns the note's path. */
export function writeNote(folder: string, name: string, pid: number, more: object = {}): string {
	mkdirSync(folder, { recursive: true });
	const path = join(folder, `${name}.json`);
	writeFileSync(path, JSON.stringify({ pid, started: startOf(pid), ...more }));
	return path;
}

/** A noted process that is still the same one, or undefined. */
export function readNote(path: string): ({ pid: number; started?: string } & Record<string, unknown>) | undefined {
	try {
		const note = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; started?: string };
		return note.started && startOf(note.pid) === note.started ? note : undefined;
	} catch {
		return undefined;
	}
}

/** Ends what a killed start left behind; returns the names of what was ended. */
export function clearLeftovers(folder: string, except: string[] = []): string[] {
	const cleared: string[] = [];
	let files: string[];
	try {
		files = readdirSync(folder).filter((file) => file.endsWith('.json'));
	} catch {
		return cleared;
	}
	for (const file of files) {
		const name = file.slice(0, -5);
		if (except.includes(name)) continue;
		const note = readNote(join(folder, file));
		if (note) {
			killGroup(note.pid);
			cleared.push(name);
		}
		rmSync(join(folder, file), { force: true });
	}
	return cleared;
}

const given = new Set<number>();

/**
 * A TCP port on the loopback address that nothing listens on now, and that this process was not given before: an earlier one may be
 * used later. It lies below those that systems give to outgoing connections: one of these would else take it before it is used.
 */
export async function freePort(): Promise<number> {
	for (let tries = 0; tries < 100; tries += 1) {
		const port = randomInt(20_000, 32_768);
		if (given.has(port) || !(await isFree(port))) continue;
		given.add(port);
		return port;
	}
	throw new Error('no free port');
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	try {
		server.listen(port, '127.0.0.1');
		await once(server, 'listening');
	} catch {
		return false;
	}
	server.close();
	await once(server, 'close');
	return true;
}
