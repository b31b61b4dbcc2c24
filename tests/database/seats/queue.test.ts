/* The queue: who is next, offers and their end, waiting for one mode with a seat in the other, and what happens by the clock. */
import { expect, test } from 'vitest';
import {
	callAs,
	connectMany,
	countSeats,
	faultsOf,
	inTurn,
	makePeople,
	makeRegistered,
	register,
	stateOf,
	readValue,
	type Mode
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

type Status = { status: string; [key: string]: unknown };
const sweep = (client = db.app) => readValue<Record<string, number>>(client, `select private.sweep_deadlines()`);
const withdraw = (who: TestPerson | undefined, id: string | undefined) =>
	callAs<Status>(db.owner, who ?? null, `public.withdraw_registration($1, '')`, [id]);
const accredit = (who: TestPerson, ...ids: (string | undefined)[]) =>
	callAs<Status[]>(db.owner, who, `public.decide_registrations($1, 'accredit')`, [ids]);
const seatOf = (id: string | undefined, mode: Mode = 'in_person') =>
	readValue<string | undefined>(
		db.owner,
		`select state from public.seats where registration_id = $1 and mode = $2 and state <> 'released'`,
		[id, mode]
	);
const entryOf = async (id: string | undefined, mode: Mode = 'in_person') =>
	(
		await db.owner.query<{ id: string; state: string; rank: string }>(
			`select id, state, rank from public.queue_entries where registration_id = $1 and mode = $2 order by created_at desc, rank desc limit 1`,
			[id, mode]
		)
	).rows[0];
const mailsOf = async (who: TestPerson | undefined) =>
	(
		await db.owner.query<{ template: string }>(
			`select template from private.outbox where person_id = $1 order by created_at, template`,
			[who?.person]
		)
	).rows.map(({ template }) => template);
const badges = (id: string | undefined) =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from public.badges where registration_id = $1 and revoked_at is null`,
		[id]
	);

/** Lets the time of a registration's holds, offers and orders run out. */
async function runOut(id: string | undefined) {
	await db.owner.query(
		`update public.seats set held_until = now() - interval '1 minute' where registration_id = $1 and state = 'held'`,
		[id]
	);
	await db.owner.query(
		`update public.queue_entries set deadline = now() - interval '1 minute' where registration_id = $1 and state = 'offered'`,
		[id]
	);
}

test('each freed seat goes to the next in order', async () => {
	const { summit, people, ids } = await makeRegistered(db.owner, 5, { hall: 1 });
	for (const n of [0, 1, 2]) {
		await withdraw(people[n], ids[n]);
		expect(await inTurn(ids, (id) => seatOf(id))).toEqual(ids.map((_, m) => (m === n + 1 ? 'held' : undefined)));
	}
	expect(await countSeats(db.owner, summit)).toEqual({ held: 1, taken: 0, waiting: 1, offered: 0 });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a person who is passed over because their member is at its ceiling keeps their rank', async () => {
	// The first of member 0 has a seat, the second waits for the allocation, then two of member 1 follow.
	const { summit, people, ids } = await makeRegistered(
		db.owner,
		4,
		{ hall: 2, ceilings: { civil_society: 1 } },
		(n) => [0, 0, 1, 1][n] ?? 0
	);
	expect(await inTurn(ids, (id) => seatOf(id))).toEqual(['held', undefined, 'held', undefined]);
	const rank = (await entryOf(ids[1]))?.rank;
	await withdraw(people[2], ids[2]);
	expect([await seatOf(ids[1]), await seatOf(ids[3])]).toEqual([undefined, 'held']);
	expect(await entryOf(ids[1])).toMatchObject({ state: 'waiting', rank });
	await withdraw(people[0], ids[0]);
	expect(await seatOf(ids[1])).toBe('held');
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a person accredited without a seat waits, is offered one by mail, and is confirmed by accepting', async () => {
	const { summit, people, ids, organiser } = await makeRegistered(db.owner, 2, { hall: 1 });
	expect(await accredit(organiser, ids[1])).toEqual([{ id: ids[1], status: 'accredited' }]);
	await withdraw(people[0], ids[0]);
	const entry = await entryOf(ids[1]);
	expect([entry?.state, await stateOf(db.owner, ids[1] ?? '')]).toEqual(['offered', 'accredited']);
	expect(await mailsOf(people[1])).toEqual(['registration_queued', 'offer_made']);
	const answer = (who: TestPerson | undefined, accept: boolean) =>
		callAs<Status>(db.owner, who ?? null, `public.answer_offer($1, $2)`, [entry?.id, accept]);
	expect(await answer(people[0], true)).toEqual({ status: 'not_found' });
	expect(await answer(organiser, true)).toEqual({ status: 'not_found' });
	expect(await answer(people[1], true)).toEqual({ status: 'confirmed' });
	expect(await answer(people[1], true)).toEqual({ status: 'wrong_state' });
	expect([await seatOf(ids[1]), await badges(ids[1])]).toEqual(['taken', 1]);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('an offer that is declined or expires goes to the next, and a person without another seat is out', async () => {
	const { summit, people, ids, organiser } = await makeRegistered(db.owner, 4, { hall: 1 });
	await accredit(organiser, ids[1], ids[2], ids[3]);
	await withdraw(people[0], ids[0]);
	expect(
		await callAs(db.owner, people[1] ?? null, `public.answer_offer($1, false)`, [(await entryOf(ids[1]))?.id])
	).toEqual({
		status: 'withdrawn'
	});
	expect([await stateOf(db.owner, ids[1] ?? ''), (await entryOf(ids[2]))?.state]).toEqual(['withdrawn', 'offered']);
	await runOut(ids[2]);
	// Too late by the clock, though no sweep has run yet.
	expect(
		await callAs(db.owner, people[2] ?? null, `public.answer_offer($1, true)`, [(await entryOf(ids[2]))?.id])
	).toEqual({
		status: 'lapsed'
	});
	expect(await sweep()).toMatchObject({ offers: 1, served: 1 });
	expect([
		await stateOf(db.owner, ids[2] ?? ''),
		(await entryOf(ids[2]))?.state,
		(await entryOf(ids[3]))?.state
	]).toEqual(['expired', 'lapsed', 'offered']);
	expect(await mailsOf(people[2])).toContain('offer_lapsed');
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a confirmed virtual delegate waits for the hall, keeps the online seat, and moves by accepting', async () => {
	const { summit, members, people, ids, organiser } = await makeRegistered(db.owner, 1, { hall: 1 });
	const [online] = await makePeople(db.owner, 1);
	if (!online) throw new Error('nobody');
	const { id } = await register(db.owner, online, summit, members[1] ?? '', 'virtual');
	await accredit(organiser, id);
	expect(await callAs(db.owner, online, `public.switch_mode($1, 'in_person')`, [id])).toEqual({
		status: 'no_seat',
		reason: 'capacity'
	});
	expect(await callAs(db.owner, online, `public.join_queue($1, 'in_person')`, [id])).toMatchObject({
		status: 'queued',
		position: 1,
		reason: 'capacity'
	});
	expect(await callAs(db.owner, online, `public.join_queue($1, 'in_person')`, [id])).toMatchObject({
		status: 'already',
		position: 1
	});
	await withdraw(people[0], ids[0]);
	// Both seats are taken while the offer is open.
	expect([await seatOf(id, 'virtual'), await seatOf(id)]).toEqual(['taken', 'held']);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
	expect(await callAs(db.owner, online, `public.answer_offer($1, true)`, [(await entryOf(id))?.id])).toEqual({
		status: 'confirmed'
	});
	expect([await seatOf(id, 'virtual'), await seatOf(id), await badges(id)]).toEqual([undefined, 'taken', 1]);
	// Back again: the badge is revoked, and the seat in the hall is released.
	expect(await callAs(db.owner, online, `public.switch_mode($1, 'virtual')`, [id])).toEqual({ status: 'ok' });
	expect([await seatOf(id, 'virtual'), await seatOf(id), await badges(id)]).toEqual(['taken', undefined, 0]);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('declining an offer or leaving the queue keeps the current seat', async () => {
	const { summit, members, people, ids, organiser } = await makeRegistered(db.owner, 1, { hall: 1 });
	const [online] = await makePeople(db.owner, 1);
	if (!online) throw new Error('nobody');
	const { id } = await register(db.owner, online, summit, members[1] ?? '', 'virtual');
	await accredit(organiser, id);
	await callAs(db.owner, online, `public.join_queue($1, 'in_person')`, [id]);
	expect(await callAs(db.owner, online, `public.leave_queue($1, 'in_person')`, [id])).toEqual({ status: 'ok' });
	await callAs(db.owner, online, `public.join_queue($1, 'in_person')`, [id]);
	await withdraw(people[0], ids[0]);
	expect(await callAs(db.owner, online, `public.answer_offer($1, false)`, [(await entryOf(id))?.id])).toEqual({
		status: 'declined'
	});
	expect([await stateOf(db.owner, id), await seatOf(id, 'virtual'), await seatOf(id)]).toEqual([
		'confirmed',
		'taken',
		undefined
	]);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('an accredited delegate who goes online meanwhile may keep the place in the queue for the hall', async () => {
	const { summit, people, ids, organiser } = await makeRegistered(db.owner, 3, { hall: 1 });
	await accredit(organiser, ids[1], ids[2]);
	expect(await callAs(db.owner, people[1] ?? null, `public.switch_mode($1, 'virtual', true)`, [ids[1]])).toEqual({
		status: 'ok'
	});
	expect(await callAs(db.owner, people[2] ?? null, `public.switch_mode($1, 'virtual')`, [ids[2]])).toEqual({
		status: 'ok'
	});
	expect([(await entryOf(ids[1]))?.state, (await entryOf(ids[2]))?.state]).toEqual(['waiting', 'left']);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('an expired hold stays until the queue is served; then the first in the queue gets it and its holder goes to the end', async () => {
	const { summit, members, people, ids } = await makeRegistered(db.owner, 2, { hall: 1 });
	await runOut(ids[0]);
	const [late] = await makePeople(db.owner, 1);
	if (!late) throw new Error('nobody');
	const newcomer = await register(db.owner, late, summit, members[0] ?? '');
	expect(newcomer.status).toBe('queued');
	// Two sweeps at once do it once.
	const both = await connectMany(db, 2, db.appUrl);
	const swept = await Promise.all(both.map((client) => sweep(client)));
	expect(swept.reduce((sum, { holds = 0 }) => sum + holds, 0)).toBe(1);
	expect(await inTurn([ids[0], ids[1], newcomer.id], (id) => seatOf(id))).toEqual([undefined, 'held', undefined]);
	expect(await inTurn([ids[0], newcomer.id], async (id) => (await entryOf(id))?.rank)).toEqual(['3', '2']);
	expect(await stateOf(db.owner, ids[0] ?? '')).toBe('submitted');
	expect(await mailsOf(people[0])).toEqual(['registration_received', 'registration_queued']);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a long review costs nobody the seat while nobody else could have it', async () => {
	const { summit, ids, people } = await makeRegistered(db.owner, 1, { hall: 1 });
	await runOut(ids[0]);
	expect(await sweep()).toMatchObject({ holds: 1 });
	expect([await seatOf(ids[0]), await stateOf(db.owner, ids[0] ?? '')]).toEqual(['held', 'submitted']);
	expect(await mailsOf(people[0])).toEqual(['registration_received']);
	// After the Summit the wait is over for good.
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [summit]);
	await runOut(ids[0]);
	await sweep();
	expect([await seatOf(ids[0]), await stateOf(db.owner, ids[0] ?? '')]).toEqual([undefined, 'expired']);
});
