import { spawn, spawnSync } from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root: string;
let path: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'bootstrap-'));
	path = join(root, 'bin');
	for (const folder of ['src/local', 'bin', 'node_modules', '.data/run'])
		mkdirSync(join(root, folder), { recursive: true });
	copyFileSync('src/local/bootstrap.js', join(root, 'src/local/bootstrap.js'));
	writeFileSync(join(root, 'package.json'), '{"type":"module"}');
	writeFileSync(join(root, 'package-lock.json'), '{}');
	// Notes what it is asked for, and fails, so that nothing is run after it.
	writeFileSync(join(path, 'npm'), `#!/bin/sh\necho "$@" > '${root}/asked'\nexit 1\n`);
	chmodSync(join(path, 'npm'), 0o755);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Leaves the folder as an installation leaves it. */
function install(...packages: string[]): void {
	writeFileSync(join(root, 'node_modules/.package-lock.json'), '{}');
	for (const name of packages) mkdirSync(join(root, 'node_modules', name));
}

/** Runs a command; returns what it asked npm for, and what it said. */
function run(command: string): { asked: string | undefined; said: string } {
	const env = { ...process.env, PATH: `${path}:${process.env.PATH}`, DATA_DIR: '' };
	const { stderr } = spawnSync(process.execPath, [join(root, 'src/local/bootstrap.js'), command], {
		env,
		encoding: 'utf8'
	});
	const note = join(root, 'asked');
	return { asked: existsSync(note) ? readFileSync(note, 'utf8').trim() : undefined, said: stderr };
}

const quiet = '--loglevel=error --no-fund --no-audit';

test('to serve, packages that only check and test are left out', () => {
	expect(run('start').asked).toBe(`ci --omit=dev ${quiet}`);
});

test('a command that needs them adds them, and deletes none that something may run with', () => {
	install('vite');
	expect(run('check').asked).toBe(`install --no-save ${quiet}`);
});

test('a changed lock file installs all again, but not under what runs', async () => {
	install('vite', 'vitest');
	writeFileSync(join(root, 'node_modules/.summit-lock'), 'of another lock file');
	const running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)', 'src/local/stack.ts']);
	try {
		writeFileSync(join(root, '.data/run/stack.json'), JSON.stringify({ pid: running.pid }));
		const refused = run('start');
		expect(refused.asked).toBeUndefined();
		expect(refused.said).toContain('stop `npm start` first');
	} finally {
		const ended = new Promise((done) => running.once('exit', done));
		running.kill();
		await ended;
	}
	expect(run('start').asked).toBe(`ci ${quiet}`);
});
