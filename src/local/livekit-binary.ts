/* Where livekit-server comes from: PATH, our cache, a build with Go, or LiveKit's own release. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { arch, homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { startProcess } from './processes.ts';

const version = '1.13.5';

interface BinarySearch {
	env: NodeJS.ProcessEnv;
	/** Told what is going on while it takes long. */
	onProgress: (detail: string) => void;
	/** Called with what ends a build early, when the stack stops. */
	onStop: (stop: () => Promise<void>) => void;
}

/** The path of a livekit-server. Throws a sentence for people when there is none to be had. */
export async function findLiveKit({ env, onProgress, onStop }: BinarySearch): Promise<string> {
	const onPath = onThePath('livekit-server', env);
	if (onPath) return onPath;
	const folder = join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'global-summit');
	const cached = join(folder, `livekit-server-${version}${platform() === 'win32' ? '.exe' : ''}`);
	if (existsSync(cached)) return cached;
	mkdirSync(folder, { recursive: true });
	const go = goCommand(env);
	const reasons: string[] = [];
	if (go) {
		try {
			await build({ go, folder, cached, env, onProgress, onStop });
			return cached;
		} catch (error) {
			reasons.push(error instanceof Error ? error.message : String(error));
		}
	} else {
		reasons.push('There is no Go 1.26 or newer to build it with.');
	}
	try {
		onProgress(`Fetching LiveKit ${version}`);
		await fetchRelease(env.LIVEKIT_RELEASES || 'https://github.com/livekit/livekit/releases/download', folder, cached);
		return cached;
	} catch (error) {
		reasons.push(`Its release could not be fetched (${error instanceof Error ? error.message : String(error)}).`);
	}
	throw new Error(
		`Live rooms are off: there is no livekit-server. ${reasons.join(' ')} Install Go, or put livekit-server on PATH, or set LIVEKIT_URL.`
	);
}

function onThePath(name: string, env: NodeJS.ProcessEnv): string | undefined {
	const endings = platform() === 'win32' ? ['.exe'] : [''];
	return (env.PATH ?? '')
		.split(delimiter)
		.filter(Boolean)
		.flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
		.find((path) => existsSync(path));
}

function goCommand(env: NodeJS.ProcessEnv): string | undefined {
	for (const command of env.GO_COMMAND
		? [env.GO_COMMAND]
		: [onThePath('go', env), '/usr/local/go/bin/go'].filter((path) => path !== undefined)) {
		try {
			const [, minor] =
				/go1\.(\d+)/.exec(
					execFileSync(command, ['env', 'GOVERSION'], { encoding: 'utf8', env: { ...env, GOTOOLCHAIN: 'local' } })
				) ?? [];
			if (Number(minor) >= 26) return command;
		} catch {
			// No Go there.
		}
	}
	return undefined;
}

interface Build extends BinarySearch {
	go: string;
	folder: string;
	cached: string;
}

async function build({ go, folder, cached, env, onProgress, onStop }: Build): Promise<void> {
	dropLeftovers(folder);
	const bin = mkdtempSync(join(folder, 'build-'));
	let packages = 0;
	let last = '';
	const progress = () =>
		onProgress(`Building LiveKit ${version}, once, in one to two minutes: ${packages} packages so far`);
	progress();
	const timer = setInterval(progress, 5000);
	try {
		const source = `github.com/livekit/livekit-server/cmd/server@v${version}`;
		const going = startProcess('livekit-build', go, ['install', '-v', '-trimpath', '-ldflags=-s -w', source], {
			env: { ...env, CGO_ENABLED: '0', GOBIN: bin },
			cwd: folder,
			onLine(line) {
				last = line;
				packages += 1;
			}
		});
		onStop(() => going.stop(500));
		const code = await going.ended;
		const [made] = readdirSync(bin);
		if (code !== 0 || !made) throw new Error(`Building it failed (${last.slice(0, 200)}).`);
		renameSync(join(bin, made), cached);
	} finally {
		clearInterval(timer);
		rmSync(bin, { recursive: true, force: true });
	}
}

// What builds left that were killed; one of today may be another stack's, under way.
function dropLeftovers(folder: string): void {
	for (const name of readdirSync(folder).filter((each) => each.startsWith('build-'))) {
		const made = statSync(join(folder, name), { throwIfNoEntry: false });
		if (made && Date.now() - made.mtimeMs > 24 * 3_600_000)
			rmSync(join(folder, name), { recursive: true, force: true });
	}
}

/*
 * The release's own list of checksums is what we hold the archive against, both fetched over https from LiveKit's
 * account: it guards against a broken download, not against a release that was replaced there.
 */
async function fetchRelease(releases: string, folder: string, cached: string): Promise<void> {
	const system = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[platform() as 'linux'];
	const machine = { x64: 'amd64', arm64: 'arm64' }[arch() as 'x64'];
	if (!system || !machine || system === 'darwin') throw new Error(`none is published for ${platform()}-${arch()}`);
	const base = `${releases}/v${version}`;
	const name = `livekit_${version}_${system}_${machine}.${system === 'windows' ? 'zip' : 'tar.gz'}`;
	const archive = await download(`${base}/${name}`);
	const sums = (await download(`${base}/checksums.txt`)).toString('utf8');
	const expected = sums
		.split('\n')
		.find((line) => line.trim().endsWith(name))
		?.split(/\s+/)[0];
	if (!expected || createHash('sha256').update(archive).digest('hex') !== expected)
		throw new Error('its checksum is not the published one');
	const work = join(folder, `fetch-${randomBytes(4).toString('hex')}`);
	mkdirSync(work);
	try {
		writeFileSync(join(work, name), archive);
		execFileSync('tar', ['-xf', name], { cwd: work });
		const binary = join(work, `livekit-server${system === 'windows' ? '.exe' : ''}`);
		chmodSync(binary, 0o755);
		renameSync(binary, cached);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

async function download(url: string): Promise<Buffer> {
	const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
	if (!response.ok) throw new Error(`${response.status} for ${url}`);
	return Buffer.from(await response.arrayBuffer());
}
