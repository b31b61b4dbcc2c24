/* Interpreters and captioners of a meeting: who names them, what they find, what they write, and that nothing of it is left. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { acceptWork, createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const names = ['chair', 'member', 'captioner', 'other', 'outsider'] as const;
const people = {} as Record<(typeof names)[number] | 'organiser', TestPerson>;
let group: string;
let code: string;
let meeting: string;

interface Pass {
	status: string;
	room: string;
	identity: string;
	publish: string[];
}
interface Staff {
	id: string;
	display_name: string;
	language: string;
}
interface Line {
	id: string;
	number: number;
	words: string;
	is_corrected: boolean;
}

const call = <Answer = string>(who: TestPerson | null, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);
const codeOf = (who: TestPerson) =>
	readValue<string>(db.owner, `select code from public.people where id = $1`, [who.person]);
const nameStaff = async (by: TestPerson, who: TestPerson, language = 'fr', part = 'captioner') => {
	const status = await call(by, 'name_meeting_staff', code, part, language, null, await codeOf(who));
	await acceptWork(db.owner, who);
	return status;
};
const staffOf = async () => (await call<{ staff: Staff[] } | null>(people.chair, 'read_meeting', code))?.staff ?? [];
const staffPass = (who: TestPerson, inGroup = group) =>
	readValue<Pass>(db.owner, `select private.meeting_staff_pass($1, $2, $3)`, [who.person, inGroup, code]);
const memberPass = (who: TestPerson) =>
	readValue<Pass>(db.owner, `select private.meeting_pass($1, $2, $3)`, [who.person, group, code]);
const rightsIn = async ({ room, identity }: Pass) =>
	(
		await readValue<{ rights: Record<string, string[] | null> }>(
			db.owner,
			`select private.room_rights($1, array[$2])`,
			[room, identity]
		)
	).rights[identity];
const write = (who: TestPerson, words: string, language = 'fr') =>
	call<{ status: string; number?: number }>(who, 'write_meeting_caption', code, language, words);
const lines = async (who: TestPerson, after: number | null = null) =>
	(await call<{ lines: Line[] } | null>(who, 'read_meeting_captions', code, 'fr', after))?.lines;
const desk = (who: TestPerson | null, language = 'fr') =>
	call<{ lines: Line[] | null; people: { display_name: string }[] } | null>(
		who,
		'read_meeting_captioning',
		code,
		language
	);
const report = (given: Pass, sid: string) =>
	readValue<number>(db.owner, `select private.apply_livekit_event($1, $2, $3, now(), null)`, [
		given.room,
		sid,
		given.identity
	]);

beforeAll(async () => {
	await makeWorld(db.owner);
	people.organiser = await makeCommunityOrganiser(db.owner);
	for (const name of names) people[name] = await makePerson(db.owner, `Staff ${name}`);
});

// The room of a closed group's meeting is open.
beforeEach(async () => {
	group = await createGroup(db.owner, people.organiser, 'closed');
	await putInGroup(db.owner, people.chair, group, 'chair');
	await putInGroup(db.owner, people.member, group, 'member');
	const made = await db.owner.query<{ id: string; code: string }>(
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Canary"}', 'UTC', now() - interval '1 minute', now() + interval '1 hour', 'closed'
		from private.groups where code = $1 returning id, code`,
		[group]
	);
	({ id: meeting, code } = made.rows[0] ?? { id: '', code: '' });
	await call(people.chair, 'open_meeting_room', code);
});

test('chairs name staff by their code or by their part in the group, and nobody else does', async () => {
	for (const who of [people.member, people.outsider]) expect(await nameStaff(who, people.captioner)).toBe('not_found');
	expect(await nameStaff(people.chair, people.captioner)).toBe('ok');
	expect(await nameStaff(people.chair, people.captioner)).toBe('ok');
	const entry = await readValue<string>(
		db.owner,
		`select x.id from private.group_people as x join private.groups as g on g.id = x.group_id where g.code = $1 and x.person_id = $2`,
		[group, people.member.person]
	);
	expect(await call(people.chair, 'name_meeting_staff', code, 'captioner', 'es', entry)).toBe('ok');
	expect((await staffOf()).map(({ language }) => language)).toEqual(['es', 'fr']);
	for (const values of [
		['captioner', 'fr', null, 'NOBODY99'],
		['captioner', 'fr', null, null],
		['captioner', 'French', entry],
		['captioner', null, entry]
	])
		expect(await call(people.chair, 'name_meeting_staff', code, ...values)).toBe('invalid');
	// An entry of another group names nobody.
	const other = await createGroup(db.owner, people.organiser, 'closed');
	await putInGroup(db.owner, people.other, other, 'chair');
	const foreign = await readValue<string>(
		db.owner,
		`select x.id from private.group_people as x join private.groups as g on g.id = x.group_id where g.code = $1 and x.person_id = $2`,
		[other, people.other.person]
	);
	expect(await call(people.chair, 'name_meeting_staff', code, 'captioner', 'fr', foreign)).toBe('invalid');
	const [first] = await staffOf();
	expect(await call(people.other, 'remove_meeting_staff', code, first?.id)).toBe('not_found');
	expect(await call(people.chair, 'remove_meeting_staff', code, first?.id)).toBe('ok');
	expect(await call(people.chair, 'remove_meeting_staff', code, first?.id)).toBe('not_found');
	await db.owner.query(
		`update private.meetings set ends_at = now() - interval '7 hours', starts_at = now() - interval '8 hours' where id = $1`,
		[meeting]
	);
	expect(await nameStaff(people.chair, people.other)).toBe('wrong_state');
});

test('a captioner from outside finds the room and nothing else of a closed group', async () => {
	const unknown = [await staffPass(people.captioner), await desk(people.captioner), await write(people.captioner, 'A')];
	await nameStaff(people.chair, people.captioner);
	// Those who were not named, and staff of another meeting, find what somebody finds who asks for an unknown meeting.
	for (const who of [people.outsider, people.organiser, people.member])
		expect([await staffPass(who), await desk(who), await write(who, 'A')]).toEqual(unknown);
	expect([await desk(people.captioner, 'es'), await write(people.captioner, 'A', 'es')]).toEqual([null, unknown[2]]);
	expect((await staffPass(people.captioner, await createGroup(db.owner, people.organiser, 'closed'))).status).toBe(
		'none'
	);

	const own = await staffPass(people.captioner);
	expect(own).toMatchObject({ status: 'ok', publish: [] });
	await report(own, 'SID-captioner');
	const seen = await memberPass(people.member);
	await report(seen, 'SID-member');
	expect(await rightsIn(own)).toEqual([]);
	expect((await desk(people.captioner))?.people.map(({ display_name }) => display_name)).toEqual([people.member.name]);
	expect(
		await callAs<string[]>(db.owner, people.captioner, `public.allowed_topics($1)`, [
			[`meeting:${meeting}`, `staff:${meeting}`]
		])
	).toEqual([`staff:${meeting}`]);
	expect(
		await callAs<string[]>(db.owner, people.member, `public.allowed_topics($1)`, [
			[`meeting:${meeting}`, `staff:${meeting}`]
		])
	).toEqual([`meeting:${meeting}`]);
	const stale = `select coalesce(array_agg(person_id), '{}') from private.list_stale_subscribers($1, $2)`;
	expect(
		await readValue(db.owner, stale, [`staff:${meeting}`, [people.captioner.person, people.outsider.person]])
	).toEqual([people.outsider.person]);
	for (const name of ['read_meeting', 'read_meeting_room']) expect(await call(people.captioner, name, code)).toBeNull();
	expect(await call(people.captioner, 'read_meeting_room_parts', code, ['people', 'chat'])).toBeNull();
	expect(await lines(people.captioner)).toBeUndefined();
	expect(await call(people.captioner, 'raise_meeting_hand', code, true)).toBe('not_found');
	expect(await call(people.captioner, 'write_meeting_message', code, 'Hello')).toBe('not_found');
	expect(await call(people.captioner, 'switch_meeting_camera', code, true)).toBe('not_found');
	expect((await memberPass(people.captioner)).status).toBe('none');
	// They are not among the people of the room, and have not attended.
	const room = await call<{ people: { display_name: string }[]; caption_languages: string[] }>(
		people.member,
		'read_meeting_room',
		code
	);
	expect(room.people.map(({ display_name }) => display_name)).toEqual([people.member.name]);
	expect(room.caption_languages).toEqual(['fr']);
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from private.meeting_people where meeting_id = $1 and person_id = $2`,
			[meeting, people.captioner.person]
		)
	).toBe(0);
	// The meetings somebody works for.
	type Work = { reference: string; meetings: { code: string }[] };
	expect((await call<Work>(people.captioner, 'read_my_meeting_work')).meetings.map((each) => each.code)).toContain(
		code
	);
	expect((await call<Work>(people.outsider, 'read_my_meeting_work')).meetings).toEqual([]);
});

test('who is removed leaves the room with their token, and can write no more', async () => {
	await nameStaff(people.chair, people.captioner);
	const own = await staffPass(people.captioner);
	const [named] = await staffOf();
	expect(await call(people.chair, 'remove_meeting_staff', code, named?.id)).toBe('ok');
	expect(await rightsIn(own)).toBeNull();
	expect((await staffPass(people.captioner)).status).toBe('none');
	expect((await write(people.captioner, 'A')).status).toBe('not_found');
	expect(await desk(people.captioner)).toBeNull();
	expect(
		await callAs<string[]>(db.owner, people.captioner, `public.allowed_topics($1)`, [[`staff:${meeting}`]])
	).toEqual([]);
	// The others are in a room whose name they have not learned.
	expect((await memberPass(people.member)).room).not.toBe(own.room);
});

test('a member who captions is not among the people meanwhile, and waits as others do when they come back', async () => {
	await nameStaff(people.chair, people.member);
	await memberPass(people.member);
	await call(people.chair, 'set_meeting_room_lock', code, true);
	const own = await staffPass(people.member);
	expect(await rightsIn(own)).toEqual([]);
	expect(await call(people.member, 'raise_meeting_hand', code, true)).toBe('not_found');
	expect((await memberPass(people.member)).status).toBe('waiting');
	// Whom a host removed is not let in as staff.
	const id = await readValue<string>(
		db.owner,
		`select id from private.meeting_participants where room_id = $1 and person_id = $2`,
		[meeting, people.member.person]
	);
	await memberPass(people.chair);
	expect(await call(people.chair, 'admit_to_meeting', code, id, false)).toBe('ok');
	expect((await staffPass(people.member)).status).toBe('removed');
	expect((await write(people.member, 'A')).status).toBe('not_found');
});

test('captions are written, corrected and deleted, for those in the room of all', async () => {
	await nameStaff(people.chair, people.captioner);
	await memberPass(people.member);
	expect(await write(people.captioner, ' Un \n deux ')).toEqual({ status: 'ok', number: 1 });
	expect((await write(people.captioner, 'Trois')).number).toBe(2);
	for (const words of ['', ' ', 'x'.repeat(501)]) expect((await write(people.captioner, words)).status).toBe('invalid');
	expect((await lines(people.member))?.map(({ words }) => words)).toEqual(['Un deux', 'Trois']);
	expect(await lines(people.member, Date.now() + 60_000)).toEqual([]);
	expect(await call(people.member, 'correct_meeting_caption', code, 'fr', 1, 'Mine')).toBe('not_found');
	expect(await call(people.captioner, 'correct_meeting_caption', code, 'fr', 1, 'Une')).toBe('ok');
	expect(await call(people.captioner, 'correct_meeting_caption', code, 'fr', 2, '')).toBe('ok');
	expect(await call(people.captioner, 'correct_meeting_caption', code, 'fr', 2, '')).toBe('not_found');
	expect(await lines(people.member)).toMatchObject([{ words: 'Une', is_corrected: true }]);
	// Who is not in the room, or apart, reads none.
	expect(await lines(people.chair)).toBeUndefined();
	await memberPass(people.chair);
	await call(people.chair, 'start_breakouts', code, 2, 5, false);
	const id = await readValue<string>(
		db.owner,
		`select id from private.meeting_participants where room_id = $1 and person_id = $2`,
		[meeting, people.member.person]
	);
	expect(await call(people.chair, 'move_to_breakout', code, id, 1)).toBe('ok');
	expect(await lines(people.member)).toBeUndefined();
	expect(await lines(people.chair)).toHaveLength(1);
	// A captioner is never moved to a breakout room, also not by chance.
	await report(await staffPass(people.captioner), 'SID-staff');
	await call(people.chair, 'end_breakouts', code);
	await call(people.chair, 'start_breakouts', code, 2, 5, true);
	expect(await rightsIn(await staffPass(people.captioner))).toEqual([]);
	expect(
		await readValue(db.owner, `select breakout from private.meeting_participants where room_id = $1 and is_staff`, [
			meeting
		])
	).toBeNull();
});

test('two captioners never give one number, and many lines at once are refused', async () => {
	await nameStaff(people.chair, people.captioner);
	await nameStaff(people.chair, people.other);
	const clients = await connectMany(db, 8);
	const made = await inParallel(clients, [...Array(8).keys()], (client, at) =>
		callAs<{ number: number }>(
			client,
			at % 2 ? people.other : people.captioner,
			`public.write_meeting_caption($1, 'fr', $2)`,
			[code, `Line ${at}`]
		)
	);
	expect(made.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
	await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
	let last = '';
	for (let at = 0; at < 42 && last !== 'too_often'; at++) last = (await write(people.captioner, `More ${at}`)).status;
	expect(last).toBe('too_often');
});

test('lines go ten minutes later and with the room, however it ends', async () => {
	await nameStaff(people.chair, people.captioner);
	const count = () =>
		readValue<number>(db.owner, `select count(*)::int from private.meeting_captions where meeting_id = $1`, [meeting]);
	await write(people.captioner, 'Old');
	await db.owner.query(
		`update private.meeting_captions set said_at = now() - interval '11 minutes' where meeting_id = $1`,
		[meeting]
	);
	await memberPass(people.member);
	expect(await lines(people.member)).toEqual([]);
	await write(people.captioner, 'New');
	expect(await count()).toBe(1);
	for (const end of [
		() => call(people.chair, 'end_meeting_room', code),
		() =>
			db.owner.query(`update private.meetings set starts_at = starts_at + interval '30 seconds' where id = $1`, [
				meeting
			]),
		() => db.owner.query(`update private.groups set ended_at = now() where code = $1`, [group])
	]) {
		await call(people.chair, 'open_meeting_room', code);
		await acceptWork(db.owner, people.captioner);
		expect((await write(people.captioner, 'Canary caption')).status).toBe('ok');
		await end();
		expect(await count()).toBe(0);
		expect((await write(people.captioner, 'Late')).status).toBe('not_found');
		expect((await staffPass(people.captioner)).status).not.toBe('ok');
	}
	// The words are nowhere: the table is not audited.
	expect(
		await readValue(db.owner, `select count(*)::int from audit.entries as e where e::text like '%Canary caption%'`)
	).toBe(0);
	expect(await desk(people.captioner)).toBeNull();
});

type Language = { language: string; identity: string | null; is_staffed: boolean; is_signed: boolean };
const act = (who: TestPerson, what: string, language = 'fr', ...more: unknown[]) =>
	call(who, `${what}_meeting_booth`, code, language, ...more);
const nameInterpreter = (who: TestPerson, language = 'fr') => nameStaff(people.chair, who, language, 'interpreter');
const languages = async () =>
	(await call<{ languages: Language[] }>(people.member, 'read_meeting_room_parts', code, ['languages'])).languages;
const enterBooth = async (who: TestPerson) => {
	const given = await staffPass(who);
	await report(given, `SID-${given.identity}`);
	return given;
};

test('an interpreter sends only while on air, and hands over', async () => {
	for (const who of [people.captioner, people.other]) expect(await nameInterpreter(who)).toBe('ok');
	await memberPass(people.member);
	// Who has not entered the booth has no microphone to take.
	expect(await act(people.captioner, 'take')).toBe('not_found');
	const [one, other] = [await enterBooth(people.captioner), await enterBooth(people.other)];
	expect([await rightsIn(one), await rightsIn(other)]).toEqual([[], []]);
	expect(await languages()).toEqual([{ language: 'fr', identity: null, is_staffed: true, is_signed: false }]);
	for (const who of [people.member, people.chair, people.outsider])
		for (const what of ['take', 'leave']) expect(await act(who, what)).toBe('not_found');
	expect(await act(people.captioner, 'take', 'es')).toBe('not_found');
	expect([await act(people.captioner, 'take'), await act(people.captioner, 'take')]).toEqual(['ok', 'already']);
	expect(await act(people.other, 'take')).toBe('busy');
	expect(await act(people.other, 'offer', 'fr', true)).toBe('not_found');
	expect([await rightsIn(one), await rightsIn(other)]).toEqual([['microphone'], []]);
	expect((await languages())[0]?.identity).toBe(one.identity);
	expect(await act(people.captioner, 'offer', 'fr', true)).toBe('ok');
	expect(await act(people.captioner, 'offer', 'fr', true)).toBe('already');
	expect(await act(people.other, 'take')).toBe('ok');
	expect([await rightsIn(one), await rightsIn(other)]).toEqual([[], ['microphone']]);
	// A partner whose connection broke is replaced at once.
	await readValue(db.owner, `select private.apply_livekit_event($1, $2, $3, now(), now())`, [
		other.room,
		`SID-${other.identity}`,
		other.identity
	]);
	expect(await act(people.captioner, 'take')).toBe('ok');
	expect([await act(people.captioner, 'leave'), await act(people.captioner, 'leave')]).toEqual(['ok', 'already']);
	expect((await languages())[0]?.identity).toBeNull();
});

test('nobody interprets into two languages, and a sign language is a picture', async () => {
	for (const language of ['fr', 'ils']) await nameInterpreter(people.captioner, language);
	const own = await enterBooth(people.captioner);
	await memberPass(people.member);
	expect(await act(people.captioner, 'take', 'fr')).toBe('ok');
	expect(await act(people.captioner, 'take', 'ils')).toBe('ok');
	expect(await rightsIn(own)).toEqual(['camera']);
	expect((await languages()).map(({ language, identity }) => [language, identity !== null])).toEqual([
		['fr', false],
		['ils', true]
	]);
	const booth = await call<{ booth: { is_on_air: boolean }; own: string[] } | null>(
		people.captioner,
		'read_meeting_booth',
		code,
		'fr'
	);
	expect(booth).toMatchObject({ booth: { is_on_air: false }, own: ['fr', 'ils'] });
	for (const who of [people.member, people.chair, people.outsider, null])
		expect(await call(who, 'read_meeting_booth', code, 'fr').catch(() => null)).toBeNull();
});

test('of two interpreters who take a booth at once one gets it', async () => {
	for (const who of [people.captioner, people.other]) {
		await nameInterpreter(who);
		await enterBooth(who);
	}
	const clients = await connectMany(db, 2);
	for (let round = 0; round < 5; round++) {
		const done = await inParallel(clients, [people.captioner, people.other], (client, who) =>
			callAs<string>(client, who, `public.take_meeting_booth($1, 'fr')`, [code])
		);
		expect([...done].sort()).toEqual(['busy', 'ok']);
		const holder = done[0] === 'ok' ? people.captioner : people.other;
		expect(await act(holder, 'leave')).toBe('ok');
	}
	await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
});

test('who is removed, or comes back as one of the group, is off air, and nobody is once the room has ended', async () => {
	await nameInterpreter(people.captioner);
	await nameInterpreter(people.member, 'es');
	const [own, members] = [await enterBooth(people.captioner), await enterBooth(people.member)];
	await memberPass(people.chair);
	const seen = async () =>
		(await call<{ languages: Language[] }>(people.chair, 'read_meeting_room', code)).languages.map(
			({ language, identity }) => [language, identity]
		);
	await act(people.captioner, 'take');
	await act(people.member, 'take', 'es');
	expect(await seen()).toEqual([
		['es', members.identity],
		['fr', own.identity]
	]);
	await memberPass(people.member);
	const named = (await staffOf()).find(({ language }) => language === 'fr');
	expect(await call(people.chair, 'remove_meeting_staff', code, named?.id)).toBe('ok');
	expect(await rightsIn(own)).toBeNull();
	expect(await act(people.captioner, 'take')).toBe('not_found');
	expect(await seen()).toEqual([['es', null]]);
	await enterBooth(people.member);
	await act(people.member, 'take', 'es');
	await call(people.chair, 'end_meeting_room', code);
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from private.meeting_participants where room_id = $1 and (on_air is not null or offered_at is not null)`,
			[meeting]
		)
	).toBe(0);
	expect(await act(people.member, 'take', 'es')).toBe('not_found');
});
