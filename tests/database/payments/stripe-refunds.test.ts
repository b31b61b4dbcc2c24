/* Refunds through the real `stripe` package, the stand-in's webhooks and our route, on a real database. */
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { sendDueRefunds } from '../../../src/lib/payments/server/refunds.ts';
import { freePort } from '../../../src/local/processes.ts';
import { callAs, faultsOf, stateOf, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { startStripeWorld, fee, type Payer } from '../../fixtures/stripe-world.ts';

// Read when the log is first imported.
vi.hoisted(() => (process.env['LOG_LEVEL'] = 'silent'));

const { stop, standIn, owner, steer, awaiting, open, events, settled, balance, refunds, paidWorld } =
	await startStripeWorld();
afterAll(stop);
afterEach(async () => {
	await steer('release');
	await steer('idle');
});

describe('refunds', () => {
	async function confirmed(world: RegisteringSummit): Promise<Payer> {
		const payer = await awaiting(world);
		await steer(`sessions/${await open(payer)}/pay`);
		await settled();
		return payer;
	}
	const withdraw = ({ who, registration }: Payer) =>
		callAs(owner, who, `public.withdraw_registration($1, '')`, [registration]);

	test('withdrawing refunds the share that the Summit promises', async () => {
		const world = await paidWorld();
		const payer = await confirmed(world);
		await withdraw(payer);
		expect(await refunds(payer.order)).toEqual([{ state: 'due', amount: fee / 2 }]);
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee / 2 }]);
		expect(await balance(payer.order)).toBe(0);
		for (const event of await events()) await steer(`events/${event.id}/deliver`);
		expect(await balance(payer.order)).toBe(0);
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});

	test('a refund that fails later is due again, visible to finance, and requested again by finance only', async () => {
		const world = await paidWorld();
		const payer = await confirmed(world);
		await withdraw(payer);
		await sendDueRefunds();
		await settled();
		const reference = await readValue<string>(owner, `select provider_ref from public.refunds where order_id = $1`, [
			payer.order
		]);
		await steer(`refunds/${reference}/fail`);
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'failed', amount: fee / 2 }]);
		const list = await callAs<{ counts: object; rows: { id: string; state: string }[] }>(
			owner,
			world.finance,
			`public.list_orders($1)`,
			[world.summit]
		);
		expect(list.rows.map(({ id, state }) => [id, state])).toEqual([[payer.order, 'refund_failed']]);
		const refund = await readValue<string>(owner, `select id from public.refunds where order_id = $1`, [payer.order]);
		for (const who of [payer.who, world.organiser]) {
			expect(await callAs(owner, who, `public.retry_refund($1)`, [refund])).toBe('not_allowed');
			expect(await callAs(owner, who, `public.list_orders($1)`, [world.summit])).toEqual({ status: 'not_allowed' });
		}
		expect(await callAs(owner, world.finance, `public.retry_refund($1)`, [refund])).toBe('ok');
		expect(await callAs(owner, world.finance, `public.retry_refund($1)`, [refund])).toBe('wrong_state');
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee / 2 }]);
		expect(await balance(payer.order)).toBe(0);
		expect(await faultsOf(owner, world.summit)).toEqual([]);
	});

	test('finance and the payer read the state of an order, not only that nothing is due', async () => {
		const world = await paidWorld();
		const stands = async ({ who, order }: Payer) => {
			const list = await callAs<{ rows: { id: string; state: string }[] }>(
				owner,
				world.finance,
				`public.list_orders($1)`,
				[world.summit]
			);
			const own = await callAs<{ state: string }>(owner, who, `public.read_order($1)`, [order]);
			expect(list.rows.find(({ id }) => id === order)?.state).toBe(own.state);
			return own.state;
		};
		const [paying, leaving, waived] = [await confirmed(world), await awaiting(world), await awaiting(world)];
		expect([await stands(paying), await stands(leaving)]).toEqual(['settled', 'owing']);
		await withdraw(leaving);
		expect(await stands(leaving)).toBe('cancelled');
		await owner.query(`insert into public.order_adjustments (order_id, kind, amount) values ($1, 'waiver', $2)`, [
			waived.order,
			-fee
		]);
		expect(await stands(waived)).toBe('free');
		await callAs(owner, world.organiser, `public.decide_registrations(array[$1::uuid], 'decline', 'Not this year')`, [
			paying.registration
		]);
		expect(await stands(paying)).toBe('refunding');
		await sendDueRefunds();
		await settled();
		expect(await stands(paying)).toBe('refunded');
	});

	test('krónur are requested, recorded and refunded in whole units, though Stripe counts in hundredths', async () => {
		const world = await paidWorld();
		await owner.query(`update public.summits set currency = 'ISK' where id = $1`, [world.summit]);
		await owner.query(`update public.fees set amount = 45000, currency = 'ISK' where summit_id = $1`, [world.summit]);
		const payer = await awaiting(world);
		const session = await open(payer);
		const asked = await fetch(`${standIn.address}/v1/checkout/sessions/${session}`, {
			headers: { authorization: 'Bearer sk_test_abc' }
		});
		expect(await asked.json()).toMatchObject({ amount_total: 4_500_000, currency: 'isk' });
		await steer(`sessions/${session}/pay`);
		await settled();
		expect(await balance(payer.order)).toBe(0);
		expect(await stateOf(owner, payer.registration)).toBe('confirmed');
		await withdraw(payer);
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: 22_500 }]);
		expect(await balance(payer.order)).toBe(0);
	});

	test('a refund that Stripe cannot express fails, and stops no other', async () => {
		const world = await paidWorld();
		const [odd, even] = [await confirmed(world), await confirmed(world)];
		for (const payer of [odd, even]) await withdraw(payer);
		await owner.query(`update public.refunds set amount = amount - 5 where order_id = $1`, [odd.order]);
		await owner.query(`update public.checkouts set currency = 'KWD' where order_id = $1`, [odd.order]);
		await sendDueRefunds();
		await settled();
		expect(await refunds(odd.order)).toEqual([{ state: 'failed', amount: fee / 2 - 5 }]);
		expect(await refunds(even.order)).toEqual([{ state: 'done', amount: fee / 2 }]);
	});

	test('a refund stays due while Stripe is unavailable', async () => {
		const payer = await confirmed(await paidWorld());
		await withdraw(payer);
		process.env['STRIPE_API_URL'] = `http://127.0.0.1:${await freePort()}`;
		await sendDueRefunds().finally(() => (process.env['STRIPE_API_URL'] = standIn.address));
		expect(await refunds(payer.order)).toEqual([{ state: 'due', amount: fee / 2 }]);
		await sendDueRefunds();
		await settled();
		expect(await refunds(payer.order)).toEqual([{ state: 'done', amount: fee / 2 }]);
	});
});
