import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startProcess, type ChildProcessHandle } from './processes.ts';

interface AppOptions {
	/** The built server, or vite's development server over the sources. */
	mode: 'start' | 'dev';
	port: number;
	host: string;
	env: NodeJS.ProcessEnv;
	runFolder: string;
	onLine: (line: string) => void;
}

const root = resolve(import.meta.dirname, '../..');

// Pages leave much behind that is young: with 16 MB, as by default, a tenth of the time goes into collecting it.
const server = ['--max-semi-space-size=32', 'src/server.ts'];

/** How long the server may take to end: it serves on, lets requests end, and exits. */
export const endSeconds = (env: NodeJS.ProcessEnv): number =>
	Number(env.DRAIN_SECONDS || 0) + Number(env.SHUTDOWN_TIMEOUT || 10) + 2;

/** Starts our server in a separate process. */
export function startApp({ mode, port, host, env, runFolder, onLine }: AppOptions): ChildProcessHandle {
	const vite = ['node_modules/vite/bin/vite.js', 'dev', '--port', String(port), '--host', host, '--strictPort'];
	if (mode === 'start' && !existsSync(join(root, 'build/handler.js')))
		throw new Error('There is no build: run `npm start`, which makes it.');
	return startProcess('app', process.execPath, mode === 'dev' ? vite : server, {
		cwd: root,
		endSeconds: endSeconds(env),
		env: mode === 'dev' ? { CHECK_ANSWERS: 'yes', PSEUDO: process.env['PSEUDO'] ?? '', ...env } : env,
		runFolder,
		onLine
	});
}

/**
 * Waits until an address answers with a response that `good` accepts. Throws when it does not within `timeoutMs` ms, or when
 * `given` ends first.
 */
export async function untilServing(
	url: string,
	given: ChildProcessHandle,
	timeoutMs = 30_000,
	init: RequestInit = {},
	good: (answer: Response) => boolean = () => true
): Promise<void> {
	let over = false;
	void given.ended.then(() => (over = true));
	for (const deadline = Date.now() + timeoutMs; Date.now() < deadline && !over;) {
		try {
			const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000), ...init });
			await answer.body?.cancel();
			if (good(answer)) return;
		} catch {
			// Not yet.
		}
		await new Promise((done) => setTimeout(done, 40));
	}
	throw new Error(
		`The ${given.name} process ${over ? 'ended before it answered' : `did not answer within ${timeoutMs / 1000} s`}.`
	);
}
