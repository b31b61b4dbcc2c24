/* Who is named as staff of a meeting is asked: before they accept nothing opens, and mails and calendars follow what happens. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { acceptWork, createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { proveAddress } from '../../fixtures/inviting.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, setCaller, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let organiser: TestPerson;
let chair: TestPerson;
let member: TestPerson;
let staff: TestPerson;
let group: string;
let code: string;
let reference: string;

interface Staff {
	id: string;
	state: string;
	start: string;
	end: string;
}
interface Work {
	title: object | null;
	name: object | null;
	is_off: boolean;
	parts: { language: string; state: string }[];
}
interface Event {
	method: string;
	sequence: number;
	title: object | null;
	place: string | null;
	link: string | null;
	is_in_group: boolean;
	answer: string | null;
}

const call = <Answer = string>(who: TestPerson, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);
const nameStaff = (language = 'fr', part = 'interpreter') =>
	call(chair, 'name_meeting_staff', code, part, language, null, reference);
const listed = async (who: TestPerson) => (await call<{ staff: Staff[] }>(who, 'read_meeting', code)).staff;
const work = async () =>
	(await call<{ meetings: (Staff & Record<string, unknown>)[] }>(staff, 'read_my_meeting_work')).meetings;
const pass = async () =>
	(
		await readValue<{ status: string }>(db.owner, `select private.meeting_staff_pass($1, $2, $3)`, [
			staff.person,
			group,
			code
		])
	).status;
const seenOf = (own: Staff | undefined) => `${own?.start ?? ''}/${own?.end ?? ''}`;
const answer = async (accepts: boolean) => {
	const [own] = await work();
	return call(staff, 'answer_meeting_staff', own?.id, accepts, seenOf(own));
};
const version = () => readValue<number>(db.owner, 'select version from private.meetings where code = $1', [code]);
const moved = {
	title: { original: 'en', en: 'Canary' },
	local: '2031-06-09T10:00',
	zone: 'UTC',
	minutes: 60,
	level: 'members'
};
const change = async (fields: object) =>
	call(chair, 'change_meeting', code, await version(), { ...moved, ...fields }, false);

/** Sends what is queued to the person who was named: what each mail says, and what their calendar gets. */
async function send() {
	const said: { work: Work[]; events: Event[] }[] = [];
	const { rows } = await db.owner.query<{ id: string }>(
		`select id from private.outbox where template = 'meeting_work' and person_id = $1 and state = 'queued' order by created_at, id`,
		[staff.person]
	);
	for (const { id } of rows) {
		await db.owner.query(`update private.outbox set state = 'sending' where id = $1`, [id]);
		said.push({
			events: await readValue<Event[]>(db.owner, 'select private.claim_meeting_events($1)', [id]),
			work: await readValue<Work[]>(db.owner, 'select private.read_work_mail($1)', [id])
		});
		await db.owner.query(`update private.outbox set state = 'sent', sent_at = now() where id = $1`, [id]);
	}
	return said;
}

beforeAll(async () => {
	await makeWorld(db.owner);
	organiser = await makeCommunityOrganiser(db.owner);
	[chair, member] = [await makePerson(db.owner, 'Asking chair'), await makePerson(db.owner, 'Member')];
});

// A meeting in an hour of a group for members.
async function begin(level: string) {
	group = await createGroup(db.owner, organiser, level);
	await putInGroup(db.owner, chair, group, 'chair');
	await putInGroup(db.owner, member, group, 'member');
	staff = await makePerson(db.owner, 'Asked person');
	await proveAddress(db.owner, staff, `${staff.person}@example.org`);
	reference = await readValue<string>(db.owner, `select code from public.people where id = $1`, [staff.person]);
	code = await readValue<string>(
		db.owner,
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level, place, link)
		select id, '{"original": "en", "en": "Canary"}', 'UTC', now() + interval '10 minutes', now() + interval '1 hour', level,
			'Secret place', 'https://meet.example/secret'
		from private.groups where code = $1 returning code`,
		[group]
	);
}
beforeEach(() => begin('members'));

test('nothing opens before somebody has accepted, and after they declined; chairs see which', async () => {
	await call(chair, 'open_meeting_room', code);
	expect(await nameStaff()).toBe('ok');
	await nameStaff('fr', 'captioner');
	await db.owner.query(`delete from private.meeting_staff where part = 'captioner' and person_id = $1`, [staff.person]);
	const closed = async () => [
		await pass(),
		await call(staff, 'read_meeting_booth', code, 'fr'),
		await call(staff, 'take_meeting_booth', code, 'fr'),
		await call(staff, 'allowed_topics', [
			`staff:${await readValue<string>(db.owner, 'select id from private.meetings where code = $1', [code])}`
		])
	];
	expect(await closed()).toEqual(['none', null, 'not_found', []]);
	expect(await listed(chair)).toMatchObject([{ state: 'invited' }]);
	expect(await listed(member)).toEqual([]);
	// They read the name, the time and their language, and nothing else of the group.
	const [own = { id: '', state: '', start: '', end: '' }] = await work();
	expect(Object.keys(own).sort()).toEqual(
		'code end group id is_open is_signed language name part start state title zone'.split(' ').sort()
	);
	expect(JSON.stringify(own)).not.toMatch(/Secret|meet\.example/);
	expect(own).toMatchObject({ state: 'invited', is_open: false });
	for (const who of [chair, member])
		expect(await call(who, 'answer_meeting_staff', own.id, true, seenOf(own))).toBe('not_found');
	expect(await call(staff, 'answer_meeting_staff', own.id, null, seenOf(own))).toBe('not_found');

	expect([await answer(true), await answer(true)]).toEqual(['ok', 'ok']);
	expect([await pass(), (await work())[0]?.['is_open']]).toEqual(['ok', true]);
	expect(await call(staff, 'take_meeting_booth', code, 'fr')).toBe('ok');
	expect(await listed(member)).toMatchObject([{ state: 'accepted' }]);
	expect(await answer(false)).toBe('ok');
	expect(await closed()).toEqual(['none', null, 'not_found', []]);
	expect([await listed(chair), await listed(member), await work()]).toMatchObject([[{ state: 'declined' }], [], []]);
	// They can be asked again, and a chair who names themselves need not answer.
	expect(await nameStaff()).toBe('ok');
	expect(await listed(chair)).toMatchObject([{ state: 'invited' }]);
	const own2 = await readValue<string>(db.owner, `select code from public.people where id = $1`, [chair.person]);
	await call(chair, 'name_meeting_staff', code, 'captioner', 'en', null, own2);
	expect((await listed(chair)).map(({ state }) => state).sort()).toEqual(['accepted', 'invited']);
});

test('a language is offered to listeners once somebody has accepted it', async () => {
	await call(chair, 'open_meeting_room', code);
	await readValue(db.owner, `select private.meeting_pass($1, $2, $3)`, [member.person, group, code]);
	const offered = async () => {
		const room = await call<{ languages: { language: string }[]; caption_languages: string[] }>(
			member,
			'read_meeting_room',
			code
		);
		return [room.languages.map(({ language }) => language), room.caption_languages];
	};
	await nameStaff();
	await nameStaff('es', 'captioner');
	expect(await offered()).toEqual([[], []]);
	await acceptWork(db.owner, staff);
	expect(await offered()).toEqual([['fr'], ['es']]);
});

test('mails and calendars say when somebody is named, when the meeting moves or is cancelled, and when they are removed', async () => {
	await nameStaff();
	const [named] = await send();
	expect(named?.work).toMatchObject([
		{ title: {}, name: {}, is_off: false, parts: [{ language: 'fr', state: 'invited' }] }
	]);
	expect(named?.events).toMatchObject([
		{ method: 'REQUEST', title: {}, place: null, link: null, is_in_group: false, answer: null }
	]);
	await answer(true);
	expect(await send()).toEqual([]);
	expect(await change({})).toBe('ok');
	const [changed, ...more] = await send();
	expect(more).toEqual([]);
	// They accepted another time: they are asked again.
	expect(changed?.work).toMatchObject([{ parts: [{ language: 'fr', state: 'invited' }] }]);
	expect(changed?.events).toMatchObject([{ method: 'REQUEST', answer: null }]);
	expect(changed?.events[0]?.sequence).toBeGreaterThan(named?.events[0]?.sequence ?? 0);
	expect(await call(chair, 'cancel_meeting', code, await version(), false)).toBe('ok');
	expect(await send()).toMatchObject([{ work: [{ is_off: true }], events: [{ method: 'CANCEL' }] }]);

	await begin('members');
	await nameStaff();
	await send();
	expect(await call(chair, 'remove_meeting_staff', code, (await listed(chair))[0]?.id)).toBe('ok');
	expect(await send()).toMatchObject([
		{ work: [{ title: null, name: null, parts: [] }], events: [{ method: 'CANCEL', title: null }] }
	]);
	// Who declines has it taken out of their calendar, and hears of no later change.
	await nameStaff();
	await send();
	expect(await answer(false)).toBe('ok');
	expect(await send()).toMatchObject([{ events: [{ method: 'CANCEL' }] }]);
	await change({});
	expect(await send()).toEqual([]);
	await db.owner.query('select private.send_term_cancellations()');
	expect(
		await readValue(db.owner, `select count(*)::int from private.outbox where person_id = $1 and state = 'queued'`, [
			staff.person
		])
	).toBe(0);
});

test('of a closed meeting a mail and a calendar hold the time and the language alone', async () => {
	await begin('closed');
	await nameStaff();
	const [said] = await send();
	expect(said?.work).toMatchObject([{ title: null, name: null, parts: [{ language: 'fr' }] }]);
	expect(said?.events).toMatchObject([{ method: 'REQUEST', title: null, place: null, link: null }]);
});

test('chairs of one group ask nobody more often than thirty times in a day, and are told so', async () => {
	await db.owner.query(
		`insert into private.outbox (person_id, template, params, state)
		select $1, 'meeting_work', jsonb_build_object('meetings', jsonb_build_array(m.id)), 'sent'
		from private.meetings as m, generate_series(1, 30) where m.code = $2`,
		[staff.person, code]
	);
	expect(await nameStaff()).toBe('limited');
	expect([await listed(chair), await send()]).toEqual([[], []]);
	const { person } = staff;
	const own = reference;
	await begin('members');
	expect(await call(chair, 'name_meeting_staff', code, 'interpreter', 'fr', null, own)).toBe('ok');
	expect(
		await readValue(db.owner, `select count(*)::int from private.outbox where person_id = $1 and state = 'queued'`, [
			person
		])
	).toBe(1);
});

test('namings that follow each other are one mail, which waits for them', async () => {
	const first = code;
	await nameStaff();
	await nameStaff('es');
	const { rows } = await db.owner.query<{ code: string }>(
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Later"}', 'UTC', now() + n * interval '7 days', now() + n * interval '7 days' + interval '1 hour', 'members'
		from private.groups, generate_series(1, 51) as n where code = $1 returning code`,
		[group]
	);
	for (const each of rows) {
		({ code } = each);
		expect(await nameStaff()).toBe('ok');
	}
	const waits = () =>
		readValue<number[]>(
			db.owner,
			`select array_agg(extract(epoch from send_after - created_at)::int) from private.outbox
			where person_id = $1 and state = 'queued'`,
			[staff.person]
		);
	// The first of them begins soon.
	const [wait, ...others] = await waits();
	expect(others).toEqual([]);
	expect(wait).toBeLessThanOrEqual(30);
	const [said, ...more] = await send();
	expect([said?.work.length, said?.events.length, more.length]).toEqual([52, 52, 0]);
	expect(said?.work[0]?.parts.map(({ language }) => language)).toEqual(['es', 'fr']);
	await nameStaff('es');
	expect(await waits()).toEqual([300]);
	await call(
		chair,
		'remove_meeting_staff',
		first,
		(await call<{ staff: Staff[] }>(chair, 'read_meeting', first)).staff[0]?.id
	);
	expect((await send()).map((each) => each.work.length)).toEqual([2]);
});

test('a mail says what the work is, and there is none where nothing that they see has changed', async () => {
	await change({});
	await nameStaff();
	await nameStaff('es');
	await acceptWork(db.owner, staff);
	expect(await send()).toHaveLength(1);
	// The place is not theirs to see.
	await change({ place: 'Elsewhere' });
	expect(await send()).toMatchObject([{ work: [], events: [] }]);
	await change({ place: 'Elsewhere', title: { original: 'en', en: 'Renamed' } });
	expect(await send()).toMatchObject([
		{ work: [{ title: { en: 'Renamed' }, parts: [{ state: 'accepted' }, { state: 'accepted' }] }], events: [{}] }
	]);
	// One of two languages is given back: the calendar stays as it is.
	expect(await answer(false)).toBe('ok');
	expect(await send()).toMatchObject([{ work: [{ parts: [{ language: 'fr', state: 'accepted' }] }], events: [] }]);
	await db.owner.query(
		`insert into public.person_preferences (person_id, calendar_invitations) values ($1, 'none')
		on conflict (person_id) do update set calendar_invitations = 'none'`,
		[staff.person]
	);
	await change({ local: '2031-06-10T10:00' });
	expect(await send()).toMatchObject([{ work: [{ parts: [{ state: 'invited' }] }] }]);
});

test('who has declined accepts no more from an old page, and is not listed for others than chairs', async () => {
	await putInGroup(db.owner, staff, group, 'member');
	await nameStaff();
	const [own] = await work();
	expect(await listed(staff)).toMatchObject([{ state: 'invited' }]);
	expect(await call(staff, 'answer_meeting_staff', own?.id, false)).toBe('ok');
	expect(await call(staff, 'answer_meeting_staff', own?.id, true, seenOf(own))).toBe('not_found');
	expect(await listed(chair)).toMatchObject([{ state: 'declined' }]);
	expect([await listed(staff), await listed(member)]).toEqual([[], []]);
	// The mail about it names the meeting to somebody of the group.
	expect((await send()).at(-1)?.work).toMatchObject([{ title: {}, name: {}, parts: [] }]);
});

test('who works when a meeting moves is asked again; who changes it, and who is in the open room, is not', async () => {
	await nameStaff();
	const own = await readValue<string>(db.owner, `select code from public.people where id = $1`, [chair.person]);
	await call(chair, 'name_meeting_staff', code, 'captioner', 'en', null, own);
	await acceptWork(db.owner, staff);
	const states = async () => (await listed(chair)).map(({ state }) => state).sort();
	const later = `update private.meetings set ends_at = ends_at + interval '1 hour' where code = $1`;
	await call(chair, 'open_meeting_room', code);
	expect(await pass()).toBe('ok');
	await db.owner.query(later, [code]);
	expect(await listed(chair)).toContainEqual(expect.objectContaining({ display_name: staff.name, state: 'accepted' }));
	expect(await pass()).toBe('ok');
	await db.owner.query(
		`update private.meeting_staff set state = 'accepted', answered_at = now() where person_id = $1 and state = 'invited'`,
		[chair.person]
	);
	expect(await change({})).toBe('ok');
	expect(await states()).toEqual(['accepted', 'invited']);
	await call(chair, 'open_meeting_room', code);
	expect(await pass()).toBe('none');
	// Once they have accepted the new time, a shorter meeting asks nobody.
	await acceptWork(db.owner, staff);
	expect(await change({ minutes: 30 })).toBe('ok');
	expect(await states()).toEqual(['accepted', 'accepted']);
	expect(await change({ minutes: 90 })).toBe('ok');
	expect(await states()).toEqual(['accepted', 'invited']);
});

test('somebody who is removed while mail is slow gets one mail', async () => {
	await nameStaff();
	await send();
	await call(chair, 'remove_meeting_staff', code, (await listed(chair))[0]?.id);
	await db.owner.query('select private.send_term_cancellations()');
	const { rows } = await db.owner.query<{ template: string }>(
		`select template from private.outbox where person_id = $1 and state = 'queued'`,
		[staff.person]
	);
	expect(rows).toEqual([{ template: 'meeting_work' }]);
});

test('a part is removed after its room is locked, as it is given back', async () => {
	await nameStaff();
	await acceptWork(db.owner, staff);
	await call(chair, 'open_meeting_room', code);
	const [row] = await listed(chair);
	const other = await db.connect();
	await other.query('begin');
	await other.query(
		`select from private.meeting_rooms as r join private.meetings as m on m.id = r.meeting_id where m.code = $1 for update of r`,
		[code]
	);
	const removed = call(chair, 'remove_meeting_staff', code, row?.id);
	await waitForLocks(other);
	await other.query(`update private.meeting_staff set state = 'declined' where id = $1`, [row?.id]);
	await other.query('commit');
	await other.end();
	expect(await removed).toBe('ok');
});

test('a page that shows another time accepts nothing; it may decline', async () => {
	await nameStaff();
	const [own] = await work();
	expect(await call(staff, 'answer_meeting_staff', own?.id, true)).toBe('conflict');
	expect(await call(chair, 'change_meeting', code, await version(), moved, false)).toBe('ok');
	expect(await call(staff, 'answer_meeting_staff', own?.id, true, seenOf(own))).toBe('conflict');
	expect((await work()).map(({ state }) => state)).toEqual(['invited']);
	expect(await answer(true)).toBe('ok');
	// Also what ends later only.
	await call(chair, 'change_meeting', code, await version(), { ...moved, minutes: 90 }, false);
	expect(await call(staff, 'answer_meeting_staff', own?.id, true, `${own?.start ?? ''}/x`)).toBe('conflict');
	expect(await call(staff, 'answer_meeting_staff', own?.id, false, seenOf(own))).toBe('ok');
});

test('of a move and an acceptance at once, nobody has accepted another time than they read', async () => {
	await nameStaff();
	const [own] = await work();
	const [mover, answerer] = await connectMany(db, 2);
	if (!mover || !answerer) throw new Error('No connections.');
	await mover.query('begin');
	await setCaller(mover, chair);
	const change = 'select public.change_meeting($1, $2, $3, false) as status';
	const { rows } = await mover.query<{ status: string }>(change, [code, await version(), moved]);
	expect(rows[0]?.status).toBe('ok');
	const accepted = callAs<string>(answerer, staff, 'public.answer_meeting_staff($1, true, $2)', [own?.id, seenOf(own)]);
	await waitForLocks(db.owner);
	await mover.query('commit');
	expect(await accepted).toBe('conflict');
	expect((await work()).map(({ state }) => state)).toEqual(['invited']);
});
