/*
 * Barred people get no seat, by any function: their payment is refunded, the seat goes to the next in the queue, and
 * nobody learns why.
 */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import { balanceOf, ledgerOf, makePayers, orderOf, payByCard, type Payers } from '../../fixtures/paying.ts';
import {
	callAs,
	connectMany,
	faultsOf,
	latestRegistration,
	makePeople,
	register,
	stateOf,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: Payers;
let leads: TestPerson[];

beforeEach(async () => {
	world = await makePayers(db.owner, 3);
	await keep();
});

async function keep() {
	leads = [await makePerson(db.owner, 'Safeguarding one'), await makePerson(db.owner, 'Safeguarding two')];
	for (const { person } of leads)
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
			[person, world.summit]
		);
}

const who = (n: number) => world.people[n] as TestPerson;
const id = (n: number) => world.registrations[n] ?? '';
const order = (n: number) => world.orders[n] ?? '';

/** One person adds the entry, another confirms it. */
async function bar(registration: string, client = db.owner): Promise<void> {
	const reference = await readValue<string>(db.owner, `select reference from public.registrations where id = $1`, [
		registration
	]);
	const { id: entry } = await callAs<{ id: string }>(
		db.owner,
		leads[0] ?? null,
		`public.add_watch_list_entry($1, $2)`,
		[world.summit, JSON.stringify({ registration: reference, details_sealed: 'ab'.repeat(40), key_id: 'k1' })]
	);
	const act = `public.update_watch_list_entry($1, $2, 'confirm')`;
	expect(await callAs(client, leads[1] ?? null, act, [world.summit, entry])).toBe('ok');
}

const refundsOf = async (of: string) =>
	(
		await db.owner.query<{ amount: number }>(
			`select amount from public.refunds where order_id = $1 and state = 'due' order by created_at`,
			[of]
		)
	).rows.map(({ amount }) => amount);
const seatsOf = (registration: string) =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from public.seats where registration_id = $1 and state <> 'released'`,
		[registration]
	);
const checkout = (n: number) =>
	callAs<{ checkout_id: string }>(db.owner, who(n), `public.request_checkout($1)`, [order(n)]);
const webhook = async (checkoutId: string, event = randomUUID(), client = db.app) =>
	(
		await readValue<{ effect: string }>(client, `select private.apply_stripe_event($1, $2, $3, now())`, [
			`evt_${event}`,
			'checkout.session.completed',
			JSON.stringify({
				id: `cs_${checkoutId}`,
				payment_status: 'paid',
				payment_intent: `pi_${checkoutId}`,
				amount_total: 5000,
				currency: 'eur',
				metadata: { checkout_id: checkoutId }
			})
		])
	).effect;
const transfer = (of: string, amount: number) =>
	callAs(db.owner, world.finance, `public.record_bank_payment($1, $2, 'EUR', current_date, $3)`, [
		of,
		amount,
		randomUUID()
	]);

/** Out, fully refunded, and notified of nothing else. */
async function expectTurnedAway(n: number, ofOrder = order(n)) {
	expect([await stateOf(db.owner, id(n)), await seatsOf(id(n)), await balanceOf(db.owner, ofOrder)]).toEqual([
		'declined',
		0,
		-5000
	]);
	expect(await refundsOf(ofOrder)).toEqual([5000]);
	expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	const { rows } = await db.owner.query<{ template: string; params: Record<string, unknown> }>(
		`select template, params from private.outbox where person_id = $1 and template in ('registration_confirmed', 'registration_declined')`,
		[who(n).person]
	);
	expect(rows).toMatchObject([{ template: 'registration_declined', params: { reason: '' } }]);
	const audit = await callAs(db.owner, world.organiser, `public.list_audit($1, $2)`, [
		world.summit,
		JSON.stringify({ registration: id(n) })
	]);
	const shown = JSON.stringify([
		audit,
		rows,
		await callAs(db.owner, who(n), `public.my_registration($1)`, [world.summit])
	]);
	expect(shown).not.toMatch(/safeguard|barred/i);
}

describe('payments', () => {
	test('between the provider’s page and its event: recorded once, and fully refunded', async () => {
		const { checkout_id } = await checkout(0);
		await bar(id(0));
		const event = randomUUID();
		expect(await webhook(checkout_id, event)).toBe('paid');
		expect(await webhook(checkout_id, event)).toBe('duplicate');
		expect(await webhook(checkout_id)).toBe('duplicate');
		expect(await ledgerOf(db.owner, order(0))).toEqual(['payment -5000', 'cancellation -5000']);
		await expectTurnedAway(0);
	});

	test('after the deadline: refunded, even if seats are free', async () => {
		const { checkout_id } = await checkout(0);
		await db.owner.query(`update public.orders set due_at = now() - interval '1 day' where id = $1`, [order(0)]);
		await db.owner.query(`update public.checkouts set expires_at = now() - interval '1 hour' where order_id = $1`, [
			order(0)
		]);
		await db.app.query(`select private.sweep_deadlines()`);
		await bar(id(0));
		expect(await webhook(checkout_id)).toBe('surplus');
		expect([await stateOf(db.owner, id(0)), await seatsOf(id(0)), await refundsOf(order(0))]).toEqual([
			'expired',
			0,
			[5000]
		]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('by bank, and too much: fully returned by hand', async () => {
		await bar(id(0));
		expect(await transfer(order(0), 6000)).toEqual({ status: 'paid' });
		expect(await refundsOf(order(0))).toEqual([6000]);
		expect([await stateOf(db.owner, id(0)), await faultsOf(db.owner, world.summit)]).toEqual(['declined', []]);
	});

	test('for a delegation: the others are confirmed, and only that part is refunded', async () => {
		const gathered = await callAs<{ order_id: string }>(db.owner, world.focal, `public.combine_orders($1, $2, $3)`, [
			world.summit,
			world.member,
			world.orders
		]);
		await bar(id(1));
		expect(await transfer(gathered.order_id, 15000)).toEqual({ status: 'paid' });
		expect([await stateOf(db.owner, id(0)), await stateOf(db.owner, id(2))]).toEqual(['confirmed', 'confirmed']);
		await expectTurnedAway(1, gathered.order_id);
		const seen = await callAs(db.owner, world.focal, `public.read_delegation($1)`, [world.summit]);
		expect(JSON.stringify(seen)).not.toMatch(/safeguard|barred/i);
	});

	test('a waiver gives no seat, and its budget is free again', async () => {
		const { id: request } = await callAs<{ id: string }>(
			db.owner,
			who(0),
			`public.request_waiver($1, $2, 'no_budget', '')`,
			[order(0), id(0)]
		);
		await bar(id(0));
		expect(await callAs(db.owner, world.finance, `public.decide_waiver($1, true, null, '')`, [request])).toMatchObject({
			status: 'ok'
		});
		expect([await stateOf(db.owner, id(0)), await refundsOf(order(0)), await balanceOf(db.owner, order(0))]).toEqual([
			'declined',
			[],
			0
		]);
		expect(await readValue(db.owner, `select private.waived_total($1, 'EUR')::integer`, [world.summit])).toBe(0);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('at the moment of the bar, in either order: the person never gets both seat and money', async () => {
		const connections = await connectMany(db, 2, db.appUrl);
		const listed = await connectMany(db, 2);
		for (const n of [0, 1, 2]) {
			const { checkout_id } = await checkout(n);
			await Promise.all([bar(id(n), listed[0]), ...connections.map((one) => webhook(checkout_id, randomUUID(), one))]);
			const state = await stateOf(db.owner, id(n));
			expect([state, await refundsOf(order(n))]).toEqual(state === 'confirmed' ? [state, []] : ['declined', [5000]]);
		}
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});
});

describe('actions of the person', () => {
	test('an accepted offer gives no seat: it goes to the next in the queue', async () => {
		const s = await makePayers(db.owner, 1, { hall: 1, fee: 0 });
		world = s;
		await keep();
		const [first, second] = (await makePeople(db.owner, 2)) as [TestPerson, TestPerson];
		const ids = [
			(await register(db.owner, first, s.summit, s.member)).id,
			(await register(db.owner, second, s.summit, s.member)).id
		];
		await callAs(db.owner, s.organiser, `public.decide_registrations($1, 'accredit')`, [ids]);
		await callAs(db.owner, who(0), `public.withdraw_registration($1)`, [id(0)]);
		const entryOf = (registration: string | undefined) =>
			readValue<string>(
				db.owner,
				`select id from public.queue_entries where registration_id = $1 and state = 'offered'`,
				[registration]
			);
		await bar(ids[0] ?? '');
		const entry = await entryOf(ids[0]);
		const answers = await Promise.all(
			(await connectMany(db, 4)).map((one) => callAs(one, first, `public.answer_offer($1, true)`, [entry]))
		);
		expect(answers).toEqual(Array(4).fill({ status: 'wrong_state' }));
		expect([await stateOf(db.owner, ids[0] ?? ''), await seatsOf(ids[0] ?? '')]).toEqual(['declined', 0]);
		expect(await entryOf(ids[1])).toEqual(expect.any(String));
		expect(await faultsOf(db.owner, s.summit)).toEqual([]);
	});

	test('a switch is refused: confirmed people keep what they have until safeguarding decides', async () => {
		await payByCard(db.owner, db.app, who(0), order(0));
		await bar(id(0));
		const to = (mode: string, n: number) => callAs(db.owner, who(n), `public.switch_mode($1, $2)`, [id(n), mode]);
		expect(await to('virtual', 0)).toEqual({ status: 'wrong_state' });
		expect([await stateOf(db.owner, id(0)), await seatsOf(id(0)), await refundsOf(order(0))]).toEqual([
			'confirmed',
			1,
			[]
		]);
		// Otherwise an unpaid person would be confirmed by going online, where there is no fee.
		await bar(id(1));
		expect(await to('virtual', 1)).toEqual({ status: 'wrong_state' });
		expect([await stateOf(db.owner, id(1)), await seatsOf(id(1))]).toEqual(['declined', 0]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('a switch that is paid after the bar is reversed, and the difference is refunded', async () => {
		const [newcomer] = (await makePeople(db.owner, 1)) as [TestPerson];
		const { id: own } = await register(db.owner, newcomer, world.summit, world.member, 'virtual');
		await callAs(db.owner, world.organiser, `public.decide_registrations($1, 'accredit')`, [[own]]);
		expect(await callAs(db.owner, newcomer, `public.switch_mode($1, 'in_person')`, [own])).toMatchObject({
			status: 'payment_due'
		});
		await bar(own);
		const due = await orderOf(db.owner, own);
		expect((await payByCard(db.owner, db.app, newcomer, due)).effect).toBe('paid');
		const { rows } = await db.owner.query(`select state, mode from public.registrations where id = $1`, [own]);
		expect([rows, await seatsOf(own), await refundsOf(due)]).toEqual([
			[{ state: 'confirmed', mode: 'virtual' }],
			1,
			[5000]
		]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('an accepted invitation and a transferred seat are stopped at the desk', async () => {
		const [invited] = (await makePeople(db.owner, 1)) as [TestPerson];
		const address = `${randomUUID()}@example.org`;
		await proveAddress(db.owner, invited, address);
		const { letter, token } = makeLetter(address);
		expect(
			await callAs(db.owner, world.focal, `public.transfer_seat_by_invitation($1, $2)`, [id(0), letter])
		).toMatchObject({
			status: 'ok'
		});
		expect(await callAs(db.owner, invited, `public.accept_invitation($1)`, [token])).toMatchObject({ status: 'ok' });
		const own = await latestRegistration(db.owner, invited.person);
		await db.owner.query(`update public.registrations set code_of_conduct_at = now() where id = $1`, [own]);
		expect(await callAs(db.owner, invited, `private.submit_registration($1)`, [own])).toMatchObject({ status: 'held' });
		await bar(own);
		expect(
			await callAs(db.owner, world.organiser, `public.decide_registrations($1, 'accredit')`, [[own]])
		).toMatchObject([{ status: 'needs_safeguarding' }]);
		for (const state of ['accredited', 'awaiting_payment', 'confirmed'])
			await expect(
				db.owner.query(`update public.registrations set state = $2 where id = $1`, [own, state])
			).rejects.toMatchObject({ code: 'PT409' });
		expect([await stateOf(db.owner, own), await faultsOf(db.owner, world.summit)]).toEqual(['nominated', []]);
	});
});
