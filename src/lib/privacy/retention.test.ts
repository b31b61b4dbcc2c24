import { expect, test } from 'vitest';
import { keptFor, periodOf } from './retention.ts';

test.each([
	[0, '0 days'],
	[1, '1 day'],
	[30, '30 days'],
	[180, '180 days'],
	[365, '1 year'],
	[730, '2 years'],
	[400, '400 days']
])('%i days are %s', (days, words) => {
	expect(periodOf(days)).toBe(words);
});

test('says from when a period counts', () => {
	expect(keptFor({ clock: 'closed', days: 7 })).toBe('7 days after the Summit is closed');
	expect(keptFor({ clock: 'closed', days: 0 })).toBe('Until the Summit is closed');
	expect(keptFor({ clock: 'written', days: 90 })).toBe('90 days after it was written');
});
