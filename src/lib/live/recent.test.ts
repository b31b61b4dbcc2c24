import { expect, test } from 'vitest';
import { RecentChanges } from './recent.ts';

test('reports a change after a page was made, and none before', () => {
	const recent = new RecentChanges(10_000);
	recent.note('person:a', 20_000);
	expect(recent.changedSince(['summit:b', 'person:a'], 15_000)).toBe(true);
	expect(recent.changedSince(['summit:b', 'person:a'], 20_500)).toBe(true);
	expect(recent.changedSince(['summit:b', 'person:a'], 25_000)).toBe(false);
	expect(recent.changedSince(['summit:b'], 15_000)).toBe(false);
});

test('treats everything before the first event, or after a loss, as possibly changed', () => {
	const recent = new RecentChanges(10_000);
	expect(recent.changedSince(['summit:b'], 9_000)).toBe(true);
	recent.forget(30_000);
	expect(recent.changedSince(['summit:b'], 29_000)).toBe(true);
	expect(recent.changedSince(['summit:b'], 31_000)).toBe(false);
});

test('limits its size, and then reports that it may have forgotten changes', () => {
	const recent = new RecentChanges(0, 2);
	for (const [index, topic] of ['a', 'b', 'c'].entries()) recent.note(topic, 10_000 + index);
	expect(recent.changedSince(['a'], 9_000)).toBe(true);
	expect(recent.changedSince(['a'], 20_000)).toBe(false);
});
