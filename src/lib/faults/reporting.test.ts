/* What a page reports of its errors: each once, five at most, and nothing that is no fault of the site. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const version = '0.1.0-a';
const ours = 'TypeError: x\n    at f (https://summit.example.org/_app/immutable/chunks/Ab_12345.js:1:2)';
const sent: Record<string, unknown>[] = [];

function errorOf(message: string, stack = ours): Error {
	const error = new TypeError(message);
	error.stack = stack;
	return error;
}

let report: typeof import('./reporting.ts').reportFault;
beforeEach(async () => {
	sent.length = 0;
	vi.resetModules();
	vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
		sent.push(JSON.parse(body) as Record<string, unknown>);
		return Promise.reject(new TypeError('Failed to fetch'));
	});
	({ reportFault: report } = await import('./reporting.ts'));
});
afterEach(() => vi.unstubAllGlobals());

test('the same error has one reference, and is reported once', () => {
	const reference = report(errorOf('x'), '/(public)', version);
	expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
	expect(report(errorOf('x'), '/(public)', version)).toBe(reference);
	expect(sent).toEqual([{ reference, kind: 'TypeError', message: 'x', stack: ours, route: '/(public)', version }]);
});

test('a lost line, a new version, and scripts of others are no faults of the site', () => {
	for (const message of [
		'Failed to fetch',
		'Load failed',
		'Failed to fetch dynamically imported module: https://summit.example.org/_app/immutable/nodes/1.js',
		'The user aborted a request.'
	])
		expect(report(errorOf(message), null, version), message).toBeNull();
	expect(report(errorOf('x', 'at chrome-extension://abc/content.js:1:2'), null, version)).toBeNull();
	expect(sent).toEqual([]);
});

test('a page reports five errors at most', () => {
	const references = Array.from({ length: 8 }, (_, index) => report(errorOf(`x${index}`), null, version));
	expect(references.filter((each) => each !== null)).toHaveLength(5);
	expect(sent).toHaveLength(5);
});
