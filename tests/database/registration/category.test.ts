/* Change of category at the desk: the seat moves to another allocation, with fee and badge, or nothing changes. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { addStaff, decisionStatuses } from '../../fixtures/accrediting.ts';
import {
	callAs,
	connectMany,
	countSeats,
	faultsOf,
	makePeople,
	makeSummit,
	register,
	inParallel,
	stateOf,
	readValue,
	type Mode,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

interface Changed {
	status: string;
	second?: boolean;
	reason?: string;
	state?: string;
	place?: string;
	seat?: string;
	badge?: string;
	amount?: number;
	refund?: number;
	undone?: boolean;
}

const db = useDatabase();
let summit: RegisteringSummit;

beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 6, online: 6, ceilings: { civil_society: 2 } });
});

const member = (n = 0) => summit.members[n] ?? '';
const change = (id: string, category: string, to: string | null = null, by = summit.organiser, on = db.owner) =>
	callAs<Changed>(on, by, `public.change_category($1, $2, 'asked at the desk', $3)`, [id, category, to]);
const preview = (id: string, category: string, to: string | null = null, by = summit.organiser) =>
	callAs<Changed>(db.owner, by, `public.preview_category($1, $2, $3)`, [id, category, to]);
const proposed = (id: string, by: TestPerson) =>
	callAs<Changed | null>(db.owner, by, `public.preview_proposed_category($1)`, [id]);
const askTwoFor = (category: string) =>
	db.owner.query(
		`update public.accreditation_settings set second_person_for = array[$2]::public.registration_category[] where summit_id = $1`,
		[summit.summit, category]
	);
const addPool = (category: string, hall: number, online = 0) =>
	readValue<string>(
		db.owner,
		`insert into public.pools (summit_id, category, name, in_person_ceiling, virtual_ceiling) values ($1, $2, $5, $3, $4) returning id`,
		[summit.summit, category, hall, online, `${category[0]?.toUpperCase()}${category.slice(1)} pool`]
	);
const accredit = (ids: string[]) =>
	callAs(db.owner, summit.organiser, `public.decide_registrations($1, 'accredit')`, [ids]);
async function delegate(of = member(), mode: Mode = 'in_person', accredited = true) {
	const [who] = await makePeople(db.owner, 1);
	const { id } = await register(db.owner, who as TestPerson, summit.summit, of, mode);
	if (accredited) await accredit([id]);
	return { id, who: who as TestPerson };
}
async function pooled(category: string, count: number, accredited = true, on = summit) {
	const people = await makePeople(db.owner, count);
	const ids = people.map(() => randomUUID());
	await db.owner.query(
		`insert into public.registrations (id, summit_id, person_id, category, mode, code_of_conduct_at)
		select i, $1, p, $4, 'in_person', now() from unnest($2::uuid[], $3::uuid[]) as t (i, p)`,
		[on.summit, ids, people.map(({ person }) => person), category]
	);
	for (const [n, id] of ids.entries())
		await callAs(db.owner, people[n] as TestPerson, `private.submit_registration($1)`, [id]);
	if (accredited) await accredit(ids);
	return ids;
}
const seatOf = (id: string) =>
	readValue<string | null>(
		db.owner,
		`select string_agg(s.state || ' ' || s.mode || ' ' || coalesce(p.name, m.name), ', ') from public.seats as s
		left join public.pools as p on p.id = s.pool_id left join public.members as m on m.id = s.member_id
		where s.registration_id = $1 and s.state <> 'released'`,
		[id]
	);
const nameOf = (id: string) => readValue<string>(db.owner, `select name from public.members where id = $1`, [id]);
const badgesOf = async (id: string) =>
	(
		await db.owner.query<{ valid: boolean; why: string | null }>(
			`select revoked_at is null as valid, revoked_reason as why from public.badges where registration_id = $1 order by revoked_at is null`,
			[id]
		)
	).rows;
const everything = async () =>
	JSON.stringify(
		(
			await db.owner.query(
				`select (select jsonb_agg(to_jsonb(r) order by r.id) from public.registrations as r where r.summit_id = $1) as r,
				(select jsonb_agg(to_jsonb(s) order by s.id) from public.seats as s where s.summit_id = $1) as s,
				(select jsonb_agg(to_jsonb(q) order by q.id) from public.queue_entries as q where q.summit_id = $1) as q,
				(select jsonb_agg(to_jsonb(b) order by b.id) from public.badges as b where b.summit_id = $1) as b,
				(select jsonb_agg(to_jsonb(o) order by o.id) from public.orders as o where o.summit_id = $1) as o,
				(select count(*) from public.registration_steps) as steps, (select count(*) from private.outbox where template <> 'word_needed') as mails`,
				[summit.summit]
			)
		).rows
	);
const sound = async () => {
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
};

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
		const [kept, other] = [await delegate(), await delegate(member(1))];
		await db.owner.query(`update public.mode_capacities set capacity = 3 where summit_id = $1 and mode = 'in_person'`, [
			summit.summit
		]);
		expect(await change(other.id, 'press')).toMatchObject({ status: 'ok' });
		expect(await change(kept.id, 'press')).toEqual({ status: 'no_seat', reason: 'capacity' });
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

describe('access', () => {
	it('is for registration organisers, with a reason, and never for oneself', async () => {
		const world = await makeWorld(db.owner);
		await db.owner.query(
			`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'guest', 'Guests', 5)`,
			[world.summit]
		);
		const id = world.registrations.delegate;
		for (const kind of personKinds) {
			const may = kind === 'registration' || kind === 'owner';
			expect([kind, (await preview(id, 'guest', null, world.people[kind])).status]).toEqual([
				kind,
				may ? 'ok' : 'not_allowed'
			]);
			if (!may) expect(await change(id, 'guest', null, world.people[kind])).toEqual({ status: 'not_allowed' });
		}
		const act = (reason: string, version: number | null = null) =>
			callAs<Changed>(db.owner, world.people.registration, `public.change_category($1, 'guest', $2, null, $3)`, [
				id,
				reason,
				version
			]);
		expect(await act('  ')).toEqual({ status: 'reason_needed' });
		expect(await act('x', 99)).toEqual({ status: 'changed' });
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[world.people.registration.account, world.people.delegate.person]
		);
		expect(await act('x')).toEqual({ status: 'not_allowed' });
		expect(await change(randomUUID(), 'guest')).toEqual({ status: 'not_allowed' });
		expect(
			await readValue(
				db.owner,
				`select has_function_privilege('app_server', 'public.change_category(uuid, public.registration_category, text, uuid, integer)', 'execute')`
			)
		).toBe(false);
	});

	it('removes the closed sessions of the former category, and the places in them', async () => {
		const world = await makeWorld(db.owner);
		const session = world.sessions.members.id;
		await db.owner.query(
			`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'guest', 'Guests', 5)`,
			[world.summit]
		);
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [session]);
		await db.owner.query(
			`insert into public.session_audiences (session_id, summit_id, category) values ($1, $2, 'delegate')`,
			[session, world.summit]
		);
		const { programme, delegate: them, registration } = world.people;
		await callAs(db.owner, programme, `public.set_session_places($1, 1, 1)`, [session]);
		expect(await callAs(db.owner, them, `public.sign_up($1, 'hall')`, [session])).toMatchObject({ status: 'ok' });
		const seen = () => callAs<boolean>(db.owner, them, `public.can_see($1)`, [session]);
		const places = () =>
			readValue(db.owner, `select count(*)::integer from private.session_signups where session_id = $1`, [session]);
		expect([await seen(), await places()]).toEqual([true, 1]);
		expect(await change(world.registrations.delegate, 'guest', null, registration)).toMatchObject({ status: 'ok' });
		expect([await seen(), await places()]).toEqual([false, 0]);
	});

	it('every row is audited with actor and reason, and cannot be altered', async () => {
		await addPool('press', 1);
		const { id } = await delegate();
		const last = await readValue<string>(db.owner, `select max(id)::text from audit.entries`);
		await change(id, 'press');
		const { rows } = await db.owner.query<{ table_name: string; right: boolean }>(
			`select distinct table_name, actor_person = $3 and reason = 'asked at the desk' as right from audit.entries where id > $1::bigint and registration_id = $2`,
			[last, id, summit.organiser.person]
		);
		const tables = rows.map(({ table_name }) => table_name);
		expect(tables).toEqual(
			expect.arrayContaining(['public.registrations', 'public.seats', 'public.badges', 'public.registration_steps'])
		);
		expect(rows.filter(({ right }) => !right)).toEqual([]);
	});

	it('where accrediting or declining takes two, one proposes and another confirms', async () => {
		await addPool('security', 2);
		await addPool('guest', 2);
		const { id, who } = await delegate();
		const undecided = await delegate(member(), 'in_person', false);
		const second = await addStaff(db.owner, summit.summit, 'Second at the desk');
		await askTwoFor('security');
		const before = await everything();
		expect(await preview(id, 'security')).toMatchObject({ status: 'ok', second: true, place: 'Security pool' });
		expect(await change(id, 'security')).toEqual({ status: 'proposed' });
		expect(await everything()).toBe(before);
		// One proposal at a time; its maker and the person concerned cannot confirm it.
		expect(await change(id, 'security', null, second)).toEqual({ status: 'proposal_open' });
		expect(await decisionStatuses(db.owner, summit.organiser, [id], 'confirm')).toEqual(['second_person_needed']);
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`,
			[who.person, summit.summit]
		);
		expect(await decisionStatuses(db.owner, who, [id], 'confirm')).toEqual(['not_allowed']);
		expect(await proposed(id, second)).toMatchObject({ status: 'ok', place: 'Security pool', seat: 'moved' });
		expect(await proposed(id, await makePerson(db.owner, 'Stranger'))).toBeNull();
		expect(await everything()).toBe(before);
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['recategorised']);
		expect(await seatOf(id)).toBe('taken in_person Security pool');
		expect(await proposed(id, second)).toBeNull();
		// The change back takes two as well, and the second may refuse.
		expect(await change(id, 'guest')).toEqual({ status: 'proposed' });
		expect(await decisionStatuses(db.owner, second, [id], 'reject', 'Stays at the entrance')).toEqual(['rejected']);
		expect(await seatOf(id)).toBe('taken in_person Security pool');
		// It is still undecided, and takes two.
		expect(await change(undecided.id, 'security')).toMatchObject({ status: 'ok', state: 'submitted' });
		expect(await change(undecided.id, 'guest')).toEqual({ status: 'proposed' });
		await sound();
	});

	it('a proposal that has become impossible changes nothing, and is applied once when possible', async () => {
		const pool = await addPool('security', 1);
		const { id, who } = await delegate();
		const second = await addStaff(db.owner, summit.summit, 'Second at the desk');
		const third = await addStaff(db.owner, summit.summit, 'Third at the desk');
		await askTwoFor('security');
		expect(await change(id, 'security')).toEqual({ status: 'proposed' });
		await db.owner.query(`update public.pools set in_person_ceiling = 0 where id = $1`, [pool]);
		expect(await proposed(id, second)).toMatchObject({ status: 'no_seat' });
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['no_seat']);
		expect(await seatOf(id)).toBe(`taken in_person ${await nameOf(member())}`);
		await db.owner.query(`update public.pools set in_person_ceiling = 1 where id = $1`, [pool]);
		const both = await connectMany(db, 2);
		const outcomes = await inParallel(both, [second, third], (one, by) => decisionStatuses(one, by, [id], 'confirm'));
		expect(outcomes.flat().toSorted()).toEqual(['no_proposal', 'recategorised']);
		expect((await badgesOf(id)).map(({ valid }) => valid)).toEqual([false, true]);
		expect(await change(id, 'guest')).toMatchObject({ status: 'no_pool' });
		// A person who leaves has no open proposal.
		await addPool('guest', 1);
		expect(await change(id, 'guest')).toEqual({ status: 'proposed' });
		await callAs(db.owner, who, `public.withdraw_registration($1)`, [id]);
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['no_proposal']);
		await sound();
	});

	it('people on the watch list, under 18 or withdrawn keep their category', async () => {
		await addPool('press', 2);
		await addPool('guardian', 2);
		const { id } = await delegate();
		const guardian = await delegate();
		await db.owner.query(
			`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
			[id, guardian.id]
		);
		expect(await change(id, 'guardian')).toEqual({ status: 'minor' });
		expect(await preview(id, 'press')).toMatchObject({ status: 'ok' });
		const keepers = [await makePerson(db.owner, 'Keeper one'), await makePerson(db.owner, 'Keeper two')] as const;
		for (const { person } of keepers)
			await db.owner.query(
				`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
				[person, summit.summit]
			);
		const reference = await readValue<string>(db.owner, `select reference from public.registrations where id = $1`, [
			id
		]);
		const entry = await callAs<{ id: string }>(db.owner, keepers[0], `public.add_watch_list_entry($1, $2)`, [
			summit.summit,
			JSON.stringify({ registration: reference, details_sealed: 'ab'.repeat(40), key_id: 'k1' })
		]);
		await callAs(db.owner, keepers[1], `public.update_watch_list_entry($1, $2, 'confirm')`, [summit.summit, entry.id]);
		const before = await everything();
		for (const act of [preview, change]) expect(await act(id, 'press')).toEqual({ status: 'needs_a_word' });
		expect(await everything()).toBe(before);
		await callAs(db.owner, guardian.who, `public.withdraw_registration($1)`, [guardian.id]);
		expect(await change(guardian.id, 'press')).toEqual({ status: 'wrong_state' });
		await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [summit.summit]);
		expect(await change(id, 'press')).toEqual({ status: 'closed' });
	});
});
