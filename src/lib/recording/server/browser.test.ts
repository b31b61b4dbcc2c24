/* The browser of a recorder ends when it is to, and with the process that opened it, however the system starts it. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHeadless, recorderBrowser } from './browser.ts';

const place = mkdtempSync(join(tmpdir(), 'recorder-browsers-'));
const script = join(place, 'chromium');
const browser = recorderBrowser() ?? '';

beforeAll(() => {
	// As Debian starts it: a shell that waits for the browser.
	writeFileSync(script, `#!/bin/sh -e\n\n"${browser}" "$@"\n`);
	chmodSync(script, 0o755);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The folders of browsers that have an address open. */
function foldersOf(address: string): string[] {
	const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
	return all.flatMap((line) => (line.includes(address) ? (/--user-data-dir=(\S+)/.exec(line)?.[1] ?? []) : []));
}

test('ends when it is to, with every process of its script, and leaves no folder', async () => {
	const address = 'data:text/plain,recorder-ended';
	const headless = openHeadless(script, address);
	await expect.poll(() => foldersOf(address), { timeout: 20_000 }).not.toEqual([]);
	const [folder = ''] = foldersOf(address);
	await headless.end();
	expect([headless.hasEnded, existsSync(folder)]).toEqual([true, false]);
	// A process that has closed its pipes may be listed for a moment.
	await expect.poll(() => foldersOf(address)).toEqual([]);
});

test('ends with a process that is killed', async () => {
	const address = 'data:text/plain,recorder-orphaned';
	const module = JSON.stringify(join(import.meta.dirname, 'browser.ts'));
	const code = `import { openHeadless } from ${module}; openHeadless(${JSON.stringify(script)}, '${address}');`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
	await expect.poll(() => foldersOf(address), { timeout: 20_000 }).not.toEqual([]);
	const [folder = ''] = foldersOf(address);
	child.kill('SIGKILL');
	await expect.poll(() => foldersOf(address), { timeout: 20_000 }).toEqual([]);
	rmSync(folder, { recursive: true, force: true });
});
