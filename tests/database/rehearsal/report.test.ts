/* The report of a rehearsal: its error budget, its capacity, its advice, and that texts cannot become markup. */
import { expect, test } from 'vitest';
import { Rehearsal, until, type ActRecord, type RehearsedSummit } from '../../rehearsal/rehearsal.ts';
import { adviceOf, asHtml, capacityOf, errorBudget } from '../../rehearsal/report.ts';
import type { Target } from '../../rehearsal/target.ts';

const pages = (times: number[], failures: number) => [{ page: 'agenda', times, failures }];
const act = (processors: number | null): ActRecord => ({
	...{ name: 'plenary', title: 'The plenary', began: 0, ended: 1000, processors }
});

test('of a thousand requests one may fail', () => {
	expect(errorBudget(pages(Array<number>(1000).fill(1), 0))).toMatchObject({ requests: 1000, failed: 0, left: 1 });
	expect(errorBudget(pages(Array<number>(999).fill(1), 1)).left).toBeCloseTo(0);
	expect(errorBudget(pages(Array<number>(998).fill(1), 2)).left).toBeCloseTo(-1);
	expect(errorBudget([{ page: 'killed', times: [1], failures: 9, isExtreme: true }]).requests).toBe(0);
	expect(errorBudget([])).toEqual({ requests: 0, failed: 0, allowed: 0, left: 1 });
});

test('capacity is what 70 % of the processors would serve, where their use is known', () => {
	expect(capacityOf([act(0.35)], 500)).toBe(1000);
	expect(capacityOf([act(null)], 500)).toBeNull();
	expect(capacityOf([], 500)).toBeNull();
});

test('advice comes once, for what failed and for slow pages', () => {
	const check = { act: 'a', what: 'w', found: '1', wanted: '2', advice: 'Do this.' };
	const found = adviceOf(
		[
			{ ...check, isPassed: false },
			{ ...check, isPassed: false },
			{ ...check, isPassed: true, advice: 'Not this.' }
		],
		pages([10, 2000], 0)
	);
	expect(found).toHaveLength(2);
	expect(found[0]).toBe('Do this.');
	expect(found[1]).toContain('agenda');
});

test('an act that throws is a check that failed, the next one runs, and no text of it becomes markup', async () => {
	const said: string[] = [];
	const rehearsal = new Rehearsal({
		target: { origin: 'http://localhost:1', variables: {}, isLocal: true, processors: 2 } satisfies Target,
		client: undefined as never,
		summit: { delegates: [] } as unknown as RehearsedSummit,
		minutes: 1,
		say: (line) => said.push(line)
	});
	await rehearsal.run('one', 'First', () => Promise.reject(new Error('<script>alert(1)</script>')));
	await rehearsal.run('two', 'Second', () => Promise.resolve('not tried'));
	expect(rehearsal.checks.map(({ isPassed }) => isPassed)).toEqual([false]);
	// Nobody answers there.
	expect((await rehearsal.visit('nothing', '/')).status).toBe(0);
	expect(rehearsal.pages.get('nothing')).toMatchObject({ page: 'nothing', times: [], failures: 1 });
	const html = asHtml(rehearsal, true);
	expect(html).toContain('&lt;script&gt;');
	expect(html).not.toContain('<script');
	expect(html).toContain('Not ready: 1 of 1 checks');
	expect(said.join('\n')).toContain('1 did not pass');
});

test('waits until something holds, and no longer than it may', async () => {
	let looks = 0;
	expect(await until(() => ++looks === 3, 5000, 1)).toBe(true);
	expect(looks).toBe(3);
	expect(await until(() => false, 20, 1)).toBe(false);
});
