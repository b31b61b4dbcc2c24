import { expect, test } from 'vitest';
import { RecentChanges } from './recent.ts';

test('a page that was made before a change is told, one made after it is not', () => {
	const recent = new RecentChanges(10_000);
	recent.note('person:a', 20_000);
	expect(recent.changedSince(['summit:b', 'person:a'], 15_000)).toBe(true);
	expect(recent.changedSince(['summit:b', 'person:a'], 20_500)).toBe(true);
	expect(recent.changedSince(['summit:b', 'person:a'], 25_000)).toBe(false);
	expect(recent.changedSince(['summit:b'], 15_000)).toBe(false);
});

test('what was before we listened, or lost, may have changed', () => {
	const recent = new RecentChanges(10_000);
	expect(recent.changedSince(['summit:b'], 9_000)).toBe(true);
	recent.forget(30_000);
	expect(recent.changedSince(['summit:b'], 29_000)).toBe(true);
	expect(recent.changedSince(['summit:b'], 31_000)).toBe(false);
});

test('it stays small, and then knows that it does not know', () => {
	const recent = new RecentChanges(0, 2);
	for (const [index, topic] of ['a', 'b', 'c'].entries()) recent.note(topic, 10_000 + index);
	expect(recent.changedSince(['a'], 9_000)).toBe(true);
	expect(recent.changedSince(['a'], 20_000)).toBe(false);
});
