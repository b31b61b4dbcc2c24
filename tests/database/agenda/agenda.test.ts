/* Rule 4 and releases: a room is never double-booked within a version, and a release never changes. */
import { beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

const slotOf = async (session: string) =>
	(await db.owner.query<{ id: string }>('select id from public.slots where session_id = $1', [session])).rows[0]
		?.id as string;

describe('a room', () => {
	test('cannot hold two sessions at once, not even when two organisers book it at the same time', async () => {
		const [one, two] = await Promise.all([db.connect(), db.connect()]);
		const book = (connection: pg.Client) =>
			connection.query(
				`with slot as (insert into public.slots (session_id, summit_id, during)
					values ($1, $2, tstzrange(now() + interval '30 days', now() + interval '30 days 1 hour')) returning id, during)
				insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $3, $2, during from slot`,
				[world.sessions.draft.id, world.summit, world.room]
			);
		const results = await Promise.allSettled([book(one), book(two)]);
		expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
		const refused = results.find((result) => result.status === 'rejected');
		expect(String(refused?.reason)).toContain('room_free');
		const left = await db.owner.query('delete from public.slots where session_id = $1 returning id', [
			world.sessions.draft.id
		]);
		expect(left.rowCount).toBe(1);
	});

	test('is swapped between two sessions in one transaction, and the times follow the slots', async () => {
		const [a, b] = [await slotOf(world.sessions.public.id), await slotOf(world.sessions.members.id)];
		const times = async () =>
			(
				await db.owner.query<{ slot: string; same: boolean; start: string }>(
					`select s.id as slot, lower(s.during)::text as start, bool_and(r.during = s.during) as same
					from public.slots as s join public.slot_rooms as r on r.slot_id = s.id where s.id in ($1, $2) group by s.id order by s.id = $1 desc`,
					[a, b]
				)
			).rows;
		const before = await times();
		await db.owner.query('begin');
		await db.owner.query('set constraints public.room_free deferred');
		await db.owner.query(
			'create temporary table swap on commit drop as select id, during from public.slots where id in ($1, $2)',
			[a, b]
		);
		await db.owner.query(
			'update public.slots set during = (select during from swap where id <> slots.id) where id in ($1, $2)',
			[a, b]
		);
		await db.owner.query('commit');
		const after = await times();
		expect(after.map((row) => row.start)).toEqual([before[1]?.start, before[0]?.start]);
		expect(after.every((row) => row.same)).toBe(true);
	});

	test('of one Summit cannot be used by another', async () => {
		const other = await makeWorld(db.owner);
		const slot = await slotOf(world.sessions.public.id);
		await expect(
			db.owner.query(
				`insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $2, summit_id, during from public.slots where id = $1`,
				[slot, other.room]
			)
		).rejects.toThrow('foreign key');
	});
});

describe('a release', () => {
	const publish = async (by: keyof World['people']) =>
		(
			await actAs<{ answer: { status: string; number?: number } }>(
				db.owner,
				world.people[by],
				'select public.publish_release($1) as answer',
				[world.summit]
			)
		)[0]?.answer;

	test('is published by programme organisers only, numbered without gaps, one after the other when two publish at once', async () => {
		for (const by of ['newcomer', 'delegate', 'speaker', 'registration', 'stage', 'door'] as const) {
			expect(await publish(by)).toEqual({ status: 'not_allowed' });
		}
		const connections = await Promise.all([1, 2, 3].map(() => db.connect()));
		const answers = await Promise.all(
			connections.map(async (connection) => {
				const rows = await actAs<{ answer: { number: number } }>(
					connection,
					world.people.programme,
					'select public.publish_release($1) as answer',
					[world.summit]
				);
				return rows[0]?.answer.number;
			})
		);
		expect(answers.sort()).toEqual([2, 3, 4]);
	});

	test('keeps its titles when the draft changes later', async () => {
		const { id, title } = world.sessions.public;
		await db.owner.query(`update public.sessions set title = '{"original":"en","en":"Renamed"}' where id = $1`, [id]);
		const read = async () =>
			(
				await actAs<{ title: string }>(
					db.owner,
					null,
					`select title ->> 'en' as title from public.release_sessions where session_id = $1`,
					[id]
				)
			)[0]?.title;
		expect(await read()).toBe(title);
		await publish('programme');
		expect(await read()).toBe('Renamed');
	});

	test('never changes, not even by a write of the tables’ owner', async () => {
		await expect(db.owner.query(`update public.release_sessions set title = '{}'`)).rejects.toThrow(
			'a release is never changed'
		);
		await expect(db.owner.query(`update public.release_slots set room_id = room_id`)).rejects.toThrow(
			'a release is never changed'
		);
		await expect(db.owner.query(`update public.release_people set position = 9`)).rejects.toThrow(
			'a release is never changed'
		);
	});

	test('keeps a cancelled session in its place, marked, while another session takes its room', async () => {
		const { id } = world.sessions.members;
		const { rows: place } = await db.owner.query<{ during: string }>(
			'select during::text from public.slots where session_id = $1',
			[id]
		);
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [id]);
		await db.owner.query(
			`with slot as (insert into public.slots (session_id, summit_id, during) values ($1, $2, $3) returning id, during)
			insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $4, $2, during from slot`,
			[world.sessions.draft.id, world.summit, place[0]?.during, world.room]
		);
		await publish('programme');
		const rows = await actAs<{ session_id: string; is_cancelled: boolean; during: string }>(
			db.owner,
			world.people.delegate,
			`select session_id, is_cancelled, during::text from public.release_slots where session_id in ($1, $2) order by is_cancelled`,
			[id, world.sessions.draft.id]
		);
		expect(rows).toEqual([
			{ session_id: world.sessions.draft.id, is_cancelled: false, during: place[0]?.during },
			{ session_id: id, is_cancelled: true, during: place[0]?.during }
		]);
	});

	test('no longer names a speaker who has declined, and shows the current name', async () => {
		const { id, code } = world.sessions.public;
		const named = async () =>
			(
				await actAs<{ people: { display_name: string }[] }>(
					db.owner,
					null,
					`select public.read_session($1, $2) -> 'people' as people`,
					[world.summit, code]
				)
			)[0]?.people.map((person) => person.display_name);
		await db.owner.query(`update public.people set display_name = 'Another Name' where id = $1`, [
			world.people.speaker.person
		]);
		expect(await named()).toEqual(['Another Name']);
		await db.owner.query(`update public.session_people set state = 'declined' where session_id = $1`, [id]);
		expect(await named()).toEqual([]);
	});
});

describe('my agenda and its link', () => {
	test('lists only marked sessions that the person may see', async () => {
		const mark = (session: string) =>
			actAs<{ status: string }>(db.owner, world.people.virtual, 'select public.mark_session($1, true) as status', [
				session
			]);
		expect(await mark(world.sessions.public.id)).toEqual([{ status: 'ok' }]);
		expect(await mark(world.sessions.closed.id)).toEqual([{ status: 'not_seen' }]);
		expect(await mark('00000000-0000-4000-8000-000000000000')).toEqual([{ status: 'not_seen' }]);
	});

	test('ends the former link when it is renewed, and stores no link in clear text', async () => {
		const app = await db.connect(db.appUrl);
		const make = (token: string) =>
			actAs(db.owner, world.people.virtual, 'select public.create_calendar_link($1, $2)', [world.summit, token]);
		const whose = async (token: string) =>
			(
				await app.query<{ found: { status: string; person: string } }>(
					`select private.read_personal_feed(decode($1, 'hex')) as found`,
					[token]
				)
			).rows.map(({ found }) => [found.status, found.person]);
		const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];
		await make(first);
		expect(await whose(first)).toEqual([['ok', world.people.virtual.person]]);
		await make(second);
		expect(await whose(first)).toEqual([['ended', world.people.virtual.person]]);
		expect(await whose(second)).toEqual([['ok', world.people.virtual.person]]);
	});
});

test('answers malformed input with a status, not with a server error', async () => {
	const { people, sessions, summit } = world;
	const callAs = async (call: string, values: unknown[]) =>
		(await actAs<{ answer: unknown }>(db.owner, people.programme, `select public.${call} as answer`, values))[0]
			?.answer;
	expect([
		await callAs(`save_session($1, $2, '{"version": "new"}') ->> 'status'`, [summit, sessions.public.id]),
		await callAs(`create_calendar_link($1, null)`, [summit]),
		await callAs(`make_room_screen($1, 'plenary', 'Door A', null)`, [summit]),
		await callAs(`save_room_equipment($1, '[{"room": "plenary"}, {"room": "plenary"}]')`, [summit])
	]).toEqual(['conflict', 'not_allowed', 'invalid', 'invalid']);
});
