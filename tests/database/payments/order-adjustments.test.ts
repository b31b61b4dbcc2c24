/* Orders in another currency, fees by time, refunds, and what finance may do with any order. */
import { describe, expect, test } from 'vitest';
import { dayFromNow } from '../../fixtures/clock.ts';
import {
	balanceOf,
	billing,
	ledgerOf,
	makePayers,
	documentsOf,
	payByCard,
	type Payers
} from '../../fixtures/paying.ts';
import { callAs, faultsOf, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { refundReaders } from '../../fixtures/refunding.ts';

const db = useDatabase();

const { refunds } = refundReaders(db);

describe('currencies and fees', () => {
	const fee = (world: Payers, fields: object, by = world.finance) =>
		callAs<{ status: string }>(db.owner, by, `public.save_fee($1, null, $2)`, [world.summit, JSON.stringify(fields)]);
	const inDollars = { mode: 'in_person', sector: 'private_sector', amount: 6000, currency: 'USD' };

	test('a payer chooses among currencies in which every fee is set', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order] = [world.people[0] as TestPerson, world.orders[0] ?? ''];
		const choose = (id: string, currency: string) =>
			callAs<{ status: string; order_id: string }>(db.owner, who, `public.choose_currency($1, $2)`, [id, currency]);
		expect(await choose(order, 'USD')).toEqual({ status: 'not_offered' });
		expect(await fee(world, inDollars, world.organiser)).toEqual({ status: 'not_allowed' });
		expect(await fee(world, inDollars)).toMatchObject({ status: 'ok' });
		const { order_id } = await choose(order, 'USD');
		expect([await balanceOf(db.owner, order), await balanceOf(db.owner, order_id)]).toEqual([0, 6000]);
		expect(await choose(order_id, 'USD')).toMatchObject({ status: 'already' });
		expect((await payByCard(db.owner, db.app, who, order_id)).effect).toBe('paid');
		expect(await stateOf(db.owner, world.registrations[0] ?? '')).toBe('confirmed');
		// Later orders stay in that currency.
		await fee(world, { mode: 'virtual', amount: 500, currency: 'EUR' });
		await fee(world, { mode: 'virtual', amount: 1000, currency: 'USD' });
		await callAs(db.owner, who, `public.switch_mode($1, 'virtual')`, [world.registrations[0]]);
		expect(await refunds(order_id)).toEqual([{ amount: 2500, state: 'due' }]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('fees for the same people never overlap; early and late fees follow each other', async () => {
		const world = await makePayers(db.owner, 1);
		const turn = `${dayFromNow(200)}T00:00:00Z`;
		const early = { mode: 'virtual', amount: 500, currency: 'EUR', valid_until: turn };
		expect((await fee(world, early)).status).toBe('ok');
		expect((await fee(world, { ...early, amount: 700, valid_until: null })).status).toBe('overlap');
		expect((await fee(world, { ...early, amount: 700, valid_until: null, valid_from: turn })).status).toBe('ok');
		expect((await fee(world, { ...early, currency: 'USD' })).status).toBe('ok');
		expect((await fee(world, { ...early, valid_from: '2031-01-01', valid_until: '2030-01-01' })).status).toBe(
			'invalid'
		);
		expect((await fee(world, { ...early, amount: -1 })).status).toBe('invalid');
		const { paid, moments, complete } = await callAs<{
			paid: { mode: string; sector: string; category: string; currency: string; amounts: number[] }[];
			moments: string[];
			complete: string[];
		}>(db.owner, world.finance, `public.list_fees($1)`, [world.summit]);
		expect(moments[1]).toBe(turn);
		expect(complete).toEqual(['EUR']);
		expect(
			paid.find((row) => row.mode === 'virtual' && row.sector === 'government' && row.currency === 'EUR')?.amounts
		).toEqual([500, 700]);
	});
});

describe('finance', () => {
	test('refunds a part or all of an order, never more than was paid', async () => {
		const world = await makePayers(db.owner, 1);
		const [who, order] = [world.people[0] as TestPerson, world.orders[0] ?? ''];
		await callAs(db.owner, who, `public.request_invoice($1, $2)`, [order, JSON.stringify(billing)]);
		const give = (amount: number | null, reason = 'Kindness', by = world.finance) =>
			callAs<{ status: string; most?: number }>(db.owner, by, `public.refund_order($1, null, $2, $3)`, [
				order,
				amount,
				reason
			]);
		expect(await give(1000)).toEqual({ status: 'nothing' });
		await payByCard(db.owner, db.app, who, order);
		expect(await give(1000, 'x', world.organiser)).toEqual({ status: 'not_allowed' });
		expect(await give(1000, ' ')).toEqual({ status: 'reason_needed' });
		expect(await give(5001)).toEqual({ status: 'too_much', most: 5000 });
		expect((await give(1000)).status).toBe('ok');
		expect(await give(4001)).toEqual({ status: 'too_much', most: 4000 });
		expect((await give(null)).status).toBe('ok');
		expect(await give(1)).toEqual({ status: 'nothing' });
		expect(await documentsOf(db.owner, order)).toEqual(['invoice 1 5000', 'credit_note 1 1000', 'credit_note 2 4000']);
		expect((await refunds(order)).map(({ amount }) => amount).sort()).toEqual([1000, 4000]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('sends by bank what the provider refuses, and extends the deadline on request', async () => {
		const world = await makePayers(db.owner, 2);
		const [who, order] = [world.people[0] as TestPerson, world.orders[0] ?? ''];
		await payByCard(db.owner, db.app, who, order);
		await callAs(db.owner, world.finance, `public.refund_order($1, null, 5000, 'x')`, [order]);
		const refund = await readValue<string>(db.owner, `select id from public.refunds where order_id = $1`, [order]);
		const byHand = () => callAs<string>(db.owner, world.finance, `public.make_refund_manual($1)`, [refund]);
		expect(await byHand()).toBe('wrong_state');
		await db.app.query(`select private.record_refund($1, 're_1', 'failed', 'card_closed')`, [refund]);
		expect(await byHand()).toBe('ok');
		expect(
			await callAs(db.owner, world.finance, `public.record_manual_refund($1, current_date, 'out')`, [refund])
		).toBe('ok');
		// The provider's late report of its own refusal changes nothing.
		await db.app.query(`select private.record_refund($1, 're_1', 'done', null)`, [refund]);
		expect(await ledgerOf(db.owner, order)).toEqual(['payment -5000', 'credit -5000', 'refund 5000']);
		const extend = (days: number) =>
			callAs<string>(db.owner, world.finance, `public.extend_order($1, now() + $2 * interval '1 day', 'asked')`, [
				world.orders[1],
				days
			]);
		expect([await extend(1), await extend(40), await extend(400)]).toEqual(['too_soon', 'ok', 'too_soon']);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('writes off a chargeback', async () => {
		const world = await makePayers(db.owner, 1);
		const order = world.orders[0] ?? '';
		const { intent } = await payByCard(db.owner, db.app, world.people[0] as TestPerson, order);
		const off = (reason: string) =>
			callAs<string>(db.owner, world.finance, `public.write_off_order($1, $2)`, [order, reason]);
		expect(await off('x')).toBe('wrong_state');
		await db.app.query(`select private.apply_stripe_event('evt_dp', 'charge.dispute.closed', $1, now())`, [
			JSON.stringify({ id: 'dp_1', amount: 5000, currency: 'eur', payment_intent: intent, status: 'lost' })
		]);
		expect([await balanceOf(db.owner, order), await off(' '), await off('Lost'), await off('Lost')]).toEqual([
			5000,
			'reason_needed',
			'ok',
			'wrong_state'
		]);
		expect([await balanceOf(db.owner, order), await faultsOf(db.owner, world.summit)]).toEqual([0, []]);
	});
});
