import { expect, test } from 'vitest';
import { readParts } from './parts.ts';

test.each([
	['KX7PQ2M4AB 450.00\nINV-2026-0001: 1.250,50\n', [45_000, 125_050], ['KX7PQ2M4AB', 'INV-2026-0001']],
	['INV 2026 0001   100\r\nINV 2026 0002   200', [10_000, 20_000], ['INV 2026 0001', 'INV 2026 0002']]
])('%j', (text, amounts, orders) => {
	const parts = readParts(text, 'EUR') ?? [];
	expect(parts.map(({ amount }) => amount)).toEqual(amounts);
	expect(parts.map(({ order_reference }) => order_reference)).toEqual(orders);
});

test.each([
	['KWD', [6_175, 1_250_500]],
	['JPY', null]
])('parts in %s have the decimals of the currency', (currency, amounts) => {
	const parts = readParts('KX7PQ2M4AB 6.175\nINV-2026-0001 1250.5', currency);
	expect(parts?.map(({ amount }) => amount) ?? null).toEqual(amounts);
});

test.each(['', 'KX7PQ2M4AB 450', 'KX7PQ2M4AB\nINV-1 5', 'A 5\nB -5', 'A five\nB 5', 'A 1\n'.repeat(21)])(
	'%j is refused',
	(text) => {
		expect(readParts(text, 'EUR')).toBeNull();
	}
);
