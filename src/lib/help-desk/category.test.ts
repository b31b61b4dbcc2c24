import { expect, it } from 'vitest';
import { categoryRefusal, effects, isPossible } from './category.ts';

it('says what happens to seat, fee and badge', () => {
	const same = { refund: 0, currency: 'EUR', undone: false, erased: 0 } as const;
	const paid = {
		...same,
		status: 'awaiting_payment',
		state: 'awaiting_payment',
		seat: 'moved',
		place: 'Press',
		badge: 'ends',
		order_id: 'one'
	} as const;
	const rows = effects({ ...paid, amount: 30000, due_at: '2027-03-01T12:00:00Z' }, 'UTC');
	expect(rows.map(([what]) => what)).toEqual(['Seat', 'Fee', 'Badge']);
	expect(rows[0]?.[1]).toBe('It becomes one of Press. The seat that becomes free goes to the next in the queue.');
	expect(rows[1]?.[1]).toContain('They pay €300');
	const free = { ...same, status: 'ok', state: 'confirmed', seat: 'stays', place: 'Harbour', badge: 'new' } as const;
	expect(effects({ ...free, refund: 1500 }, 'UTC')[1]?.[1]).toBe('They get back €15.00.');
	expect(effects({ ...free, undone: true, erased: 2 }, 'UTC').map(([what]) => what)).toEqual([
		'Seat',
		'Fee',
		'Badge',
		'Mode',
		'Form'
	]);
	expect(effects({ ...free, state: 'accredited' }, 'UTC')[1]?.[1]).toMatch(/^Nothing is charged before/);
});

it('gives a reason for every refusal', () => {
	expect(isPossible({ status: 'no_seat', reason: 'others_wait' })).toBe(false);
	expect(categoryRefusal({ status: 'no_seat', reason: 'others_wait' })).toBe(
		'Others wait for such a seat, and nobody is moved past them. They keep what they have.'
	);
	expect(categoryRefusal({ status: 'failed' })).toBe('Nothing was changed: the seat did not allow it.');
});
