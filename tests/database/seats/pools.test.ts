/*
 * Named pools: their ceilings hold while people arrive, move and leave at the same time, and nobody overtakes the
 * queue.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeEach, expect, it } from 'vitest';
import {
	callAs,
	connectMany,
	countSeats,
	faultsOf,
	makePeople,
	makeSummit,
	inParallel,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let summit: RegisteringSummit;

beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 12, online: 12 });
});

const addPool = async (category: string, name: string, hall: number, online = 0, by: TestPerson = summit.organiser) =>
	callAs<{ status: string; id: string; detail?: string }>(db.owner, by, `public.save_pool($1, null, $2)`, [
		summit.summit,
		JSON.stringify({ category, name, in_person: hall, virtual: online })
	]);
const move = (ids: string[], pool: string, by: TestPerson = summit.organiser, on = db.owner) =>
	callAs<{ id: string; status: string }[]>(on, by, `public.move_to_pool($1, $2, $3)`, [summit.summit, ids, pool]);
const drafts = async (count: number, category: string, pool: string | null, mode = 'in_person') => {
	const people = await makePeople(db.owner, count);
	const ids = people.map(() => randomUUID());
	await db.owner.query(
		`insert into public.registrations (id, summit_id, person_id, category, pool_id, mode, code_of_conduct_at)
		select i, $1, p, $4, $5, $6, now() from unnest($2::uuid[], $3::uuid[]) as t (i, p)`,
		[summit.summit, ids, people.map(({ person }) => person), category, pool, mode]
	);
	return ids.map((id, n) => ({ id, person: people[n] as TestPerson }));
};
const submit = (on: pg.Client, draft: { id: string; person: TestPerson }) =>
	callAs<{ status: string }>(on, draft.person, `private.submit_registration($1)`, [draft.id]);
const send = async (count: number, category: string, pool: string | null, mode = 'in_person') => {
	const made = await drafts(count, category, pool, mode);
	for (const draft of made) await submit(db.owner, draft);
	return made.map(({ id }) => id);
};
const seatsIn = (pool: string, mode = 'in_person') =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from public.seats where pool_id = $1 and mode = $2 and state <> 'released'`,
		[pool, mode]
	);

it('a category has several pools, with their own names and figures', async () => {
	const { id: wires } = await addPool('press', 'News agencies', 2, 1);
	await addPool('press', 'Local press', 1);
	expect(await addPool('press', ' News  agencies ', 5)).toEqual({ status: 'name_taken' });
	expect(await addPool('delegate', 'X', 5)).toEqual({ status: 'invalid' });
	expect(await addPool('press', 'Y', 5, 0, summit.finance)).toEqual({ status: 'not_allowed' });
	await send(3, 'press', wires);
	const read = await callAs<{ pools: unknown[]; rows: unknown[] }>(
		db.owner,
		summit.organiser,
		`public.read_pools($1, $2)`,
		[summit.summit, wires]
	);
	expect(read.pools).toMatchObject([
		{ name: 'Local press', in_person: { ceiling: 1, held: 0, taken: 0, waiting: 0 } },
		{
			name: 'News agencies',
			in_person: { ceiling: 2, held: 2, taken: 0, waiting: 1 },
			virtual: { ceiling: 1, held: 0 }
		}
	]);
	expect(read.rows).toHaveLength(3);
	const finance = await callAs<{ may_change: boolean; rows: unknown[] }>(
		db.owner,
		summit.finance,
		`public.read_pools($1, $2)`,
		[summit.summit, wires]
	);
	expect(finance).toMatchObject({ may_change: false, rows: [] });
	const [outsider] = await makePeople(db.owner, 1);
	expect(await callAs(db.owner, outsider as TestPerson, `public.read_pools($1)`, [summit.summit])).toBeNull();
});

it('a move takes a free seat, frees the old one for the queue, and is refused when it would exceed the pool', async () => {
	const { id: wires } = await addPool('press', 'News agencies', 2);
	const { id: local } = await addPool('press', 'Local press', 1);
	const { id: guests } = await addPool('guest', 'Guests', 5);
	const [first = '', second = '', waiting = ''] = await send(3, 'press', wires);
	const [guest = ''] = await send(1, 'guest', guests);
	const other = await makeSummit(db.owner);
	expect(await move([first], local, other.organiser)).toEqual([]);
	expect(await move([first], local, summit.finance)).toEqual([]);
	expect(await move([first, guest, randomUUID()], local)).toEqual(
		expect.arrayContaining([
			{ id: first, status: 'ok' },
			{ id: guest, status: 'wrong_category' }
		])
	);
	// The place that became free went to the waiting person.
	expect([await seatsIn(wires), await seatsIn(local)]).toEqual([2, 1]);
	expect(
		await readValue(db.owner, `select state from public.queue_entries where registration_id = $1`, [waiting])
	).not.toBe('waiting');
	expect(await move([second], local)).toEqual([{ id: second, status: 'no_room' }]);
	expect(await move([first], local)).toEqual([{ id: first, status: 'already' }]);
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
});

it('nobody overtakes people who wait for the pool', async () => {
	const { id: wires } = await addPool('press', 'News agencies', 3);
	const { id: local } = await addPool('press', 'Local press', 12);
	const [, , third = ''] = await send(3, 'press', wires);
	await send(9, 'press', local);
	// The hall is full: the pool has room, and one of its people waits for the hall.
	await send(1, 'press', local);
	expect(await move([third], local)).toEqual([{ id: third, status: 'others_wait' }]);
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
});

it('at full capacity people still swap places, and no seat is added', async () => {
	const { id: wires } = await addPool('press', 'News agencies', 6);
	const { id: local } = await addPool('press', 'Local press', 8);
	const { id: guests } = await addPool('guest', 'Guests', 6);
	const press = await send(6, 'press', wires);
	await send(6, 'guest', guests);
	expect((await move(press, local)).map(({ status }) => status)).toEqual(Array(6).fill('ok'));
	expect(await countSeats(db.owner, summit.summit)).toMatchObject({ held: 12, waiting: 0 });
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
});

it('people who registered before there was a pool are assigned to it, and get seats', async () => {
	const [lost = ''] = await send(1, 'crew', null);
	expect(await callAs(db.owner, summit.organiser, `public.read_pools($1)`, [summit.summit])).toMatchObject({
		unplaced: 1,
		rows: [{ id: lost }]
	});
	const { id: crew } = await addPool('crew', 'Crew', 1);
	expect(await move([lost], crew)).toEqual([{ id: lost, status: 'ok' }]);
	expect(await seatsIn(crew)).toBe(1);
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
});

it('a ceiling is never below the seats taken, and a used pool cannot be deleted', async () => {
	const { id: wires } = await addPool('press', 'News agencies', 2);
	const { id: empty } = await addPool('press', 'Nobody', 2);
	await send(2, 'press', wires);
	const lower = await callAs(
		db.owner,
		summit.organiser,
		`public.save_pool($1, $2, '{"name": "Agencies", "in_person": "1", "virtual": "0"}')`,
		[summit.summit, wires]
	);
	expect(lower).toMatchObject({ status: 'below_use', detail: expect.stringContaining('2 seats are out') });
	expect(await callAs(db.owner, summit.organiser, `public.remove_pool($1, $2)`, [summit.summit, wires])).toBe('in_use');
	expect(await callAs(db.owner, summit.finance, `public.remove_pool($1, $2)`, [summit.summit, empty])).toBe(
		'not_found'
	);
	// A pool of another Summit gets the same answer whether it is used or not.
	const other = await makeSummit(db.owner, {});
	expect(await callAs(db.owner, other.organiser, `public.remove_pool($1, $2)`, [other.summit, wires])).toBe(
		'not_found'
	);
	expect(await callAs(db.owner, summit.organiser, `public.remove_pool($1, $2)`, [summit.summit, empty])).toBe('ok');
});

it('fifty connections that register, move and change ceilings leave no seat too many', async () => {
	const { id: wires } = await addPool('press', 'News agencies', 5, 3);
	const { id: local } = await addPool('press', 'Local press', 4, 2);
	const made = [
		...(await drafts(14, 'press', wires)),
		...(await drafts(10, 'press', local)),
		...(await drafts(6, 'press', wires, 'virtual'))
	];
	const clients = await connectMany(db, 50);
	const jobs: ((on: pg.Client) => Promise<unknown>)[] = made.flatMap((draft, n) => [
		(on: pg.Client) => submit(on, draft),
		(on: pg.Client) => move([draft.id], n % 2 ? wires : local, summit.organiser, on),
		(on: pg.Client) => move([made[(n * 7) % made.length]?.id ?? ''], n % 3 ? local : wires, summit.organiser, on)
	]);
	for (let n = 0; n < 6; n++) {
		jobs.push((on) =>
			callAs(on, summit.organiser, `public.save_pool($1, $2, $3)`, [
				summit.summit,
				n % 2 ? wires : local,
				JSON.stringify({ name: n % 2 ? 'News agencies' : 'Local press', in_person: 3 + n, virtual: 1 + (n % 3) })
			])
		);
	}
	const refused = (
		await inParallel(clients, jobs, async (on, job) =>
			job(on).then(
				() => null,
				(error: unknown) => error
			)
		)
	).filter(Boolean);
	expect(refused).toEqual([]);
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
	for (const pool of [wires, local]) {
		const over = await readValue<boolean>(
			db.owner,
			`select exists (select from public.seats as s join public.pools as p on p.id = s.pool_id where p.id = $1 and s.state <> 'released'
				group by s.mode, p.id having count(*) > private.pool_ceiling(p.id, s.mode))`,
			[pool]
		);
		expect(over).toBe(false);
	}
});
