import { expect, test } from 'vitest';
import { chooseKept, readKeep } from './rotation.ts';
import { backupName } from './manifest.ts';

const night = (day: number, hour = 3) => backupName(new Date(Date.UTC(2026, 0, day, hour)));
const nights = (count: number) => Array.from({ length: count }, (_, index) => night(index + 1));

test('keeps the newest of each of the last days, weeks and months', () => {
	const kept = chooseKept(nights(100), { days: 3, weeks: 2, months: 3 });
	// The hundredth day is Friday, 10 April; weeks end on Sunday.
	expect([...kept].sort()).toEqual([night(59), night(90), night(95), night(98), night(99), night(100)]);
});

test('counts days that have a backup, so that a pause deletes nothing', () => {
	expect(chooseKept([night(1), night(2), night(300)], { days: 3, weeks: 0, months: 0 }).size).toBe(3);
});

test('of several in one day only the newest stays, whatever the setting', () => {
	const names = [night(1, 1), night(1, 2), night(1, 3)];
	expect([...chooseKept(names, { days: 7, weeks: 4, months: 12 })]).toEqual([night(1, 3)]);
	expect([...chooseKept(names, { days: 0, weeks: 0, months: 1 })]).toEqual([night(1, 3)]);
	expect([...chooseKept([], { days: 1, weeks: 1, months: 1 })]).toEqual([]);
});

test('a rotation each night keeps what one at the end would keep', () => {
	const keep = { days: 7, weeks: 4, months: 12 };
	let held: string[] = [];
	for (const name of nights(800)) held = [...chooseKept([...held, name], keep)];
	expect(held.sort()).toEqual([...chooseKept(nights(800), keep)].sort());
});

test('reads BACKUP_KEEP', () => {
	expect(readKeep(undefined)).toEqual({ days: 7, weeks: 4, months: 12 });
	expect(readKeep('30, 0, 24')).toEqual({ days: 30, weeks: 0, months: 24 });
	for (const wrong of ['7', '7,4', '7,4,12,1', 'a,b,c', '-1,2,3', '0,0,0', '1.5,0,0', '7,,12'])
		expect(() => readKeep(wrong)).toThrow('BACKUP_KEEP');
});
