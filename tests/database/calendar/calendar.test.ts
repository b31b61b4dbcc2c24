/*
 * Calendar events: their identifiers outlive releases and slots, and each event says in which release it last changed.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { inTurn } from '../../fixtures/registering.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

interface Event {
	start: string;
	uid: string;
	sequence: number;
	changed_at: string;
}

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

async function eventsOf(session: string, who: PersonKind | null = 'programme'): Promise<Event[] | null> {
	const [row] = await actAs<{ events: Record<string, Event[]> | null }>(
		db.owner,
		who && world.people[who],
		'select public.read_session_events($1) as events',
		[session]
	);
	return row?.events ? (row.events[session] ?? []) : null;
}

async function publish(): Promise<number> {
	const [row] = await actAs<{ answer: { number: number } }>(
		db.owner,
		world.people.programme,
		'select public.publish_release($1) as answer',
		[world.summit]
	);
	return row?.answer.number ?? 0;
}

/** Puts a session at these hours from now, each in its own slot, and removes its former slots. */
async function place(session: string, hours: number[]): Promise<void> {
	await db.owner.query('delete from public.slots where session_id = $1', [session]);
	for (const hour of hours)
		await db.owner.query(
			`with slot as (insert into public.slots (session_id, summit_id, during)
				select $1, $2, tstzrange(began, began + interval '30 minutes') from (select date_trunc('hour', now()) + ($4 + 48) * interval '1 hour' as began) as b returning id, during)
			insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $3, $2, during from slot`,
			[session, world.summit, world.room, hour]
		);
}

const names = (events: Event[] | null) => (events ?? []).map(({ uid }) => uid);
const numbers = (events: Event[] | null) => (events ?? []).map(({ sequence }) => sequence);

describe('the events of a release', () => {
	test('are identified by their session, and a release that changes none of them changes no sequence number', async () => {
		const { id } = world.sessions.public;
		const [first] = (await eventsOf(id)) ?? [];
		expect([first?.uid, first?.sequence]).toEqual([id, 1]);
		await db.owner.query(`update public.sessions set title = '{"original":"en","en":"Other"}' where id = $1`, [
			world.sessions.members.id
		]);
		expect(await publish()).toBe(2);
		expect(await eventsOf(id)).toEqual([first]);
		expect(numbers(await eventsOf(world.sessions.members.id))).toEqual([2]);
	});

	test('keep their identifiers when a session is moved, split, joined, removed and put back', async () => {
		const { id } = world.sessions.public;
		await db.owner.query(
			`update public.slots set during = tstzrange(lower(during) + interval '40 days', upper(during) + interval '40 days') where session_id = $1`,
			[id]
		);
		await publish();
		expect([names(await eventsOf(id)), numbers(await eventsOf(id))]).toEqual([[id], [2]]);
		// Another slot replaces it, as when a session is removed from the grid and put back elsewhere.
		await place(id, [1]);
		await publish();
		expect([names(await eventsOf(id)), numbers(await eventsOf(id))]).toEqual([[id], [3]]);
		await place(id, [1, 5]);
		await publish();
		const two = names(await eventsOf(id));
		expect([two[0], new Set(two).size]).toEqual([id, 2]);
		await place(id, [5]);
		await publish();
		expect(names(await eventsOf(id))).toEqual([id]);
		await place(id, [2, 6]);
		await publish();
		// The second identifier returns, and no identifier is ever used for two events.
		expect(names(await eventsOf(id))).toEqual(two);
		await db.owner.query(`update public.sessions set state = 'draft' where id = $1`, [id]);
		await publish();
		expect(names(await eventsOf(id))).toEqual([]);
		await db.owner.query(`update public.sessions set state = 'confirmed' where id = $1`, [id]);
		expect(await publish()).toBe(8);
		expect([names(await eventsOf(id)), numbers(await eventsOf(id))]).toEqual([two, [8, 8]]);
	});

	test('keep the identifier of a cancelled session, raise its sequence number once, and never lower it', async () => {
		const { id } = world.sessions.public;
		await db.owner.query(`update public.sessions set state = 'cancelled', updated_at = now() where id = $1`, [id]);
		expect([names(await eventsOf(id)), numbers(await eventsOf(id))]).toEqual([[id], [1]]);
		await publish();
		expect([names(await eventsOf(id)), numbers(await eventsOf(id))]).toEqual([[id], [2]]);
		await publish();
		expect(numbers(await eventsOf(id))).toEqual([2]);
	});

	test('change when a speaker changes', async () => {
		const { id } = world.sessions.public;
		await db.owner.query(`update public.session_people set state = 'declined' where session_id = $1`, [id]);
		await publish();
		expect(numbers(await eventsOf(id))).toEqual([2]);
	});

	test('keep one identifier in each release when organisers publish at once', async () => {
		const many = await Promise.all(Array.from({ length: 8 }, () => db.connect()));
		await Promise.all(
			many.map((connection) =>
				actAs(connection, world.people.programme, 'select public.publish_release($1)', [world.summit])
			)
		);
		await Promise.all(many.map((connection) => connection.end()));
		const { rows } = await db.owner.query<{ releases: string; names: string }>(
			`select count(distinct r.number) as releases, count(distinct e.uid) as names from public.releases as r
			join private.release_events as e on e.release_id = r.id where r.summit_id = $1`,
			[world.summit]
		);
		expect(rows).toEqual([{ releases: '9', names: '4' }]);
		expect(numbers(await eventsOf(world.sessions.public.id))).toEqual([1]);
	});
});

describe('the content of a feed', () => {
	const feed = async () =>
		(
			await actAs<{ feed: { sessions: { id: string }[]; events: Record<string, Event[]> } }>(
				db.owner,
				world.people.programme,
				'select public.read_public_feed($1) as feed',
				[world.summit]
			)
		)[0]?.feed;

	test('the public feed contains what a signed-out reader may see, for every reader', async () => {
		const found = await feed();
		expect(found?.sessions.map(({ id }) => id)).toEqual([world.sessions.public.id]);
		expect(Object.keys(found?.events ?? {})).toEqual([world.sessions.public.id]);
	});

	test('events of a session are sent to everybody who may see it', async () => {
		const viewOf = async (who: PersonKind | null) =>
			inTurn(
				['public', 'members', 'chatham_house', 'closed', 'draft'] as const,
				async (level) => (await eventsOf(world.sessions[level].id, who))?.length ?? null
			);
		expect(await viewOf(null)).toEqual([1, null, null, null, null]);
		expect(await viewOf('newcomer')).toEqual([1, null, null, null, null]);
		expect(await viewOf('delegate')).toEqual([1, 1, 1, null, null]);
		expect(await viewOf('listed')).toEqual([1, 1, 1, 1, null]);
		expect(await viewOf('programme')).toEqual([1, 1, 1, 1, 0]);
		expect(await viewOf('owner')).toEqual([1, 1, 1, null, 0]);
	});
});

describe('a personal link', () => {
	test('answers nothing when unknown, and says when it was ended or has expired', async () => {
		const app = await db.connect(db.appUrl);
		const open = async (token: string) =>
			(
				await app.query<{ found: { status: string; slug?: string } | null }>(
					`select private.read_personal_feed(decode($1, 'hex')) as found`,
					[token]
				)
			).rows[0]?.found ?? null;
		const token = world.summit.replaceAll('-', '').repeat(2);
		expect(await open(token)).toBe(null);
		await actAs(db.owner, world.people.delegate, 'select public.create_calendar_link($1, $2)', [world.summit, token]);
		expect(await open(token)).toMatchObject({ status: 'ok', slug: world.slug });
		await db.owner.query(
			`update private.personal_links set expires_at = now() - interval '1 second' where kind = 'calendar' and summit_id = $1`,
			[world.summit]
		);
		expect(await open(token)).toEqual({ status: 'ended', person: world.people.delegate.person });
		await app.end();
	});

	test('a star, a renewed link and an added audience send an event at once', async () => {
		const received: { topic: string; kind: string }[] = [];
		const listener = await db.connect();
		listener.on('notification', ({ payload }) =>
			received.push(JSON.parse(payload ?? '{}') as { topic: string; kind: string })
		);
		await listener.query('listen live_events');
		const { person } = world.people.delegate;
		const viewOf = async () => {
			await listener.query('select 1');
			return received.splice(0).map(({ topic, kind }) => `${topic === `person:${person}` ? 'me' : topic} ${kind}`);
		};
		const act = (sql: string, ...values: unknown[]) => actAs(db.owner, world.people.delegate, sql, values);
		await act('select public.mark_session($1, true)', world.sessions.public.id);
		expect(await viewOf()).toEqual(['me marks']);
		await act('select public.mark_session($1, false)', world.sessions.public.id);
		expect(await viewOf()).toEqual(['me marks']);
		await act('select public.create_calendar_link($1, $2)', world.summit, world.slug.slice(2).repeat(8));
		expect(await viewOf()).toEqual(['me calendar']);
		await act('select public.revoke_calendar_link($1)', world.summit);
		expect(await viewOf()).toEqual(['me calendar']);
		await actAs(db.owner, world.people.programme, 'select public.add_to_audience($1, $2)', [
			world.sessions.closed.id,
			person
		]);
		expect(await viewOf()).toContain('site changed');
		await listener.end();
	});
});
