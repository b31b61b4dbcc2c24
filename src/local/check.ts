/* Format, lint and types: node src/local/check.ts */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { TestOutcome } from './test-reports.ts';

const root = resolve(import.meta.dirname, '../..');
const packages = (path: string) => join(root, 'node_modules', path);

// The first two write what the others read.
const steps = [
	['Generated types', [packages('@sveltejs/kit/svelte-kit.js'), 'sync']],
	['Messages', [join(root, 'src/lib/i18n/compiler/write.ts')]],
	['Format', [packages('prettier/bin/prettier.cjs'), '--check', '.']],
	['Lint', [packages('eslint/bin/eslint.js'), '.']],
	['Types', [packages('svelte-check/bin/svelte-check'), '--tsconfig', './tsconfig.json']]
] as const satisfies readonly [string, string[]][];

/** Runs each step and says how it ended, with all that a failed one printed. Ended by `signal`, it counts what it has. */
export async function check(say: (line: string) => void, signal?: AbortSignal): Promise<TestOutcome> {
	const outcome: TestOutcome = { passed: 0, failed: [], second: [], times: [] };
	for (const [name, args] of steps) {
		if (signal?.aborted) break;
		const began = Date.now();
		const { code, output } = await run(args, signal);
		if (code === 0) outcome.passed += 1;
		else outcome.failed.push({ name, reason: `ended with ${code}` });
		const seconds = Math.round((Date.now() - began) / 1000);
		say(code === 0 ? `${name}: as it should be (${seconds} s)` : `${name} (${seconds} s):\n${output}`);
	}
	return outcome;
}

function run(args: readonly string[], signal?: AbortSignal): Promise<{ code: number; output: string }> {
	const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], signal });
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (part: string) => (output += part));
	return new Promise((done) => {
		child.on('error', (error) => done({ code: 1, output: `${output}${error.message}` }));
		child.on('close', (code) => done({ code: code ?? 1, output }));
	});
}

if (import.meta.main) process.exitCode = (await check(console.log)).failed.length > 0 ? 1 : 0;
