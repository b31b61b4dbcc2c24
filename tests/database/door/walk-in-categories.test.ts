/*
 * Technicians, press and guests at the help desk: they get a badge at once, outside the capacity for which delegates
 * wait.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	callAs,
	countSeats,
	faultsOf,
	makeSummit,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { badgeCategory, walkInDesk, walkInTraces } from '../../fixtures/walk-ins.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useDatabase();
let second: pg.Client;
let summit: RegisteringSummit;
let walk: ReturnType<typeof walkInDesk>['walk'];
let delegate: ReturnType<typeof walkInDesk>['delegate'];

beforeAll(async () => {
	second = await db.connect();
});

async function begin(hall: number) {
	summit = await makeSummit(db.owner, { hall });
	({ walk, delegate } = walkInDesk(summit, db.owner));
}
const seatsLeft = () => callAs(db.owner, summit.organiser, 'public.seats_left($1)', [summit.summit]);
const pools = () =>
	db.owner
		.query<{
			id: string;
			category: string;
			name: string;
		}>('select id, category, name from public.pools where summit_id = $1 order by category::text, name', [
			summit.summit
		])
		.then(({ rows }) => rows);
const setPlaces = (places: number, category = 'guest') =>
	db.owner.query(
		`update public.pools set in_person_ceiling = $2 where summit_id = $1 and category = $3 and outside_capacity`,
		[summit.summit, places, category]
	);
describe('at a full hall with people waiting', () => {
	beforeEach(async () => {
		await begin(1);
		expect((await delegate()).status).toBe('confirmed');
		expect(await delegate({ display_name: 'Waits' })).toMatchObject({ status: 'accredited', queue_reason: 'capacity' });
	});

	it.each(['guest', 'staff', 'crew', 'interpreter', 'press', 'security'])(
		'%s gets a badge at once, takes no seat of the capacity and overtakes nobody',
		async (category) => {
			const before = await seatsLeft();
			const made = await walk(category);
			expect(made).toMatchObject({ status: 'confirmed', queue_reason: null });
			expect([await stateOf(db.owner, made.id ?? ''), await badgeCategory(db.owner, made.id)]).toEqual([
				'confirmed',
				category
			]);
			expect(await seatsLeft()).toEqual(before);
			expect(await countSeats(db.owner, summit.summit)).toEqual({ held: 0, taken: 2, waiting: 1, offered: 0 });
			expect(await delegate({ display_name: 'Third' })).toMatchObject({
				status: 'accredited',
				queue_reason: 'capacity'
			});
			expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
		}
	);

	it('delegates and speakers wait, and get a seat in their turn', async () => {
		await db.owner.query(
			`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'speaker', 'Speakers', 9)`,
			[summit.summit]
		);
		expect(await walk('speaker')).toMatchObject({ status: 'accredited', queue_reason: 'capacity' });
		expect((await walk('crew')).status).toBe('confirmed');
		await db.owner.query(`update public.mode_capacities set capacity = 2 where summit_id = $1 and mode = 'in_person'`, [
			summit.summit
		]);
		expect(await countSeats(db.owner, summit.summit)).toEqual({ held: 1, taken: 2, waiting: 1, offered: 1 });
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
	});

	it('shows a member as the organisation and uses none of its seats', async () => {
		const [, , government = ''] = summit.members;
		await db.owner.query(
			`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling) values ($1, $2, 'in_person', 0)`,
			[summit.summit, government]
		);
		const { id = '', status } = await walk('guest', { member_id: government });
		expect(status).toBe('confirmed');
		expect(
			await readValue(
				db.owner,
				`select p.affiliation = m.name and r.member_id is null from public.registrations as r join public.people as p on p.id = r.person_id, public.members as m where r.id = $1 and m.id = $2`,
				[id, government]
			)
		).toBe(true);
		expect(await walk('guest', { member_id: randomUUID() })).toEqual({ status: 'invalid', faults: ['member_id'] });
	});

	it('takes no seat when the category changes afterwards, but stays outside the capacity where possible', async () => {
		const { id = '' } = await walk('guest');
		const change = (category: string, member: string | null = null) =>
			callAs<{ status: string; reason?: string }>(
				db.owner,
				summit.organiser,
				'public.change_category($1, $2, $3, $4)',
				[id, category, 'Wrong at the desk', member]
			);
		expect(await change('delegate', summit.members[1])).toMatchObject({ status: 'no_seat', reason: 'capacity' });
		expect(await badgeCategory(db.owner, id)).toBe('guest');
		expect((await change('press')).status).toBe('ok');
		expect(await badgeCategory(db.owner, id)).toBe('press');
		expect(await countSeats(db.owner, summit.summit)).toMatchObject({ taken: 2, waiting: 1 });
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
	});

	it('moves into a pool within the capacity only when it has a free seat', async () => {
		const { id = '' } = await walk('press');
		const inside = await callAs<{ id: string }>(db.owner, summit.organiser, 'public.save_pool($1, null, $2)', [
			summit.summit,
			JSON.stringify({ category: 'press', name: 'News agencies', in_person: 9, virtual: 0 })
		]);
		const move = () =>
			callAs<{ status: string }[]>(db.owner, summit.organiser, 'public.move_to_pool($1, $2, $3)', [
				summit.summit,
				[id],
				inside.id
			]);
		expect(await move()).toEqual([{ id, status: 'no_room' }]);
		await db.owner.query(`update public.mode_capacities set capacity = 3 where summit_id = $1 and mode = 'in_person'`, [
			summit.summit
		]);
		expect(await move()).toEqual([{ id, status: 'ok' }]);
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
		// A pool that is moved into the capacity counts there, and the move is refused when it would exceed the
		// capacity.
		await walk('press', { display_name: 'Another' });
		const [, walkIns] = (await pools()).filter(({ category }) => category === 'press');
		const save = (outside: boolean) =>
			callAs<{ status: string }>(db.owner, summit.organiser, 'public.save_pool($1, $2, $3)', [
				summit.summit,
				walkIns?.id,
				JSON.stringify({ name: 'Walk-ins', in_person: 5, virtual: 0, outside })
			]);
		expect((await save(false)).status).toBe('below_use');
		expect((await save(true)).status).toBe('ok');
	});
});

describe('the places of a category', () => {
	beforeEach(async () => {
		await begin(3);
	});

	it('are one pool, made once by the first of two desks', async () => {
		const answers = await Promise.all([
			walk('press'),
			walk('press', { display_name: 'Second' }, summit.organiser, second)
		]);
		expect(answers.map(({ status }) => status)).toEqual(['confirmed', 'confirmed']);
		expect(await pools()).toMatchObject([{ category: 'press', name: 'Walk-ins' }]);
		expect(
			await readValue(
				db.owner,
				`select count(*)::int from audit.entries where table_name = 'public.pools' and summit_id = $1 and actor_person = $2`,
				[summit.summit, summit.organiser.person]
			)
		).toBe(1);
	});

	it('run out: one of two desks gives the last place, and the other is refused and leaves nothing behind', async () => {
		await walk('guest');
		await setPlaces(2);
		const before = await walkInTraces(db.owner);
		const answers = await Promise.all([
			walk('guest', { display_name: 'One' }),
			walk('guest', { display_name: 'Two' }, summit.organiser, second)
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['confirmed', 'no_place']);
		const after = await walkInTraces(db.owner);
		expect(after).not.toBe(before);
		const once = randomUUID();
		expect(await walk('guest', { once })).toEqual({ status: 'no_place' });
		expect(await walkInTraces(db.owner)).toBe(after);
		// The same form may be sent again after the refusal.
		await setPlaces(3);
		expect((await walk('guest', { once })).status).toBe('confirmed');
		expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
	});

	it('come from a pool that organisers made for it, before the desk makes one', async () => {
		const { id } = await callAs<{ id: string }>(db.owner, summit.organiser, 'public.save_pool($1, null, $2)', [
			summit.summit,
			JSON.stringify({ category: 'crew', name: 'Stage builders', in_person: 2, virtual: 0, outside: true })
		]);
		const made = await walk('crew');
		expect(await readValue(db.owner, 'select pool_id from public.registrations where id = $1', [made.id])).toBe(id);
		expect(await pools()).toHaveLength(1);
		// A pool within the capacity may already have this name.
		await callAs(db.owner, summit.organiser, 'public.save_pool($1, null, $2)', [
			summit.summit,
			JSON.stringify({ category: 'guest', name: 'Walk-ins', in_person: 0, virtual: 0 })
		]);
		expect((await walk('guest')).status).toBe('confirmed');
		expect((await pools()).map(({ name }) => name)).toEqual(['Stage builders', 'Walk-ins', 'Walk-ins 2']);
	});

	it('are not for people who register themselves', async () => {
		await walk('press');
		const own = await makePerson(db.owner, 'Reporter');
		const draft = await readValue<string>(
			db.owner,
			`insert into public.registrations (summit_id, person_id, category, mode, code_of_conduct_at) values ($1, $2, 'press', 'in_person', now()) returning id`,
			[summit.summit, own.person]
		);
		expect(await callAs(db.owner, own, 'private.submit_registration($1)', [draft])).toMatchObject({
			status: 'queued',
			queue_reason: 'allocation'
		});
	});
});
