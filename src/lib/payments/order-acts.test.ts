import { expect, test } from 'vitest';
import type { WholeOrder } from './money.ts';
import { actsOf } from './order-acts.ts';
import { orderStates } from './order.ts';

const order: WholeOrder = {
	id: '1',
	reference: 'R',
	payer: 'P',
	payer_kind: 'person',
	currency: 'EUR',
	charged: 5000,
	paid: 0,
	returned: 0,
	balance: 5000,
	due_at: '',
	closed_at: null,
	created_at: '',
	state: 'owing',
	registrations: [],
	adjustments: [],
	refunds: [],
	summit_id: 's',
	invoices: [],
	waivers: [],
	cash: 0,
	has_alias: false,
	billing: null,
	can_invoice: true
};
const keys = (more: Partial<WholeOrder>) => actsOf({ ...order, ...more }).map(({ key }) => key);

test('leaves no state of an order without an act', () => {
	for (const state of orderStates)
		for (const closed_at of [null, '2027-01-01T00:00:00Z'])
			for (const balance of [-100, 0, 5000]) expect(keys({ state, closed_at, balance }).length).toBeGreaterThan(0);
});

test('offers each act where it is possible', () => {
	expect(keys({})).toEqual(['bank', 'invoice', 'extend']);
	const paid = { balance: 0, cash: 5000, closed_at: '2027-01-01T00:00:00Z' };
	expect(keys(paid)).toEqual(['bank', 'invoice', 'refund']);
	const invoice = {
		id: 'i',
		kind: 'invoice' as const,
		reference: 'INV',
		amount: 1,
		currency: 'EUR',
		issued_on: '',
		due_on: '',
		state: 'paid' as const,
		electronic: false
	};
	expect(keys({ ...paid, invoices: [invoice] })).toEqual(['bank', 'correct', 'refund']);
	expect(keys({ closed_at: '2027-01-01T00:00:00Z', balance: 5000 })).toEqual(['bank', 'write_off']);
	const refund = { id: 'r', amount: 1, failure: null, attempts: 1 };
	expect(keys({ ...paid, cash: 0, refunds: [{ ...refund, state: 'failed', by_hand: false }] })).toEqual([
		'retry',
		'hand',
		'bank'
	]);
	expect(keys({ ...paid, cash: 0, refunds: [{ ...refund, state: 'due', by_hand: true }] })).toEqual(['sent', 'bank']);
	expect(keys({ ...paid, cash: 0, refunds: [{ ...refund, state: 'sent', by_hand: false }] })).toEqual(['bank']);
});
