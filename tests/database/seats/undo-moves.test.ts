/* Undoing moves between pools and changes of category: never more seats than a ceiling, and nobody loses a seat or a turn. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { categoryDesk } from '../../fixtures/changing-category.ts';
import { useDatabase } from '../../fixtures/database.ts';
import {
	callAs,
	connectMany,
	inParallel,
	makePeople,
	makeSummit,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import type { UndoableAct } from '../../fixtures/undoing.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let summit: RegisteringSummit;
const { member, change, delegate, pooled, seatOf, sound } = categoryDesk(db, () => summit);

beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 6, online: 6, ceilings: { civil_society: 2 } });
});

const list = (who: TestPerson = summit.organiser) =>
	callAs<UndoableAct[]>(db.owner, who, 'public.my_undoable_acts($1)', [summit.summit]);
const undo = async (act?: UndoableAct, on = db.owner, who: TestPerson = summit.organiser) =>
	callAs<string>(on, who, 'public.undo_act($1, $2)', [summit.summit, (act ?? (await list())[0])?.id]);
const addPool = (category: string, name: string, hall: number) =>
	readValue<string>(
		db.owner,
		`insert into public.pools (summit_id, category, name, in_person_ceiling, virtual_ceiling) values ($1, $2, $3, $4, 0) returning id`,
		[summit.summit, category, name, hall]
	);
const move = (ids: string[], pool: string) =>
	callAs<{ status: string }[]>(db.owner, summit.organiser, 'public.move_to_pool($1, $2, $3)', [
		summit.summit,
		ids,
		pool
	]);
const seatsIn = (pool: string) =>
	readValue<number>(db.owner, `select count(*)::integer from public.seats where pool_id = $1 and state <> 'released'`, [
		pool
	]);
/** Somebody who draws on a pool, as a draft that is not sent yet. */
async function draft(pool: string) {
	const [who] = await makePeople(db.owner, 1);
	const id = randomUUID();
	await db.owner.query(
		`insert into public.registrations (id, summit_id, person_id, category, pool_id, mode, code_of_conduct_at) values ($1, $2, $3, 'press', $4, 'in_person', now())`,
		[id, summit.summit, (who as TestPerson).person, pool]
	);
	return { id, who: who as TestPerson };
}
const submit = (made: { id: string; who: TestPerson }, on = db.owner) =>
	callAs(on, made.who, 'private.submit_registration($1)', [made.id]);

describe('moves between pools', () => {
	let wires: string;
	let local: string;
	let ids: string[];

	beforeEach(async () => {
		wires = await addPool('press', 'Wires', 2);
		local = await addPool('press', 'Local', 2);
		const made = [await draft(wires), await draft(wires)];
		for (const one of made) await submit(one);
		ids = made.map(({ id }) => id);
	});

	it('go back with their seats, by their author alone and within ten minutes', async () => {
		expect((await move(ids, local)).map(({ status }) => status)).toEqual(['ok', 'ok']);
		const [act] = await list();
		expect(act).toMatchObject({ act: 'registrations_moved', subject: 'Local' });
		expect(await undo(act, db.owner, summit.finance)).toBe('gone');
		expect(await undo(act)).toBe('ok');
		expect([await seatsIn(wires), await seatsIn(local)]).toEqual([2, 0]);
		expect(await undo(act)).toBe('gone');
		await move(ids, local);
		await db.owner.query(`update private.undoable_acts set made_at = now() - interval '10 minutes 1 second'`);
		expect(await undo(act)).toBe('gone');
		expect([await seatsIn(wires), await seatsIn(local)]).toEqual([0, 2]);
		await sound();
	});

	it('stay where one of them has changed since, or its seat was given to somebody else', async () => {
		await move(ids, local);
		await callAs(db.owner, summit.organiser, `public.decide_registrations($1, 'decline', 'No seat')`, [[ids[0]]]);
		expect(await undo()).toBe('changed');
		expect([await seatsIn(wires), await seatsIn(local)]).toEqual([0, 1]);
		await move([ids[1] ?? ''], wires);
		await move([ids[1] ?? ''], local);
		const late = [await draft(wires), await draft(wires)];
		for (const one of late) await submit(one);
		expect(await undo()).toBe('changed');
		expect([await seatsIn(wires), await seatsIn(local)]).toEqual([2, 1]);
		await sound();
	});

	it('cannot be undone when somebody who waited got the seat', async () => {
		await submit(await draft(wires));
		await move([ids[0] ?? ''], local);
		expect([await seatsIn(wires), await seatsIn(local)]).toEqual([2, 1]);
		expect(await list()).toEqual([]);
	});

	it('back into a pool that fills at the same moment exceed no ceiling', async () => {
		for (let round = 0; round < 3; round += 1) {
			expect((await move(ids, local)).map(({ status }) => status)).toEqual(['ok', 'ok']);
			const [act] = await list();
			const late = [await draft(wires), await draft(wires), await draft(wires)];
			const clients = await connectMany(db, 6);
			const answers = await inParallel(clients, [...clients.keys()], (on, n) =>
				n < 3 ? undo(act, on) : submit(late[n - 3] as (typeof late)[number], on).then(() => 'sent')
			);
			const undone = answers.slice(0, 3);
			expect(undone.filter((answer) => answer === 'gone')).toHaveLength(2);
			expect(['ok', 'changed']).toContain(undone.find((answer) => answer !== 'gone'));
			expect([await seatsIn(wires), await seatsIn(local)]).toEqual(undone.includes('ok') ? [2, 0] : [2, 2]);
			await sound();
			// The pools as they were, for the next round.
			for (const { id, who } of late) await callAs(db.owner, who, 'public.withdraw_registration($1)', [id]);
			await db.owner.query('delete from private.undoable_acts');
			if (!undone.includes('ok')) await move(ids, wires);
			expect(await seatsIn(wires)).toBe(2);
		}
	});

	it('leave a registration without a pool as it was before', async () => {
		await db.owner.query(`update public.pools set in_person_ceiling = 0 where id = $1`, [local]);
		const { id, who } = await draft(wires);
		await db.owner.query('update public.registrations set pool_id = null where id = $1', [id]);
		await submit({ id, who });
		await db.owner.query('update public.registrations set pool_id = null where id = $1', [id]);
		expect((await move([id], local)).map(({ status }) => status)).toEqual(['ok']);
		expect(await undo()).toBe('ok');
		expect(await readValue(db.owner, 'select pool_id from public.registrations where id = $1', [id])).toBeNull();
	});
});

describe('changes of category', () => {
	it('go back to the former pool or member, before the person is confirmed', async () => {
		await addPool('guest', 'Guests', 2);
		const [press, other] = [await addPool('press', 'A', 1), await addPool('press', 'B', 1)];
		const made = await draft(other);
		await submit(made);
		expect(await change(made.id, 'guest')).toMatchObject({ status: 'ok', seat: 'moved' });
		expect(await list()).toMatchObject([{ act: 'category_changed', subject: expect.any(String) as string }]);
		expect(await undo()).toBe('ok');
		expect(await seatOf(made.id)).toBe('held in_person B');
		expect([await seatsIn(press), await list()]).toEqual([0, []]);
		const { id } = await delegate(member(), 'in_person', false);
		await db.owner.query(
			`update public.people as p set affiliation = m.name from public.registrations as r join public.members as m on m.id = r.member_id where p.id = r.person_id and r.id = $1`,
			[id]
		);
		const before = await seatOf(id);
		expect(await change(id, 'guest')).toMatchObject({ status: 'ok', place: 'Guests' });
		expect(await undo()).toBe('ok');
		expect(await seatOf(id)).toBe(before);
		expect(await readValue(db.owner, 'select category from public.registrations where id = $1', [id])).toBe('delegate');
		await sound();
	});

	it('cannot be undone once a badge was made and mailed, or when a nomination would stay lost', async () => {
		await addPool('guest', 'Guests', 3);
		const { id } = await delegate();
		expect(await change(id, 'guest')).toMatchObject({ status: 'ok', badge: 'new' });
		const nominated = await delegate(member(1), 'in_person', false);
		await db.owner.query(`update public.registrations set state = 'nominated' where id = $1`, [nominated.id]);
		expect(await change(nominated.id, 'guest')).toMatchObject({ status: 'ok' });
		expect(await list()).toEqual([]);
	});

	it('cannot be undone when the person was mailed an offer of the new category', async () => {
		await addPool('guest', 'Guests', 1);
		await pooled('guest', 1);
		const [waiting = ''] = await pooled('guest', 1);
		expect(await seatOf(waiting)).toBeNull();
		await addPool('press', 'Press', 1);
		expect(await change(waiting, 'press')).toMatchObject({ status: 'ok' });
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.outbox where template = 'offer_made' and summit_id = $1`,
				[summit.summit]
			)
		).toBe(1);
		expect([await seatOf(waiting), await list()]).toEqual(['held in_person Press', []]);
		await sound();
	});

	it('stay where the registration has changed since, or the former place is full', async () => {
		await addPool('guest', 'Guests', 2);
		const press = await addPool('press', 'Press', 1);
		const [id = ''] = await pooled('press', 1, false);
		await change(id, 'guest');
		await submit(await draft(press));
		expect(await undo()).toBe('changed');
		expect(await seatOf(id)).toBe('held in_person Guests');
		await sound();
	});
});
