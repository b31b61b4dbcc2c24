/* Change of category at the desk: the seat moves to another allocation, with fee and badge, or nothing changes. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import {
	callAs,
	connectMany,
	countSeats,
	makeSummit,
	inParallel,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { categoryDesk } from '../../fixtures/changing-category.ts';

const db = useDatabase();
let summit: RegisteringSummit;

const { member, change, preview, addPool, delegate, pooled, seatOf, nameOf, badgesOf, everything, sound } =
	categoryDesk(db, () => summit);

beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 6, online: 6, ceilings: { civil_society: 2 } });
});

describe('the seat', () => {
	it('moves between member and pool, with a new badge and a history entry each time', async () => {
		await addPool('press', 1);
		const { id, who } = await delegate();
		const before = await everything();
		expect(await preview(id, 'press')).toMatchObject({
			status: 'ok',
			place: 'Press pool',
			seat: 'moved',
			badge: 'new'
		});
		expect(await everything()).toBe(before);
		expect(await change(id, 'press')).toMatchObject({ status: 'ok', state: 'confirmed', place: 'Press pool' });
		expect(await seatOf(id)).toBe('taken in_person Press pool');
		expect(await badgesOf(id)).toEqual([
			{ valid: false, why: 'category' },
			{ valid: true, why: null }
		]);
		expect(await change(id, 'delegate')).toEqual({ status: 'member_needed' });
		expect(await change(id, 'delegate', member(1))).toMatchObject({ status: 'ok', place: await nameOf(member(1)) });
		expect(await seatOf(id)).toBe(`taken in_person ${await nameOf(member(1))}`);
		expect(await readValue(db.owner, `select affiliation from public.people where id = $1`, [who.person])).toBe(
			await nameOf(member(1))
		);
		const steps = await db.owner.query(
			`select category, reason, actor_id = $2 as own from public.registration_steps where registration_id = $1 and category is not null order by id`,
			[id, summit.organiser.person]
		);
		expect(steps.rows).toEqual([
			{ category: 'press', reason: 'asked at the desk', own: true },
			{ category: 'delegate', reason: 'asked at the desk', own: true }
		]);
		await sound();
	});

	it('moves between pools, and stays where the member keeps it', async () => {
		await addPool('press', 1);
		await addPool('guest', 1);
		const [press = ''] = await pooled('press', 1);
		expect(await change(press, 'guest')).toMatchObject({ status: 'ok', place: 'Guest pool', seat: 'moved' });
		const { id } = await delegate();
		expect(await change(id, 'speaker', member())).toMatchObject({ status: 'ok', seat: 'stays', badge: 'new' });
		expect(await change(id, 'delegate')).toMatchObject({ status: 'ok', seat: 'stays' });
		await sound();
	});

	it('is refused with a full allocation, a full pool, no pool or no entitlement, and nothing changes', async () => {
		await addPool('press', 1);
		await addPool('guest', 0);
		const [press = ''] = await pooled('press', 1);
		const [one] = [await delegate(), await delegate()];
		await db.owner.query(`delete from public.allocation_policies where summit_id = $1 and sector = 'government'`, [
			summit.summit
		]);
		const before = await everything();
		for (const [id, category, to, answer] of [
			[press, 'delegate', member(), { status: 'no_seat', reason: 'allocation' }],
			[press, 'delegate', member(2), { status: 'no_seat', reason: 'allocation' }],
			[press, 'guest', null, { status: 'no_seat', reason: 'allocation' }],
			[one.id, 'press', null, { status: 'no_seat', reason: 'allocation' }],
			[one.id, 'crew', null, { status: 'no_pool' }],
			[one.id, 'delegate', null, { status: 'already' }],
			[press, 'delegate', randomUUID(), { status: 'unknown_member' }]
		] as const) {
			expect(await preview(id, category, to)).toEqual(answer);
			expect(await change(id, category, to)).toEqual(answer);
		}
		expect(await everything()).toBe(before);
		await sound();
	});

	it('that becomes free goes to the next person in the queue, and nobody overtakes', async () => {
		await addPool('press', 3);
		const [first] = [await delegate(), await delegate()];
		const third = await delegate(member(), 'in_person', false);
		expect(await countSeats(db.owner, summit.summit)).toMatchObject({ taken: 2, held: 0, waiting: 1 });
		await pooled('press', 1);
		expect(await change(first.id, 'press')).toMatchObject({ status: 'ok' });
		expect(await seatOf(third.id)).toBe(`held in_person ${await nameOf(member())}`);
		// The hall is full, and somebody waits for the last place of the pool.
		await db.owner.query(`update public.mode_capacities set capacity = 4 where summit_id = $1 and mode = 'in_person'`, [
			summit.summit
		]);
		await pooled('press', 1, false);
		expect(await change(third.id, 'press')).toEqual({ status: 'no_seat', reason: 'others_wait' });
		await sound();
	});

	it('moves in a full hall, but not into seats reserved for a member', async () => {
		await addPool('press', 3);
		await db.owner.query(
			`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reserved_until) values ($1, $2, 'in_person', 2, now() + interval '1 day')`,
			[summit.summit, member()]
		);
		const [first, other] = [await delegate(), await delegate(member(1))];
		await db.owner.query(`update public.mode_capacities set capacity = 3 where summit_id = $1 and mode = 'in_person'`, [
			summit.summit
		]);
		expect(await change(other.id, 'press')).toMatchObject({ status: 'ok' });
		expect(await change(first.id, 'press')).toEqual({ status: 'no_seat', reason: 'capacity' });
		await sound();
	});

	it('on offer is offered again in the new category', async () => {
		await addPool('press', 3);
		const { id } = await delegate(member(), 'virtual');
		await db.owner.query(`update public.mode_capacities set capacity = 0 where summit_id = $1 and mode = 'in_person'`, [
			summit.summit
		]);
		await callAs(db.owner, summit.organiser, `public.join_queue($1, 'in_person')`, [id]);
		await db.owner.query(`update public.mode_capacities set capacity = 1 where summit_id = $1 and mode = 'in_person'`, [
			summit.summit
		]);
		expect(await countSeats(db.owner, summit.summit)).toMatchObject({ held: 1, offered: 1 });
		await db.owner.query(`update public.pools set virtual_ceiling = 1 where summit_id = $1`, [summit.summit]);
		expect(await change(id, 'press')).toMatchObject({ status: 'ok', seat: 'moved', badge: 'none' });
		expect(await countSeats(db.owner, summit.summit)).toMatchObject({ held: 1, offered: 1 });
		expect(await seatOf(id)).toContain('held in_person Press pool');
		await sound();
	});

	it('of an undecided or waiting person moves, or keeps waiting', async () => {
		await addPool('press', 1);
		await delegate(member());
		const held = await delegate(member(), 'in_person', false);
		const waiting = await delegate(member(), 'in_person', false);
		expect(await change(held.id, 'press')).toMatchObject({ status: 'ok', state: 'submitted', seat: 'moved' });
		expect(await seatOf(waiting.id)).toContain('held');
		const last = await delegate(member(), 'in_person', false);
		const rank = () =>
			readValue(db.owner, `select rank from public.queue_entries where registration_id = $1`, [last.id]);
		const before = await rank();
		expect(await change(last.id, 'press')).toMatchObject({ status: 'ok', seat: 'none' });
		expect(await rank()).toBe(before);
		await sound();
	});
});

it('twenty desks request the last place of one member: one gets it', async () => {
	summit = await makeSummit(db.owner, { hall: 40, ceilings: { civil_society: 1 } });
	await addPool('press', 20);
	const ids = await pooled('press', 20);
	const many = await connectMany(db, 20);
	const answers = await inParallel(many, ids, (on, id) => change(id, 'delegate', member(), summit.organiser, on));
	await Promise.all(many.map((one) => one.end()));
	expect(answers.filter(({ status }) => status === 'ok')).toHaveLength(1);
	expect(answers.filter(({ status, reason }) => status === 'no_seat' && reason === 'allocation')).toHaveLength(19);
	expect(await countSeats(db.owner, summit.summit)).toMatchObject({ taken: 20, held: 0 });
	await sound();
});

describe('the fee', () => {
	const price = (category: string | null, amount: number) =>
		db.owner.query(
			`insert into public.fees (summit_id, mode, category, amount, currency) values ($1, 'in_person', $2, $3, 'EUR')`,
			[summit.summit, category, amount]
		);
	/** Paid at the bank, recorded by finance. */
	const pay = async (id: string) => {
		const { rows } = await db.owner.query<{ id: string; owed: number }>(
			`select o.id, private.balance_of(o.id)::integer as owed from public.orders as o where o.closed_at is null and o.id in (select private.registration_orders($1))`,
			[id]
		);
		return callAs<{ status: string }>(
			db.owner,
			summit.finance,
			`public.record_bank_payment($1, $2, 'EUR', current_date - 1, $3)`,
			[rows[0]?.id, rows[0]?.owed, randomUUID()]
		);
	};

	it('that is higher is due before the person is confirmed again', async () => {
		await addPool('press', 2);
		await price('press', 30000);
		const { id } = await delegate();
		expect(await preview(id, 'press')).toMatchObject({ status: 'awaiting_payment', amount: 30000, badge: 'ends' });
		expect(await change(id, 'press')).toMatchObject({ status: 'awaiting_payment', amount: 30000, badge: 'ends' });
		expect(await stateOf(db.owner, id)).toBe('awaiting_payment');
		expect(await seatOf(id)).toBe('held in_person Press pool');
		await sound();
		expect(await pay(id)).toMatchObject({ status: 'paid' });
		expect(await stateOf(db.owner, id)).toBe('confirmed');
		expect(await badgesOf(id)).toHaveLength(2);
		await sound();
	});

	it('that is lower refunds what the policy gives; a free one asks for nothing', async () => {
		await addPool('press', 2);
		await addPool('guest', 2);
		await price('delegate', 40000);
		await price('press', 10000);
		const { id } = await delegate();
		// Not paid yet: due again.
		expect(await change(id, 'press')).toMatchObject({ status: 'awaiting_payment', amount: 10000 });
		expect(await change(id, 'delegate', member())).toMatchObject({ status: 'awaiting_payment', amount: 40000 });
		await pay(id);
		expect(await preview(id, 'press')).toMatchObject({ status: 'ok', refund: 15000, badge: 'new' });
		expect(await change(id, 'press')).toMatchObject({ status: 'ok', refund: 15000 });
		expect(
			await readValue(
				db.owner,
				`select sum(amount)::integer from public.refunds where state = 'due' and order_id in (select private.registration_orders($1))`,
				[id]
			)
		).toBe(15000);
		const other = await delegate();
		expect(await stateOf(db.owner, other.id)).toBe('awaiting_payment');
		expect(await change(other.id, 'guest')).toMatchObject({
			status: 'ok',
			state: 'confirmed',
			badge: 'new',
			refund: 0
		});
		await sound();
	});

	it('of an unpaid switch is cancelled with it; disputes and payments in progress are left alone', async () => {
		await addPool('press', 2, 2);
		await price(null, 20000);
		const { id } = await delegate(member(), 'virtual');
		await callAs(db.owner, summit.organiser, `public.switch_mode($1, 'in_person')`, [id]);
		expect(await seatOf(id)).toContain('held in_person');
		expect(await change(id, 'press')).toMatchObject({ status: 'ok', undone: true });
		expect(await seatOf(id)).toBe('taken virtual Press pool');
		await sound();
		const owing = await delegate();
		const order = await readValue<string>(db.owner, `select private.registration_orders($1)`, [owing.id]);
		await db.owner.query(
			`insert into public.checkouts (order_id, amount, currency, state, expires_at) values ($1, 20000, 'EUR', 'processing', now() + interval '1 hour')`,
			[order]
		);
		expect(await change(owing.id, 'press')).toEqual({ status: 'processing' });
		await db.owner.query(`delete from public.checkouts where order_id = $1`, [order]);
		await db.owner.query(
			`insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref) values ($1, 'dispute', 20000, 'stripe', 'dp_x')`,
			[order]
		);
		expect(await change(owing.id, 'press')).toEqual({ status: 'disputed' });
	});
});
