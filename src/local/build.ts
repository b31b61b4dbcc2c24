/* Builds the site when what goes into it has changed: node src/local/build.ts */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startProcess } from './processes.ts';

const root = resolve(import.meta.dirname, '../..');
const inputs = ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts', 'tsconfig.json'];
const mark = join(root, 'build/.sources');

interface BuildOptions {
	say: (line: string) => void;
	/** Called when there is a build to stop. */
	onStart?: (stop: () => Promise<void>) => void;
}

/** Builds when a file that goes into the build has changed. Throws what the build said when it fails. */
export async function ensureBuild({ say, onStart }: BuildOptions): Promise<void> {
	const state = stateOfSources();
	if (existsSync(join(root, 'build/handler.js')) && existsSync(mark) && readFileSync(mark, 'utf8') === state) return;
	const began = Date.now();
	say('Building the site…');
	rmSync(mark, { force: true });
	const output: string[] = [];
	const build = startProcess(
		'build',
		process.execPath,
		['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
		{
			cwd: root,
			onLine: (line) => output.push(line)
		}
	);
	onStart?.(build.stop);
	if ((await build.ended) !== 0) throw new Error(`The build failed:\n${output.join('\n')}`);
	const scripts = filesBelow(join(root, 'build')).filter((file) => file.endsWith('.js'));
	if (versionsIn(scripts.map((file) => readFileSync(file, 'utf8'))).size !== 1)
		throw new Error(
			'The server and the pages of this build are of different versions: no page would start. Build again.'
		);
	writeFileSync(mark, state);
	say(`Built in ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** The versions, as hashes, that scripts of a build are of: those of the server and of browsers must be the same. */
export function versionsIn(scripts: string[]): Set<string> {
	const marks = /version_hash:\s*"(\w+)"|globalThis\.__sveltekit_(?!sw\b)(\w+)/g;
	return new Set(
		scripts.flatMap((text) => [...text.matchAll(marks)].map(([, server, browser]) => server ?? browser ?? ''))
	);
}

function stateOfSources(): string {
	const sum = createHash('sha256');
	for (const file of inputs.flatMap((name) => filesBelow(join(root, name)))) {
		if (file.includes(join('src', 'local'))) continue;
		sum.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
	}
	return sum.digest('hex');
}

function filesBelow(folder: string): string[] {
	if (!existsSync(folder)) return [];
	if (!statSync(folder).isDirectory()) return [folder];
	return (
		readdirSync(folder)
			.sort()
			// What a build itself writes below src/ is no source: with it the next start would build again.
			.filter((name) => !/^\.|^(generated|README\.md)$|\.test\.ts$/.test(name))
			.flatMap((name) => filesBelow(join(folder, name)))
	);
}

if (import.meta.main)
	await ensureBuild({ say: console.log }).catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
