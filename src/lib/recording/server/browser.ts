import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A browser that shows one of our pages. */
export interface Headless {
	/** Resolves when it has ended, by itself or by `end`. */
	readonly hasEnded: boolean;
	end(): Promise<void>;
}

const known = [
	'/usr/bin/chromium-headless-shell',
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium'
];

/**
 * A Chromium on this machine, or null: none is downloaded for a recording. CHROMIUM_PATH names another; "none" disables
 * it.
 */
export function recorderBrowser(): string | null {
	const given = process.env['CHROMIUM_PATH'];
	if (given) return given !== 'none' && existsSync(given) ? given : null;
	const fetched = join(
		process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
		'global-summit',
		'chromium',
		'chromium'
	);
	return [...known, fetched].find((path) => existsSync(path)) ?? null;
}

// Root is used in containers, where Chromium's sandbox does not work. The browser opens only our page.
const unboxed = () => process.getuid?.() === 0 || process.env['RECORDER_SANDBOX'] === 'no';

// The installed command may be a script that starts the browser: both are in one process group, and end together.
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
	try {
		if (pid !== undefined) process.kill(-pid, name);
	} catch {
		// It has ended meanwhile.
	}
}

/** Ends what is left of the process group, and waits until the system lists nothing of it, for a few seconds at most. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
	for (let tries = 0; pid !== undefined && tries < 100; tries += 1) {
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			return;
		}
		await new Promise((done) => setTimeout(done, 30));
	}
}

/** Opens a page in a headless browser. It ends with this process, because it depends on a pipe that we hold. */
export function openHeadless(path: string, address: string): Headless {
	const folder = mkdtempSync(join(tmpdir(), 'global-summit-recorder-'));
	const child: ChildProcess = spawn(
		path,
		[
			...(unboxed() ? ['--no-sandbox'] : []),
			'--headless=new',
			'--disable-gpu',
			'--disable-dev-shm-usage',
			'--disable-extensions',
			'--disable-background-timer-throttling',
			'--disable-renderer-backgrounding',
			'--no-first-run',
			'--no-default-browser-check',
			'--mute-audio',
			'--autoplay-policy=no-user-gesture-required',
			'--remote-debugging-pipe',
			'--window-size=1280,720',
			`--user-data-dir=${folder}`,
			address
		],
		{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true }
	);
	let hasEnded = false;
	const ended = new Promise<void>((done) => {
		const over = async () => {
			// A browser closes its pipes before it has written its last files, which would make the folder again.
			await endGroup(child);
			hasEnded = true;
			rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
			done();
		};
		// Waits for the pipes, not for the exit: they close when everything that a script started has ended, too.
		child.once('close', () => void over());
		child.once('error', () => void over());
	});
	// Its output is read and ignored, because a full pipe would block it.
	for (const pipe of child.stdio.slice(3)) {
		pipe?.on('error', () => undefined);
		if (pipe && 'resume' in pipe) pipe.resume();
	}
	return {
		get hasEnded() {
			return hasEnded;
		},
		async end() {
			if (hasEnded) return;
			signal(child, 'SIGTERM');
			const hard = setTimeout(() => signal(child, 'SIGKILL'), 2000);
			await ended;
			clearTimeout(hard);
		}
	};
}
