/* The live room of a meeting: who may enter, what hosts decide, and what LiveKit must allow. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const names = ['chair', 'member', 'alternate', 'former', 'outsider'] as const;
const people = {} as Record<(typeof names)[number] | 'secretary', TestPerson>;
let group: string;
let code: string;
let meeting: string;

interface Pass {
	status: string;
	room: string;
	identity: string;
	publish: string[];
}
interface Room {
	is_open: boolean;
	me: { id: string; state: string; number: number } | null;
	people: {
		id: string;
		display_name: string;
		is_here: boolean;
		hand: string | null;
		shares: boolean;
		number: number;
	}[];
	waiting: { id: string; display_name: string }[];
	out: { id: string }[];
	messages: { body: string }[];
	breakouts: { count: number; until: string } | null;
}

const call = <Answer = string>(who: TestPerson | null, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);
const pass = (who: TestPerson, session: string | null = null) =>
	readValue<Pass>(db.owner, `select private.meeting_pass($1, $2, $3, $4)`, [who.person, group, code, session]);
const enter = async (who: TestPerson) => {
	const given = await pass(who);
	expect(given.status).toBe('ok');
	return given;
};
const rightsIn = async ({ room, identity }: Pass) => {
	const found = await readValue<{ is_open: boolean; rights: Record<string, string[] | null> }>(
		db.owner,
		`select private.room_rights($1, array[$2])`,
		[room, identity]
	);
	return { isOpen: found.is_open, rights: found.rights[identity] };
};
const read = (who: TestPerson) => call<Room | null>(who, 'read_meeting_room', code);
const idOf = async (who: TestPerson) => (await read(who))?.me?.id ?? '';
const report = (given: Pass, sid: string, left: string | null = null) =>
	readValue<number>(db.owner, `select private.apply_livekit_event($1, $2, $3, now(), $4)`, [
		given.room,
		sid,
		given.identity,
		left
	]);

beforeAll(async () => {
	await makeWorld(db.owner);
	people.secretary = await makeCommunityOrganiser(db.owner);
	for (const name of names) people[name] = await makePerson(db.owner, `Room ${name}`);
});

// A closed group whose meeting starts in ten minutes.
beforeEach(async () => {
	group = await createGroup(db.owner, people.secretary, 'closed');
	for (const part of ['chair', 'member', 'alternate'] as const) await putInGroup(db.owner, people[part], group, part);
	await putInGroup(db.owner, people.former, group, 'member', { days: -1 });
	const made = await db.owner.query<{ id: string; code: string }>(
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Canary"}', 'UTC', now() + interval '10 minutes', now() + interval '1 hour', 'closed'
		from private.groups where code = $1 returning id, code`,
		[group]
	);
	({ id: meeting = '', code = '' } = made.rows[0] ?? {});
	await call(people.chair, 'open_meeting_room', code);
});

test('opens for chairs and secretaries a quarter of an hour before the start, and no earlier', async () => {
	const later = `update private.meetings set starts_at = now() + interval '16 minutes' where code = $1`;
	await call(people.chair, 'end_meeting_room', code);
	expect((await pass(people.member)).status).toBe('closed');
	for (const who of ['member', 'alternate', 'former', 'outsider'] as const)
		expect(await call(people[who], 'open_meeting_room', code)).toBe('not_found');
	await db.owner.query(later, [code]);
	expect(await call(people.secretary, 'open_meeting_room', code)).toBe('wrong_state');
	await db.owner.query(later.replace('16', '14'), [code]);
	const hosts = [people.chair, people.secretary];
	const opening = await inParallel(await connectMany(db, 2), hosts, (client, who) =>
		callAs<string>(client, who, 'public.open_meeting_room($1)', [code])
	);
	expect(opening).toEqual(['ok', 'ok']);
	expect((await pass(people.member)).status).toBe('ok');
	await db.owner.query(`update private.meetings set state = 'cancelled' where code = $1`, [code]);
	expect((await pass(people.chair)).status).toBe('closed');
});

test('lets the people of the group in, and is unknown to everybody else', async () => {
	for (const who of ['chair', 'secretary', 'member', 'alternate'] as const) {
		const given = await enter(people[who]);
		expect(given.publish).toEqual(['camera', 'microphone']);
		expect(await rightsIn(given)).toEqual({ isOpen: true, rights: ['camera', 'microphone'] });
	}
	const topic = [`meeting:${meeting}`];
	expect(await call(people.member, 'allowed_topics', topic)).toEqual(topic);
	for (const who of [people.former, people.outsider]) {
		expect(await pass(who)).toEqual({ status: 'none' });
		expect(await read(who)).toBeNull();
		expect(await call(who, 'allowed_topics', topic)).toEqual([]);
		for (const act of ['end_meeting_room', 'mute_in_meeting']) expect(await call(who, act, code)).toBe('not_found');
		expect(await call(who, 'raise_meeting_hand', code, true)).toBe('not_found');
		expect(await call(who, 'write_meeting_message', code, 'Canary')).toBe('not_found');
	}
	// A code of another group's address is no meeting.
	const wrong = `select private.meeting_pass($1, 'OTHERGRP', $2)`;
	expect(await readValue(db.owner, wrong, [people.member.person, code])).toEqual({ status: 'none' });
	const stranger = await readValue<{ rights: object }>(db.owner, `select private.room_rights($1, array['v-x'])`, [
		(await enter(people.member)).room
	]);
	expect(stranger).toMatchObject({ is_known: true, allows_signed_out: false, rights: {} });
});

test('a removal, a lost membership and the end of a sign-in end the right, and the room gets another name', async () => {
	const member = await enter(people.member);
	const chair = await enter(people.chair);
	const id = await idOf(people.member);
	expect(await call(people.member, 'admit_to_meeting', code, await idOf(people.chair), false)).toBe('not_found');
	expect(await call(people.secretary, 'admit_to_meeting', code, await idOf(people.chair), false)).toBe('invalid');
	expect(await call(people.chair, 'admit_to_meeting', code, id, false)).toBe('ok');
	expect(await rightsIn(member)).toEqual({ isOpen: false, rights: null });
	// Who was removed asks again: that admits nobody, and a second removal moves nobody.
	const others = await enter(people.secretary);
	expect(await pass(people.member)).toEqual({ status: 'removed' });
	expect(await call(people.secretary, 'admit_to_meeting', code, id, false)).toBe('ok');
	expect((await enter(people.secretary)).room).toBe(others.room);
	expect(await read(people.member)).toMatchObject({ me: { state: 'removed' }, people: [], messages: [] });
	const moved = await enter(people.chair);
	expect(moved.room).not.toBe(chair.room);
	expect(await rightsIn({ ...member, room: moved.room })).toEqual({ isOpen: true, rights: null });
	expect(await call(people.chair, 'admit_to_meeting', code, id, true)).toBe('ok');
	const back = await enter(people.member);
	await db.owner.query(
		`update private.group_people set ended_at = now() where person_id = $1 and group_id = (select id from private.groups where code = $2)`,
		[people.member.person, group]
	);
	expect(await rightsIn(back)).toEqual({ isOpen: false, rights: null });
	expect(await pass(people.member)).toEqual({ status: 'none' });
	// No such session is signed in: its token is for an identity that nobody may use.
	const ended = await pass(people.alternate, randomUUID());
	expect((await rightsIn(ended)).rights).toBeNull();
	expect((await pass(people.alternate, randomUUID())).identity).not.toBe(ended.identity);
});

test('while the room is locked, people who come wait until a host lets them in', async () => {
	await enter(people.member);
	expect(await call(people.member, 'set_meeting_room_lock', code, true)).toBe('not_found');
	expect(await call(people.chair, 'set_meeting_room_lock', code, true)).toBe('ok');
	expect((await pass(people.member)).status).toBe('ok');
	expect(await pass(people.alternate)).toEqual({ status: 'waiting' });
	await enter(people.secretary);
	expect(await read(people.alternate)).toMatchObject({ me: { state: 'waiting' }, people: [], waiting: [] });
	const [waiting] = (await read(people.secretary))?.waiting ?? [];
	expect(waiting?.display_name).toBe(people.alternate.name);
	expect((await read(people.member))?.waiting).toEqual([]);
	// Two hosts decide at once: the second decision counts, and nobody is both.
	const hosts = [people.chair, people.secretary];
	const decided = await inParallel(await connectMany(db, 2), hosts, (client, who) =>
		callAs<string>(client, who, 'public.admit_to_meeting($1, $2, $3)', [code, waiting?.id, who === people.chair])
	);
	expect(decided).toEqual(['ok', 'ok']);
	expect(['ok', 'removed']).toContain((await pass(people.alternate)).status);
	await call(people.chair, 'admit_to_meeting', code, waiting?.id, true);
	expect((await pass(people.alternate)).status).toBe('ok');
});

test('unlocking the room lets in who waits, and not who left the door long ago', async () => {
	await call(people.chair, 'set_meeting_room_lock', code, true);
	await enter(people.secretary);
	for (const who of ['member', 'alternate'] as const) expect(await pass(people[who])).toEqual({ status: 'waiting' });
	await db.owner.query(
		`update private.meeting_participants set asked_at = now() - interval '2 minutes' where room_id = $1 and person_id = $2`,
		[meeting, people.alternate.person]
	);
	const names = (them: { display_name: string }[] = []) => them.map(({ display_name }) => display_name);
	expect(names((await read(people.secretary))?.waiting)).toEqual([people.member.name]);
	for (const locked of [false, true])
		expect(await call(people.chair, 'set_meeting_room_lock', code, locked)).toBe('ok');
	expect((await pass(people.member)).status).toBe('ok');
	expect(await pass(people.alternate)).toEqual({ status: 'waiting' });
});

test('hands queue, one screen is shared, hosts mute, and messages end with the room', async () => {
	const given = await enter(people.member);
	await enter(people.alternate);
	await enter(people.chair);
	const member = await idOf(people.member);
	for (const who of [people.alternate, people.member]) await call(who, 'raise_meeting_hand', code, true);
	const hands = () =>
		read(people.chair).then((room) =>
			(room?.people ?? [])
				.filter(({ hand }) => hand)
				.sort((a, b) => (a.hand ?? '').localeCompare(b.hand ?? ''))
				.map(({ display_name }) => display_name)
		);
	expect(await hands()).toEqual([people.alternate.name, people.member.name]);
	expect(await call(people.alternate, 'raise_meeting_hand', code, false, member)).toBe('invalid');
	expect(await call(people.chair, 'raise_meeting_hand', code, false, member)).toBe('ok');
	expect(await hands()).toEqual([people.alternate.name]);
	expect(await call(people.member, 'share_meeting_screen', code, true)).toBe('ok');
	expect((await rightsIn(given)).rights).toEqual(['camera', 'microphone', 'screen']);
	expect(await call(people.alternate, 'share_meeting_screen', code, true)).toBe('conflict');
	expect(await call(people.chair, 'share_meeting_screen', code, false)).toBe('ok');
	expect((await rightsIn(given)).rights).toContain('screen');
	expect(await call(people.alternate, 'share_meeting_screen', code, false, member)).toBe('invalid');
	expect(await call(people.chair, 'share_meeting_screen', code, false, member)).toBe('ok');
	expect((await rightsIn(given)).rights).toEqual(['camera', 'microphone']);
	expect(await call(people.member, 'mute_in_meeting', code, member)).toBe('not_found');
	await report(given, 'SID-1');
	expect(await call(people.chair, 'mute_in_meeting', code)).toBe('ok');
	const muted = await db.owner.query(`select * from private.list_muted($1)`, [code]);
	expect(muted.rows).toEqual([{ room: given.room, identity: given.identity }]);
	expect(await call(people.member, 'write_meeting_message', code, ' ')).toBe('invalid');
	expect(await call(people.member, 'write_meeting_message', code, 'Canary')).toBe('ok');
	expect((await read(people.alternate))?.messages.map(({ body }) => body)).toEqual(['Canary']);
	expect(await call(people.secretary, 'end_meeting_room', code)).toBe('ok');
	expect(await call(people.chair, 'end_meeting_room', code)).toBe('not_found');
	expect(await rightsIn(given)).toEqual({ isOpen: false, rights: null });
	const left = `select count(*)::integer from private.meeting_messages where room_id = $1`;
	expect(await readValue(db.owner, left, [meeting])).toBe(0);
});

interface Parts {
	people?: Room['people'];
	hands?: { id: string; at: string }[];
	messages?: { id: string; body: string }[];
	me?: { state: string; muted_at: string | null };
}
const readParts = (who: TestPerson, parts: string[], after: string | null = null) =>
	call<Parts | null>(who, 'read_meeting_room_parts', code, parts, after);

test('a page reads the parts that changed, as those in the room may see them', async () => {
	await enter(people.member);
	await enter(people.alternate);
	await enter(people.chair);
	for (const words of ['First', 'Second']) await call(people.member, 'write_meeting_message', code, words);
	for (const who of [people.alternate, people.member]) await call(who, 'raise_meeting_hand', code, true);
	const all = await readParts(people.alternate, ['chat', 'hands']);
	expect(Object.keys(all ?? {}).sort()).toEqual(['hands', 'messages', 'read_at']);
	expect(all?.hands?.sort((one, other) => one.at.localeCompare(other.at)).map(({ id }) => id)).toEqual([
		await idOf(people.alternate),
		await idOf(people.member)
	]);
	const [first] = all?.messages ?? [];
	const later = async (after?: string) =>
		(await readParts(people.alternate, ['chat'], after ?? randomUUID()))?.messages?.map(({ body }) => body);
	expect(await later(first?.id)).toEqual(['Second']);
	expect(await later()).toEqual(['First', 'Second']);
	await call(people.chair, 'mute_in_meeting', code, await idOf(people.member));
	expect((await readParts(people.member, ['me']))?.me?.muted_at).not.toBeNull();
	expect((await readParts(people.chair, ['people']))?.people).toEqual((await read(people.chair))?.people);
	await call(people.chair, 'admit_to_meeting', code, await idOf(people.member), false);
	for (const who of [people.member, people.secretary, people.former, people.outsider])
		expect(await readParts(who, ['people', 'hands', 'me', 'chat'])).toBeNull();
	await call(people.chair, 'end_meeting_room', code);
	expect(await readParts(people.chair, ['people'])).toBeNull();
});

const cameraPass = (person: string | undefined, camera: boolean) => [person, group, code, null, camera];
const passSql = 'select private.meeting_pass($1, $2, $3, $4, $5)';

test('at most 50 people send their camera at a time, and a place that is free again goes to who asks next', async () => {
	const crowd = await db.owner.query<{ id: string }>(
		`with made as (
			insert into public.people (display_name) select 'Camera ' || n from generate_series(1, 53) as n returning id
		)
		insert into private.group_people (group_id, person_id, part)
		select g.id, made.id, 'member' from made, private.groups as g where g.code = $1 returning person_id as id`,
		[group]
	);
	const asked = crowd.rows.map(({ id }) => id);
	const given = await inParallel(await connectMany(db, 6), asked, (client, person) =>
		readValue<Pass>(client, passSql, cameraPass(person, true))
	);
	const sending = given.filter(({ publish }) => publish.includes('camera'));
	expect(sending).toHaveLength(50);
	expect(given.every(({ publish }) => publish.includes('microphone'))).toBe(true);
	const own = [await enter(people.member), await enter(people.alternate)];
	expect(own.map(({ publish }) => publish)).toEqual([['microphone'], ['microphone']]);
	expect(await call(people.member, 'switch_meeting_camera', code, true)).toBe('conflict');
	expect(await call(people.outsider, 'switch_meeting_camera', code, true)).toBe('not_found');
	// One switches the camera off, and two ask at once for the place.
	const at = given.findIndex(({ publish }) => publish.includes('camera'));
	await readValue<Pass>(db.owner, passSql, cameraPass(asked[at], false));
	const next = await inParallel(await connectMany(db, 2), [people.member, people.alternate], (client, who) =>
		callAs<string>(client, who, 'public.switch_meeting_camera($1, true)', [code])
	);
	expect(next.sort()).toEqual(['conflict', 'ok']);
	const rights: (string[] | null | undefined)[] = [];
	for (const one of own) rights.push((await rightsIn(one)).rights);
	expect(rights.filter((list) => list?.includes('camera'))).toHaveLength(1);
	// A breakout room has places of its own, and who leaves gives theirs back.
	await call(people.chair, 'start_breakouts', code, 2, 10, false);
	await enter(people.chair);
	for (const who of [people.member, people.alternate]) {
		expect(await call(people.chair, 'move_to_breakout', code, await idOf(who), 1)).toBe('ok');
		expect((await enter(who)).publish).toEqual(['camera', 'microphone']);
	}
	await call(people.chair, 'end_breakouts', code);
	const back = await enter(people.member);
	expect(back.publish).toContain('camera');
	await report(back, 'SID-1');
	await report(back, 'SID-1', new Date(Date.now() + 11_000).toISOString());
	expect((await rightsIn(back)).rights).toEqual(['microphone']);
});

const attendedOf = (who: TestPerson) =>
	readValue<boolean | null>(
		db.owner,
		`select attended from private.meeting_people where meeting_id = $1 and person_id = $2`,
		[meeting, who.person]
	);
const list = ({ room, identity }: Pass, sid: string, minutes: number) =>
	db.owner.query(
		`select private.reconcile_connections($1, jsonb_build_array(jsonb_build_object(
			'sid', $2::text, 'identity', $3::text, 'joined_at', now())), now() + make_interval(mins => $4))`,
		[room, sid, identity, minutes]
	);
const lose = (seconds: number) =>
	db.owner.query(`select private.end_lost_connections('{}', now() + make_interval(secs => $1))`, [seconds]);
const startsIn = async (minutes: number) => {
	await db.owner.query(`update private.meetings set starts_at = now() + make_interval(mins => $2) where id = $1`, [
		meeting,
		minutes
	]);
	await call(people.chair, 'open_meeting_room', code);
};

test('who is there during the meeting attended, by what LiveKit reports in any order', async () => {
	const given = await enter(people.member);
	const early = await enter(people.alternate);
	const here = async () =>
		(await read(people.member))?.people.find(({ display_name }) => display_name === people.member.name)?.is_here;
	expect(await report(given, 'SID-1')).toBe(1);
	expect(await report(given, 'SID-1')).toBe(0);
	expect(await here()).toBe(true);
	// Two who came before the start: one leaves, the other stays.
	await report(early, 'SID-3');
	await report(early, 'SID-3', new Date().toISOString());
	expect(await attendedOf(people.member)).toBeUndefined();
	await list(given, 'SID-1', 11);
	expect(await attendedOf(people.member)).toBe(true);
	expect(await attendedOf(people.alternate)).toBeUndefined();
	// A second connection replaces the first, whose end comes late. The hand stays up, the screen does not.
	await call(people.member, 'raise_meeting_hand', code, true);
	await call(people.member, 'share_meeting_screen', code, true);
	expect(await report(given, 'SID-2')).toBe(0);
	await report(given, 'SID-1', new Date().toISOString());
	expect(await here()).toBe(true);
	expect((await read(people.member))?.people).toContainEqual(
		expect.objectContaining({ display_name: people.member.name, hand: expect.any(String) as string, shares: false })
	);
	await report(given, 'SID-2', new Date().toISOString());
	expect(await here()).toBe(false);
	await lose(10);
	const hands = async () => (await read(people.member))?.people.filter(({ hand }) => hand).length;
	expect(await hands()).toBe(1);
	await lose(30);
	expect(await hands()).toBe(0);
});

test('what chairs record about attendance counts, and they learn who entered meanwhile', async () => {
	await startsIn(-5);
	const version = () => readValue<number>(db.owner, `select version from private.meetings where id = $1`, [meeting]);
	const entry = (who: TestPerson) =>
		readValue<string>(
			db.owner,
			`select x.id from private.group_people as x join private.groups as g on g.id = x.group_id
			where g.code = $1 and x.person_id = $2`,
			[group, who.person]
		);
	const seen = await version();
	const given = await enter(people.member);
	await report(given, 'SID-1');
	expect(await call(people.chair, 'record_attendance', code, seen, [])).toBe('conflict');
	expect(await attendedOf(people.member)).toBe(true);
	const present = [await entry(people.chair)];
	expect(await call(people.chair, 'record_attendance', code, await version(), present)).toBe('ok');
	await report(given, 'SID-2');
	expect(await attendedOf(people.member)).toBe(false);
	expect(await attendedOf(people.chair)).toBe(true);
});

test.each([
	[
		'it moves',
		`update private.meetings set starts_at = starts_at + interval '30 days', ends_at = ends_at + interval '30 days' where id = $1`
	],
	['it is cancelled', `update private.meetings set state = 'cancelled' where id = $1`],
	[
		'its group ends',
		`update private.groups set ended_at = now() where id = (select group_id from private.meetings where id = $1)`
	],
	['everybody forgot it', `update private.meetings set ends_at = now() - interval '7 hours' where id = $1`]
])('the room of a meeting ends when %s', async (why, change) => {
	if (why === 'everybody forgot it') await startsIn(-600);
	else await startsIn(-5);
	const given = await enter(people.member);
	await report(given, 'SID-1');
	await call(people.chair, 'start_breakouts', code, 2, 60);
	const apart = await enter(people.member);
	expect(apart.room).not.toBe(given.room);
	await call(people.member, 'write_meeting_message', code, 'Canary');
	await db.owner.query(change, [meeting]);
	if (why === 'everybody forgot it') await lose(0);
	for (const one of [given, apart]) expect(await rightsIn(one)).toEqual({ isOpen: false, rights: null });
	expect((await read(people.member))?.is_open).toBe(false);
	expect((await pass(people.member)).status).toBe('closed');
	const left = await db.owner.query(
		`select r.ended_at is not null as ended, r.breakouts,
			(select count(*)::integer from private.meeting_messages as x where x.room_id = r.id) as messages,
			(select count(*)::integer from private.meeting_livekit_rooms as l
				where l.room_id = r.id and l.closed_at is null) as rooms
		from private.meeting_rooms as r where r.meeting_id = $1`,
		[meeting]
	);
	expect(left.rows).toEqual([{ ended: true, breakouts: null, messages: 0, rooms: 0 }]);
	if (why === 'it moves') expect(await attendedOf(people.member)).toBeNull();
});

test('a change after which somebody is still of the group moves nobody, and merged records stay removed', async () => {
	const chair = await enter(people.chair);
	await enter(people.member);
	const change = `update private.group_people set until = current_date + 90, part = 'secretary'
		where person_id = $1 and group_id = (select id from private.groups where code = $2)`;
	await db.owner.query(change, [people.member.person, group]);
	expect((await enter(people.chair)).room).toBe(chair.room);
	await db.owner.query(change.replace('current_date + 90', 'current_date - 1').replace('secretary', 'member'), [
		people.member.person,
		group
	]);
	const moved = await enter(people.chair);
	expect(moved.room).not.toBe(chair.room);
	await enter(people.alternate);
	await enter(people.secretary);
	expect(await call(people.chair, 'admit_to_meeting', code, await idOf(people.alternate), false)).toBe('ok');
	const merge = `select private.merge_meeting_people($1, $2)`;
	const before = await enter(people.secretary);
	await db.owner.query(merge, [people.secretary.person, people.alternate.person]);
	expect(await pass(people.secretary)).toEqual({ status: 'removed' });
	expect((await rightsIn(before)).isOpen).toBe(false);
});

test('who was in an open room when their term ended keeps no token for it, and nobody is moved twice', async () => {
	const chair = await enter(people.chair);
	await enter(people.member);
	const sweep = () => db.owner.query('select private.rotate_ended_terms()');
	await db.owner.query('alter table private.group_people disable trigger rotate_left_meetings');
	await db.owner.query(
		`update private.group_people set until = current_date - 1
		where person_id = $1 and group_id = (select id from private.groups where code = $2)`,
		[people.member.person, group]
	);
	await db.owner.query('alter table private.group_people enable trigger rotate_left_meetings');
	// The room was opened today, after the end of the term: the token of the former member is older.
	await sweep();
	expect((await enter(people.chair)).room).toBe(chair.room);
	await db.owner.query(
		`update private.meeting_livekit_rooms set opened_at = current_date - interval '1 hour' where room_id = $1`,
		[meeting]
	);
	await sweep();
	expect((await rightsIn(chair)).isOpen).toBe(false);
	const moved = await enter(people.chair);
	expect(moved.room).not.toBe(chair.room);
	await sweep();
	expect((await enter(people.chair)).room).toBe(moved.room);
});

test('the end of a group waits for a report of LiveKit that has locked its meeting', async () => {
	const given = await enter(people.member);
	const [reporting, ending] = await connectMany(db, 2);
	if (!reporting || !ending) throw new Error('There is no connection.');
	await reporting.query('begin');
	await reporting.query('select from private.meetings where id = $1 for no key update', [meeting]);
	const ended = ending.query('update private.groups set ended_at = now() where code = $1', [group]);
	await waitForLocks(db.owner);
	await reporting.query(`select private.save_meeting_connections($1, '[]', now())`, [given.room]);
	await reporting.query('commit');
	await ended;
	expect((await pass(people.chair)).status).toBe('closed');
});

test('reports of LiveKit and acts of hosts at the same time wait for one another, and hands are limited', async () => {
	const given = [await enter(people.member), await enter(people.alternate), await enter(people.secretary)];
	const clients = await connectMany(db, 3);
	for (let round = 0; round < 6; round++)
		await inParallel(clients, [0, 1, 2], (client, kind) =>
			kind === 0
				? callAs<string | number>(client, people.chair, 'public.mute_in_meeting($1)', [code])
				: readValue<string | number>(client, `select private.save_meeting_connections($1, $2, now(), $3)`, [
						given[0]?.room,
						JSON.stringify(
							(kind === 1 ? given : given.toReversed()).map(({ identity }, at) => ({
								sid: `SID-${round}-${kind}-${at}`,
								identity,
								joined_at: new Date().toISOString()
							}))
						),
						kind === 1
					])
		);
	for (let times = 0; times < 6; times++) {
		expect(await call(people.member, 'raise_meeting_hand', code, true)).toBe('ok');
		expect(await call(people.member, 'raise_meeting_hand', code, false)).toBe('ok');
	}
	expect(await call(people.member, 'raise_meeting_hand', code, true)).toBe('invalid');
});

test('breakout rooms move people to rooms of their own, and their end brings everybody back', async () => {
	const main = await enter(people.chair);
	const before = { member: await enter(people.member), alternate: await enter(people.alternate) };
	await report(before.member, 'SID-1');
	await report(before.alternate, 'SID-2');
	expect(await call(people.member, 'start_breakouts', code, 2, 10)).toBe('not_found');
	expect(await call(people.chair, 'start_breakouts', code, 1, 10)).toBe('invalid');
	const hosts = [people.chair, people.secretary];
	const started = await inParallel(await connectMany(db, 2), hosts, (client, who) =>
		callAs<string>(client, who, 'public.start_breakouts($1, 2, 10)', [code])
	);
	expect(started.sort()).toEqual(['conflict', 'ok']);
	const numbers = async () =>
		((await read(people.chair))?.people ?? []).map(({ display_name, number }) => [display_name, number]);
	const assigned = new Map((await numbers()).map(([name, number]) => [name, number]));
	expect(assigned.get(people.chair.name)).toBe(0);
	expect([assigned.get(people.member.name), assigned.get(people.alternate.name)].sort()).toEqual([1, 2]);
	// The old room lets them go, and each has the right to one room alone.
	expect((await rightsIn(before.member)).rights).toBeNull();
	const apart = { member: await enter(people.member), alternate: await enter(people.alternate) };
	expect(new Set([main.room, apart.member.room, apart.alternate.room]).size).toBe(3);
	expect((await rightsIn(apart.member)).rights).toEqual(['camera', 'microphone']);
	expect((await rightsIn({ ...apart.member, room: apart.alternate.room })).rights).toBeNull();
	// What is written in one room is not read in another, but a message of hosts to all is.
	await call(people.member, 'write_meeting_message', code, 'In one room');
	expect(await call(people.member, 'write_meeting_message', code, 'To all', true)).toBe('invalid');
	expect(await call(people.chair, 'write_meeting_message', code, 'To all', true)).toBe('ok');
	expect((await read(people.alternate))?.messages.map(({ body }) => body)).toEqual(['To all']);
	const number = assigned.get(people.alternate.name);
	expect(await call(people.alternate, 'move_to_breakout', code, await idOf(people.alternate), 0)).toBe('not_found');
	expect(await call(people.chair, 'move_to_breakout', code, await idOf(people.member), 3)).toBe('invalid');
	// Each room has its own screen, which is not taken along, and a host mutes the room in which they are.
	await report(apart.member, 'SID-3');
	await report(apart.alternate, 'SID-4');
	for (const who of [people.member, people.alternate])
		expect(await call(who, 'share_meeting_screen', code, true)).toBe('ok');
	expect((await rightsIn(apart.member)).rights).toContain('screen');
	const muted = async () => (await db.owner.query(`select * from private.list_muted($1)`, [code])).rows;
	expect(await call(people.chair, 'move_to_breakout', code, await idOf(people.chair), number)).toBe('ok');
	expect(await call(people.chair, 'share_meeting_screen', code, true)).toBe('conflict');
	expect(await call(people.chair, 'mute_in_meeting', code)).toBe('ok');
	expect(await muted()).toEqual([{ room: apart.alternate.room, identity: apart.alternate.identity }]);
	// Who is moved leaves nobody behind in the room for which they keep a token; a host's visit moves nobody.
	expect((await enter(people.chair)).room).toBe(apart.alternate.room);
	expect(await call(people.chair, 'move_to_breakout', code, await idOf(people.chair), 0)).toBe('ok');
	expect((await enter(people.alternate)).room).toBe(apart.alternate.room);
	expect(await call(people.chair, 'move_to_breakout', code, await idOf(people.member), number)).toBe('ok');
	expect(await rightsIn(apart.member)).toEqual({ isOpen: false, rights: null });
	expect((await enter(people.member)).room).toBe(apart.alternate.room);
	expect(await call(people.member, 'share_meeting_screen', code, true)).toBe('conflict');
	expect(await call(people.chair, 'move_to_breakout', code, await idOf(people.member), number)).toBe('ok');
	expect((await enter(people.alternate)).room).toBe(apart.alternate.room);
	const own = 3 - Number(number);
	expect(await call(people.chair, 'move_to_breakout', code, await idOf(people.member), own)).toBe('ok');
	const moved = await enter(people.alternate);
	expect(moved.room).not.toBe(apart.alternate.room);
	const { room } = await enter(people.member);
	expect([apart.member.room, apart.alternate.room, moved.room]).not.toContain(room);
	expect(await call(people.member, 'share_meeting_screen', code, true)).toBe('ok');
	// Their time is over, and with it the screens of their rooms: the room of all has one.
	await db.owner.query(`update private.meeting_rooms set breakouts_until = now() where meeting_id = $1`, [meeting]);
	expect(await rightsIn(moved)).toEqual({ isOpen: false, rights: null });
	expect((await enter(people.alternate)).room).toBe(main.room);
	expect((await read(people.member))?.breakouts).toBeNull();
	expect((await read(people.member))?.people.filter(({ shares }) => shares)).toEqual([]);
	expect(await call(people.alternate, 'share_meeting_screen', code, true)).toBe('ok');
	expect((await enter(people.alternate)).publish).toContain('screen');
	expect((await enter(people.member)).publish).not.toContain('screen');
	expect(await call(people.member, 'share_meeting_screen', code, true)).toBe('conflict');
	// What was said to all in one round is not said to all in the next.
	expect(await call(people.chair, 'start_breakouts', code, 2, 10, false)).toBe('ok');
	expect((await read(people.member))?.messages).toMatchObject([{ body: 'To all', is_to_all: false }]);
	await call(people.chair, 'move_to_breakout', code, await idOf(people.member), 1);
	expect((await read(people.member))?.messages).toEqual([]);
	await call(people.chair, 'move_to_breakout', code, await idOf(people.member), 0);
	expect(new Set((await numbers()).map(([, at]) => at))).toEqual(new Set([0]));
	expect(await call(people.chair, 'end_breakouts', code)).toBe('ok');
	expect(await call(people.chair, 'move_to_breakout', code, await idOf(people.member), 1)).toBe('wrong_state');
});

test('a hand raised in a breakout room goes down with the time of the breakout rooms, and a later one stays up', async () => {
	for (const who of ['chair', 'member', 'alternate'] as const) await report(await enter(people[who]), `SID-${who}`);
	await call(people.chair, 'start_breakouts', code, 2, 10, false);
	for (const who of ['member', 'alternate'] as const)
		await call(people.chair, 'move_to_breakout', code, await idOf(people[who]), 1);
	for (const who of ['member', 'chair'] as const) await call(people[who], 'raise_meeting_hand', code, true);
	await db.owner.query(`update private.meeting_rooms set breakouts_until = clock_timestamp() where id = $1`, [meeting]);
	await call(people.alternate, 'raise_meeting_hand', code, true);
	await db.owner.query(`select private.end_lost_connections('{}', now())`);
	const hands = (await read(people.chair))?.people.flatMap(({ display_name, hand }) => (hand ? [display_name] : []));
	expect(hands).toEqual([people.alternate.name, people.chair.name]);
	expect(await call(people.chair, 'start_breakouts', code, 2, 10, false)).toBe('ok');
});

/** As if they had asked for their passes a minute ago. */
const agePasses = () =>
	db.owner.query(
		`update private.meeting_participants
		set asked_at = asked_at - interval '1 minute', admitted_at = admitted_at - interval '1 minute' where room_id = $1`,
		[meeting]
	);
/** As if LiveKit had reported so many seconds ago that the connection of somebody ended. */
const ageLeaving = (who: TestPerson, seconds: number) =>
	db.owner.query(
		`update private.meeting_participants set left_at = now() - make_interval(secs => $3)
		where room_id = $1 and person_id = $2`,
		[meeting, who.person, seconds]
	);
const limit = (to: number) =>
	db.owner.query(`create or replace function private.room_limit() returns integer
		language sql immutable set search_path = '' as $$ select ${to} $$`);
const statusOf = async (who: TestPerson) => (await pass(who)).status;

test('has a limit of people, also for those who come at once; its chairs and its staff come in all the same', async () => {
	expect(await readValue(db.owner, 'select private.room_limit()')).toBe(300);
	await putInGroup(db.owner, people.outsider, group, 'member');
	await db.owner.query(
		`insert into private.meeting_staff (meeting_id, person_id, part, language, state, answered_at)
		values ($1, $2, 'interpreter', 'fr', 'accepted', now())`,
		[meeting, people.former.person]
	);
	await limit(1);
	try {
		const crowd = [people.member, people.alternate, people.outsider];
		const given = await inParallel(await connectMany(db, 3), crowd, async (client, who) => {
			const answer = await client.query<{ pass: Pass }>(`select private.meeting_pass($1, $2, $3, null) as pass`, [
				who.person,
				group,
				code
			]);
			return answer.rows[0]?.pass.status;
		});
		expect(given.sort()).toEqual(['full', 'full', 'ok']);
		const staff = await readValue<Pass>(db.owner, `select private.meeting_staff_pass($1, $2, $3)`, [
			people.former.person,
			group,
			code
		]);
		expect([staff.status, (await pass(people.chair)).status, (await pass(people.secretary)).status]).toEqual([
			'ok',
			'ok',
			'ok'
		]);
		// Staff takes no place of the people: once nobody else is there, it is free.
		await agePasses();
		expect([await statusOf(people.member), await statusOf(people.alternate)]).toEqual(['ok', 'full']);
	} finally {
		await limit(300);
	}
});

test('who is in a full room comes in again, also when hosts are above the limit; the place is kept for a minute', async () => {
	await putInGroup(db.owner, people.outsider, group, 'member');
	await limit(2);
	try {
		const [member, alternate] = [await enter(people.member), await enter(people.alternate)];
		await report(member, 'SID-member');
		await report(alternate, 'SID-alternate');
		await report(await enter(people.chair), 'SID-chair');
		await report(await enter(people.secretary), 'SID-secretary');
		await agePasses();
		// Connected still, as LiveKit knows; then each of them has lost the connection.
		expect([await statusOf(people.member), await statusOf(people.outsider)]).toEqual(['ok', 'full']);
		await agePasses();
		for (const who of [people.member, people.alternate]) await ageLeaving(who, 50);
		expect(await statusOf(people.outsider)).toBe('full');
		expect([await statusOf(people.member), await statusOf(people.alternate)]).toEqual(['ok', 'ok']);
		await agePasses();
		await ageLeaving(people.alternate, 70);
		expect(await statusOf(people.alternate)).toBe('full');
	} finally {
		await limit(300);
	}
});

test('who was removed from a full room is told so, and who waits is seen by its hosts', async () => {
	await putInGroup(db.owner, people.outsider, group, 'member');
	await enter(people.chair);
	await enter(people.alternate);
	expect(await call(people.chair, 'admit_to_meeting', code, await idOf(people.alternate), false)).toBe('ok');
	await limit(1);
	try {
		expect(await statusOf(people.member)).toBe('full');
		expect(await statusOf(people.alternate)).toBe('removed');
		await call(people.chair, 'set_meeting_room_lock', code, true);
		expect([await statusOf(people.outsider), await statusOf(people.member)]).toEqual(['waiting', 'waiting']);
		const waiting = (await read(people.chair))?.waiting ?? [];
		expect(waiting.map(({ display_name }) => display_name).sort()).toEqual(['Room member', 'Room outsider']);
		// Who was let in has no place by that alone, and takes none from the others.
		for (const { id } of waiting) expect(await call(people.chair, 'admit_to_meeting', code, id, true)).toBe('ok');
		expect([await statusOf(people.outsider), await statusOf(people.member)]).toEqual(['full', 'full']);
		await limit(2);
		expect([await statusOf(people.outsider), await statusOf(people.member)]).toEqual(['ok', 'full']);
	} finally {
		await limit(300);
	}
});
