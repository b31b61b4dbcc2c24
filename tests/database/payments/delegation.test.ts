/* One order for a delegation. */
import { describe, expect, test } from 'vitest';
import { balanceOf, billing, ledgerOf, makePayers, orderOf, payByCard, type Payers } from '../../fixtures/paying.ts';
import { callAs, faultsOf, inTurn, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { refundReaders } from '../../fixtures/refunding.ts';

const db = useDatabase();

interface Gathered {
	status: string;
	order_id: string;
	moved: number;
	left: { order_id: string; status: string }[];
}
const gather = (world: Payers, orders = world.orders, by: TestPerson = world.focal) =>
	callAs<Gathered>(db.owner, by, `public.combine_orders($1, $2, $3)`, [world.summit, world.member, orders]);
const states = (world: Payers) => inTurn(world.registrations, (id) => stateOf(db.owner, id));

const { refunds } = refundReaders(db);

describe('an order for a delegation', () => {
	test('takes over two lines of one person, once', async () => {
		const world = await makePayers(db.owner, 2);
		await db.owner.query(
			`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount)
			values ($1, $2, $3, 'virtual', 2000)`,
			[world.orders[0], world.summit, world.registrations[0]]
		);
		const { status, order_id } = await gather(world, world.orders.slice(0, 1));
		expect([status, await balanceOf(db.owner, world.orders[0] ?? ''), await balanceOf(db.owner, order_id)]).toEqual([
			'ok',
			0,
			7000
		]);
		const { rows } = await db.owner.query(
			`select mode, amount from public.order_lines where order_id = $1 order by mode`,
			[order_id]
		);
		expect(rows).toEqual([
			{ mode: 'in_person', amount: 5000 },
			{ mode: 'virtual', amount: 2000 }
		]);
	});

	test('takes over what its people owe, and one payment confirms all of them', async () => {
		const world = await makePayers(db.owner, 3);
		const { status, order_id, moved, left } = await gather(world);
		expect({ status, moved, left }).toEqual({ status: 'ok', moved: 3, left: [] });
		expect(await inTurn(world.orders, (order) => ledgerOf(db.owner, order))).toEqual(
			Array(3).fill(['cancellation -5000'])
		);
		expect(await balanceOf(db.owner, order_id)).toBe(15000);
		// A person whose fee is paid by the delegation does not pay for the others.
		expect(await payByCard(db.owner, db.app, world.people[0] as TestPerson, order_id)).toMatchObject({
			effect: 'not_allowed'
		});
		expect((await payByCard(db.owner, db.app, world.focal, order_id)).effect).toBe('paid');
		expect(await states(world)).toEqual(Array(3).fill('confirmed'));
		expect((await gather(world)).status).toBe('nothing');
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('is invoiced to the member and names nobody', async () => {
		const world = await makePayers(db.owner, 2);
		const { order_id } = await gather(world);
		const { invoice_id } = await callAs<{ invoice_id: string }>(
			db.owner,
			world.focal,
			`public.request_invoice($1, $2)`,
			[order_id, JSON.stringify(billing)]
		);
		const paper = await callAs<{ lines: object[] }>(db.owner, world.focal, `public.read_invoice($1)`, [invoice_id]);
		expect(paper.lines).toHaveLength(2);
		for (const who of world.people) expect(JSON.stringify(paper)).not.toContain(who.name);
		expect(await callAs(db.owner, world.people[0] as TestPerson, `public.read_invoice($1)`, [invoice_id])).toBeNull();
		const part = await callAs(
			db.owner,
			world.finance,
			`public.record_bank_payment($1, 9999, 'EUR', current_date, 'a')`,
			[order_id]
		);
		expect([part, await states(world)]).toEqual([{ status: 'underpaid' }, ['awaiting_payment', 'awaiting_payment']]);
		await callAs(db.owner, world.finance, `public.record_bank_payment($1, 1, 'EUR', current_date, 'b')`, [order_id]);
		expect([await states(world), await faultsOf(db.owner, world.summit)]).toEqual([['confirmed', 'confirmed'], []]);
	});

	test('that expired with a partial payment confirms nobody and returns the part', async () => {
		const world = await makePayers(db.owner, 3);
		const { order_id } = await gather(world);
		await callAs(db.owner, world.finance, `public.record_bank_payment($1, 10000, 'EUR', current_date, 'a')`, [
			order_id
		]);
		await db.owner.query(`update public.orders set due_at = now() - interval '1 minute' where id = $1`, [order_id]);
		await db.app.query(`select private.sweep_deadlines()`);
		expect(await states(world)).toEqual(Array(3).fill('expired'));
		expect((await refunds(order_id)).reduce((sum, { amount }) => sum + amount, 0)).toBe(10000);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('refuses people with a payment in progress, of another member, or protected', async () => {
		const world = await makePayers(db.owner, 4);
		const other = await makePayers(db.owner, 1);
		await callAs(db.owner, world.finance, `public.record_bank_payment($1, 1, 'EUR', current_date, 'a')`, [
			world.orders[0]
		]);
		await callAs(db.owner, world.people[1] as TestPerson, `public.request_invoice($1, $2)`, [
			world.orders[1],
			JSON.stringify(billing)
		]);
		await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [
			world.people[2]?.person
		]);
		expect(await gather(world, world.orders, world.people[3])).toEqual({ status: 'not_allowed' });
		const { moved, left, order_id } = await gather(world, [...world.orders, ...other.orders]);
		expect(moved).toBe(1);
		expect(left.map(({ status }) => status).sort()).toEqual(['invoiced', 'paid']);
		expect(await balanceOf(db.owner, order_id)).toBe(5000);
		const seen = JSON.stringify(
			await callAs(db.owner, world.focal, `public.list_delegation_orders($1)`, [world.summit])
		);
		expect(seen).not.toContain(world.people[2]?.name ?? '?');
		expect(seen).not.toContain(world.registrations[2]);
		expect(seen).toContain(world.people[3]?.name ?? '?');
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('returns to its people while nothing is paid', async () => {
		const world = await makePayers(db.owner, 2);
		const { order_id } = await gather(world);
		const part = () => callAs<{ status: string }>(db.owner, world.focal, `public.split_order($1)`, [order_id]);
		expect([await part(), await part()]).toEqual([{ status: 'ok' }, { status: 'settled' }]);
		const back = await orderOf(db.owner, world.registrations[0] ?? '');
		expect([await balanceOf(db.owner, order_id), await balanceOf(db.owner, back)]).toEqual([0, 5000]);
		expect((await payByCard(db.owner, db.app, world.people[0] as TestPerson, back)).effect).toBe('paid');
		expect(await states(world)).toEqual(['confirmed', 'awaiting_payment']);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('leaves out a person who leaves, and a payment on a page of the former order is returned', async () => {
		const world = await makePayers(db.owner, 2);
		const old = await callAs<{ checkout_id: string }>(
			db.owner,
			world.people[0] as TestPerson,
			`public.request_checkout($1)`,
			[world.orders[0]]
		);
		const { order_id } = await gather(world);
		const { effect } = await readValue<{ effect: string }>(
			db.app,
			`select private.apply_stripe_event('evt_old', 'checkout.session.completed', $1, now())`,
			[
				JSON.stringify({
					id: 'cs_old',
					payment_status: 'paid',
					payment_intent: 'pi_old',
					amount_total: 5000,
					currency: 'eur',
					metadata: { checkout_id: old.checkout_id }
				})
			]
		);
		expect([effect, await refunds(world.orders[0] ?? '')]).toEqual(['surplus', [{ amount: 5000, state: 'due' }]]);
		await callAs(db.owner, world.people[1] as TestPerson, `public.withdraw_registration($1)`, [world.registrations[1]]);
		expect(await balanceOf(db.owner, order_id)).toBe(5000);
		expect((await payByCard(db.owner, db.app, world.focal, order_id)).effect).toBe('paid');
		expect([await states(world), await faultsOf(db.owner, world.summit)]).toEqual([['confirmed', 'withdrawn'], []]);
	});
});
