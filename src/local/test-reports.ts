import { stripVTControlCharacters } from 'node:util';

/** A test that did not pass at its first try: its place, and the first line of what it said. */
interface Named {
	name: string;
	reason: string;
}

/** What one runner counted. `second` passed when they were tried once more. */
export interface TestOutcome {
	passed: number;
	failed: Named[];
	second: Named[];
}

interface VitestReport {
	numPassedTests: number;
	testResults: {
		name: string;
		status: string;
		message: string;
		assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
	}[];
}

interface PlaywrightSuite {
	file: string;
	specs: {
		title: string;
		tests: { projectName: string; status: string; results: { error?: { message?: string } }[] }[];
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
	const outcome: TestOutcome = { passed: report.numPassedTests, failed: [], second: [] };
	for (const { name, status, message, assertionResults } of report.testResults) {
		const file = name.replace(`${root}/`, '');
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
		second: []
	};
	for (const { file, specs } of suites.flatMap(flat))
		for (const { title, tests } of specs)
			for (const { projectName, status, results } of tests) {
				const one = () => named([`tests/e2e/${file}`, title, projectName], results[0]?.error?.message);
				if (status === 'unexpected') outcome.failed.push(one());
				if (status === 'flaky') outcome.second.push(one());
			}
	return outcome;
}

/** The lines that name what failed and what was tried twice: at the end, where they are read. */
export function describe({ failed, second }: TestOutcome): string[] {
	return [...titled('Failed:', failed), ...titled('Passed at the second try:', second)];
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
