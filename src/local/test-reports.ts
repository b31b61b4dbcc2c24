import { stripVTControlCharacters } from 'node:util';

/** A test that did not pass at its first try: its place, and the first line of what it said. */
interface Named {
	name: string;
	reason: string;
}

/** How long the tests of one file took together, tries that failed too. */
interface Timed {
	file: string;
	seconds: number;
}

/** What one runner counted. `second` passed when they were tried once more. */
export interface TestOutcome {
	passed: number;
	failed: Named[];
	second: Named[];
	times: Timed[];
}

interface VitestReport {
	numPassedTests: number;
	testResults: {
		name: string;
		status: string;
		message: string;
		startTime: number;
		endTime: number;
		assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
	}[];
}

interface PlaywrightSuite {
	file: string;
	specs: {
		title: string;
		tests: { projectName: string; status: string; results: { duration: number; error?: { message?: string } }[] }[];
	}[];
	suites?: PlaywrightSuite[];
}

interface PlaywrightReport {
	stats: { expected: number; flaky: number };
	errors: { message?: string }[];
	suites: PlaywrightSuite[];
}

/** Vitest's JSON report, its files named from `root` on. */
export function readVitest(report: VitestReport, root: string): TestOutcome {
	const outcome: TestOutcome = { passed: report.numPassedTests, failed: [], second: [], times: [] };
	for (const { name, status, message, startTime, endTime, assertionResults } of report.testResults) {
		const file = name.replace(`${root}/`, '');
		outcome.times.push({ file, seconds: (endTime - startTime) / 1000 });
		const failed = assertionResults.filter((test) => test.status === 'failed');
		for (const test of failed) outcome.failed.push(named([file, test.fullName], test.failureMessages[0]));
		for (const test of assertionResults)
			if (test.status === 'passed' && test.failureMessages.length > 0)
				outcome.second.push(named([file, test.fullName], test.failureMessages[0]));
		// A file that could not even be loaded, or whose set-up failed, has no test that failed.
		if (status === 'failed' && failed.length === 0) outcome.failed.push(named([file], message));
	}
	return outcome;
}

/** Playwright's JSON report. */
export function readPlaywright({ stats, errors, suites }: PlaywrightReport): TestOutcome {
	const outcome: TestOutcome = {
		passed: stats.expected + stats.flaky,
		failed: errors.map(({ message }) => named(['tests/e2e'], message)),
		second: [],
		times: []
	};
	const spent = new Map<string, number>();
	for (const { file: spec, specs } of suites.flatMap(flat))
		for (const { title, tests } of specs)
			for (const { projectName, status, results } of tests) {
				const file = `tests/e2e/${spec}`;
				const one = () => named([file, title, projectName], results[0]?.error?.message);
				for (const { duration } of results) spent.set(file, (spent.get(file) ?? 0) + duration / 1000);
				if (status === 'unexpected') outcome.failed.push(one());
				if (status === 'flaky') outcome.second.push(one());
			}
	outcome.times = [...spent].map(([file, seconds]) => ({ file, seconds }));
	return outcome;
}

/** The lines that name the slowest files, what failed and what was tried twice: at the end, where they are read. */
export function describe({ failed, second, times }: TestOutcome): string[] {
	return [...slowest(times), ...titled('Failed:', failed), ...titled('Passed at the second try:', second)];
}

// Which files to make faster, or to split: only where there are many.
function slowest(times: Timed[], shown = 20): string[] {
	if (times.length <= shown) return [];
	const longest = times.toSorted((a, b) => b.seconds - a.seconds).slice(0, shown);
	const all = times.reduce((sum, { seconds }) => sum + seconds, 0);
	return [
		'',
		`Slowest of ${times.length} files, which took ${Math.round(all)} s one after the other:`,
		...longest.map(({ file, seconds }) => `  ${Math.round(seconds)} s  ${file}`)
	];
}

function titled(title: string, tests: Named[]): string[] {
	if (tests.length === 0) return [];
	return ['', title, ...tests.flatMap(({ name, reason }) => [`  ${name}`, ...(reason ? [`    ${reason}`] : [])])];
}

function flat(suite: PlaywrightSuite): PlaywrightSuite[] {
	return [suite, ...(suite.suites ?? []).flatMap(flat)];
}

function named(parts: string[], message = ''): Named {
	const reason = stripVTControlCharacters(message).trim().split('\n')[0] ?? '';
	return { name: parts.join(' › '), reason: reason.slice(0, 200) };
}
