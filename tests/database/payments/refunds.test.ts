/* Rule 3 for money returned: refunds and disputes add up in any order. */
import { describe, expect, test } from 'vitest';
import { currencyStep } from '../../../src/lib/payments/amounts.ts';
import { cardDesk, refundEvent, paidEvent } from '../../fixtures/buying.ts';
import { callAs, faultsOf, stateOf, readValue, type SummitPlan } from '../../fixtures/registering.ts';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { actAs } from '../../fixtures/world.ts';

const db = useDatabase();

const { buyer, checkout, record, balance, refunds, ledger, deliver } = cardDesk(
	() => db.owner,
	() => db.app
);

describe('refunds', () => {
	async function paidBuyer(plan: SummitPlan = {}) {
		const bought = await buyer(plan);
		const c = await checkout(bought.who, bought.order);
		await record(c);
		await deliver('checkout.session.completed', paidEvent(c));
		return { ...bought, c };
	}
	const due = async () =>
		(
			await db.app.query<{ id: string; payment_intent: string; amount: number; attempts: number }>(
				`select * from private.due_refunds()`
			)
		).rows;
	const recordRefund = (id: string | undefined, ref: string | null, state: string, failure: string | null = null) =>
		readValue<string>(db.app, `select private.record_refund($1, $2, $3, $4)`, [id, ref, state, failure]);

	test('withdrawing refunds by the policy, declining refunds everything', async () => {
		const self = await paidBuyer();
		expect(await callAs(db.owner, self.who, `public.withdraw_registration($1, '')`, [self.id])).toEqual({
			status: 'ok',
			refund: 2500,
			currency: 'EUR'
		});
		expect([await ledger(self.order), await refunds(self.order)]).toEqual([
			['payment -5000', 'cancellation -2500'],
			[{ amount: 2500, state: 'due' }]
		]);
		const declined = await paidBuyer();
		await callAs(db.owner, declined.organiser, `public.decide_registrations($1, 'decline', 'Not a member any more')`, [
			[declined.id]
		]);
		expect(await refunds(declined.order)).toEqual([{ amount: 5000, state: 'due' }]);
		const late = await paidBuyer();
		await db.owner.query(`update public.summits set refund_until = now() - interval '1 day' where id = $1`, [
			late.summit
		]);
		expect(await callAs(db.owner, late.who, `public.withdraw_registration($1, '')`, [late.id])).toMatchObject({
			refund: 0
		});
		expect([await balance(late.order), await refunds(late.order)]).toEqual([0, []]);
		for (const { summit } of [self, declined, late]) expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('a share is rounded down to what a card can be paid back', async () => {
		const share = (amount: number, percent: number, currency: string) =>
			readValue<string>(db.owner, 'select private.share_of($1, $2, $3)::integer', [amount, percent, currency]);
		expect(await share(12_350, 50, 'KWD')).toBe(6170);
		expect(await share(12_355, 100, 'KWD')).toBe(12_355);
		expect(await share(4_500_100, 50, 'MGA')).toBe(2_250_000);
		expect(await share(3333, 50, 'EUR')).toBe(1666);
		const steps = Object.fromEntries(Intl.supportedValuesOf('currency').map((code) => [code, currencyStep(code)]));
		const { rows } = await db.owner.query<{ code: string; step: number }>(
			'select code, private.currency_step(code) as step from unnest($1::text[]) as code',
			[Object.keys(steps)]
		);
		expect(Object.fromEntries(rows.map(({ code, step }) => [code, step]))).toEqual(steps);
	});

	test('a refund is requested once, fails, is requested again, and a late event of the first changes nothing', async () => {
		const { c, order, id, organiser, finance, summit } = await paidBuyer();
		await callAs(db.owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const [first] = (await due()).filter((row) => row.payment_intent === `pi_${c.checkout_id}`);
		expect(first).toMatchObject({ payment_intent: `pi_${c.checkout_id}`, amount: 5000, attempts: 0 });
		expect(await recordRefund(first?.id, 're_1', 'sent')).toBe('refund_sent');
		const noteRefund = (ref: string, status: string) =>
			deliver('refund.updated', refundEvent(ref, c, status, { metadata: { refund_id: first?.id } }));
		expect(await noteRefund('re_1', 'succeeded')).toBe('refund_done');
		expect(await recordRefund(first?.id, 're_1', 'done')).toBe('duplicate');
		expect(await balance(order)).toBe(0);
		// The bank returns it, so it is due again.
		expect(await noteRefund('re_1', 'failed')).toBe('refund_failed');
		expect([await balance(order), await refunds(order)]).toEqual([-5000, [{ amount: 5000, state: 'failed' }]]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
		expect(await callAs(db.owner, finance, `public.retry_refund($1)`, [first?.id])).toBe('ok');
		expect(await noteRefund('re_1', 'succeeded')).toBe('stale');
		expect((await due()).find(({ id: each }) => each === first?.id)?.attempts).toBe(1);
		expect(await recordRefund(first?.id, 're_2', 'done')).toBe('refund_done');
		expect(await noteRefund('re_1', 'failed')).toBe('stale');
		expect(await noteRefund('re_1', 'succeeded')).toBe('stale');
		expect([await balance(order), await refunds(order)]).toEqual([0, [{ amount: 5000, state: 'done' }]]);
		expect(await ledger(order)).toEqual([
			'payment -5000',
			'cancellation -5000',
			'refund 5000',
			'refund -5000',
			'refund 5000'
		]);
	});

	test('a failure before a success, and a refund before its payment, give the same result', async () => {
		const { who, order, id, summit } = await buyer();
		const c = await checkout(who, order);
		await record(c);
		expect(await deliver('refund.created', refundEvent('re_early', c, 'succeeded'))).toBe('waiting');
		expect(
			await deliver('charge.dispute.closed', {
				id: 'dp_early',
				status: 'won',
				amount: 5000,
				payment_intent: `pi_${c.checkout_id}`
			})
		).toBe('waiting');
		expect(await deliver('checkout.session.completed', paidEvent(c))).toBe('paid');
		// Made by hand at the provider: a gift, which does not make the order due again.
		expect(await ledger(order)).toEqual([
			'payment -5000',
			'refund 5000',
			'credit -5000',
			'dispute 5000',
			'dispute_won -5000'
		]);
		expect([await stateOf(db.owner, id), await balance(order)]).toEqual(['confirmed', 0]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
		const other = await paidBuyer();
		expect(await deliver('refund.failed', refundEvent('re_x', other.c, 'failed'))).toBe('ignored');
	});

	test('a refund by hand at the provider settles the due one', async () => {
		const { c, order, id, organiser } = await paidBuyer();
		await callAs(db.owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const charge = { id: 'ch_1', payment_intent: `pi_${c.checkout_id}`, amount_refunded: 5000 };
		expect(await deliver('charge.refunded', charge)).toBe('noted');
		expect(
			await deliver('charge.refunded', {
				...charge,
				refunds: { data: [{ id: 're_hand', amount: 5000, status: 'succeeded' }] }
			})
		).toBe('refund_done');
		expect(await deliver('refund.created', refundEvent('re_hand', c, 'succeeded'))).toBe('duplicate');
		expect([await balance(order), await refunds(order)]).toEqual([0, [{ amount: 5000, state: 'done' }]]);
	});

	test('a disputed amount is not refunded as well, and is refunded once the dispute is won', async () => {
		const { c, order, id, organiser, summit } = await paidBuyer();
		await callAs(db.owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const dispute = (status: string) => ({
			id: `dp_${c.checkout_id}`,
			status,
			amount: 5000,
			payment_intent: `pi_${c.checkout_id}`
		});
		expect(await deliver('charge.dispute.created', dispute('warning_needs_response'))).toBe('noted');
		expect(await deliver('charge.dispute.created', dispute('needs_response'))).toBe('disputed');
		expect([await balance(order), await refunds(order)]).toEqual([0, [{ amount: 5000, state: 'cancelled' }]]);
		expect(await deliver('charge.dispute.closed', dispute('won'))).toBe('dispute_won');
		expect(await deliver('charge.dispute.created', dispute('needs_response'))).toBe('disputed');
		expect([await balance(order), await refunds(order)]).toEqual([
			-5000,
			[
				{ amount: 5000, state: 'cancelled' },
				{ amount: 5000, state: 'due' }
			]
		]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('an amount that was both refunded and charged back is written off completely, and restored when the dispute is won', async () => {
		const { c, order, id, organiser, finance, summit } = await paidBuyer();
		await callAs(db.owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const refundId = await readValue<string>(db.owner, `select id from public.refunds where order_id = $1`, [order]);
		await recordRefund(refundId, 're_whole', 'done');
		const dispute = (status: string) => ({
			id: `dp_${c.checkout_id}`,
			status,
			amount: 5000,
			payment_intent: `pi_${c.checkout_id}`
		});
		expect(await deliver('charge.dispute.created', dispute('needs_response'))).toBe('disputed');
		expect(await balance(order)).toBe(5000);
		const off = () => callAs<string>(db.owner, finance, `public.write_off_order($1, 'Lost')`, [order]);
		expect([await off(), await balance(order), await off()]).toEqual(['ok', 0, 'wrong_state']);
		expect([await faultsOf(db.owner, summit), (await ledger(order)).at(-1)]).toEqual([[], 'write_off -5000']);
		expect(await deliver('charge.dispute.closed', dispute('won'))).toBe('dispute_won');
		expect([await balance(order), await faultsOf(db.owner, summit)]).toEqual([0, []]);
		expect(await refunds(order)).toEqual([{ amount: 5000, state: 'done' }]);
	});

	test('finance decides nothing about a refund of their own order', async () => {
		const { order, id, who, organiser, finance, summit } = await paidBuyer();
		await callAs(db.owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const refundId = await readValue<string>(db.owner, `select id from public.refunds where order_id = $1`, [order]);
		await recordRefund(refundId, null, 'failed', 'card_closed');
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'finance', $2)`, [
			who.person,
			summit
		]);
		const acts = ['retry_refund', 'make_refund_manual'];
		for (const act of acts)
			expect([act, await callAs(db.owner, who, `public.${act}($1)`, [refundId])]).toEqual([act, 'own']);
		expect(await refunds(order)).toEqual([{ amount: 5000, state: 'failed' }]);
		expect(await callAs(db.owner, finance, `public.retry_refund($1)`, [refundId])).toBe('ok');
	});

	test('requesting a refund again takes the locks of an order in their order', async () => {
		const { order, id, organiser, finance } = await paidBuyer();
		await callAs(db.owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const refundId = await readValue<string>(db.owner, `select id from public.refunds where order_id = $1`, [order]);
		await recordRefund(refundId, null, 'failed', 'card_closed');
		const other = await db.connect();
		await db.owner.query('begin');
		await db.owner.query(`select private.lock_order($1)`, [order]);
		const retrying = callAs(other, finance, `public.retry_refund($1)`, [refundId]);
		const watching = await db.connect();
		await waitForLocks(watching);
		// The row of the refund is not locked yet: the holder of the order may write it.
		await db.owner.query(`set local lock_timeout = '500ms'`);
		await db.owner.query(`update public.refunds set failure = failure where id = $1`, [refundId]);
		await db.owner.query('commit');
		expect(await retrying).toBe('ok');
	});

	test('nobody edits the ledger, in any role', async () => {
		const { order, finance, who } = await paidBuyer();
		for (const somebody of [finance, who]) {
			await expect(
				actAs(
					db.owner,
					somebody,
					`insert into public.order_adjustments (order_id, kind, amount) values ($1, 'waiver', -5000)`,
					[order]
				)
			).rejects.toThrow('permission denied');
		}
		await expect(
			db.owner.query(`update public.order_adjustments set amount = 0 where order_id = $1`, [order])
		).rejects.toThrow('never changed');
		await expect(db.owner.query(`delete from public.order_adjustments where order_id = $1`, [order])).rejects.toThrow(
			'never changed'
		);
		await expect(db.owner.query(`truncate public.order_adjustments cascade`)).rejects.toThrow('never emptied');
	});
});
