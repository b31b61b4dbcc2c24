/* What interpreters and captioners of a meeting do not read, how they leave, and that nothing of their place outlives it. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { acceptWork, createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const names = ['chair', 'member', 'staff', 'other', 'outsider'] as const;
const people = {} as Record<(typeof names)[number] | 'organiser', TestPerson>;
let group: string;
let code: string;
let meeting: string;

interface Pass {
	status: string;
	room: string;
	identity: string;
}
interface Staff {
	id: string;
	display_name: string;
	language: string;
	part: string;
	is_signed: boolean;
	state: string;
}
interface Room {
	me: { state: string } | null;
	people: { display_name: string }[];
	messages: unknown[];
	staff: Staff[];
}
interface Desk {
	is_removed: boolean;
	people: unknown[];
	lines: unknown[] | null;
}
interface Booth {
	is_removed: boolean;
	people: unknown[];
	languages: { language: string; is_staffed: boolean }[];
	booth: { is_on_air: boolean; people: unknown[] };
}

const call = <Answer = string>(who: TestPerson, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);
async function nameStaff(who: TestPerson, part: string, language = 'fr') {
	const reference = await readValue<string>(db.owner, `select code from public.people where id = $1`, [who.person]);
	const status = await call(people.chair, 'name_meeting_staff', code, part, language, null, reference);
	await acceptWork(db.owner, who);
	return status;
}
const named = async () => (await call<{ staff: Staff[] }>(people.chair, 'read_meeting', code)).staff;
const read = (who: TestPerson) => call<Room>(who, 'read_meeting_room', code);
const parts = (who: TestPerson) => call<Room | null>(who, 'read_meeting_room_parts', code, ['people', 'chat']);
const staffPass = (who: TestPerson) =>
	readValue<Pass>(db.owner, `select private.meeting_staff_pass($1, $2, $3)`, [who.person, group, code]);
const memberPass = (who: TestPerson) =>
	readValue<Pass>(db.owner, `select private.meeting_pass($1, $2, $3)`, [who.person, group, code]);
const report = ({ room, identity }: Pass) =>
	readValue<number>(db.owner, `select private.apply_livekit_event($1, $2, $3, now(), null)`, [
		room,
		`SID-${identity}`,
		identity
	]);
const participant = (who: TestPerson) =>
	readValue<string>(db.owner, `select id from private.meeting_participants where room_id = $1 and person_id = $2`, [
		meeting,
		who.person
	]);
const attended = (who: TestPerson) =>
	readValue<number>(
		db.owner,
		`select count(*)::int from private.meeting_people where meeting_id = $1 and person_id = $2 and attended`,
		[meeting, who.person]
	);

beforeAll(async () => {
	await makeWorld(db.owner);
	people.organiser = await makeCommunityOrganiser(db.owner);
	for (const name of names) people[name] = await makePerson(db.owner, `Limits ${name}`);
});

// The room of a closed group's meeting is open; its chair is there and wrote a message.
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
	await report(await memberPass(people.chair));
	expect(await call(people.chair, 'write_meeting_message', code, 'Canary message')).toBe('ok');
});

test('a captioner of the group who waits at a locked room reads nothing of it as its staff', async () => {
	await nameStaff(people.member, 'captioner');
	await call(people.chair, 'set_meeting_room_lock', code, true);
	expect((await memberPass(people.member)).status).toBe('waiting');
	await report(await staffPass(people.member));
	await call(people.member, 'write_meeting_caption', code, 'fr', 'Canary line');
	expect(await read(people.member)).toMatchObject({ me: { state: 'waiting' }, people: [], messages: [], staff: [] });
	expect(await parts(people.member)).toBeNull();
	expect(await call(people.member, 'read_meeting_captions', code, 'fr')).toBeNull();
	// Who is let in reads it.
	expect((await parts(people.chair))?.messages).toHaveLength(1);
});

test('who is removed from the room reads nothing of it on the pages of its staff', async () => {
	for (const who of [people.member, people.staff]) await nameStaff(who, 'captioner');
	for (const who of [people.member, people.staff]) await nameStaff(who, 'interpreter');
	await report(await staffPass(people.member));
	await report(await staffPass(people.staff));
	await call(people.staff, 'take_meeting_booth', code, 'fr');
	await call(people.staff, 'write_meeting_caption', code, 'fr', 'Canary line');
	const desk = () => call<Desk>(people.member, 'read_meeting_captioning', code, 'fr');
	const booth = () => call<Booth>(people.member, 'read_meeting_booth', code, 'fr');
	expect(await desk()).toMatchObject({ is_removed: false, people: [{}], lines: [{}] });
	expect(await booth()).toMatchObject({
		is_removed: false,
		people: [{}],
		booth: { is_on_air: true, people: [{}, {}] }
	});
	expect(await call(people.chair, 'admit_to_meeting', code, await participant(people.member), false)).toBe('ok');
	expect(await desk()).toMatchObject({ is_removed: true, people: [], lines: null });
	const removed = await booth();
	expect(removed).toMatchObject({ is_removed: true, people: [], languages: [], booth: { is_on_air: false } });
	expect(removed.booth.people).toHaveLength(1);
});

test('those in the room see which staff is connected, and hosts remove it', async () => {
	await nameStaff(people.staff, 'interpreter');
	await memberPass(people.member);
	const own = await staffPass(people.staff);
	expect((await read(people.member)).staff).toEqual([]);
	await report(own);
	const seen = { display_name: people.staff.name, part: 'interpreter', language: 'fr', is_signed: false };
	expect((await read(people.member)).staff).toMatchObject([seen]);
	expect((await parts(people.member))?.staff).toMatchObject([seen]);
	const [first] = (await read(people.chair)).staff;
	expect(await call(people.member, 'remove_meeting_staff', code, first?.id)).toBe('not_found');
	expect(await call(people.chair, 'remove_meeting_staff', code, first?.id)).toBe('ok');
	expect((await read(people.chair)).staff).toEqual([]);
});

test('captions of ten minutes ago are deleted although nobody writes another', async () => {
	await nameStaff(people.staff, 'captioner');
	for (const words of ['Old', 'New']) await call(people.staff, 'write_meeting_caption', code, 'fr', words);
	await db.owner.query(
		`update private.meeting_captions set said_at = now() - interval '11 minutes' where meeting_id = $1 and number = 1`,
		[meeting]
	);
	await db.owner.query(`select private.end_lost_meeting_connections('{}', now())`);
	expect(
		(await db.owner.query(`select words from private.meeting_captions where meeting_id = $1`, [meeting])).rows
	).toEqual([{ words: 'New' }]);
});

test('staff gives back its own part alone, and leaves the room', async () => {
	await nameStaff(people.staff, 'interpreter');
	await nameStaff(people.other, 'interpreter');
	await staffPass(people.staff);
	const work = async (who: TestPerson) =>
		(await call<{ meetings: { id: string; code: string }[] }>(who, 'read_my_meeting_work')).meetings.filter(
			(each) => each.code === code
		);
	const [own] = await work(people.staff);
	for (const who of [people.other, people.chair, people.outsider])
		expect(await call(who, 'answer_meeting_staff', own?.id, false)).toBe('not_found');
	expect(await call(people.staff, 'answer_meeting_staff', own?.id, false)).toBe('ok');
	expect(await call(people.staff, 'answer_meeting_staff', own?.id, false)).toBe('ok');
	expect([await work(people.staff), (await staffPass(people.staff)).status]).toEqual([[], 'none']);
	expect((await named()).map(({ display_name, state }) => [display_name, state]).sort()).toEqual([
		[people.other.name, 'accepted'],
		[people.staff.name, 'declined']
	]);
});

test('who is removed while on air is off air, gets no pass, and is silent when they come back', async () => {
	await nameStaff(people.member, 'interpreter');
	await report(await staffPass(people.member));
	expect(await call(people.member, 'take_meeting_booth', code, 'fr')).toBe('ok');
	const id = await participant(people.member);
	expect(await call(people.chair, 'admit_to_meeting', code, id, false)).toBe('ok');
	expect((await staffPass(people.member)).status).toBe('removed');
	expect(await call(people.chair, 'admit_to_meeting', code, id, true)).toBe('ok');
	await report(await staffPass(people.member));
	const booth = await call<Booth>(people.member, 'read_meeting_booth', code, 'fr');
	expect(booth.booth.is_on_air).toBe(false);
});

test('who was removed under one of two records is off air once these are merged', async () => {
	await nameStaff(people.member, 'interpreter');
	await nameStaff(people.other, 'captioner');
	for (const who of [people.member, people.other]) await report(await staffPass(who));
	expect(await call(people.member, 'take_meeting_booth', code, 'fr')).toBe('ok');
	expect(await call(people.chair, 'admit_to_meeting', code, await participant(people.other), false)).toBe('ok');
	await db.owner.query('select private.merge_meeting_people($1, $2)', [people.member.person, people.other.person]);
	expect((await staffPass(people.member)).status).toBe('removed');
	expect(
		await readValue(db.owner, `select on_air from private.meeting_participants where id = $1`, [
			await participant(people.member)
		])
	).toBeNull();
});

test('of two records that are merged the newer answer counts', async () => {
	for (const who of [people.member, people.other])
		for (const language of ['fr', 'es', 'de']) await nameStaff(who, 'captioner', language);
	const answered = (who: TestPerson, language: string, state: string, hours: number | null) =>
		db.owner.query(
			`update private.meeting_staff set state = $4::public.meeting_staff_state, answered_at = now() - make_interval(hours => $5)
			where meeting_id = $1 and person_id = $2 and language = $3`,
			[meeting, who.person, language, state, hours]
		);
	await answered(people.member, 'fr', 'accepted', 2);
	await answered(people.other, 'fr', 'declined', 1);
	await answered(people.member, 'es', 'accepted', 1);
	await answered(people.other, 'es', 'declined', 2);
	await answered(people.member, 'de', 'declined', 1);
	await answered(people.other, 'de', 'invited', null);
	await db.owner.query('select private.merge_meeting_people($1, $2)', [people.member.person, people.other.person]);
	expect((await named()).map(({ language, state }) => [language, state])).toEqual([
		['de', 'declined'],
		['es', 'accepted'],
		['fr', 'declined']
	]);
});

test('one language has one booth, in whatever spelling it is named', async () => {
	expect(await nameStaff(people.staff, 'interpreter', 'PT-br')).toBe('ok');
	expect(await nameStaff(people.other, 'interpreter', ' pt-BR ')).toBe('ok');
	expect(await nameStaff(people.other, 'captioner', 'ZH-hANT-tw')).toBe('ok');
	expect((await named()).map(({ language }) => language)).toEqual(['pt', 'pt', 'zh']);
	for (const [given, language] of [
		['fr-FR', 'fr'],
		['de-AT', 'de'],
		['sr-Latn-RS', 'sr-Latn']
	]) {
		await nameStaff(people.member, 'interpreter', given);
		expect((await named()).filter(({ display_name }) => display_name === people.member.name)).toMatchObject([
			{ language }
		]);
		await db.owner.query(`delete from private.meeting_staff where person_id = $1`, [people.member.person]);
	}
	// Not even the owner of the database writes another spelling.
	await expect(
		db.owner.query(
			`insert into private.meeting_staff (meeting_id, person_id, part, language) values ($1, $2, 'interpreter', 'fr-FR')`,
			[meeting, people.staff.person]
		)
	).rejects.toThrow('one_booth');
	expect(await nameStaff(people.other, 'interpreter', 'ils')).toBe('ok');
	expect((await named()).map(({ is_signed }) => is_signed)).toEqual([true, false, false, false]);
});

test('to name the fortieth again changes nothing, and another is refused', async () => {
	await nameStaff(people.staff, 'captioner');
	await db.owner.query(
		`insert into private.meeting_staff (meeting_id, person_id, part, language)
		select $1, $2, 'captioner', 'q' || chr(97 + at / 26) || chr(97 + at % 26) from generate_series(1, 39) as at`,
		[meeting, people.other.person]
	);
	expect(await nameStaff(people.staff, 'captioner')).toBe('ok');
	expect(await nameStaff(people.staff, 'captioner', 'es')).toBe('invalid');
	expect(await named()).toHaveLength(40);
	// Who has declined takes up no place.
	await db.owner.query(
		`update private.meeting_staff set state = 'declined', answered_at = now() where meeting_id = $1 and person_id = $2`,
		[meeting, people.other.person]
	);
	expect(await nameStaff(people.staff, 'captioner', 'es')).toBe('ok');
});

test('who worked as staff and then waits has not attended by the old connection', async () => {
	await nameStaff(people.member, 'captioner');
	const own = await staffPass(people.member);
	await report(own);
	await call(people.chair, 'set_meeting_room_lock', code, true);
	expect((await memberPass(people.member)).status).toBe('waiting');
	await report(own);
	await report(await memberPass(people.chair));
	expect([await attended(people.chair), await attended(people.member)]).toEqual([1, 0]);
});

test('an interpreter who is on air in another booth does not staff this one', async () => {
	for (const language of ['fr', 'es']) await nameStaff(people.staff, 'interpreter', language);
	await report(await staffPass(people.staff));
	const staffed = async () =>
		(await call<Booth>(people.staff, 'read_meeting_booth', code, 'fr')).languages.map(({ language, is_staffed }) => [
			language,
			is_staffed
		]);
	expect(await staffed()).toEqual([
		['es', true],
		['fr', true]
	]);
	await call(people.staff, 'take_meeting_booth', code, 'es');
	expect(await staffed()).toEqual([
		['es', true],
		['fr', false]
	]);
});
