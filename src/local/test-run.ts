/* Runs every test but the long ones, or those asked for, and ends with one line: "N passed, N failed". */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findFfmpeg } from '#lib/recording/server/ffmpeg.ts';
import { findBrowser, installedByApt } from './browser.ts';
import { ensureBuild } from './build.ts';
import { check } from './check.ts';
import { describe, readPlaywright, readVitest, type TestOutcome } from './test-reports.ts';

const root = resolve(import.meta.dirname, '../..');
const projects = ['unit', 'component', 'database'];

// The signal that ended the run, and what runs at the moment.
let ended: NodeJS.Signals | null = null;
const running = new Map<ChildProcess, NodeJS.Signals | undefined>();
const ending = new AbortController();

// A signal ends all of it: what runs hears it, and what would have come next never begins.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		ended ??= signal;
		ending.abort();
		for (const [child, gentle] of running) child.kill(gentle ?? signal);
	});
}

function run(args: string[], env: NodeJS.ProcessEnv, gentle?: NodeJS.Signals): Promise<number> {
	if (ended) return Promise.resolve(1);
	const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
	running.set(child, gentle);
	return new Promise((done) =>
		child.on('exit', (code) => {
			running.delete(child);
			done(code ?? 1);
		})
	);
}

async function vitest(names: string[], files: string[], env: NodeJS.ProcessEnv, folder: string): Promise<TestOutcome> {
	const report = join(folder, 'vitest.json');
	const chosen = names.flatMap((name) => ['--project', name]);
	const cli = 'node_modules/vitest/vitest.mjs';
	const code = await run(
		[
			cli,
			'run',
			...chosen,
			...files,
			'--passWithNoTests',
			'--reporter=default',
			'--reporter=json',
			`--outputFile.json=${report}`
		],
		env
	);
	return settle('vitest', code, () => readVitest(JSON.parse(readFileSync(report, 'utf8')), root));
}

async function playwright(
	name: string,
	args: string[],
	{ env, folder }: { env: NodeJS.ProcessEnv; folder: string }
): Promise<TestOutcome> {
	const report = join(folder, `${name}.json`);
	const cli = 'node_modules/@playwright/test/cli.js';
	const all = [cli, 'test', '-c', 'tests/playwright.config.ts', '--reporter=list,json', ...args];
	// By this one alone it stops what its set-up and its specs have started.
	const code = await run(all, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, 'SIGINT');
	return settle(name, code, () => readPlaywright(JSON.parse(readFileSync(report, 'utf8'))));
}

// A runner that failed counts as failed, whatever its report says.
function settle(runner: string, code: number, read: () => TestOutcome): TestOutcome {
	const ended = { name: runner, reason: `ended with ${code}` };
	try {
		const outcome = read();
		return code !== 0 && outcome.failed.length === 0 ? { ...outcome, failed: [ended] } : outcome;
	} catch {
		return { passed: 0, failed: code === 0 ? [] : [ended], second: [], times: [] };
	}
}

// Tests of copies in MP4 are skipped where there is none and none can be installed.
function ffmpegOrNone(): string {
	return process.env.FFMPEG_PATH ?? findFfmpeg() ?? installedByApt('ffmpeg', { update: true, fonts: false }) ?? 'none';
}

/** What is asked for, in order. What fails keeps nothing that comes after it from running. */
function phasesOf(asked: string[], env: NodeJS.ProcessEnv, folder: string): (() => Promise<TestOutcome>)[] {
	const files = asked.filter((name) => !['quick', 'e2e', 'long', ...projects].includes(name));
	const specs = files.filter((name) => name.includes('e2e/'));
	const units = files.filter((name) => !name.includes('e2e/'));
	const quick = asked.includes('quick');
	const chosen = quick ? [] : projects.filter((name) => asked.includes(name));
	const everything = asked.length === 0;
	const tests = () => vitest(chosen, units, env, folder);
	const browser = (name: string, args: string[]) => async () => {
		await ensureBuild({
			say: console.log,
			onStart: (stop) => ending.signal.addEventListener('abort', () => void stop())
		});
		return playwright(name, args, { env, folder });
	};
	const phases: (() => Promise<TestOutcome>)[] = [];
	// Side by side: the types are the work of one core.
	if (quick) phases.push(async () => sum(await Promise.all([check(console.log, ending.signal), tests()])));
	else if (everything || chosen.length > 0 || units.length > 0) phases.push(tests);
	if (everything || asked.includes('e2e')) {
		phases.push(browser('browsers', ['--project=desktop', '--project=phone']));
		phases.push(browser('alone', ['--project=alone', '--no-deps']));
	}
	if (asked.includes('long')) phases.push(browser('long', ['--project=long']));
	// Chosen files run one after the other, as some need the engines to themselves, and without all that comes before those in a whole run.
	if (specs.length > 0) phases.push(browser('specs', ['--no-deps', '--workers=1', ...specs]));
	return phases;
}

function sum(outcomes: TestOutcome[]): TestOutcome {
	return {
		passed: outcomes.reduce((all, { passed }) => all + passed, 0),
		failed: outcomes.flatMap(({ failed }) => failed),
		second: outcomes.flatMap(({ second }) => second),
		times: outcomes.flatMap(({ times }) => times)
	};
}

function failedBy(error: unknown): TestOutcome {
	const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
	console.error(error instanceof Error ? error.message : error);
	return { passed: 0, failed: [{ name: 'A phase could not run', reason }], second: [], times: [] };
}

async function main(asked: string[]): Promise<void> {
	const env = { ...process.env, CHROMIUM_PATH: await findBrowser(), FFMPEG_PATH: ffmpegOrNone() };
	const folder = mkdtempSync(join(tmpdir(), 'global-summit-report-'));
	const outcomes: TestOutcome[] = [];
	try {
		for (const phase of phasesOf(asked, env, folder)) {
			if (!ended) outcomes.push(await phase().catch(failedBy));
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	if (ended) {
		console.error(`\nEnded by ${ended}.`);
		// As a shell says it of a process that a signal ended.
		process.exitCode = 128 + constants.signals[ended];
		return;
	}
	const all = sum(outcomes);
	for (const line of describe(all)) console.log(line);
	if (all.passed + all.failed.length === 0) console.error('\nNo test ran.');
	process.exitCode = all.failed.length > 0 || all.passed === 0 ? 1 : 0;
	console.log(`\n${all.passed} passed, ${all.failed.length} failed`);
}

await main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	console.log('\n0 passed, 1 failed');
	process.exitCode = 1;
});
