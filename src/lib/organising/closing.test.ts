/* The closing steps: from what a role reads, the count of each list, and nothing of what it does not. */
import { expect, test } from 'vitest';
import { closingLines, type ClosingFacts } from './closing.ts';

const nothing: ClosingFacts = { recordings: null, certificates: null, money: null, retention: null };
const now = Date.parse('2027-03-10T12:00:00Z');
const lines = (facts: Partial<ClosingFacts>) => closingLines({ ...nothing, ...facts }, now, 'UTC');
const short = (facts: Partial<ClosingFacts>) => lines(facts).map(({ key, detail, done }) => [key, detail, done]);

test('a role reads only the steps of its own pages', () => {
	expect(lines({})).toEqual([]);
	expect(short({ certificates: { isOffered: false, issued: 0 } })).toEqual([
		['certificates', 'Not offered yet', false]
	]);
});

test('recordings that are ready wait until they are published', () => {
	const of = (state: 'ready' | 'stopped' | 'sealed', is_published: boolean) => ({ state, is_published });
	expect(
		short({ recordings: [of('ready', false), of('ready', true), of('stopped', false), of('sealed', false)] })
	).toEqual([['recordings', '1', false]]);
	expect(short({ recordings: [of('ready', true)] })).toEqual([['recordings', '0', true]]);
});

test('orders count over all currencies, each by its own state', () => {
	const of = (currency: string, state: 'owing' | 'overdue' | 'settled', orders: number) => ({
		...{ currency, state, orders },
		...{ charged: 0, paid: 0, returned: 0, balance: 0 }
	});
	const states = [of('EUR', 'owing', 2), of('USD', 'owing', 3), of('USD', 'overdue', 1), of('USD', 'settled', 9)];
	expect(short({ money: { states } })).toEqual([
		['overdue', '1', false],
		['owing', '5', false],
		['refund_failed', '0', true]
	]);
});

test('the next class to be deleted is named, without what is held or past', () => {
	const of = (code: string, due_at: string | null, is_held = false) => ({ code, due_at, is_held });
	const classes = [
		of('chat', '2027-03-12T00:00:00Z', true),
		of('mails', '2027-03-09T00:00:00Z'),
		of('registrations', '2027-06-01T00:00:00Z'),
		of('door', null)
	];
	const [line] = lines({ retention: { classes } });
	expect(line?.detail).toContain('1 June 2027');
	expect(lines({ retention: { classes: [] } })[0]?.detail).toBe('Nothing is due yet');
});
