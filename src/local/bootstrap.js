/*
 * The one file that must run on whatever Node is there (18 and newer), before anything is installed. It installs the
 * packages, finds the Node that we run on, and hands over to src/local/stack.ts, which builds when the sources changed.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const windows = process.platform === 'win32';

/** @param {string} text */
const hash = (text) => createHash('sha256').update(text).digest('hex');

/** @param {string} path */
const contentOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

// The stack reads .env as a whole; only `reset` needs to know this one line of it.
const dataFolder = resolve(
	root,
	process.env.DATA_DIR || /^DATA_DIR=["']?([^"'\n]+)/m.exec(contentOf(join(root, '.env')))?.[1] || '.data'
);

/** Says a sentence and ends; a stack trace helps nobody here. @param {string} message @returns {never} */
function fail(message) {
	console.error(`\n${message}\n`);
	process.exit(1);
}

/**
 * Installs the packages when there are none, or when the lock file changed. To serve, those that only check and test are
 * left out, a quarter of them, until a command needs them: then they are added, and the others stay as they are for what
 * runs with them.
 * @param {boolean} tools
 */
function ensurePackages(tools) {
	const has = (/** @type {string} */ name) => existsSync(join(root, 'node_modules', name));
	const mark = join(root, 'node_modules', '.summit-lock');
	const lock = hash(contentOf(join(root, 'package-lock.json')));
	const isCurrent = has('.package-lock.json') && has('vite') && (contentOf(mark) === lock || !existsSync(mark));
	if (isCurrent && (!tools || has('vitest'))) {
		if (!existsSync(mark)) writeFileSync(mark, lock);
		return;
	}
	if (!isCurrent && isRunning()) fail('The packages have changed: stop `npm start` first.');
	const began = Date.now();
	console.log('Installing the packages…');
	const omitted = tools || has('vitest') ? [] : ['--omit=dev'];
	// `npm ci` deletes all packages before it installs them.
	const how = isCurrent ? ['install', '--no-save'] : ['ci', ...omitted];
	const { status } = spawnSync('npm', [...how, '--loglevel=error', '--no-fund', '--no-audit'], {
		cwd: root,
		stdio: 'inherit',
		shell: windows
	});
	if (status !== 0) fail(`The packages could not be installed (npm ${how[0]} failed; its reason is above).`);
	writeFileSync(mark, lock);
	console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** The Node that everything but this file runs on. */
function findNode() {
	const installed = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');
	for (const candidate of [installed, process.execPath, 'node']) {
		try {
			const version = execFileSync(candidate, ['-p', 'process.versions.node'], {
				encoding: 'utf8',
				shell: windows
			}).trim();
			const [major = 0, minor = 0] = version.split('.').map(Number);
			if (major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) {
				return windows && candidate === installed
					? execFileSync(candidate, ['-p', 'process.execPath'], { encoding: 'utf8', shell: true }).trim()
					: candidate;
			}
		} catch {
			// Not there, or not for this machine.
		}
	}
	const reason =
		process.platform === 'darwin'
			? 'No Node is published as a package for macOS, so the one of the system must be new enough. '
			: '';
	return fail(
		`${reason}This is Node ${process.versions.node}; Node 22.18 or newer is needed (24 is best). See https://nodejs.org/.`
	);
}

/** Becomes one of our own modules where Node can do that, which spares a process; runs it to its end elsewhere. @param {string} node @param {string[]} args @returns {Promise<number>} */
function become(node, args) {
	if (typeof process.execve !== 'function' || windows || !node.startsWith('/')) return run(node, args);
	// It is marked experimental; what it does is one system call.
	process.removeAllListeners('warning');
	process.chdir(root);
	return process.execve(node, [node, ...args], process.env);
}

/** Runs one of our own modules to its end, passing signals on. @param {string} node @param {string[]} args @returns {Promise<number>} */
function run(node, args) {
	// The child ends with this process, which may be killed without a chance to say so.
	const child = spawn(node, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, START_SUPERVISOR: String(process.pid) }
	});
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
		// In a terminal Ctrl-C reaches the child by itself; it ignores the second one.
		process.on(signal, () => child.kill(signal));
	}
	const parent = process.ppid;
	// npm passes no signal on when it is killed itself.
	setInterval(() => process.ppid !== parent && child.kill(), 500).unref();
	return new Promise((done) => {
		child.on('error', () => done(1));
		child.on('exit', (code) => done(code ?? 1));
	});
}

function isRunning() {
	try {
		const { pid } = JSON.parse(contentOf(join(dataFolder, 'run', 'stack.json')));
		process.kill(pid, 0);
		return contentOf(`/proc/${pid}/cmdline`) === '' || contentOf(`/proc/${pid}/cmdline`).includes('src/local/');
	} catch {
		return false;
	}
}

/** Drops the local data, after asking. */
async function reset() {
	if (!existsSync(dataFolder)) return console.log(`There is no local data (${dataFolder}).`);
	const ask = createInterface({ input: process.stdin, output: process.stdout });
	const answer = process.argv.includes('--yes')
		? 'yes'
		: await ask.question(`This drops every person, registration and mail in ${dataFolder}. Type yes to go on: `);
	ask.close();
	if (answer.trim().toLowerCase() !== 'yes') return console.log('Nothing was dropped.');
	if (isRunning()) fail('It is in use: stop `npm start` first.');
	const elsewhere = join('/var/tmp/global-summit', `data-${hash(join(dataFolder, 'postgres')).slice(0, 12)}`);
	// With the log that it archived.
	for (const folder of [dataFolder, elsewhere, `${elsewhere}.wal`]) rmSync(folder, { recursive: true, force: true });
	console.log('The local data is gone; the next start makes a new sample.');
}

// Noted at once: the process that started this may be gone before the stack looks.
process.env.START_PARENT = String(process.ppid);
// That of a command which runs this one, as the bench does.
delete process.env.START_SUPERVISOR;
process.env.START_BEGAN = String(Date.now());
const [command = 'start', ...rest] = process.argv.slice(2);
if (command === 'reset') {
	await reset();
	process.exit(0);
}
ensurePackages(!['start', 'backup', 'restore', 'doctor'].includes(command));
const node = findNode();
const local = (/** @type {string} */ name) => join(root, 'src/local', name);
switch (command) {
	case 'start':
		process.exit(await become(node, [local('stack.ts'), 'start', '--build']));
		break;
	case 'dev':
		process.exit(await become(node, [local('stack.ts'), 'dev']));
		break;
	case 'test':
		process.exit(await run(node, [local('test-run.ts'), ...rest]));
		break;
	case 'backup':
	case 'restore':
		process.exit(await become(node, [local(`backup/${command}.ts`), ...rest]));
		break;
	case 'doctor':
		process.exit(await become(node, [local('doctor/doctor.ts'), ...rest]));
		break;
	case 'bench':
		process.exit(
			(await run(node, [local('build.ts')])) || (await run(node, [join(root, 'tests/bench/main.ts'), ...rest]))
		);
		break;
	case 'rehearse':
		// It builds the site only when it starts a deployment here.
		process.exit(
			(await run(node, [join(root, 'src/lib/i18n/compiler/write.ts')])) ||
				(await run(node, [join(root, 'tests/rehearsal/main.ts'), ...rest]))
		);
		break;
	case 'pictures':
		process.exit((await run(node, [local('build.ts')])) || (await run(node, [join(root, 'tests/pictures.ts')])));
		break;
	case 'schema':
		process.exit((await run(node, [local('schema/baseline.ts')])) || (await run(node, [local('schema/types.ts')])));
		break;
	case 'check':
		process.exit(await run(node, [local('check.ts')]));
		break;
	default:
		fail(
			`Unknown command "${command}": start, backup, restore, doctor, test, dev, check, schema, bench, rehearse, pictures or reset.`
		);
}
