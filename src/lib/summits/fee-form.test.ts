import { expect, test } from 'vitest';
import { feeAmount } from './fee-form.ts';

test.each([
	['450', 'EUR', 45_000],
	['58,000.50', 'KES', 5_800_050],
	['0', 'USD', 0],
	['6.17', 'KWD', 6_170]
])('reads %s %s', (typed, currency, amount) => {
	expect(feeAmount(typed, currency)).toBe(amount);
});

test.each([
	['', 'EUR'],
	['-450', 'EUR'],
	['450.1234', 'EUR'],
	['much', 'EUR'],
	['6.175', 'KWD'],
	['450.50', 'MGA']
])('refuses %o %s, which nobody could pay', (typed, currency) => {
	expect(feeAmount(typed, currency)).toEqual({ fault: expect.any(String) as string });
});
