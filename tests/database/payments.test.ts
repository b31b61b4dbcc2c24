/* Orders and rule 3: every event of the provider once, in any order; late money; refunds that always add up. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	ask,
	connectMany,
	faultsOf,
	makePeople,
	makeSummit,
	register,
	stateOf,
	value,
	type RegisteringSummit
} from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { actAs, makeSomebody, type Somebody } from '../fixtures/world.ts';

let db: TestDatabase;
let owner: pg.Client;
let app: pg.Client;

beforeAll(async () => {
	db = await startDatabase();
	owner = await db.connect();
	app = await db.connect(db.appUrl);
});
afterAll(() => db.stop());

interface Checkout {
	status: string;
	checkout_id: string;
	amount: number;
	currency: string;
	expires_at: string;
	url: string | null;
}
interface Buyer extends RegisteringSummit {
	who: Somebody;
	id: string;
	order: string;
}

/** Somebody of a paying member, accredited for a seat in the hall at 50.00. */
async function buyer(wish: Parameters<typeof makeSummit>[1] = {}): Promise<Buyer> {
	const made = await makeSummit(owner, { hall: 5, fee: 5000, ...wish });
	const [who] = await makePeople(owner, 1);
	if (!who) throw new Error('nobody');
	const { id } = await register(owner, who, made.summit, made.members[1] ?? '');
	const decided = await ask(owner, made.organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
	expect(decided).toEqual([{ id, status: 'awaiting_payment' }]);
	return {
		...made,
		who,
		id,
		order: await value(owner, `select order_id from public.order_lines where registration_id = $1`, [id])
	};
}

const checkout = (who: Somebody | null, order: string) =>
	ask<Checkout>(owner, who, `public.request_checkout($1)`, [order]);
const record = (c: Checkout, expires = `now() + interval '20 hours'`) =>
	app.query(`select private.record_checkout($1, $2, null, 'https://pay.example/1', ${expires})`, [
		c.checkout_id,
		`cs_${c.checkout_id}`
	]);
const balance = (order: string) => value<string>(owner, `select private.balance_of($1)::integer`, [order]);
const refunds = async (order: string) =>
	(await owner.query(`select amount, state from public.refunds where order_id = $1 order by created_at`, [order])).rows;
const ledger = async (order: string) =>
	(
		await owner.query<{ kind: string; amount: number }>(
			`select kind, amount from public.order_adjustments where order_id = $1 order by id`,
			[order]
		)
	).rows.map(({ kind, amount }) => `${kind} ${amount}`);
const mailsOf = async (who: Somebody) =>
	(
		await owner.query<{ template: string }>(
			`select template from private.outbox where person_id = $1 order by created_at, template`,
			[who.person]
		)
	).rows.map(({ template }) => template);

async function deliver(type: string, object: object, id = `evt_${randomUUID()}`, client = app): Promise<string> {
	const answer = await value<{ effect: string }>(client, `select private.apply_stripe_event($1, $2, $3, now())`, [
		id,
		type,
		JSON.stringify(object)
	]);
	return answer.effect;
}
const session = (c: { checkout_id: string; amount: number }, more: object = {}) => ({
	id: `cs_${c.checkout_id}`,
	object: 'checkout.session',
	payment_status: 'paid',
	payment_intent: `pi_${c.checkout_id}`,
	amount_total: c.amount,
	currency: 'eur',
	metadata: { checkout_id: c.checkout_id },
	...more
});
const refund = (id: string, c: Checkout, status: string, more: object = {}) => ({
	id,
	object: 'refund',
	amount: 5000,
	currency: 'eur',
	status,
	payment_intent: `pi_${c.checkout_id}`,
	metadata: {},
	...more
});
const pastDue = (order: string) =>
	owner.query(`update public.orders set due_at = now() - interval '1 minute' where id = $1`, [order]);

describe('paying', () => {
	test('an attempt is asked for once, paid once, and confirms', async () => {
		const { who, id, order, summit } = await buyer();
		const first = await checkout(who, order);
		expect(first).toMatchObject({ status: 'ok', amount: 5000, currency: 'EUR', url: null });
		expect(await checkout(who, order)).toMatchObject({ status: 'open', checkout_id: first.checkout_id });
		await record(first);
		expect(await checkout(who, order)).toMatchObject({
			status: 'open',
			checkout_id: first.checkout_id,
			url: 'https://pay.example/1'
		});
		expect(await deliver('checkout.session.completed', session(first), 'evt_once')).toBe('paid');
		expect(await stateOf(owner, id)).toBe('confirmed');
		// The same event, and the same news in another.
		expect(await deliver('checkout.session.completed', session(first), 'evt_once')).toBe('duplicate');
		expect(await deliver('checkout.session.async_payment_succeeded', session(first))).toBe('duplicate');
		expect(await deliver('checkout.session.expired', session(first))).toBe('stale');
		expect(await ledger(order)).toEqual(['payment -5000']);
		expect(await checkout(who, order)).toEqual({ status: 'settled' });
		expect(await mailsOf(who)).toEqual([
			'registration_received',
			'payment_due',
			'payment_received',
			'registration_confirmed'
		]);
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('the same event on ten connections at once takes effect once', async () => {
		const { who, order } = await buyer();
		const c = await checkout(who, order);
		const clients = await connectMany(db, 10, db.appUrl);
		const effects = await Promise.all(
			clients.map((client) => deliver('checkout.session.completed', session(c), `evt_${c.checkout_id}`, client))
		);
		expect(effects.toSorted()).toEqual([...Array(9).fill('duplicate'), 'paid']);
		// Ten events that tell the same.
		const other = await buyer();
		const d = await checkout(other.who, other.order);
		const told = await Promise.all(
			clients.map((client) => deliver('checkout.session.completed', session(d), undefined, client))
		);
		expect(told.toSorted()).toEqual([...Array(9).fill('duplicate'), 'paid']);
		expect([await ledger(order), await ledger(other.order)]).toEqual([['payment -5000'], ['payment -5000']]);
	});

	test('a payment that is told of before the app has written the session down still counts', async () => {
		const { who, id, order } = await buyer();
		const c = await checkout(who, order);
		expect(await deliver('checkout.session.completed', session(c))).toBe('paid');
		await record(c);
		expect(await stateOf(owner, id)).toBe('confirmed');
		expect(await value(owner, `select state from public.checkouts where id = $1`, [c.checkout_id])).toBe('paid');
	});

	test('only who pays, who is paid for, the focal point of a payer and finance may ask', async () => {
		const { who, order, organiser, finance, summit, members } = await buyer();
		const focal = await makeSomebody(owner, 'Focal');
		await owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
			summit,
			members[1],
			focal.person
		]);
		for (const stranger of [organiser, focal, await makeSomebody(owner, 'Stranger')])
			expect(await checkout(stranger, order)).toEqual({ status: 'not_allowed' });
		await expect(checkout(null, order)).rejects.toThrow('permission denied');
		expect((await checkout(finance, order)).status).toBe('ok');
		expect((await checkout(who, order)).status).toBe('open');
		await owner.query(`update public.orders set payer_person_id = null, payer_member_id = $2 where id = $1`, [
			order,
			members[1]
		]);
		expect((await checkout(focal, order)).status).toBe('open');
		expect(await checkout(who, randomUUID())).toEqual({ status: 'not_allowed' });
	});

	test('an attempt ends by the deadline, lives half an hour at least, and the last one extends the hold', async () => {
		const { who, id, order } = await buyer();
		const heldUntil = () =>
			value<Date>(owner, `select held_until from public.seats where registration_id = $1 and state = 'held'`, [id]);
		const before = await heldUntil();
		const hours =
			(await value<number>(owner, `select extract(epoch from $1::timestamptz - now()) / 3600`, [
				(await checkout(who, order)).expires_at
			])) * 1;
		expect(Math.round(hours)).toBe(24);
		expect(await heldUntil()).toEqual(before);
		await owner.query(`update public.checkouts set state = 'expired' where order_id = $1`, [order]);
		await owner.query(`update public.orders set due_at = now() + interval '5 minutes' where id = $1`, [order]);
		await owner.query(`update public.seats set held_until = now() + interval '5 minutes' where registration_id = $1`, [
			id
		]);
		const last = await checkout(who, order);
		expect(
			await value(
				owner,
				`select $1::timestamptz between now() + interval '30 minutes' and now() + interval '32 minutes'`,
				[last.expires_at]
			)
		).toBe(true);
		expect((await heldUntil()).toISOString()).toBe(new Date(last.expires_at).toISOString());
		await pastDue(order);
		await app.query(`select private.sweep()`);
		expect(await stateOf(owner, id)).toBe('awaiting_payment');
		expect(await deliver('checkout.session.completed', session(last))).toBe('paid');
		expect(await stateOf(owner, id)).toBe('confirmed');
	});

	test('after the deadline it is over: seat to the next, no further attempt', async () => {
		const { who, id, order, summit, members } = await buyer({ hall: 1 });
		const [next] = await makePeople(owner, 1);
		if (!next) throw new Error('nobody');
		const waiting = await register(owner, next, summit, members[0] ?? '');
		await pastDue(order);
		expect(await checkout(who, order)).toEqual({ status: 'closed' });
		expect(await value(app, `select private.sweep()`)).toMatchObject({ orders: 1, served: 1 });
		expect([await stateOf(owner, id), await balance(order), await checkout(who, order)]).toEqual([
			'expired',
			0,
			{ status: 'settled' }
		]);
		expect(await value(owner, `select state from public.seats where registration_id = $1`, [waiting.id])).toBe('held');
		expect(await mailsOf(who)).toEqual(['registration_received', 'payment_due', 'registration_expired']);
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('money that takes days holds the seat; when it fails, the deadline counts again', async () => {
		const { who, id, order } = await buyer();
		const c = await checkout(who, order);
		expect(await deliver('checkout.session.completed', session(c, { payment_status: 'unpaid' }))).toBe('processing');
		expect(await checkout(who, order)).toEqual({ status: 'processing' });
		await pastDue(order);
		await app.query(`select private.sweep()`);
		expect(await stateOf(owner, id)).toBe('awaiting_payment');
		expect(await deliver('checkout.session.async_payment_failed', session(c, { payment_status: 'unpaid' }))).toBe(
			'failed'
		);
		await app.query(`select private.sweep()`);
		expect(await stateOf(owner, id)).toBe('expired');
	});
});

describe('late, twice and wrong', () => {
	async function lateBuyer(hall: number, others: number) {
		const bought = await buyer({ hall });
		const c = await checkout(bought.who, bought.order);
		await owner.query(`update public.checkouts set expires_at = now() - interval '1 minute' where id = $1`, [
			c.checkout_id
		]);
		for (const other of await makePeople(owner, others))
			await register(owner, other, bought.summit, bought.members[0] ?? '');
		await pastDue(bought.order);
		await app.query(`select private.sweep()`);
		expect(await stateOf(owner, bought.id)).toBe('expired');
		return { ...bought, c };
	}

	test('late money gets the seat when there is one', async () => {
		const { id, order, c, who, summit } = await lateBuyer(2, 1);
		expect(await deliver('checkout.session.completed', session(c))).toBe('revived');
		expect([await stateOf(owner, id), await balance(order), await refunds(order)]).toEqual(['confirmed', 0, []]);
		expect(await ledger(order)).toEqual(['cancellation -5000', 'payment -5000', 'cancellation 5000']);
		expect((await mailsOf(who)).slice(-2).toSorted()).toEqual(['payment_received', 'registration_confirmed']);
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('and is refunded in full when there is none', async () => {
		const { id, order, c, who, summit } = await lateBuyer(1, 2);
		expect(await deliver('checkout.session.completed', session(c))).toBe('surplus');
		expect([await stateOf(owner, id), await balance(order), await refunds(order)]).toEqual([
			'expired',
			-5000,
			[{ amount: 5000, state: 'due' }]
		]);
		expect(
			await value(
				owner,
				`select params ->> 'cause' from private.outbox where person_id = $1 and template = 'payment_refunded'`,
				[who.person]
			)
		).toBe('late');
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('who has registered anew meanwhile gets the money back, not two seats', async () => {
		const { who, order, c, summit, members } = await lateBuyer(3, 0);
		expect((await register(owner, who, summit, members[1] ?? '')).status).toBe('held');
		expect(await deliver('checkout.session.completed', session(c))).toBe('surplus');
		expect(await refunds(order)).toEqual([{ amount: 5000, state: 'due' }]);
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('what is paid twice goes back once', async () => {
		const { who, order, summit } = await buyer();
		const first = await checkout(who, order);
		await owner.query(`update public.checkouts set state = 'expired' where id = $1`, [first.checkout_id]);
		const second = await checkout(who, order);
		expect(second.checkout_id).not.toBe(first.checkout_id);
		expect(await deliver('checkout.session.completed', session(second))).toBe('paid');
		expect(await deliver('checkout.session.completed', session(first))).toBe('surplus');
		expect(await refunds(order)).toEqual([{ amount: 5000, state: 'due' }]);
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('too little confirms nobody and the rest can be paid; another currency counts for nothing and is noted', async () => {
		const { who, id, order, summit } = await buyer();
		const c = await checkout(who, order);
		expect(await deliver('checkout.session.completed', session(c, { currency: 'usd' }))).toBe('mismatch');
		expect(
			await value(
				owner,
				`select count(*)::integer from audit.entries where table_name = 'payments.mismatch' and row_id = $1`,
				[c.checkout_id]
			)
		).toBe(1);
		expect(await deliver('checkout.session.completed', session(c, { amount_total: 3000 }))).toBe('underpaid');
		expect(await stateOf(owner, id)).toBe('awaiting_payment');
		const rest = await checkout(who, order);
		expect(rest).toMatchObject({ status: 'ok', amount: 2000 });
		expect(await deliver('checkout.session.completed', session(rest))).toBe('paid');
		expect([await stateOf(owner, id), await balance(order)]).toEqual(['confirmed', 0]);
		// The books go on saying that money came which they could not count.
		expect(await faultsOf(owner, summit)).toEqual([expect.stringMatching(/^books: event_mismatch/)]);
	});

	test('events about nothing of ours are kept and change nothing', async () => {
		expect(await deliver('checkout.session.completed', session({ checkout_id: randomUUID(), amount: 1 }))).toBe(
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
			await value(
				owner,
				`select count(*)::integer from private.provider_events where effect in ('unknown', 'ignored', 'waiting')`
			)
		).toBe(4);
	});
});

describe('giving back', () => {
	async function paidBuyer(wish: Parameters<typeof makeSummit>[1] = {}) {
		const bought = await buyer(wish);
		const c = await checkout(bought.who, bought.order);
		await record(c);
		await deliver('checkout.session.completed', session(c));
		return { ...bought, c };
	}
	const due = async () =>
		(
			await app.query<{ id: string; payment_intent: string; amount: number; attempts: number }>(
				`select * from private.due_refunds()`
			)
		).rows;
	const recordRefund = (id: string | undefined, ref: string | null, state: string, failure: string | null = null) =>
		value<string>(app, `select private.record_refund($1, $2, $3, $4)`, [id, ref, state, failure]);

	test('withdrawing gives back by the policy, declining gives back all', async () => {
		const self = await paidBuyer();
		expect(await ask(owner, self.who, `public.withdraw_registration($1, '')`, [self.id])).toEqual({
			status: 'ok',
			refund: 2500,
			currency: 'EUR'
		});
		expect([await ledger(self.order), await refunds(self.order)]).toEqual([
			['payment -5000', 'cancellation -2500'],
			[{ amount: 2500, state: 'due' }]
		]);
		const declined = await paidBuyer();
		await ask(owner, declined.organiser, `public.decide_registrations($1, 'decline', 'Not a member any more')`, [
			[declined.id]
		]);
		expect(await refunds(declined.order)).toEqual([{ amount: 5000, state: 'due' }]);
		const late = await paidBuyer();
		await owner.query(`update public.summits set refund_until = now() - interval '1 day' where id = $1`, [late.summit]);
		expect(await ask(owner, late.who, `public.withdraw_registration($1, '')`, [late.id])).toMatchObject({ refund: 0 });
		expect([await balance(late.order), await refunds(late.order)]).toEqual([0, []]);
		for (const { summit } of [self, declined, late]) expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('a refund is asked for once, fails, is asked for again, and late news of the first changes nothing', async () => {
		const { c, order, id, organiser, finance, summit } = await paidBuyer();
		await ask(owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const [first] = (await due()).filter((row) => row.payment_intent === `pi_${c.checkout_id}`);
		expect(first).toMatchObject({ payment_intent: `pi_${c.checkout_id}`, amount: 5000, attempts: 0 });
		expect(await recordRefund(first?.id, 're_1', 'sent')).toBe('refund_sent');
		const told = (ref: string, status: string) =>
			deliver('refund.updated', refund(ref, c, status, { metadata: { refund_id: first?.id } }));
		expect(await told('re_1', 'succeeded')).toBe('refund_done');
		expect(await recordRefund(first?.id, 're_1', 'done')).toBe('duplicate');
		expect(await balance(order)).toBe(0);
		// The bank sends it back: we owe it again.
		expect(await told('re_1', 'failed')).toBe('refund_failed');
		expect([await balance(order), await refunds(order)]).toEqual([-5000, [{ amount: 5000, state: 'failed' }]]);
		expect(await faultsOf(owner, summit)).toEqual([]);
		expect(await ask(owner, finance, `public.retry_refund($1)`, [first?.id])).toBe('ok');
		expect(await told('re_1', 'succeeded')).toBe('stale');
		expect((await due()).find(({ id: each }) => each === first?.id)?.attempts).toBe(1);
		expect(await recordRefund(first?.id, 're_2', 'done')).toBe('refund_done');
		expect(await told('re_1', 'failed')).toBe('stale');
		expect(await told('re_1', 'succeeded')).toBe('stale');
		expect([await balance(order), await refunds(order)]).toEqual([0, [{ amount: 5000, state: 'done' }]]);
		expect(await ledger(order)).toEqual([
			'payment -5000',
			'cancellation -5000',
			'refund 5000',
			'refund -5000',
			'refund 5000'
		]);
	});

	test('failed before succeeded, and refund before payment, come to the same', async () => {
		const { who, order, id, summit } = await buyer();
		const c = await checkout(who, order);
		await record(c);
		expect(await deliver('refund.created', refund('re_early', c, 'succeeded'))).toBe('waiting');
		expect(
			await deliver('charge.dispute.closed', {
				id: 'dp_early',
				status: 'won',
				amount: 5000,
				payment_intent: `pi_${c.checkout_id}`
			})
		).toBe('waiting');
		expect(await deliver('checkout.session.completed', session(c))).toBe('paid');
		// By hand at the provider: a gift, which does not make the order owe again.
		expect(await ledger(order)).toEqual([
			'payment -5000',
			'refund 5000',
			'credit -5000',
			'dispute 5000',
			'dispute_won -5000'
		]);
		expect([await stateOf(owner, id), await balance(order)]).toEqual(['confirmed', 0]);
		expect(await faultsOf(owner, summit)).toEqual([]);
		const other = await paidBuyer();
		expect(await deliver('refund.failed', refund('re_x', other.c, 'failed'))).toBe('ignored');
	});

	test('a refund by hand at the provider settles the one that we owe', async () => {
		const { c, order, id, organiser } = await paidBuyer();
		await ask(owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
		const charge = { id: 'ch_1', payment_intent: `pi_${c.checkout_id}`, amount_refunded: 5000 };
		expect(await deliver('charge.refunded', charge)).toBe('noted');
		expect(
			await deliver('charge.refunded', {
				...charge,
				refunds: { data: [{ id: 're_hand', amount: 5000, status: 'succeeded' }] }
			})
		).toBe('refund_done');
		expect(await deliver('refund.created', refund('re_hand', c, 'succeeded'))).toBe('duplicate');
		expect([await balance(order), await refunds(order)]).toEqual([0, [{ amount: 5000, state: 'done' }]]);
	});

	test('what the bank takes back is not refunded as well, and comes back to be refunded when the dispute is won', async () => {
		const { c, order, id, organiser, summit } = await paidBuyer();
		await ask(owner, organiser, `public.decide_registrations($1, 'decline', 'No')`, [[id]]);
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
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('nobody edits the ledger, whoever they are', async () => {
		const { order, finance, who } = await paidBuyer();
		for (const somebody of [finance, who]) {
			await expect(
				actAs(
					owner,
					somebody,
					`insert into public.order_adjustments (order_id, kind, amount) values ($1, 'waiver', -5000)`,
					[order]
				)
			).rejects.toThrow('permission denied');
		}
		await expect(
			owner.query(`update public.order_adjustments set amount = 0 where order_id = $1`, [order])
		).rejects.toThrow('never changed');
		await expect(owner.query(`delete from public.order_adjustments where order_id = $1`, [order])).rejects.toThrow(
			'never changed'
		);
		await expect(owner.query(`truncate public.order_adjustments cascade`)).rejects.toThrow('never emptied');
	});
});

describe('switching what is paid for', () => {
	test('up: the present seat stays until the difference is paid, then seat, badge and mode move at once', async () => {
		const { summit, members, organiser } = await makeSummit(owner, { hall: 5, fee: 5000 });
		await owner.query(
			`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'virtual', 1000, 'EUR')`,
			[summit]
		);
		const [who] = await makePeople(owner, 1);
		if (!who) throw new Error('nobody');
		const { id } = await register(owner, who, summit, members[1] ?? '', 'virtual');
		await ask(owner, organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
		const order = () =>
			value<string>(
				owner,
				`select o.id from public.orders as o join public.order_lines as l on l.order_id = o.id where l.registration_id = $1 order by o.created_at desc limit 1`,
				[id]
			);
		const first = await checkout(who, await order());
		await deliver('checkout.session.completed', session(first));
		const switchTo = (mode: string) => ask(owner, who, `public.switch_mode($1, $2)`, [id, mode]);
		const quote = (mode: string) => ask(owner, who, `public.quote_switch($1, $2)`, [id, mode]);
		const seats = async () =>
			(
				await owner.query<{ seat: string }>(
					`select mode || ' ' || state as seat from public.seats where registration_id = $1 and state <> 'released' order by mode`,
					[id]
				)
			).rows.map(({ seat }) => seat);
		const up = { due: 4000, credit: 0, currency: 'EUR' };
		expect(await quote('in_person')).toEqual(up);
		expect(await ask(owner, organiser, `public.quote_switch($1, 'in_person')`, [id])).toBeNull();
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000, currency: 'EUR' });
		expect(await quote('in_person')).toEqual(up);
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000 });
		expect([await seats(), await stateOf(owner, id)]).toEqual([['in_person held', 'virtual taken'], 'confirmed']);
		// Undone, and begun again.
		expect(await switchTo('virtual')).toEqual({ status: 'ok' });
		expect(await seats()).toEqual(['virtual taken']);
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000 });
		await pastDue(await order());
		await app.query(`select private.sweep()`);
		expect([await seats(), await stateOf(owner, id)]).toEqual([['virtual taken'], 'confirmed']);
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000 });
		const second = await checkout(who, await order());
		expect(await deliver('checkout.session.completed', session(second))).toBe('paid');
		expect([
			await seats(),
			await value(
				owner,
				`select count(*)::integer from public.badges where registration_id = $1 and revoked_at is null`,
				[id]
			)
		]).toEqual([['in_person taken'], 1]);
		expect(await faultsOf(owner, summit)).toEqual([]);
		// Down: half of the difference comes back by the policy, from what was paid last.
		const paidLast = await order();
		expect(await quote('virtual')).toEqual({ due: 0, credit: 2000, currency: 'EUR' });
		expect(await switchTo('virtual')).toEqual({ status: 'ok' });
		expect([await seats(), await refunds(paidLast)]).toEqual([['virtual taken'], [{ amount: 2000, state: 'due' }]]);
		expect(await faultsOf(owner, summit)).toEqual([]);
	});

	test('before it is paid, the order for the other mode takes the place of the first', async () => {
		const { who, id, order, summit } = await buyer();
		expect(await ask(owner, who, `public.quote_switch($1, 'virtual')`, [id])).toMatchObject({ due: 0, credit: 0 });
		expect(await ask(owner, who, `public.switch_mode($1, 'virtual')`, [id])).toEqual({ status: 'ok' });
		expect([await stateOf(owner, id), await balance(order), await checkout(who, order)]).toEqual([
			'confirmed',
			0,
			{ status: 'settled' }
		]);
		expect(await ask(owner, who, `public.switch_mode($1, 'in_person')`, [id])).toMatchObject({
			status: 'payment_due',
			amount: 5000
		});
		expect(await faultsOf(owner, summit)).toEqual([]);
	});
});
