import { expect, test } from 'vitest';
import { entryTimings } from './room.ts';

const entry = (start: number, end: number, off = false) => ({ start, end, off });

test('starts and ends a session at its minute, and shows the next three', () => {
	const entries = [entry(0, 10), entry(10, 20), entry(20, 30), entry(30, 40), entry(40, 50), entry(50, 60)];
	expect(entryTimings(entries, 9)).toEqual(['now', 'next', 'next', 'next', 'far', 'far']);
	expect(entryTimings(entries, 10)).toEqual(['past', 'now', 'next', 'next', 'next', 'far']);
	expect(entryTimings(entries, 60)).toEqual(Array(6).fill('past'));
	expect(entryTimings([], 0)).toEqual([]);
});

test('shows a cancelled session until its time, and never as on', () => {
	const entries = [entry(0, 10, true), entry(0, 10), entry(20, 30, true)];
	expect(entryTimings(entries, 5)).toEqual(['past', 'now', 'next']);
	expect(entryTimings(entries, 25)).toEqual(['past', 'past', 'past']);
});

test('keeps an overrunning session on for an hour', () => {
	const minute = 60_000;
	const entries = [{ ...entry(0, 10 * minute), isLive: true }, entry(10 * minute, 20 * minute)];
	expect(entryTimings(entries, 15 * minute)).toEqual(['now', 'now']);
	expect(entryTimings(entries, 71 * minute)).toEqual(['past', 'past']);
});
