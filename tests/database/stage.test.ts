import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { actAs, makeSomebody, makeWorld, type Somebody, type World } from '../fixtures/world.ts';

let db: TestDatabase;
let owner: pg.Client;
let app: pg.Client;
let world: World;
let chair: Somebody;
let code: (who: Somebody) => Promise<string>;

beforeAll(async () => {
	db = await startDatabase();
	owner = await db.connect();
	app = await db.connect(db.appUrl);
	code = (who) => one<string>(owner, `select code from public.people where id = $1`, [who.person]);
});
afterAll(() => db.stop());

beforeEach(async () => {
	world = await makeWorld(owner);
	chair = await makeSomebody(owner, 'Person chair');
	for (const level of ['public', 'members', 'chatham_house', 'closed'] as const) await join(chair, 'chair', level);
});

async function one<Value>(client: pg.Client, sql: string, values: unknown[] = []): Promise<Value> {
	const { rows } = await client.query(sql, values);
	return Object.values((rows[0] ?? {}) as Record<string, unknown>)[0] as Value;
}

async function ask<Value>(who: Somebody | null, sql: string, values: unknown[] = []): Promise<Value> {
	const rows = await actAs(owner, who, sql, values);
	return Object.values((rows[0] ?? {}) as Record<string, unknown>)[0] as Value;
}

function join(who: Somebody, role: string, level: keyof World['sessions']) {
	return owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, $4, 'confirmed')`,
		[world.sessions[level].id, world.summit, who.person, role]
	);
}

interface Pass {
	status: string;
	run?: string;
	room?: string;
	identity?: string | null;
	publish?: string[];
}

function pass(who: Somebody | null, purpose = 'stage', session: string | null = null): Promise<Pass> {
	return one(app, `select private.stage_pass($1, $2, 'plenary', $3, $4)`, [
		who?.person ?? null,
		world.summit,
		purpose,
		session
	]);
}

function openRun(who: Somebody, level: keyof World['sessions']): Promise<{ status: string; run?: string }> {
	return ask(who, `select public.open_run($1)`, [world.sessions[level].id]);
}

const setState = (who: Somebody, run: string | undefined, state: string) =>
	ask<string>(who, `select public.set_run_state($1, $2)`, [run, state]);
const setOnStage = async (who: Somebody, run: string | undefined, whom: Somebody, on: boolean) =>
	ask<string>(who, `select public.set_on_stage($1, $2, $3)`, [run, await code(whom), on]);

function rights(room: string | undefined, ...identities: (string | null | undefined)[]) {
	return one<{ is_known: boolean; is_open?: boolean; strangers?: boolean; rights?: Record<string, string[] | null> }>(
		app,
		`select private.room_rights($1, $2)`,
		[room, identities]
	);
}

async function liveMembersRun(): Promise<string> {
	const { run } = await openRun(chair, 'members');
	// The world's own run is on air in that room.
	await setState(world.people.stage, world.run, 'ended');
	expect(await setState(chair, run, 'live')).toBe('ok');
	return run ?? '';
}

describe('passes', () => {
	test('follow can_enter and the role of the moment', async () => {
		const { people } = world;
		expect(await pass(null)).toMatchObject({ status: 'ok', identity: null, publish: [], run: world.run });
		expect(await pass(people.delegate)).toMatchObject({ status: 'ok', publish: [], run: world.run });
		const run = await liveMembersRun();
		expect(await pass(null)).toEqual({ status: 'none' });
		expect(await pass(people.newcomer)).toEqual({ status: 'none' });
		expect(await pass(people.waiting)).toEqual({ status: 'none' });
		expect(await pass(people.virtual)).toMatchObject({ status: 'ok', publish: [], run });
		expect(await pass(people.stage)).toMatchObject({ status: 'ok', publish: [], run });
		// Owners see the session and may run it; they watch it like anybody, with a registration.
		expect(await pass(people.owner)).toEqual({ status: 'not_registered' });
	});

	test('only who is on stage publishes, and only while it is live', async () => {
		const { run } = await openRun(chair, 'members');
		await setState(world.people.stage, world.run, 'ended');
		const code = world.sessions.members.code;
		expect(await setOnStage(chair, run, chair, true)).toBe('ok');
		const waiting = await pass(chair, 'stage', code);
		expect(waiting.publish).toEqual([]);
		await setState(chair, run, 'live');
		expect((await pass(chair, 'stage', code)).publish).toEqual(['camera', 'microphone', 'screen']);
		await setState(chair, run, 'paused');
		expect((await rights(waiting.room, waiting.identity)).rights).toEqual({ [waiting.identity ?? '']: [] });
		await setState(chair, run, 'live');
		await setOnStage(chair, run, chair, false);
		expect((await pass(chair, 'stage', code)).publish).toEqual([]);
		await setState(chair, run, 'ended');
		expect(await pass(chair, 'stage', code)).toEqual({ status: 'none' });
		expect(await rights(waiting.room, waiting.identity)).toMatchObject({
			is_known: true,
			is_open: false,
			rights: { [waiting.identity ?? '']: null }
		});
	});

	test('the green room is for the people of the session and those who run it', async () => {
		await liveMembersRun();
		const { people } = world;
		expect((await pass(chair, 'green_room')).publish).toEqual(['camera', 'microphone']);
		expect((await pass(people.stage, 'green_room')).publish).toEqual(['camera', 'microphone']);
		expect(await pass(people.delegate, 'green_room')).toEqual({ status: 'not_backstage' });
		expect(await pass(null, 'green_room')).toEqual({ status: 'none' });
	});

	test('a closed session on air is nothing at all to who does not see it', async () => {
		await setState(world.people.stage, world.run, 'ended');
		const { run } = await openRun(world.people.stage, 'closed');
		await setState(world.people.stage, run, 'live');
		const { people, summit } = world;
		const empty = { room: { slug: 'plenary' }, run: null, session: null, on_stage: null, people: null };
		for (const who of [null, people.delegate, people.owner, people.registration]) {
			expect(await pass(who)).toEqual({ status: 'none' });
			expect(await ask(who, `select public.read_stage($1, 'plenary')`, [summit])).toMatchObject(empty);
			expect(await ask(who, `select public.on_now($1)`, [summit])).toEqual([]);
		}
		expect(await pass(people.listed)).toMatchObject({ status: 'ok', publish: [] });
		expect(await ask(people.listed, `select public.read_stage($1, 'plenary')`, [summit])).toMatchObject({
			run: { id: run },
			people: null,
			may_run: false
		});
		expect(await ask(people.owner, `select public.set_run_state($1, 'ended')`, [run])).toBe('not_found');
	});
});

describe('running a stage', () => {
	test('hosts and stage organisers do, nobody else', async () => {
		const { people } = world;
		for (const who of [
			people.newcomer,
			people.delegate,
			people.speaker,
			people.programme,
			people.door,
			people.safeguarding
		]) {
			expect(await setState(who, world.run, 'paused')).toBe('not_found');
			expect(
				await ask(who, `select public.bar_from_session($1, $2, true)`, [world.sessions.public.id, await code(chair)])
			).toBe(who === people.safeguarding ? 'ok' : 'not_found');
		}
		expect(await openRun(people.delegate, 'members')).toEqual({ status: 'not_found' });
		expect(await setState(people.stage, world.run, 'paused')).toBe('ok');
		expect(await setState(people.stage, world.run, 'paused')).toBe('already');
		expect(await setState(people.stage, world.run, 'waiting')).toBe('not_possible');
		expect(await setState(people.stage, world.run, 'ended')).toBe('ok');
		expect(await setState(people.stage, world.run, 'live')).toBe('not_possible');
	});

	test('a room has one run on air, and the next waits beside it', async () => {
		const next = await openRun(chair, 'members');
		expect(next.status).toBe('ok');
		expect(await openRun(chair, 'members')).toEqual(next);
		expect(await setState(chair, next.run, 'live')).toBe('room_busy');
		expect(await pass(world.people.delegate)).toMatchObject({ run: world.run });
		await setState(chair, world.run, 'ended');
		expect(await setState(chair, next.run, 'live')).toBe('ok');
		expect(await pass(world.people.delegate)).toMatchObject({ run: next.run });
	});

	test('two who open the same stage at once open one', async () => {
		const other = await db.connect();
		const [first, second] = await Promise.all([
			openRun(chair, 'members'),
			actAs(other, world.people.stage, `select public.open_run($1)`, [world.sessions.members.id])
		]);
		expect(second[0]).toEqual({ open_run: first });
	});

	test('opens in the agenda’s room for a host, and elsewhere only for a stage organiser', async () => {
		const elsewhere = await one<string>(
			owner,
			`insert into public.rooms (summit_id, slug, name) values ($1, 'annex', '{"original":"en","en":"Annex"}') returning id`,
			[world.summit]
		);
		const roomOf = async (who: Somebody, level: keyof World['sessions']) => {
			const { run } = await ask<{ run: string }>(who, `select public.open_run($1, $2)`, [
				world.sessions[level].id,
				elsewhere
			]);
			return one<string>(owner, `select room_id from public.runs where id = $1`, [run]);
		};
		expect(await roomOf(chair, 'members')).toBe(world.room);
		expect(await roomOf(world.people.stage, 'chatham_house')).toBe(elsewhere);
	});

	test('speakers go on and off by themselves, hosts decide for all, delegates never come on', async () => {
		const { people } = world;
		expect(await setOnStage(people.speaker, world.run, people.speaker, true)).toBe('ok');
		expect(await setOnStage(people.speaker, world.run, chair, true)).toBe('not_found');
		expect(await setOnStage(people.delegate, world.run, people.delegate, true)).toBe('not_a_speaker');
		expect(await setOnStage(chair, world.run, people.delegate, true)).toBe('not_a_speaker');
		expect(await setOnStage(people.stage, world.run, people.stage, true)).toBe('not_a_speaker');
		expect(await setOnStage(chair, world.run, people.speaker, false)).toBe('ok');
		expect(await setOnStage(people.speaker, world.run, people.speaker, true)).toBe('kept_off');
		expect(await setOnStage(people.speaker, world.run, people.speaker, false)).toBe('already');
		expect(await setOnStage(people.speaker, world.run, people.speaker, true)).toBe('kept_off');
		expect(await setOnStage(chair, world.run, people.speaker, true)).toBe('ok');
		const stage = await ask<{ on_stage: object[] }>(null, `select public.read_stage($1, 'plenary')`, [world.summit]);
		expect(stage.on_stage).toEqual([expect.objectContaining({ display_name: people.speaker.name, role: 'speaker' })]);
	});

	test('who declines or loses the part is off the stage at once', async () => {
		const { people } = world;
		await setOnStage(people.speaker, world.run, people.speaker, true);
		const { room, identity } = await pass(people.speaker);
		expect((await rights(room, identity)).rights).toEqual({ [identity ?? '']: ['camera', 'microphone', 'screen'] });
		await owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [
			people.speaker.person
		]);
		expect((await rights(room, identity)).rights).toEqual({ [identity ?? '']: [] });
		const stage = await ask<{ on_stage: object[] }>(null, `select public.read_stage($1, 'plenary')`, [world.summit]);
		expect(stage.on_stage).toEqual([]);
	});
});

describe('leaving nothing behind', () => {
	test('a bar closes the room names that the person may know', async () => {
		const { people } = world;
		const before = await pass(people.delegate);
		expect(
			await ask(chair, `select public.bar_from_session($1, $2, true)`, [
				world.sessions.public.id,
				await code(people.delegate)
			])
		).toBe('ok');
		expect(
			await ask(chair, `select public.bar_from_session($1, $2, true)`, [
				world.sessions.public.id,
				await code(people.stage)
			])
		).toBe('not_found');
		expect(await pass(people.delegate)).toEqual({ status: 'barred' });
		expect(await rights(before.room, before.identity)).toMatchObject({ is_open: false });
		const after = await pass(people.virtual);
		expect(after.room).not.toBe(before.room);
		expect((await rights(after.room, before.identity)).rights).toEqual({ [before.identity ?? '']: null });
		// A host who is barred by an organiser runs nothing any more.
		expect(
			await ask(people.stage, `select public.bar_from_session($1, $2, true)`, [
				world.sessions.public.id,
				await code(chair)
			])
		).toBe('ok');
		expect(await setState(chair, world.run, 'ended')).toBe('not_found');
	});

	test('a raised level moves the run, a lowered one opens nothing', async () => {
		const { people, sessions } = world;
		const stranger = await pass(null);
		const before = await pass(people.virtual);
		expect((await rights(before.room)).strangers).toBe(true);
		await owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
			sessions.public.id
		]);
		expect(await one(owner, `select level from public.runs where id = $1`, [world.run])).toBe('chatham_house');
		expect(await rights(stranger.room)).toMatchObject({ is_open: false });
		expect(await pass(null)).toEqual({ status: 'none' });
		const after = await pass(people.virtual);
		expect(after.room).not.toBe(before.room);
		await owner.query(`update public.sessions set level = 'members' where id = $1`, [sessions.public.id]);
		expect(await one(owner, `select level from public.runs where id = $1`, [world.run])).toBe('chatham_house');
		expect((await pass(people.virtual)).room).toBe(after.room);
	});

	test('whoever hears a session is asked again when fewer people may', async () => {
		const { sessions } = world;
		const listener = await db.connect();
		const heard: string[] = [];
		listener.on('notification', ({ payload = '' }) => {
			const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
			if (kind === 'rights') heard.push(topic);
		});
		await listener.query('listen news');
		await owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [sessions.members.id]);
		await owner.query(`delete from public.session_audiences where session_id = $1`, [sessions.closed.id]);
		await owner.query(`update public.sessions set level = 'members' where id = $1`, [sessions.members.id]);
		await owner.query(`notify news, '{"topic":"end","kind":"rights"}'`);
		await expect.poll(() => heard).toEqual([`session:${sessions.members.id}`, `session:${sessions.closed.id}`, 'end']);
	});

	test('nobody can read the names of rooms or identities', async () => {
		await pass(world.people.delegate);
		for (const table of ['run_rooms', 'run_participants', 'run_connections'])
			await expect(actAs(owner, world.people.stage, `select * from private.${table}`)).rejects.toThrow(
				/permission denied/
			);
		await expect(app.query(`select * from private.run_rooms`)).rejects.toThrow(/permission denied/);
	});

	test('the audit does not list who watches', async () => {
		await pass(world.people.delegate);
		await pass(chair);
		const rows = await owner.query(`select person_id from audit.entries where table_name = 'private.run_participants'`);
		const watched = rows.rows.map((row: { person_id: string }) => row.person_id);
		expect(watched).not.toContain(world.people.delegate.person);
		expect(watched).toContain(chair.person);
	});
});

describe('presence', () => {
	const at = (minute: number, second = 0) => new Date(Date.UTC(2027, 5, 9, 10, minute, second)).toISOString();
	const event = (
		room: string | undefined,
		sid: string,
		identity: string | null | undefined,
		joined: string,
		left: string | null
	) => one<number>(app, `select private.apply_livekit_event($1, $2, $3, $4, $5)`, [room, sid, identity, joined, left]);
	const kept = async (who: Somebody) =>
		(
			await owner.query<{ entered_at: Date; left_at: Date | null }>(
				`select entered_at, left_at from public.presence where person_id = $1 and kind = 'stream' order by entered_at`,
				[who.person]
			)
		).rows.map(({ entered_at, left_at }) => [entered_at.toISOString(), left_at?.toISOString() ?? null]);

	test('is the same in any order and however often it is told', async () => {
		const told: [string, string, string | null][] = [
			['PA_a', at(0), null],
			['PA_a', at(0), at(10)],
			['PA_b', at(10, 20), null],
			['PA_b', at(10, 20), at(20)],
			['PA_c', at(40), null],
			['PA_c', at(40), at(50)]
		];
		const orders = [told, [...told].reverse(), [...told, ...told], told.filter(([, , left]) => left)];
		for (const [index, order] of orders.entries()) {
			const who = [world.people.delegate, world.people.virtual, world.people.listed, world.people.speaker][
				index
			] as Somebody;
			const { room, identity } = await pass(who);
			for (const [sid, joined, left] of order) await event(room, `${sid}${index}${world.slug}`, identity, joined, left);
			expect(await kept(who)).toEqual([
				[at(0), at(20)],
				[at(40), at(50)]
			]);
		}
	});

	test('ends with the run, and by the list when the webhook never came', async () => {
		const first = await pass(world.people.delegate);
		const second = await pass(world.people.virtual);
		await event(first.room, `PA_1${world.slug}`, first.identity, at(0), null);
		expect(await kept(world.people.delegate)).toEqual([[at(0), null]]);
		const list = (minute: number, ...present: [string, string | null | undefined][]) =>
			app.query(`select private.note_list($1, $2, $3)`, [
				first.room,
				JSON.stringify(present.map(([sid, identity]) => ({ sid, identity, joined_at: at(1) }))),
				at(minute)
			]);
		// The second was never announced; the first leaves without a word.
		await list(2, [`PA_1${world.slug}`, first.identity], [`PA_2${world.slug}`, second.identity]);
		await list(3, [`PA_2${world.slug}`, second.identity]);
		expect(await kept(world.people.delegate)).toEqual([[at(0), at(2)]]);
		expect(await kept(world.people.virtual)).toEqual([[at(1), null]]);
		await setState(world.people.stage, world.run, 'ended');
		expect((await kept(world.people.virtual))[0]?.[1]).not.toBeNull();
	});

	test('knows no stranger, no other room, and nobody at a level that names nobody', async () => {
		const { people, sessions } = world;
		const { room, identity } = await pass(people.delegate);
		expect(await event(room, 'PA_x', 'somebody', at(0), null)).toBe(0);
		expect(await event('no such room', 'PA_x', identity, at(0), null)).toBe(0);
		await owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
			sessions.public.id
		]);
		const confidential = await pass(people.delegate);
		await event(confidential.room, `PA_y${world.slug}`, confidential.identity, at(0), null);
		expect(await kept(people.delegate)).toEqual([]);
		await setState(people.stage, world.run, 'ended');
		expect(
			await one(owner, `select count(*)::int from private.run_participants where run_id = $1 and role = 'viewer'`, [
				world.run
			])
		).toBe(0);
		expect(await one(owner, `select count(*)::int from private.run_connections where run_id = $1`, [world.run])).toBe(
			0
		);
	});

	test.each(['chatham_house', 'closed'] as const)(
		'is sealed by raising the level to %s, of runs that are over too, and stays so',
		async (level) => {
			const { people, sessions, summit, run } = world;
			const readers = [
				people.delegate,
				people.virtual,
				people.stage,
				people.programme,
				people.safeguarding,
				people.owner
			];
			const visible = async () =>
				readers.reduce(
					async (sum, who) => (await sum) + (await actAs(owner, who, `select id from public.presence`)).length,
					Promise.resolve(0)
				);
			const inPublic = () =>
				one<number>(owner, `select count(*)::int from public.presence where summit_id = $1`, [summit]);
			const setLevel = (to: string) =>
				owner.query(
					`update public.sessions set level = $2::public.confidentiality, audience = $3::public.session_audience where id = $1`,
					[sessions.public.id, to, to === 'closed' ? 'listed' : to === 'public' ? 'everyone' : 'registered']
				);
			const first = await pass(people.delegate);
			await event(first.room, `PA_1${world.slug}`, first.identity, at(0), at(10));
			await setState(people.stage, run, 'ended');
			const again = (await openRun(people.stage, 'public')).run;
			await setState(people.stage, again, 'live');
			const second = await pass(people.virtual);
			await event(second.room, `PA_2${world.slug}`, second.identity, at(20), null);
			// Whoever came through the door of the building came to no session.
			await owner.query(
				`insert into public.presence (summit_id, person_id, kind, source) values ($1, $2, 'door', 'badge')`,
				[summit, people.virtual.person]
			);
			expect([await visible(), await inPublic()]).toEqual([3, 3]);
			await setLevel(level);
			expect([await visible(), await inPublic()]).toEqual([1, 1]);
			expect(
				await one(owner, `select count(*)::int from private.sealed_presence where session_id = $1`, [
					sessions.public.id
				])
			).toBe(2);
			// What is told late of the old runs, the end of the run that is on, and a lower level bring nothing back.
			await event(first.room, `PA_1${world.slug}`, first.identity, at(0), at(15));
			await event(second.room, `PA_2${world.slug}`, second.identity, at(20), at(25));
			await setLevel('public');
			await event(second.room, `PA_2${world.slug}`, second.identity, at(20), at(30));
			await setState(people.stage, again, 'ended');
			expect([await visible(), await inPublic()]).toEqual([1, 1]);
			expect(
				await one(
					owner,
					`select count(*)::int from private.run_participants where run_id in ($1, $2) and role = 'viewer'`,
					[run, again]
				)
			).toBe(0);
			for (const who of readers)
				await expect(actAs(owner, who, `select * from private.sealed_presence`)).rejects.toThrow('permission denied');
		}
	);

	test('that was being written while the level was raised is read by nobody, and sealed with the run', async () => {
		const { people, sessions, summit, run } = world;
		await owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
			sessions.public.id
		]);
		await owner.query(
			`insert into public.presence (summit_id, person_id, session_id, run_id, kind) values ($1, $2, $3, $4, 'stream')`,
			[summit, people.delegate.person, sessions.public.id, run]
		);
		expect(await actAs(owner, people.delegate, `select id from public.presence`)).toEqual([]);
		await setState(people.stage, run, 'ended');
		expect(await kept(people.delegate)).toEqual([]);
	});
});

describe('what is shown', () => {
	test('on now and next, per room, with the reason of can_enter', async () => {
		const { people, summit, sessions, run } = world;
		expect(await ask(null, `select public.on_now($1)`, [summit])).toEqual([
			expect.objectContaining({
				run_id: run,
				state: 'live',
				entry: 'ok',
				room: expect.objectContaining({ slug: 'plenary' })
			})
		]);
		const next = (who: Somebody | null) =>
			ask<{ session: { code: string } }[]>(who, `select public.up_next($1)`, [summit]);
		expect(await next(null)).toEqual([]);
		expect((await next(people.delegate)).map(({ session }) => session.code)).toEqual([sessions.members.code]);
		expect((await next(people.listed)).map(({ session }) => session.code)).toEqual([sessions.members.code]);
	});

	test('the green room is a page for its people only', async () => {
		const { people, summit, sessions } = world;
		const read = (who: Somebody | null, level: keyof World['sessions']) =>
			ask<{ role: string; people: object[] } | null>(who, `select public.read_backstage($1, $2)`, [
				summit,
				sessions[level].code
			]);
		expect(await read(chair, 'closed')).toMatchObject({
			role: 'host',
			may_run: true,
			is_near: true,
			me: { no_photographs: false }
		});
		expect(await read(people.speaker, 'closed')).toMatchObject({ role: 'speaker', may_run: false });
		expect(await read(people.listed, 'closed')).toBeNull();
		expect(await read(people.delegate, 'public')).toBeNull();
		expect(await read(people.stage, 'public')).toMatchObject({ role: 'manager', may_run: true });
		await expect(read(null, 'public')).rejects.toThrow(/permission denied/);
	});
});
