/* Rule 3 for late, repeated or wrong payments: each counts once, and gets its seat or is refunded. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cardDesk, paidEvent } from '../../fixtures/buying.ts';
import { faultsOf, makePeople, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

const { buyer, checkout, balance, refunds, ledger, mailsOf, deliver, pastDue } = cardDesk(
	() => db.owner,
	() => db.app
);

describe('late, repeated and wrong payments', () => {
	async function lateBuyer(hall: number, others: number) {
		const bought = await buyer({ hall });
		const c = await checkout(bought.who, bought.order);
		await db.owner.query(`update public.checkouts set expires_at = now() - interval '1 minute' where id = $1`, [
			c.checkout_id
		]);
		for (const other of await makePeople(db.owner, others))
			await register(db.owner, other, bought.summit, bought.members[0] ?? '');
		await pastDue(bought.order);
		await db.app.query(`select private.sweep_deadlines()`);
		expect(await stateOf(db.owner, bought.id)).toBe('expired');
		return { ...bought, c };
	}

	test('a late payment gets the seat when one is free', async () => {
		const { id, order, c, who, summit } = await lateBuyer(2, 1);
		expect(await deliver('checkout.session.completed', paidEvent(c))).toBe('revived');
		expect([await stateOf(db.owner, id), await balance(order), await refunds(order)]).toEqual(['confirmed', 0, []]);
		expect(await ledger(order)).toEqual(['cancellation -5000', 'payment -5000', 'cancellation 5000']);
		expect((await mailsOf(who)).slice(-2).toSorted()).toEqual(['payment_received', 'registration_confirmed']);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('and is refunded in full when none is free', async () => {
		const { id, order, c, who, summit } = await lateBuyer(1, 2);
		expect(await deliver('checkout.session.completed', paidEvent(c))).toBe('surplus');
		expect([await stateOf(db.owner, id), await balance(order), await refunds(order)]).toEqual([
			'expired',
			-5000,
			[{ amount: 5000, state: 'due' }]
		]);
		expect(
			await readValue(
				db.owner,
				`select params ->> 'cause' from private.outbox where person_id = $1 and template = 'payment_refunded'`,
				[who.person]
			)
		).toBe('late');
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('a person who has registered again meanwhile gets the money back, not two seats', async () => {
		const { who, order, c, summit, members } = await lateBuyer(3, 0);
		expect((await register(db.owner, who, summit, members[1] ?? '')).status).toBe('held');
		expect(await deliver('checkout.session.completed', paidEvent(c))).toBe('surplus');
		expect(await refunds(order)).toEqual([{ amount: 5000, state: 'due' }]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('a duplicate payment is refunded once', async () => {
		const { who, order, summit } = await buyer();
		const first = await checkout(who, order);
		await db.owner.query(`update public.checkouts set state = 'expired' where id = $1`, [first.checkout_id]);
		const second = await checkout(who, order);
		expect(second.checkout_id).not.toBe(first.checkout_id);
		expect(await deliver('checkout.session.completed', paidEvent(second))).toBe('paid');
		expect(await deliver('checkout.session.completed', paidEvent(first))).toBe('surplus');
		expect(await refunds(order)).toEqual([{ amount: 5000, state: 'due' }]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('an underpayment confirms nobody and the rest can be paid; another currency is recorded without effect', async () => {
		const { who, id, order, summit } = await buyer();
		const c = await checkout(who, order);
		expect(await deliver('checkout.session.completed', paidEvent(c, { currency: 'usd' }))).toBe('mismatch');
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from audit.entries where table_name = 'payments.mismatch' and row_id = $1`,
				[c.checkout_id]
			)
		).toBe(1);
		expect(await deliver('checkout.session.completed', paidEvent(c, { amount_total: 3000 }))).toBe('underpaid');
		expect(await stateOf(db.owner, id)).toBe('awaiting_payment');
		const rest = await checkout(who, order);
		expect(rest).toMatchObject({ status: 'ok', amount: 2000 });
		expect(await deliver('checkout.session.completed', paidEvent(rest))).toBe('paid');
		expect([await stateOf(db.owner, id), await balance(order)]).toEqual(['confirmed', 0]);
		// The books keep reporting money that they could not count.
		expect(await faultsOf(db.owner, summit)).toEqual([expect.stringMatching(/^books: event_mismatch/)]);
	});

	test('events without a matching order are stored and change nothing', async () => {
		expect(await deliver('checkout.session.completed', paidEvent({ checkout_id: randomUUID(), amount: 1 }))).toBe(
			'unknown'
		);
		expect(
			await deliver('checkout.session.completed', { id: 'cs_x', metadata: { checkout_id: "'; drop table seats" } })
		).toBe('unknown');
		expect(await deliver('customer.created', { id: 'cus_1' })).toBe('ignored');
		expect(
			await deliver('charge.dispute.created', {
				id: 'dp_1',
				status: 'needs_response',
				amount: 1,
				payment_intent: 'pi_unknown'
			})
		).toBe('waiting');
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.provider_events where effect in ('unknown', 'ignored', 'waiting')`
			)
		).toBe(4);
	});
});
