/* Undoing acts: their author alone, within ten minutes, and only while what they changed is as they left it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { undoable, undoing, watchedTables, type ActName } from '../../fixtures/undoing.ts';
import { actAs, makePerson, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let acts: ReturnType<typeof undoing>;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	acts = undoing(db.owner, world);
});

describe('an act that is undone', () => {
	test.each(Object.keys(undoable) as ActName[])('%s leaves every row as it was', async (act) => {
		const row = await acts.make(act);
		const before = await acts.rows();
		const who = world.people[undoable[act].role];
		expect(await acts.act(act, row)).toBe('ok');
		expect(await acts.rows()).not.toEqual(before);
		const [found] = await acts.list(who);
		expect(found).toMatchObject({ act });
		expect(Date.parse(found?.until ?? '') - Date.parse(found?.at ?? '')).toBe(600_000);
		expect(await acts.undo(who, found?.id)).toBe('ok');
		expect(await acts.rows()).toEqual(before);
		expect(await acts.list(who)).toEqual([]);
	});

	test('brings the parts of a divided bank row together', async () => {
		const { finance } = world.people;
		const row = await acts.make('bank_row_ignored');
		const orders = [];
		for (const payer of [world.member, world.otherMember])
			orders.push(
				await readValue<string>(
					db.owner,
					`insert into public.orders (summit_id, payer_member_id, currency, due_at) values ($1, $2, 'EUR', now() + interval '9 days') returning reference`,
					[world.summit, payer]
				)
			);
		const before = await acts.rows();
		const parts = orders.map((order_reference, n) => ({ order_reference, amount: n === 0 ? 40 : 60 }));
		const [split] = await actAs(db.owner, finance, 'select public.split_bank_row($1, $2) as answer', [
			row,
			JSON.stringify(parts)
		]);
		expect(split?.answer).toBe('ok');
		const [found] = await acts.list(finance);
		expect(await acts.undo(finance, found?.id)).toBe('ok');
		expect(await acts.rows()).toEqual(before);
	});

	test('is audited like any other change', async () => {
		const { row, who, found } = await acts.done('room_removed');
		await acts.undo(who, found?.id);
		const { rows } = await db.owner.query(
			`select action, actor_person from audit.entries where table_name = 'public.rooms' and row_id = $1 order by id desc limit 2`,
			[row]
		);
		expect(rows).toEqual([
			{ action: 'insert', actor_person: who.person },
			{ action: 'delete', actor_person: who.person }
		]);
	});
});

describe('nobody undoes', () => {
	test('the act of another, of another Summit, or without the role that it needs', async () => {
		const { summit, people } = world;
		const { who, found } = await acts.done('page_deleted');
		const colleague = await makePerson(db.owner, 'Second Programme');
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
			colleague.person,
			summit
		]);
		for (const other of [colleague, people.owner, people.finance, people.delegate]) {
			expect(await acts.list(other)).toEqual([]);
			expect(await acts.undo(other, found?.id)).toBe('gone');
		}
		await expect(acts.undo(null, found?.id)).rejects.toMatchObject({ code: '42501' });
		const elsewhere = await makeWorld(db.owner);
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
			who.person,
			elsewhere.summit
		]);
		expect(await acts.list(who, elsewhere.summit)).toEqual([]);
		expect(await acts.undo(who, found?.id, elsewhere.summit)).toBe('gone');
		await expect(actAs(db.owner, who, 'select * from private.undoable_acts')).rejects.toMatchObject({ code: '42501' });
		await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1 and summit_id = $2`, [
			who.person,
			summit
		]);
		expect(await acts.list(who)).toEqual([]);
		expect(await acts.undo(who, found?.id)).toBe('gone');
	});

	test('after ten minutes, and the next act deletes what is over', async () => {
		const { who, found } = await acts.done('track_removed');
		await db.owner.query(`update private.undoable_acts set made_at = now() - interval '10 minutes 1 second'`);
		expect(await acts.list(who)).toEqual([]);
		expect(await acts.undo(who, found?.id)).toBe('gone');
		await acts.done('format_removed');
		expect(await readValue(db.owner, 'select count(*)::integer from private.undoable_acts')).toBe(1);
	});

	test('what has changed since, in part or in whole', async () => {
		const { row, who, found } = await acts.done('page_unpublished');
		await db.owner.query(`update private.pages set revision = revision + 1 where id = $1`, [row]);
		const before = await acts.rows();
		expect(await acts.undo(who, found?.id)).toBe('changed');
		expect(await acts.rows()).toEqual(before);
		expect(await acts.undo(who, found?.id)).toBe('gone');
	});

	test('what the rules forbid by now: another has the name, or it would be for a room that is gone', async () => {
		const first = await acts.done('track_removed');
		await acts.make('track_removed');
		expect(await acts.undo(first.who, first.found?.id)).toBe('changed');
		const room = await acts.done('room_removed');
		await db.owner.query(`delete from public.walking_times where summit_id = $1`, [world.summit]);
		const other = await readValue<string>(
			db.owner,
			`select coalesce(nullif(c -> 'before' ->> 'first_room_id', $2), c -> 'before' ->> 'second_room_id')
			from private.undoable_acts as u, jsonb_array_elements(u.changes) as c
			where u.id = $1 and c ->> 'table' = 'public.walking_times'`,
			[room.found?.id, room.row]
		);
		await db.owner.query(`update private.undoable_acts set changes = replace(changes::text, $1, $2)::jsonb`, [
			other,
			'00000000-0000-4000-8000-000000000000'
		]);
		expect(await acts.undo(room.who, room.found?.id)).toBe('changed');
		expect(await readValue(db.owner, 'select count(*)::integer from public.rooms where id = $1', [room.row])).toBe(0);
	});

	test('twice at once', async () => {
		const { row, who, found } = await acts.done('pool_removed');
		const answers = await inParallel(await connectMany(db, 4), [1, 2, 3, 4], (client) =>
			acts.undo(who, found?.id, world.summit, client)
		);
		expect(answers.sort()).toEqual(['gone', 'gone', 'gone', 'ok']);
		expect(await readValue(db.owner, 'select count(*)::integer from public.pools where id = $1', [row])).toBe(1);
	});
});

describe('an act is not offered to be undone', () => {
	test('when it was refused', async () => {
		const { owner, programme } = world.people;
		expect(await acts.act('room_removed', world.room, owner)).toBe('in_use');
		expect(await acts.act('page_unpublished', await acts.make('page_deleted'), programme)).toBe('already');
		expect([await acts.list(owner), await acts.list(programme)]).toEqual([[], []]);
	});

	test('when answers of people were erased with it', async () => {
		const row = await acts.make('question_retired');
		await db.owner.query(
			`insert into private.logistics_answers (registration_id, field_id, answer_sealed, key_id) values ($1, $2, '\\x00', 'k')`,
			[world.registrations.delegate, row]
		);
		expect(await acts.act('question_retired', row)).toBe('ok');
		expect(await acts.list(world.people.registration)).toEqual([]);
	});

	test('when a room takes with it what is not brought back', async () => {
		const row = await acts.make('room_removed');
		await db.owner.query(
			`insert into private.room_screens (summit_id, room_id, name, token_hash) values ($1, $2, 'Door', sha256('undo'))`,
			[world.summit, row]
		);
		expect(await acts.act('room_removed', row)).toBe('ok');
		expect(await acts.list(world.people.owner)).toEqual([]);
	});

	test('once somebody has taken another name, which the former row may contain', async () => {
		const { who } = await acts.done('page_deleted');
		await chooseAlias(db.owner, world.people.speaker, 'Elena Nord');
		expect(await acts.list(who)).toEqual([]);
	});
});

test('rows that go with a watched row are watched too, or keep the act from being undone', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select distinct c.conrelid::regclass::text as name
		from pg_constraint as c
		where c.contype = 'f' and c.confdeltype not in ('a', 'r') and c.confrelid = any ($1::regclass[])
			and c.conrelid <> all ($1::regclass[])`,
		[watchedTables]
	);
	expect(rows.map(({ name }) => name).sort()).toEqual([
		// Of a room: the act is not undoable. Of a pool: it is not removed. Of a question: it is retired, not deleted.
		'checkpoints',
		'private.announcements',
		'private.hall_devices',
		'private.invitations',
		'private.logistics_answers',
		'private.needs',
		'private.proposal_answers',
		'private.room_screens'
	]);
	const watched = await db.owner.query<{ name: string }>(
		`select tgrelid::regclass::text as name from pg_trigger where tgname = 'record_undoable'`
	);
	expect(watched.rows.map(({ name }) => name.replace(/^(?!private)(?:public\.)?/, 'public.')).sort()).toEqual(
		[...watchedTables].sort()
	);
});
