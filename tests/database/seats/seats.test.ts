/* Rule 1 under attack: more people than seats at the same moment, and every way to bypass the functions. */
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import {
	callAs,
	connectMany,
	countSeats,
	faultsOf,
	makeDrafts,
	makePeople,
	makeSummit,
	register,
	submitDraft,
	inParallel,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();
let crowd: pg.Client[];

beforeAll(async () => {
	crowd = await connectMany(db, 60);
});

test('300 at once for 50 seats: 50 are held, 250 wait in one order without gaps', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 50 });
	const people = await makePeople(db.owner, 300);
	const drafts = await makeDrafts(db.owner, summit, people, (n) => members[n % 3] ?? '');
	const answers = await inParallel(crowd, people, (client, who, n) => submitDraft(client, who, drafts[n] ?? ''));
	expect(answers.filter(({ status }) => status === 'held')).toHaveLength(50);
	const positions = answers.flatMap(({ queue_position }) => (queue_position === null ? [] : [queue_position]));
	expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
	expect(await countSeats(db.owner, summit)).toEqual({ held: 50, taken: 0, waiting: 250, offered: 0 });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a double click at the same moment takes one seat and writes one mail', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 5 });
	const [who] = await makePeople(db.owner, 1);
	if (!who) throw new Error('nobody');
	const [draft = ''] = await makeDrafts(db.owner, summit, [who], () => members[0] ?? '');
	const answers = await inParallel(crowd.slice(0, 10), Array(10).fill(draft), (client, id) =>
		submitDraft(client, who, id)
	);
	expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill('already'), 'held']);
	expect(new Set(answers.map(({ held_until }) => held_until)).size).toBe(1);
	expect(await countSeats(db.owner, summit)).toEqual({ held: 1, taken: 0, waiting: 0, offered: 0 });
	expect(
		await readValue(db.owner, `select count(*)::integer from private.outbox where person_id = $1`, [who.person])
	).toBe(1);
});

test('a member never exceeds its allocation, however many of its people register at once', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 500, ceilings: { civil_society: 2 }, members: 9 });
	const people = await makePeople(db.owner, 90);
	// Three civil-society members have 2 seats each; the other six have room.
	const drafts = await makeDrafts(db.owner, summit, people, (n) => members[n % 9] ?? '');
	await inParallel(crowd, people, (client, who, n) => submitDraft(client, who, drafts[n] ?? ''));
	const { rows } = await db.owner.query(
		`select sm.sector, array_agg(seats order by seats) as seats, array_agg(waiting order by waiting) as waiting from (
			select r.member_id, count(*) filter (where s.id is not null)::integer as seats, count(*) filter (where q.id is not null)::integer as waiting
			from public.registrations as r
			left join public.seats as s on s.registration_id = r.id
			left join public.queue_entries as q on q.registration_id = r.id and q.reason = 'allocation'
			where r.summit_id = $1 group by 1) as each
		join public.summit_members as sm on sm.summit_id = $1 and sm.member_id = each.member_id group by 1 order by 1`,
		[summit]
	);
	expect(rows).toEqual([
		{ sector: 'government', seats: [10, 10, 10], waiting: [0, 0, 0] },
		{ sector: 'civil_society', seats: [2, 2, 2], waiting: [8, 8, 8] },
		{ sector: 'private_sector', seats: [10, 10, 10], waiting: [0, 0, 0] }
	]);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('no role writes a seat or a place in the queue past the functions', async () => {
	const world = await makeWorld(db.owner);
	const insert = `insert into public.seats (summit_id, registration_id, mode, member_id, state) values ($1, $2, 'virtual', $3, 'taken')`;
	const values = [world.summit, world.registrations.delegate, world.member];
	for (const who of [null, ...Object.values(world.people)]) {
		await expect(actAs(db.owner, who, insert, values)).rejects.toThrow('permission denied for table seats');
		await expect(actAs(db.owner, who, `update public.seats set state = 'held', held_until = now()`)).rejects.toThrow(
			'permission denied'
		);
		await expect(actAs(db.owner, who, `delete from public.queue_entries`)).rejects.toThrow('permission denied');
		await expect(actAs(db.owner, who, `update public.registrations set state = 'confirmed'`)).rejects.toThrow(
			'permission denied'
		);
		await expect(actAs(db.owner, who, `select private.sweep_deadlines()`)).rejects.toThrow('permission denied');
		await expect(
			actAs(db.owner, who, `select private.confirm_seat($1, 'virtual')`, [world.registrations.waiting])
		).rejects.toThrow('permission denied');
	}
	const app = await db.connect(db.appUrl);
	await expect(app.query(insert, values)).rejects.toThrow('permission denied');
});

test('even the tables’ owner cannot oversell, reopen, move, delete or orphan a seat', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 1 });
	const [a, b] = await makePeople(db.owner, 2);
	if (!a || !b) throw new Error('nobody');
	const seated = await register(db.owner, a, summit, members[0] ?? '');
	const waiting = await register(db.owner, b, summit, members[0] ?? '');
	const give = (state: string) =>
		db.owner.query(
			`insert into public.seats (summit_id, registration_id, mode, member_id, state, held_until) values ($1, $2, 'in_person', $3, $4, $5)`,
			[summit, waiting.id, members[0], state, state === 'held' ? new Date(Date.now() + 1e6) : null]
		);
	await expect(give('held')).rejects.toMatchObject({ code: 'PT409', detail: 'capacity' });
	await expect(give('taken')).rejects.toMatchObject({ code: 'PT409', detail: 'capacity' });
	const seat = `where registration_id = '${seated.id}'`;
	await expect(db.owner.query(`delete from public.seats ${seat}`)).rejects.toThrow('never deleted');
	await expect(db.owner.query(`truncate public.seats cascade`)).rejects.toThrow('never emptied');
	await expect(db.owner.query(`update public.seats set registration_id = '${waiting.id}' ${seat}`)).rejects.toThrow(
		'does not move'
	);
	await expect(
		db.owner.query(`update public.seats set state = 'released', held_until = null, released_at = now() ${seat}`)
	).rejects.toThrow('neither a seat nor a place');
	await expect(
		db.owner.query(`update public.registrations set state = 'confirmed' where id = '${seated.id}'`)
	).rejects.toThrow('without its seat');
	await expect(
		db.owner.query(`update public.registrations set state = 'withdrawn' where id = '${seated.id}'`)
	).rejects.toThrow('not live');
	await expect(
		db.owner.query(
			`update public.queue_entries set state = 'left', closed_at = now() where registration_id = '${waiting.id}'`
		)
	).rejects.toThrow('neither a seat nor a place');
	await expect(
		db.owner.query(`delete from public.queue_entries where registration_id = '${waiting.id}'`)
	).rejects.toThrow('neither a seat nor a place');
	// A transaction that reads an old snapshot would count too few.
	await db.owner.query('begin isolation level repeatable read');
	await expect(give('held')).rejects.toThrow('read committed');
	await db.owner.query('rollback');
	await callAs(db.owner, a, `public.withdraw_registration($1, '')`, [seated.id]);
	await expect(db.owner.query(`update public.seats set state = 'taken', released_at = null ${seat}`)).rejects.toThrow(
		'stays released'
	);
	expect(await countSeats(db.owner, summit)).toEqual({ held: 1, taken: 0, waiting: 0, offered: 0 });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('registering, withdrawing, deciding and sweeping at once cause no deadlock and no inconsistency', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, {
		hall: 15,
		online: 10,
		ceilings: { government: 4 },
		members: 6,
		fee: 5000
	});
	const app = await connectMany(db, 4, db.appUrl);
	const people = await makePeople(db.owner, 120);
	const drafts = await makeDrafts(db.owner, summit, people, (n) => members[n % 6] ?? '');
	const jobs = people.flatMap((_, n) => [n, n, n, n]).map((n, turn) => ({ n, act: turn % 4 }));
	const sweeping = inParallel(app, Array(40).fill(null), (client) =>
		client.query(`select private.sweep_deadlines(now() + interval '1 hour')`)
	);
	await inParallel<(typeof jobs)[number], unknown>(crowd, jobs, (client, { n, act }) => {
		const id = drafts[n] ?? '';
		const who = people[n] ?? null;
		if (act === 0) return submitDraft(client, who, id);
		if (act === 1 && n % 2 === 0) {
			const ids = [n, n + 1, n + 2].map((each) => drafts[each % 120]);
			return callAs(client, organiser, `public.decide_registrations($1, $2, 'full')`, [
				ids,
				n % 10 === 0 ? 'decline' : 'accredit'
			]);
		}
		if (act === 2 && n % 3 === 0)
			return callAs(client, who, `public.switch_mode($1, $2)`, [id, n % 2 ? 'virtual' : 'in_person']);
		if (act === 2) return callAs(client, who, `public.join_queue($1, 'virtual')`, [id]);
		return n % 4 === 0 ? callAs(client, who, `public.withdraw_registration($1, '')`, [id]) : Promise.resolve();
	});
	await sweeping;
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});
