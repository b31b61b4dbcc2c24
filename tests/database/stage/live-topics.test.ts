/*
 * Live events of a run contain what their readers may see, are read once, and end for people who may no longer watch.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { closeListener, eventListener } from '../../../src/lib/live/server/listener.ts';
import {
	closeStreams,
	endUnauthorisedStreams,
	guardsOf,
	eventStream,
	openStreams
} from '../../../src/lib/live/server/stream.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	process.env['APP_DATABASE_URL'] = db.appUrl;
	// In place of a caption: the text of a note, for its run alone, and a row for each reading.
	await db.owner.query(`
		create table private.notes (id uuid primary key default gen_random_uuid(), run_id uuid not null, body text not null);
		create table private.readings (at timestamptz default now());
		create or replace function private.caption_event(p_run uuid, p_id uuid) returns jsonb language plpgsql security definer set search_path = '' as $$
		begin
			insert into private.readings default values;
			return (select jsonb_build_object('id', n.id, 'language', 'en', 'number', 1, 'starts', 0, 'ends', 1, 'words', n.body,
				'is_final', true, 'is_corrected', false)
			from private.notes as n where n.id = p_id and n.run_id = p_run);
		end $$`);
	await vi.waitFor(() => expect(eventListener()?.connected()).toBe(true));
});
beforeEach(async () => {
	world = await makeWorld(db.owner);
});
afterEach(() => closeStreams());
afterAll(async () => {
	await closeListener();
	await closePool();
});

interface Hearing {
	received: Record<string, unknown>[];
	ended: Promise<void>;
}

async function listening(who: TestPerson | null, kind = 'run', topics = [`${kind}:${world.run}`]): Promise<Hearing> {
	const holder = { address: '192.0.2.1', account: who?.account ?? null, session: null, person: who?.person ?? null };
	const reader = eventStream(topics, null, holder, await guardsOf(topics, holder))?.body?.getReader();
	if (!reader) throw new Error('refused');
	const received: Record<string, unknown>[] = [];
	const ended = (async () => {
		for (let part = await reader.read(); !part.done; part = await reader.read()) {
			const text = new TextDecoder().decode(part.value);
			if (text.startsWith('data: ')) received.push(JSON.parse(text.slice(6)) as Record<string, unknown>);
		}
	})();
	return { received, ended };
}

// Events from making the world may still arrive.
const notesOf = ({ received }: Hearing) => received.filter(({ kind }) => kind === 'caption');

async function note(body: string): Promise<string> {
	const { rows } = await db.owner.query<{ id: string }>(
		`with made as (insert into private.notes (run_id, body) values ($1, $2) returning id)
		select id, private.publish_event('run:' || $1, 'caption', id) from made`,
		[world.run, body]
	);
	return rows[0]?.id ?? '';
}

test('two hundred readers get a change with its content from one reading', async () => {
	await db.owner.query('delete from private.readings');
	const readers = await Promise.all(Array.from({ length: 200 }, () => listening(null)));
	const id = await note('first');
	const expected = {
		topic: `run:${world.run}`,
		kind: 'caption',
		id,
		content: expect.objectContaining({ words: 'first' }) as object,
		at: expect.any(Number) as number,
		sequence: expect.any(Number) as number
	};
	await vi.waitFor(() => expect(readers.map(notesOf)).toEqual(readers.map(() => [expected])));
	expect((await db.owner.query('select count(*)::int as n from private.readings')).rows).toEqual([{ n: 1 }]);
});

test('a removed row arrives as empty, and a change in a run without subscribers is not read', async () => {
	const reader = await listening(world.people.virtual);
	const id = await note('second');
	await vi.waitFor(() => expect(notesOf(reader)).toHaveLength(1));
	await db.owner.query(
		`with gone as (delete from private.notes where id = $1 returning id) select private.publish_event('run:' || $2, 'caption', id) from gone`,
		[id, world.run]
	);
	await vi.waitFor(() => expect(notesOf(reader)[1]).toMatchObject({ id, content: null }));
	await db.owner.query('delete from private.readings');
	await db.owner.query(`select private.publish_event('run:' || gen_random_uuid(), 'caption', gen_random_uuid())`);
	await note('third');
	await vi.waitFor(() => expect(notesOf(reader)).toHaveLength(3));
	expect((await db.owner.query('select count(*)::int as n from private.readings')).rows).toEqual([{ n: 1 }]);
});

test('a bar, a raised level and a changed audience end subscriptions without rights, and the periodic check finds the rest', async () => {
	const { people, sessions, summit } = world;
	const barred = await listening(people.virtual);
	const other = await listening(null);
	const entitled = await listening(people.delegate);
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id, session_id) values ($1, $2, $3)`, [
		summit,
		people.virtual.person,
		sessions.public.id
	]);
	await barred.ended;
	expect(openStreams()).toBe(2);
	await db.owner.query(`update public.sessions set audience = 'registered' where id = $1`, [sessions.public.id]);
	await other.ended;
	expect(openStreams()).toBe(1);
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
		sessions.public.id
	]);
	await entitled.ended;
	await db.owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	const stale = await listening(people.newcomer);
	await listening(people.listed);
	await endUnauthorisedStreams();
	await stale.ended;
	expect(openStreams()).toBe(1);
});

test('a raised level is sent to everybody before anything is read; the new state of the stage only to people who may still enter', async () => {
	const { people, sessions } = world;
	const topics = [`run:${world.run}`, `session:${sessions.public.id}`];
	const [visitor, delegate] = [await listening(null, 'run', topics), await listening(people.delegate, 'run', topics)];
	await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	await visitor.ended;
	const isAnyStage = ({ topic, kind }: Record<string, unknown>) => topic === `run:${world.run}` && kind === 'stage';
	// Events from making the world may come first, at the former level.
	const isStage = (event: Record<string, unknown>) =>
		isAnyStage(event) && (event['content'] as { session: { level: string } } | null)?.session.level === 'members';
	await vi.waitFor(() => expect(delegate.received.some(isStage)).toBe(true));
	const order = delegate.received.map((event) =>
		isStage(event) ? 'content' : event['kind'] === 'rights' ? 'rights' : 'other'
	);
	expect(order.indexOf('rights')).toBeGreaterThanOrEqual(0);
	expect(order.indexOf('rights')).toBeLessThan(order.indexOf('content'));
	expect(visitor.received.some(({ kind }) => kind === 'rights')).toBe(true);
	expect(visitor.received.filter(isStage)).toEqual([]);
	expect(openStreams()).toBe(1);
});

test('every change of a stage contains the stage, each numbered after the one before', async () => {
	const reader = await listening(world.people.virtual);
	const chair = world.people.stage;
	for (const layout of ['panel', 'slides', 'speaker']) {
		await actAs(db.owner, chair, 'select public.set_stage_layout($1, $2)', [world.run, layout]);
		await vi.waitFor(() =>
			expect(reader.received.at(-1)).toMatchObject({ kind: 'stage', content: { flow: { layout } } })
		);
	}
	const numbers = reader.received.map(({ sequence }) => Number(sequence));
	expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
});

test('people who may enter its stream subscribe to a run; people who run it subscribe to its desk', async () => {
	const allowed = async (who: TestPerson | null) =>
		(
			await actAs<{ topics: string[] }>(db.owner, who, 'select public.allowed_topics($1) as topics', [
				[`run:${world.run}`, `desk:${world.run}`, `run:${world.summit}`, `desk:${world.summit}`]
			])
		)[0]?.topics;
	const both = [`run:${world.run}`, `desk:${world.run}`];
	await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		world.sessions.public.id
	]);
	const allowedTopics: Record<string, string[] | undefined> = { visitor: await allowed(null) };
	for (const kind of personKinds) allowedTopics[kind] = await allowed(world.people[kind]);
	const run = [`run:${world.run}`];
	expect(Object.fromEntries(Object.entries(allowedTopics).filter(([, topics]) => topics?.length))).toEqual({
		delegate: run,
		virtual: run,
		speaker: run,
		listed: run,
		stage: both,
		safeguarding: run,
		// An owner runs it without being in its audience.
		owner: [`desk:${world.run}`]
	});
});

test('the start of a session for registered people is sent to them only, as an event of the Summit', async () => {
	const { people, sessions, summit } = world;
	const listener = await db.connect();
	const expected: string[] = [];
	listener.on('notification', ({ payload = '' }) => {
		const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
		if (kind === 'run' && !topic.startsWith('session:')) expected.push(topic);
	});
	await listener.query('listen live_events');
	const runs = async (level: 'members' | 'chatham_house' | 'closed' | 'public') => {
		expected.length = 0;
		await db.owner.query(
			`update public.runs set state = 'ended', ended_at = now() where summit_id = $1 and state <> 'ended'`,
			[summit]
		);
		await listener.query('select 1');
		expected.length = 0;
		await db.owner.query(
			`insert into public.runs (session_id, summit_id, room_id, level) values ($1, $2, $3, $4::public.confidentiality)`,
			[sessions[level].id, summit, world.room, level]
		);
		await listener.query('select 1');
		return [...expected];
	};
	const [everybodys, registered] = [`summit:${summit}`, `registered:${summit}`];
	expect(await runs('members')).toEqual([registered]);
	expect(await runs('chatham_house')).toEqual([registered]);
	expect(await runs('closed')).toEqual([]);
	expect(await runs('public')).toEqual([everybodys]);
	// When the level is raised the event disappears for everybody, and appears for registered people.
	expected.length = 0;
	await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	await listener.query('select 1');
	expect(expected.toSorted()).toEqual([registered, everybodys]);

	const allowedTopics = [];
	for (const kind of personKinds) {
		const [row] = await actAs(db.owner, people[kind], `select public.may_subscribe_registered($1) as hears`, [summit]);
		if (row?.['hears'] === true) allowedTopics.push(kind);
	}
	expect(allowedTopics.toSorted()).toEqual(
		['delegate', 'listed', 'owner', 'programme', 'safeguarding', 'speaker', 'stage', 'virtual'].toSorted()
	);
	await expect(actAs(db.owner, null, `select public.may_subscribe_registered($1)`, [summit])).rejects.toThrow(
		'permission denied'
	);
	const asked = [`registered:${summit}`];
	const [allowed] = await actAs(db.owner, people.newcomer, `select public.allowed_topics($1) as topics`, [asked]);
	expect(allowed?.['topics']).toEqual([]);

	const listen = (who: TestPerson) => {
		const holder = { address: '192.0.2.1', account: who.account, session: null, person: who.person };
		const reader = eventStream([everybodys, registered], null, holder)?.body?.getReader();
		if (!reader) throw new Error('refused');
		const received: unknown[] = [];
		const ended = (async () => {
			for (let part = await reader.read(); !part.done; part = await reader.read()) {
				const text = new TextDecoder().decode(part.value);
				if (text.startsWith('data: ')) received.push(JSON.parse(text.slice(6)));
			}
		})();
		return { received, ended };
	};
	const [stays, leaves] = [listen(people.delegate), listen(people.newcomer)];
	await db.owner.query(`select private.publish_event($1, 'run')`, [registered]);
	await expect.poll(() => stays.received).toEqual([expect.objectContaining({ topic: everybodys, kind: 'run' })]);
	await endUnauthorisedStreams();
	await leaves.ended;
	expect(openStreams()).toBe(1);
});
