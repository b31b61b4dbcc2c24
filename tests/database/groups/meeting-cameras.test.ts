/* Camera places of a meeting's room: which are kept when connections end, and which are free again. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const names = ['chair', 'member', 'alternate'] as const;
const people = {} as Record<(typeof names)[number] | 'secretary', TestPerson>;
let group: string;
let code: string;
let meeting: string;

interface Pass {
	room: string;
	identity: string;
	publish: string[];
}
interface Room {
	me: { id: string; number: number } | null;
	people: { display_name: string; is_here: boolean }[];
	messages: { body: string }[];
}

const call = <Answer = string>(who: TestPerson, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);
const enter = (who: TestPerson) =>
	readValue<Pass>(db.owner, `select private.meeting_pass($1, $2, $3)`, [who.person, group, code]);
const read = (who: TestPerson) => call<Room | null>(who, 'read_meeting_room', code);
const idOf = async (who: TestPerson) => (await read(who))?.me?.id;
const rightsIn = async ({ room, identity }: Pass) =>
	(
		await readValue<{ rights: Record<string, string[] | null> }>(
			db.owner,
			`select private.room_rights($1, array[$2])`,
			[room, identity]
		)
	).rights[identity];
const hasCamera = async (given: Pass) => (await rightsIn(given))?.includes('camera');
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const report = (given: Pass, sid: string, left: string | null = null) =>
	readValue<number>(db.owner, `select private.apply_livekit_event($1, $2, $3, now(), $4)`, [
		given.room,
		sid,
		given.identity,
		left
	]);
const set = (who: TestPerson, what: string) =>
	db.owner.query(`update private.meeting_participants set ${what} where room_id = $1 and person_id = $2`, [
		meeting,
		who.person
	]);

beforeAll(async () => {
	await makeWorld(db.owner);
	people.secretary = await makeCommunityOrganiser(db.owner);
	for (const name of names) people[name] = await makePerson(db.owner, `Camera ${name}`);
});

beforeEach(async () => {
	group = await createGroup(db.owner, people.secretary, 'closed');
	await putInGroup(db.owner, people.chair, group, 'chair');
	for (const name of ['member', 'alternate'] as const) await putInGroup(db.owner, people[name], group, 'member');
	const made = await db.owner.query<{ id: string; code: string }>(
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Canary"}', 'UTC', now() - interval '1 minute', now() + interval '1 hour', 'closed'
		from private.groups where code = $1 returning id, code`,
		[group]
	);
	({ id: meeting = '', code = '' } = made.rows[0] ?? {});
	await call(people.chair, 'open_meeting_room', code);
});

test('a place given by a pass is kept when the connection that it replaces ends after it', async () => {
	const first = await enter(people.member);
	await report(first, 'SID-1');
	const second = await enter(people.member);
	await report(first, 'SID-1', inSeconds(1));
	expect(await hasCamera(second)).toBe(true);
	await report(second, 'SID-2');
	expect(await hasCamera(second)).toBe(true);
	await report(second, 'SID-2', inSeconds(11));
	expect(await rightsIn(second)).toEqual(['microphone']);
});

test('a place that nobody uses is free after a minute', async () => {
	const given = await enter(people.member);
	await set(people.member, `camera_at = now() - interval '50 seconds'`);
	expect(await hasCamera(given)).toBe(true);
	await set(people.member, `camera_at = now() - interval '61 seconds'`);
	expect(await rightsIn(given)).toEqual(['microphone']);
	await report(given, 'SID-1');
	expect(await hasCamera(given)).toBe(true);
});

test('what LiveKit lists of one room ends no connection to another', async () => {
	await enter(people.member);
	await enter(people.alternate);
	await call(people.chair, 'start_breakouts', code, 2, 10, false);
	await call(people.chair, 'move_to_breakout', code, await idOf(people.member), 1);
	await call(people.chair, 'move_to_breakout', code, await idOf(people.alternate), 2);
	const [member, other] = [await enter(people.member), await enter(people.alternate)];
	await report(member, 'SID-1');
	await report(other, 'SID-2');
	for (const who of [people.member, people.alternate])
		await set(who, `seen_at = now() - interval '30 seconds', camera_at = now() - interval '5 minutes'`);
	const check = (seconds: number) =>
		db.owner.query(`select private.reconcile_connections($1, $2, now() + make_interval(secs => $3))`, [
			member.room,
			JSON.stringify([{ sid: 'SID-1', identity: member.identity, joined_at: inSeconds(-60) }]),
			seconds
		]);
	const here = async () =>
		((await read(people.member))?.people ?? []).flatMap(({ display_name, is_here }) => (is_here ? display_name : []));
	await check(0);
	expect([await hasCamera(member), await hasCamera(other)]).toEqual([true, true]);
	expect((await here()).sort()).toEqual([people.alternate.name, people.member.name]);
	// No room was listed for them for a minute.
	await check(31);
	expect([await hasCamera(member), await hasCamera(other)]).toEqual([true, false]);
	expect(await here()).toEqual([people.member.name]);
});

test('after a restart of LiveKit, who has asked since keeps the place, and others lose theirs', async () => {
	const given = [await enter(people.member), await enter(people.alternate)];
	for (const [at, one] of given.entries()) await report(one, `SID-${at}`);
	for (const who of [people.member, people.alternate])
		await set(who, `seen_at = now() - interval '30 seconds', camera_at = now() - interval '5 minutes'`);
	const again = await enter(people.member);
	await db.owner.query(`select private.end_lost_connections('{}', now())`);
	const rights = [await hasCamera(again), ...(await Promise.all(given.slice(1).map(hasCamera)))];
	expect(rights).toEqual([true, false]);
});

test('switching is announced where it changes something, and limited', async () => {
	await enter(people.member);
	const [listener] = await connectMany(db, 1);
	let heard = 0;
	listener?.on('notification', ({ payload }) => void (payload?.includes('cameras') && (heard += 1)));
	await listener?.query('listen live_events');
	expect(await call(people.member, 'switch_meeting_camera', code, true)).toBe('ok');
	for (let times = 0; times < 20; times++) {
		expect(await call(people.member, 'switch_meeting_camera', code, false)).toBe('ok');
		expect(await call(people.member, 'switch_meeting_camera', code, true)).toBe('ok');
	}
	for (let times = 0; times < 2; times++)
		expect(await call(people.member, 'switch_meeting_camera', code, false)).toBe('ok');
	await listener?.query('select 1');
	expect(heard).toBe(41);
	expect(await call(people.member, 'switch_meeting_camera', code, true)).toBe('invalid');
	await set(people.member, `cameras_since = now() - interval '61 seconds'`);
	expect(await call(people.member, 'switch_meeting_camera', code, true)).toBe('ok');
});

test('a place of a breakout room ends with its time, or with a move, also one at the same moment', async () => {
	await enter(people.member);
	await call(people.chair, 'start_breakouts', code, 2, 10, false);
	const id = await idOf(people.member);
	const clients = await connectMany(db, 2);
	for (const number of [1, 2, 1, 2]) {
		const answers = await inParallel(clients, ['move', 'switch'], (client, act) =>
			act === 'move'
				? callAs<string>(client, people.chair, 'public.move_to_breakout($1, $2, $3)', [code, id, number])
				: callAs<string>(client, people.member, 'public.switch_meeting_camera($1, true)', [code])
		);
		expect(answers).toEqual(['ok', 'ok']);
		expect((await read(people.member))?.me?.number).toBe(number);
	}
	const apart = await enter(people.member);
	await report(apart, 'SID-1');
	expect(await hasCamera(apart)).toBe(true);
	await db.owner.query(`update private.meeting_rooms set breakouts_until = now() where meeting_id = $1`, [meeting]);
	expect(await rightsIn(apart)).toBeNull();
	const back = await readValue<Pass>(db.owner, `select private.meeting_pass($1, $2, $3, null, false)`, [
		people.member.person,
		group,
		code
	]);
	expect(back.publish).toEqual(['microphone']);
	expect(await call(people.member, 'switch_meeting_camera', code, true)).toBe('ok');
	expect(await hasCamera(back)).toBe(true);
});

test('a message is not sent to another room than the page showed', async () => {
	await enter(people.member);
	await call(people.chair, 'start_breakouts', code, 2, 10, false);
	await call(people.chair, 'move_to_breakout', code, await idOf(people.member), 2);
	expect(await call(people.member, 'write_meeting_message', code, 'In the room', false, 2)).toBe('ok');
	await call(people.chair, 'end_breakouts', code);
	expect(await call(people.member, 'write_meeting_message', code, 'Canary', false, 2)).toBe('wrong_state');
	expect(await call(people.member, 'write_meeting_message', code, 'To all', false, 0)).toBe('ok');
	expect((await read(people.member))?.messages.map(({ body }) => body)).toEqual(['To all']);
});
