/* Finds a Chromium for tests, or installs one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, platform, userInfo } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The npm package that carries a Chromium; for machines where nothing else can be installed.
const packaged = '@sparticuz/chromium@153.0.0';

/** The path of a Chromium that starts. Throws a sentence for people when there is none. */
export async function findBrowser(env: NodeJS.ProcessEnv = process.env): Promise<string> {
	if (env.CHROMIUM_PATH) {
		if (starts(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH;
		throw new Error(`CHROMIUM_PATH is ${env.CHROMIUM_PATH}, which is no browser that starts.`);
	}
	const found =
		lean() ?? installed() ?? (await playwrights()) ?? installedByApt('chromium', { update: true }) ?? (await fromNpm());
	if (found) return found;
	throw new Error('There is no Chromium: install one, or set CHROMIUM_PATH.');
}

function starts(path: string): boolean {
	try {
		return /\d+\.\d+/.test(
			execFileSync(path, ['--version', '--no-sandbox'], {
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
				timeout: 20_000
			})
		);
	} catch {
		return false;
	}
}

// Chromium without its windows does the same work for half of the time. Who is root here is in a container.
function lean(): string | undefined {
	const path = '/usr/bin/chromium-headless-shell';
	if (platform() !== 'linux') return undefined;
	if (existsSync(path) && starts(path)) return path;
	return installedByApt('chromium-headless-shell', { update: installed() === undefined }) && starts(path)
		? path
		: undefined;
}

function installed(): string | undefined {
	const linux = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
		(name) => `/usr/bin/${name}`
	);
	const mac = [
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
		'/Applications/Chromium.app/Contents/MacOS/Chromium'
	];
	return (platform() === 'darwin' ? mac : linux).filter((path) => existsSync(path)).find(starts);
}

async function playwrights(): Promise<string | undefined> {
	const { chromium } = await import('playwright');
	if (starts(chromium.executablePath())) return chromium.executablePath();
	console.log('Fetching a browser for the tests…');
	const cli = join(import.meta.dirname, '../../node_modules/playwright/cli.js');
	const { status } = spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'ignore', timeout: 180_000 });
	return status === 0 && starts(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/** The path of a program of Debian's, installed if need be; only where this process may do so. */
export function installedByApt(
	name: string,
	{ update, fonts = true }: { update: boolean; fonts?: boolean }
): string | undefined {
	if (platform() !== 'linux' || userInfo().uid !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
	console.log(`Installing ${name} with apt-get…`);
	const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
	if (update) spawnSync('apt-get', ['update', '-qq'], { ...options, timeout: 180_000 });
	const packages = fonts ? [name, 'fonts-noto-core'] : [name];
	const { status } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
	return status === 0 ? `/usr/bin/${name}` : undefined;
}

async function fromNpm(): Promise<string | undefined> {
	const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'global-summit', 'chromium');
	const kept = join(folder, 'chromium');
	if (existsSync(kept) && starts(kept)) return kept;
	console.log('Fetching Chromium from npm…');
	mkdirSync(folder, { recursive: true });
	const { status } = spawnSync('npm', ['install', '--no-save', '--loglevel=error', '--prefix', folder, packaged], {
		stdio: 'inherit'
	});
	if (status !== 0) return undefined;
	// Resolved from that folder: the package is not a dependency of the project.
	const entry = createRequire(join(folder, 'package.json')).resolve('@sparticuz/chromium');
	const module = (await import(pathToFileURL(entry).href)) as { default: { executablePath(): Promise<string> } };
	// It unpacks into the temporary folder, and would be gone after a restart.
	const unpacked = await module.default.executablePath();
	rmSync(kept, { force: true });
	copyFileSync(unpacked, kept);
	chmodSync(kept, 0o755);
	return starts(kept) ? kept : undefined;
}
