/* Orders and rule 3: payment attempts, what is paid for, and mode switches; every event of the provider counts once. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cardDesk, paidEvent } from '../../fixtures/buying.ts';
import {
	callAs,
	connectMany,
	faultsOf,
	makePeople,
	makeSummit,
	register,
	stateOf,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useDatabase();

const { buyer, checkout, record, balance, refunds, ledger, mailsOf, deliver, pastDue } = cardDesk(
	() => db.owner,
	() => db.app
);

describe('paying', () => {
	test('an attempt is created once, paid once, and confirms', async () => {
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
		expect(await deliver('checkout.session.completed', paidEvent(first), 'evt_once')).toBe('paid');
		expect(await stateOf(db.owner, id)).toBe('confirmed');
		// The same event, and the same payment in another event.
		expect(await deliver('checkout.session.completed', paidEvent(first), 'evt_once')).toBe('duplicate');
		expect(await deliver('checkout.session.async_payment_succeeded', paidEvent(first))).toBe('duplicate');
		expect(await deliver('checkout.session.expired', paidEvent(first))).toBe('stale');
		expect(await ledger(order)).toEqual(['payment -5000']);
		expect(await checkout(who, order)).toEqual({ status: 'settled' });
		expect(await mailsOf(who)).toEqual([
			'registration_received',
			'payment_due',
			'payment_received',
			'registration_confirmed'
		]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('the same event on ten connections at once takes effect once', async () => {
		const { who, order } = await buyer();
		const c = await checkout(who, order);
		const clients = await connectMany(db, 10, db.appUrl);
		const effects = await Promise.all(
			clients.map((client) => deliver('checkout.session.completed', paidEvent(c), `evt_${c.checkout_id}`, client))
		);
		expect(effects.toSorted()).toEqual([...Array(9).fill('duplicate'), 'paid']);
		// Ten events report the same payment.
		const other = await buyer();
		const d = await checkout(other.who, other.order);
		const answers = await Promise.all(
			clients.map((client) => deliver('checkout.session.completed', paidEvent(d), undefined, client))
		);
		expect(answers.toSorted()).toEqual([...Array(9).fill('duplicate'), 'paid']);
		expect([await ledger(order), await ledger(other.order)]).toEqual([['payment -5000'], ['payment -5000']]);
	});

	test('a payment that is reported before the app has saved the provider’s session still counts', async () => {
		const { who, id, order } = await buyer();
		const c = await checkout(who, order);
		expect(await deliver('checkout.session.completed', paidEvent(c))).toBe('paid');
		await record(c);
		expect(await stateOf(db.owner, id)).toBe('confirmed');
		expect(await readValue(db.owner, `select state from public.checkouts where id = $1`, [c.checkout_id])).toBe('paid');
	});

	test('only the payer, the person paid for, the payer’s focal point and finance may start one', async () => {
		const { who, order, organiser, finance, summit, members } = await buyer();
		const focal = await makePerson(db.owner, 'Focal');
		await db.owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
			summit,
			members[1],
			focal.person
		]);
		for (const outsider of [organiser, focal, await makePerson(db.owner, 'Outsider')])
			expect(await checkout(outsider, order)).toEqual({ status: 'not_allowed' });
		await expect(checkout(null, order)).rejects.toThrow('permission denied');
		expect((await checkout(finance, order)).status).toBe('ok');
		expect((await checkout(who, order)).status).toBe('open');
		await db.owner.query(`update public.orders set payer_person_id = null, payer_member_id = $2 where id = $1`, [
			order,
			members[1]
		]);
		expect((await checkout(focal, order)).status).toBe('open');
		expect(await checkout(who, randomUUID())).toEqual({ status: 'not_allowed' });
	});

	test('an attempt ends by the deadline, lasts at least half an hour, and the last one extends the hold', async () => {
		const { who, id, order } = await buyer();
		const heldUntil = () =>
			readValue<Date>(db.owner, `select held_until from public.seats where registration_id = $1 and state = 'held'`, [
				id
			]);
		const before = await heldUntil();
		const hours =
			(await readValue<number>(db.owner, `select extract(epoch from $1::timestamptz - now()) / 3600`, [
				(await checkout(who, order)).expires_at
			])) * 1;
		expect(Math.round(hours)).toBe(24);
		expect(await heldUntil()).toEqual(before);
		await db.owner.query(`update public.checkouts set state = 'expired' where order_id = $1`, [order]);
		await db.owner.query(`update public.orders set due_at = now() + interval '5 minutes' where id = $1`, [order]);
		await db.owner.query(
			`update public.seats set held_until = now() + interval '5 minutes' where registration_id = $1`,
			[id]
		);
		const last = await checkout(who, order);
		expect(
			await readValue(
				db.owner,
				`select $1::timestamptz between now() + interval '30 minutes' and now() + interval '32 minutes'`,
				[last.expires_at]
			)
		).toBe(true);
		expect((await heldUntil()).toISOString()).toBe(new Date(last.expires_at).toISOString());
		await pastDue(order);
		await db.app.query(`select private.sweep_deadlines()`);
		expect(await stateOf(db.owner, id)).toBe('awaiting_payment');
		expect(await deliver('checkout.session.completed', paidEvent(last))).toBe('paid');
		expect(await stateOf(db.owner, id)).toBe('confirmed');
	});

	test('after the deadline the seat goes to the next person, and no attempt is possible', async () => {
		const { who, id, order, summit, members } = await buyer({ hall: 1 });
		const [next] = await makePeople(db.owner, 1);
		if (!next) throw new Error('nobody');
		const waiting = await register(db.owner, next, summit, members[0] ?? '');
		await pastDue(order);
		expect(await checkout(who, order)).toEqual({ status: 'closed' });
		expect(await readValue(db.app, `select private.sweep_deadlines()`)).toMatchObject({ orders: 1, served: 1 });
		expect([await stateOf(db.owner, id), await balance(order), await checkout(who, order)]).toEqual([
			'expired',
			0,
			{ status: 'settled' }
		]);
		expect(await readValue(db.owner, `select state from public.seats where registration_id = $1`, [waiting.id])).toBe(
			'held'
		);
		expect(await mailsOf(who)).toEqual(['registration_received', 'payment_due', 'registration_expired']);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('a slow payment holds the seat; when it fails, the deadline applies again', async () => {
		const { who, id, order } = await buyer();
		const c = await checkout(who, order);
		expect(await deliver('checkout.session.completed', paidEvent(c, { payment_status: 'unpaid' }))).toBe('processing');
		expect(await checkout(who, order)).toEqual({ status: 'processing' });
		await pastDue(order);
		await db.app.query(`select private.sweep_deadlines()`);
		expect(await stateOf(db.owner, id)).toBe('awaiting_payment');
		expect(await deliver('checkout.session.async_payment_failed', paidEvent(c, { payment_status: 'unpaid' }))).toBe(
			'failed'
		);
		await db.app.query(`select private.sweep_deadlines()`);
		expect(await stateOf(db.owner, id)).toBe('expired');
	});
});

describe('switching the paid mode', () => {
	test('upgrade: the current seat stays until the difference is paid; then seat, badge and mode change together', async () => {
		const { summit, members, organiser, finance } = await makeSummit(db.owner, { hall: 5, fee: 5000 });
		await db.owner.query(
			`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'virtual', 1000, 'EUR')`,
			[summit]
		);
		const [who] = await makePeople(db.owner, 1);
		if (!who) throw new Error('nobody');
		const { id } = await register(db.owner, who, summit, members[1] ?? '', 'virtual');
		await callAs(db.owner, organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
		const order = () =>
			readValue<string>(
				db.owner,
				`select o.id from public.orders as o join public.order_lines as l on l.order_id = o.id where l.registration_id = $1 order by o.created_at desc limit 1`,
				[id]
			);
		const first = await checkout(who, await order());
		await deliver('checkout.session.completed', paidEvent(first));
		const switchTo = (mode: string) => callAs(db.owner, who, `public.switch_mode($1, $2)`, [id, mode]);
		const quote = (mode: string) => callAs(db.owner, who, `public.quote_switch($1, $2)`, [id, mode]);
		const seats = async () =>
			(
				await db.owner.query<{ seat: string }>(
					`select mode || ' ' || state as seat from public.seats where registration_id = $1 and state <> 'released' order by mode`,
					[id]
				)
			).rows.map(({ seat }) => seat);
		const up = { due: 4000, credit: 0, currency: 'EUR' };
		expect(await quote('in_person')).toEqual(up);
		// The help desk shows both; nobody else sees them.
		expect(await callAs(db.owner, organiser, `public.quote_switch($1, 'in_person')`, [id])).toEqual(up);
		expect(await callAs(db.owner, finance, `public.quote_switch($1, 'in_person')`, [id])).toBeNull();
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000, currency: 'EUR' });
		expect(await quote('in_person')).toEqual(up);
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000 });
		expect([await seats(), await stateOf(db.owner, id)]).toEqual([['in_person held', 'virtual taken'], 'confirmed']);
		// Cancelled, and started again.
		expect(await switchTo('virtual')).toEqual({ status: 'ok' });
		expect(await seats()).toEqual(['virtual taken']);
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000 });
		await pastDue(await order());
		await db.app.query(`select private.sweep_deadlines()`);
		expect([await seats(), await stateOf(db.owner, id)]).toEqual([['virtual taken'], 'confirmed']);
		expect(await switchTo('in_person')).toMatchObject({ status: 'payment_due', amount: 4000 });
		const second = await checkout(who, await order());
		expect(await deliver('checkout.session.completed', paidEvent(second))).toBe('paid');
		expect([
			await seats(),
			await readValue(
				db.owner,
				`select count(*)::integer from public.badges where registration_id = $1 and revoked_at is null`,
				[id]
			)
		]).toEqual([['in_person taken'], 1]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
		// Downgrade: half of the difference is refunded by the policy, from the last payment.
		const paidLast = await order();
		expect(await quote('virtual')).toEqual({ due: 0, credit: 2000, currency: 'EUR' });
		expect(await switchTo('virtual')).toEqual({ status: 'ok' });
		expect([await seats(), await refunds(paidLast)]).toEqual([['virtual taken'], [{ amount: 2000, state: 'due' }]]);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('before payment the order for the other mode replaces the first', async () => {
		const { who, id, order, summit } = await buyer();
		expect(await callAs(db.owner, who, `public.quote_switch($1, 'virtual')`, [id])).toMatchObject({
			due: 0,
			credit: 0
		});
		expect(await callAs(db.owner, who, `public.switch_mode($1, 'virtual')`, [id])).toEqual({ status: 'ok' });
		expect([await stateOf(db.owner, id), await balance(order), await checkout(who, order)]).toEqual([
			'confirmed',
			0,
			{ status: 'settled' }
		]);
		expect(await callAs(db.owner, who, `public.switch_mode($1, 'in_person')`, [id])).toMatchObject({
			status: 'payment_due',
			amount: 5000
		});
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});
});
