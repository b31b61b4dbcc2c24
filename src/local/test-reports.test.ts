import { expect, test } from 'vitest';
import { describe, readPlaywright, readVitest } from './test-reports.ts';

const vitest = {
	numPassedTests: 2,
	testResults: [
		{
			name: '/somewhere/tests/database/seats.test.ts',
			status: 'failed',
			message: '',
			startTime: 1000,
			endTime: 3500,
			assertionResults: [
				{ fullName: 'the last seat', status: 'passed', failureMessages: ['Error: expected 1 to be 2\n    at x'] },
				{ fullName: 'the first seat', status: 'passed', failureMessages: [] },
				{ fullName: 'no seat', status: 'failed', failureMessages: ['\u001b[31mError: gone\u001b[39m\n    at y'] }
			]
		},
		{
			name: '/somewhere/src/broken.test.ts',
			status: 'failed',
			message: 'Cannot find module',
			startTime: 1000,
			endTime: 1000,
			assertionResults: [{ fullName: 'never ran', status: 'skipped', failureMessages: [] }]
		},
		{
			name: '/somewhere/src/empty.test.ts',
			status: 'passed',
			message: '',
			startTime: 2000,
			endTime: 2000,
			assertionResults: []
		}
	]
};

const seen = (status: string, message?: string) => ({
	projectName: 'desktop',
	status,
	results: [{ duration: 1500, error: message === undefined ? undefined : { message } }]
});
const playwright = {
	stats: { expected: 1, flaky: 1 },
	errors: [{ message: 'No set-up' }],
	suites: [
		{
			file: 'door.spec.ts',
			specs: [{ title: 'in', tests: [seen('expected')] }],
			suites: [
				{
					file: 'door.spec.ts',
					specs: [
						{ title: 'out', tests: [seen('flaky', 'Timed out')] },
						{ title: 'again', tests: [seen('unexpected')] }
					]
				}
			]
		}
	]
};

test('names failed tests and retried ones, also a file that could not be loaded', () => {
	const outcome = readVitest(vitest, '/somewhere');
	expect(outcome.passed).toBe(2);
	expect(outcome.times[0]).toEqual({ file: 'tests/database/seats.test.ts', seconds: 2.5 });
	expect(describe(outcome)).toEqual([
		'',
		'Failed:',
		'  tests/database/seats.test.ts › no seat',
		'    Error: gone',
		'  src/broken.test.ts',
		'    Cannot find module',
		'',
		'Passed at the second try:',
		'  tests/database/seats.test.ts › the last seat',
		'    Error: expected 1 to be 2'
	]);
});

test('names browser tests with their browser, also errors outside of tests', () => {
	const outcome = readPlaywright(playwright);
	expect(outcome.passed).toBe(2);
	expect(outcome.times).toEqual([{ file: 'tests/e2e/door.spec.ts', seconds: 4.5 }]);
	expect(describe(outcome)).toEqual([
		'',
		'Failed:',
		'  tests/e2e',
		'    No set-up',
		'  tests/e2e/door.spec.ts › again › desktop',
		'',
		'Passed at the second try:',
		'  tests/e2e/door.spec.ts › out › desktop',
		'    Timed out'
	]);
});

test('is empty where all passed at once', () => {
	expect(describe({ passed: 3, failed: [], second: [], times: [{ file: 'a.test.ts', seconds: 2 }] })).toEqual([]);
});

test('names the slowest of many files', () => {
	const times = Array.from({ length: 30 }, (_, n) => ({ file: `${n}.test.ts`, seconds: n }));
	const lines = describe({ passed: 30, failed: [], second: [], times });
	expect(lines.slice(0, 3)).toEqual([
		'',
		'Slowest of 30 files, which took 435 s one after the other:',
		'  29 s  29.test.ts'
	]);
	expect(lines).toHaveLength(22);
});
