import { expect, test } from 'vitest';
import { ConnectionLimiter, streamLimits, type StreamHolder } from './connection-limits.ts';

const limits = [
	{ key: 'account a', most: 2 },
	{ key: 'address x', most: 3 }
];

test('refuses connections over any limit, and forgets those that have closed', () => {
	const places = new ConnectionLimiter();
	const [one, two] = [places.take(limits), places.take(limits)];
	expect(places.take(limits)).toBeNull();
	const other = places.take([{ key: 'account b', most: 2 }, limits[1] ?? { key: '', most: 0 }]);
	expect(places.take([limits[1] ?? { key: '', most: 0 }])).toBeNull();
	one?.();
	one?.();
	const again = places.take(limits);
	expect([again !== null, places.take(limits)]).toEqual([true, null]);
	for (const leave of [two, other, again]) leave?.();
	expect([places.size, places.hasRoom(limits)]).toEqual([0, true]);
});

test('limits an account, and not an address that many people share', () => {
	const holder = (account: string | null): StreamHolder => ({ address: '192.0.2.1', account, session: null });
	const open = (account: (n: number) => string | null) => {
		const places = new ConnectionLimiter();
		let opened = 0;
		while (opened < 5000 && places.take(streamLimits(holder(account(opened)))) !== null) opened++;
		return opened;
	};
	expect(open(() => 'one')).toBe(40);
	expect(open((n) => `delegate ${n}`)).toBe(5000);
	expect(open(() => null)).toBe(2000);
});
