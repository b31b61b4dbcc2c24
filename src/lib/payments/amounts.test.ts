import { money } from '#lib/i18n/time.ts';
import { expect, test } from 'vitest';
import { currencyStep, inOurUnits, majorUnits, toStripe } from './amounts.ts';
import { sessionParams } from './session.ts';
import { readAmount } from './statement.ts';

test.each([
	['EUR', 35_000, 35_000],
	['JPY', 500, 500],
	['KWD', 5_120, 5_120],
	['HUF', 5_000_000, 5_000_000],
	['ISK', 500, 50_000],
	['UGX', 370_000, 37_000_000],
	['MGA', 4_500_000, 45_000]
])('%s: %i of ours are %i of Stripe’s, and back', (currency, ours, theirs) => {
	expect(toStripe(ours, currency)).toBe(theirs);
	expect(toStripe(ours, currency.toLowerCase())).toBe(theirs);
	expect(inOurUnits({ amount: theirs, currency })).toEqual({ amount: ours, currency });
});

test('refuses what no card can pay exactly before Stripe is called', () => {
	expect(currencyStep('KWD')).toBe(10);
	expect(() => toStripe(5_124, 'KWD')).toThrow(RangeError);
	expect(() => toStripe(4_500_050, 'MGA')).toThrow(RangeError);
});

test('requests 500 krónur, not five', () => {
	const { line_items } = sessionParams(
		{ checkout_id: 'c', amount: 500, currency: 'ISK', expires_at: '2027-06-10T12:00:00Z', reference: 'R' },
		{ origin: 'https://summit.example.org', paidPath: '/paid', backPath: '/back', item: 'Seat', locale: 'en' }
	);
	expect(line_items[0]?.price_data).toMatchObject({ currency: 'isk', unit_amount: 50_000 });
});

test('reads an event in our units, and leaves other numbers unchanged', () => {
	expect(inOurUnits({ id: 'x', currency: 'ugx', amount_total: 37_000_000, amount_received: null, created: 5 })).toEqual(
		{
			id: 'x',
			currency: 'ugx',
			amount_total: 370_000,
			amount_received: null,
			created: 5
		}
	);
	expect(inOurUnits({ id: 'x', amount: 5 })).toEqual({ id: 'x', amount: 5 });
});

test('keeps the digits of forints as typed, stored and shown, regardless of the browser', () => {
	expect(readAmount('50000', 'HUF')).toBe(5_000_000);
	expect(majorUnits(5_000_000, 'HUF')).toBe('50000.00');
	expect(money(5_000_000, 'HUF', 'en')).toBe('HUF\u00a050,000.00');
	expect(money(500, 'ISK', 'en')).toBe('ISK\u00a0500');
});
