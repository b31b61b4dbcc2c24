/* Meetings of groups: who sees them, who leads them, and the way from a plan to approved minutes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, groupFields, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { proveAddress } from '../../fixtures/inviting.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
/** The secretary of every group, who made it. */
let secretary: TestPerson;
let chair: TestPerson;
let member: TestPerson;
let alternate: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	secretary = await makeCommunityOrganiser(db.owner);
	chair = await makePerson(db.owner, 'Meeting Chair');
	member = await makePerson(db.owner, 'Meeting Member');
	alternate = await makePerson(db.owner, 'Meeting Alternate');
});

/** A day by its distance from today. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const words = (en: string) => JSON.stringify({ original: 'en', en });
const call = <Answer>(who: TestPerson | null, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);

const fields = (more: object = {}) =>
	JSON.stringify({
		title: { original: 'en', en: 'Canary meeting' },
		local: '2031-06-09T10:30',
		zone: 'Europe/Berlin',
		minutes: 90,
		place: 'Room 4',
		link: 'https://meet.example/x',
		level: 'closed',
		...more
	});

interface Read {
	leads: boolean;
	is_cancellable: boolean;
	state: string;
	version: number;
	start: string;
	end: string;
	later: number;
	items: { id: string; title: { en: string }; version: number }[];
	papers: { id: string; name: string; item: string | null }[];
	people: {
		id: string | null;
		invited: string | null;
		display_name: string;
		answer: string | null;
		alternate: string | null;
		attended: boolean | null;
	}[];
	minutes: {
		number: number;
		state: string;
		version: number;
		body: { en: string };
		comments: { body: string }[];
		takes_comments: boolean;
	} | null;
	approved: { number: number; body: { en: string } } | null;
	decisions: { id: string }[];
}

/** A group with all four parts. */
async function makeGroup(level: string) {
	const code = await createGroup(db.owner, secretary, level);
	const entries = {
		chair: await putInGroup(db.owner, chair, code, 'chair'),
		member: await putInGroup(db.owner, member, code, 'member'),
		alternate: await putInGroup(db.owner, alternate, code, 'alternate')
	};
	return { code, entries };
}

async function plan(group: string, more: object = {}): Promise<string> {
	const made = await call<{ status: string; code: string }>(secretary, 'plan_meeting', group, fields(more));
	expect(made.status).toBe('ok');
	return made.code;
}

const read = async (who: TestPerson | null, code: string) => {
	const found = await call<Read | null>(who, 'read_meeting', code);
	return found ?? raise();
};
function raise(): never {
	throw new Error('The meeting is not seen.');
}

/** Moves a meeting into the past, as time would. */
const hold = (code: string) =>
	db.owner.query(
		`update private.meetings set starts_at = now() - interval '3 days', ends_at = now() - interval '71 hours' where code = $1`,
		[code]
	);
const endComments = (code: string) =>
	db.owner.query(
		`update private.meeting_minutes set comments_until = current_date - 2
		where state = 'comments' and meeting_id = (select id from private.meetings where code = $1)`,
		[code]
	);

/** Stores nothing, but has the row of an object that the app has just checked. */
async function upload(): Promise<string> {
	const name = await readValue<string>(db.owner, `select translate(gen_random_uuid()::text, '-', '')`);
	await db.owner.query(`select private.begin_object($1, 'application/pdf', 1000, repeat('ab', 32), 'clean')`, [name]);
	return name;
}

/** A held meeting with minutes that are open for comments, and a decision and an action that go with them. */
async function withMinutes(group: string, level = 'closed') {
	const code = await plan(group, { level });
	await hold(code);
	expect(await call(secretary, 'save_minutes', code, 0, words('First words'))).toBe('ok');
	expect(await call(secretary, 'record_meeting_decision', code, words('Canary decision'))).toBe('ok');
	expect(await call(secretary, 'add_meeting_action', code, words('Canary action'), null, null)).toBe('ok');
	const decided = `select a.id from private.group_actions as a join private.meetings as m on m.id = a.meeting_id where m.code = $1`;
	const action = await readValue<string>(db.owner, decided, [code]);
	// What a meeting decided is changed or done, and never gone.
	expect(await callAs(db.owner, secretary, 'public.delete_group_action($1)', [action])).toBe('not_found');
	expect(await readValue(db.owner, decided, [code])).toBe(action);
	return code;
}
async function approve(code: string) {
	expect(await call(secretary, 'open_minutes_for_comments', code, dayIn(2))).toBe('ok');
	await endComments(code);
	const { minutes } = await read(secretary, code);
	expect(await call(secretary, 'approve_minutes', code, minutes?.version)).toBe('ok');
}

describe('who sees meetings', () => {
	test('the people of the group alone; of a closed one nobody else finds a trace', async () => {
		const { code: group } = await makeGroup('closed');
		const code = await withMinutes(group);
		await call(
			secretary,
			'save_meeting_item',
			code,
			null,
			0,
			JSON.stringify({ title: { original: 'en', en: 'Item' } })
		);
		await call(secretary, 'add_meeting_paper', code, 'paper.pdf', await upload());
		const paper = (await read(secretary, code)).papers[0]?.id ?? '';
		await approve(code);
		const community = await makeCommunityOrganiser(db.owner);
		const { newcomer, delegate, focal, owner, safeguarding } = world.people;
		for (const who of [newcomer, delegate, focal, owner, safeguarding, community])
			for (const [seen, unknown] of [
				[code, 'UNKNOWN9'],
				[group, 'UNKNOWN9']
			] as const)
				for (const one of [seen, unknown]) {
					expect(await call(who, 'read_meeting', one)).toBeNull();
					expect(await call(who, 'list_group_meetings', one)).toBeNull();
					expect(await call(who, 'list_approved_minutes', one)).toEqual([]);
					expect(await call(who, 'open_meeting_paper', one, paper)).toBeNull();
					expect(await call(who, 'begin_meeting_paper', one)).toEqual({ status: 'not_found' });
					expect(await call(who, 'plan_meeting', one, fields())).toEqual({ status: 'not_found' });
					expect(await call(who, 'answer_meeting', one, 'yes', null)).toBe('not_found');
					expect(await call(who, 'comment_on_minutes', one, 'words')).toBe('not_found');
					expect(await call(who, 'publish_minutes', one, true)).toBe('not_found');
				}
		expect(await call(null, 'list_approved_minutes', group)).toEqual([]);
		for (const who of [secretary, chair, member, alternate]) {
			expect(await read(who, code)).toMatchObject({ papers: [{ id: paper }] });
			expect(await call(who, 'open_meeting_paper', code, paper)).toMatchObject({ name: 'paper.pdf' });
			expect(await call(who, 'list_group_meetings', group)).toMatchObject({ total: 1 });
		}
	});

	test('who runs the community sees a closed group that nobody leads, but not what it discusses', async () => {
		const { code: group, entries } = await makeGroup('closed');
		const code = await withMinutes(group);
		await db.owner.query(
			`update private.group_people set ended_at = now() where part in ('chair', 'secretary')
				and group_id = (select group_id from private.group_people where id = $1)`,
			[entries.member]
		);
		const community = await makeCommunityOrganiser(db.owner);
		expect(await call(community, 'read_group', group)).not.toBeNull();
		expect(await call(community, 'read_meeting', code)).toBeNull();
		expect(await call(community, 'list_group_meetings', group)).toBeNull();
		expect(await call(community, 'plan_meeting', group, fields())).toEqual({ status: 'not_found' });
	});

	test('others who see the group learn that minutes were approved once this is published, and the day alone', async () => {
		const { code: group } = await makeGroup('public');
		const code = await withMinutes(group, 'members');
		const { newcomer, delegate } = world.people;
		const facts = (who: TestPerson | null) => call<unknown[]>(who, 'list_approved_minutes', group);
		expect(await call(secretary, 'publish_minutes', code, true)).toBe('wrong_state');
		await approve(code);
		expect(await facts(delegate)).toEqual([]);
		expect(await call(member, 'publish_minutes', code, true)).toBe('not_found');
		expect(await call(chair, 'publish_minutes', code, true)).toBe('ok');
		const day = expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string;
		expect(await facts(delegate)).toEqual([{ held_on: day, approved_on: day }]);
		expect(await call(delegate, 'read_meeting', code)).toBeNull();
		expect(await facts(newcomer)).toEqual([]);
		expect(await facts(null)).toEqual([]);
		await db.owner.query(`update private.groups set level = 'closed' where code = $1`, [group]);
		expect(await facts(delegate)).toEqual([]);
	});
});

test('chairs and secretaries plan, move and cancel; others of the group do not', async () => {
	const { code: group } = await makeGroup('members');
	for (const who of [member, alternate])
		expect(await call(who, 'plan_meeting', group, fields())).toEqual({ status: 'not_found' });
	for (const wrong of [
		{ level: 'public' },
		{ zone: 'Mars/Base' },
		{ minutes: 0 },
		{ title: {} },
		{ local: 'soon' },
		{ link: 'javascript:alert(1)' },
		{ every: 'week', times: 53 }
	])
		expect(await call(chair, 'plan_meeting', group, fields(wrong))).toEqual({ status: 'invalid' });
	const code = await plan(group);
	expect(await read(member, code)).toMatchObject({
		start: '2031-06-09T08:30:00Z',
		end: '2031-06-09T10:00:00Z',
		leads: false
	});
	expect(await call(member, 'change_meeting', code, 1, fields(), false)).toBe('not_found');
	expect(await call(chair, 'change_meeting', code, 1, fields({ local: '2031-06-10T09:00' }), false)).toBe('ok');
	expect(await call(chair, 'change_meeting', code, 1, fields(), false)).toBe('conflict');
	expect(await read(member, code)).toMatchObject({ start: '2031-06-10T07:00:00Z', version: 2 });
	expect(await call(alternate, 'cancel_meeting', code, 2)).toBe('not_found');
	expect(await call(chair, 'cancel_meeting', code, 1)).toBe('conflict');
	expect(await call(chair, 'cancel_meeting', code, 2)).toBe('ok');
	expect(await call(chair, 'cancel_meeting', code, 3)).toBe('wrong_state');
	const begun = await plan(group);
	await db.owner.query(
		`update private.meetings set starts_at = now() - interval '1 hour', ends_at = now() + interval '1 hour' where code = $1`,
		[begun]
	);
	expect(await call(chair, 'cancel_meeting', begun, 1)).toBe('wrong_state');
	expect(await call(chair, 'change_meeting', begun, 1, fields(), false)).toBe('wrong_state');
	expect(await call(chair, 'change_meeting', code, 3, fields(), false)).toBe('wrong_state');
	await db.owner.query(`update private.groups set ended_at = now() where code = $1`, [group]);
	expect(await call(chair, 'plan_meeting', group, fields())).toEqual({ status: 'invalid' });
});

test('a meeting moves only to a time to come, with all of its series', async () => {
	const { code: group } = await makeGroup('members');
	const code = await plan(group, { every: 'week', times: 3 });
	for (const with_later of [false, true])
		expect(await call(chair, 'change_meeting', code, 1, fields({ local: '2021-06-09T10:30' }), with_later)).toBe(
			'invalid'
		);
	expect(await read(member, code)).toMatchObject({ start: '2031-06-09T08:30:00Z', version: 1, later: 2 });
	expect(await call(chair, 'change_meeting', code, 1, fields({ local: `${dayIn(2)}T10:30` }), true)).toBe('ok');
});

test('one that is over and left nothing can be cancelled, as one that was planned for a wrong year', async () => {
	const { code: group } = await makeGroup('members');
	const cancellable = async (code: string) => (await read(chair, code)).is_cancellable;
	const wrong = await plan(group, { local: '2021-06-09T10:30' });
	expect(await cancellable(wrong)).toBe(true);
	expect(await call(member, 'cancel_meeting', wrong, 1)).toBe('not_found');
	expect(await call(chair, 'cancel_meeting', wrong, 1)).toBe('ok');
	for (const trace of [
		`insert into private.meeting_minutes (meeting_id, number, body) select id, 1, '{"original":"en","en":"M"}' from private.meetings where code = $1`,
		`insert into private.meeting_rooms (meeting_id) select id from private.meetings where code = $1`,
		`insert into private.meeting_people (meeting_id, person_id, attended) select id, '${member.person}', true from private.meetings where code = $1`
	]) {
		const held = await plan(group, { local: '2021-06-09T10:30' });
		await db.owner.query(trace, [held]);
		expect(await cancellable(held)).toBe(false);
		expect(await call(chair, 'cancel_meeting', held, 1)).toBe('wrong_state');
	}
});

test('an item is added once by one form, and of two who change it the second is refused', async () => {
	const { code: group } = await makeGroup('members');
	const code = await plan(group);
	const item = (title: string, more: object = {}) => JSON.stringify({ title: { original: 'en', en: title }, ...more });
	const save = (who: TestPerson, id: string | null, version: number, fields: string) =>
		call(who, 'save_meeting_item', code, id, version, fields);
	const items = async () => (await read(member, code)).items.map(({ title, version }) => [title.en, version]);
	const id = crypto.randomUUID();
	for (const title of ['Budget', 'Budget again']) expect(await save(chair, null, 0, item(title, { id }))).toBe('ok');
	expect(await items()).toEqual([['Budget', 1]]);
	expect(await save(chair, id, 1, item('Budget 2028', { minutes: 10 }))).toBe('ok');
	expect(await save(secretary, id, 1, item('Money'))).toBe('conflict');
	expect(await save(chair, id, 1, item('Budget 2028', { minutes: 10 }))).toBe('ok');
	expect(await items()).toEqual([['Budget 2028', 2]]);
	const other = await plan(group);
	expect(await call(chair, 'save_meeting_item', other, null, 0, item('Taken', { id }))).toBe('invalid');
});

test('the agenda keeps its order, and its papers go with their item', async () => {
	const { code: group, entries } = await makeGroup('members');
	const code = await plan(group);
	const item = (title: string, more: object = {}) => JSON.stringify({ title: { original: 'en', en: title }, ...more });
	for (const title of ['One', 'Two', 'Three'])
		expect(await call(secretary, 'save_meeting_item', code, null, 0, item(title, { minutes: 10 }))).toBe('ok');
	const outside = (await makeGroup('members')).entries.member;
	expect(await call(secretary, 'save_meeting_item', code, null, 0, item('No', { presenter: outside }))).toBe('invalid');
	expect(await call(secretary, 'save_meeting_item', code, null, 0, item('No', { minutes: 0 }))).toBe('invalid');
	const titles = async () => (await read(member, code)).items.map(({ title }) => title.en);
	const ids = (await read(member, code)).items.map(({ id }) => id);
	expect(await call(member, 'change_meeting_agenda', code, ids[0], 'down')).toBe('not_found');
	expect(await call(secretary, 'change_meeting_agenda', code, ids[0], 'down')).toBe('ok');
	expect(await call(secretary, 'change_meeting_agenda', code, ids[2], 'down')).toBe('ok');
	expect(await titles()).toEqual(['Two', 'One', 'Three']);
	expect(
		await call(secretary, 'save_meeting_item', code, ids[1], 1, item('Second', { presenter: entries.member }))
	).toBe('ok');
	const object = await upload();
	expect(await call(secretary, 'add_meeting_paper', code, 'paper.pdf', object, null, ids[1])).toEqual({ status: 'ok' });
	expect(await call(secretary, 'add_meeting_paper', code, 'again.pdf', object, null, ids[1])).toEqual({
		status: 'invalid'
	});
	expect(await call(secretary, 'add_meeting_paper', code, 'A page', null, 'https://example.org/a')).toEqual({
		status: 'ok'
	});
	expect(await call(secretary, 'add_meeting_paper', code, 'A page', null, 'http://example.org')).toEqual({
		status: 'invalid'
	});
	expect(await call(member, 'add_meeting_paper', code, 'A page', null, 'https://example.org/a')).toEqual({
		status: 'not_found'
	});
	expect(await call(secretary, 'change_meeting_agenda', code, ids[1], 'remove')).toBe('ok');
	expect(await read(member, code)).toMatchObject({ papers: [{ name: 'A page', item: null }] });
	expect(await readValue(db.owner, 'select state from private.stored_objects where name = $1', [object])).toBe(
		'deletable'
	);
	const paper = (await read(member, code)).papers[0]?.id;
	expect(await call(member, 'remove_meeting_paper', code, paper)).toBe('not_found');
	expect(await call(secretary, 'remove_meeting_paper', code, paper)).toBe('ok');
});

test('people answer until the end of the meeting; afterwards its leaders record who was there', async () => {
	const { code: group, entries } = await makeGroup('members');
	const code = await plan(group);
	expect(await call(member, 'answer_meeting', code, 'yes', null)).toBe('ok');
	expect(await call(member, 'answer_meeting', code, 'alternate', null)).toBe('invalid');
	expect(await call(member, 'answer_meeting', code, 'alternate', entries.chair)).toBe('invalid');
	expect(await call(member, 'answer_meeting', code, 'no', entries.alternate)).toBe('invalid');
	expect(await call(member, 'answer_meeting', code, 'alternate', entries.alternate)).toBe('ok');
	const of = async (name: string) => (await read(chair, code)).people.find(({ display_name }) => display_name === name);
	expect(await of('Meeting Member')).toMatchObject({
		answer: 'alternate',
		alternate: 'Meeting Alternate',
		attended: null
	});
	const unknown = '00000000-0000-4000-8000-000000000000';
	expect(await call(member, 'answer_meeting', code, 'yes', unknown)).toBe('invalid');
	await db.owner.query('update private.group_people set alternate_of = $1 where id = $2', [
		entries.chair,
		entries.alternate
	]);
	expect(await call(member, 'answer_meeting', code, 'alternate', entries.alternate)).toBe('invalid');
	expect(await call(chair, 'answer_meeting', code, 'alternate', entries.alternate)).toBe('ok');
	expect(await call(chair, 'record_attendance', code, 1, [entries.member])).toBe('wrong_state');
	expect(await call(chair, 'change_meeting', code, 1, fields({ place: 'Room 5' }), false)).toBe('ok');
	expect(await of('Meeting Member')).toMatchObject({ answer: 'alternate' });
	// An answer is to the time that its page showed.
	const { start, end } = await read(member, code);
	const seen = `${start}/${end}`;
	expect(await call(member, 'answer_meeting', code, 'yes', null, seen)).toBe('ok');
	expect(await call(chair, 'change_meeting', code, 2, fields({ local: '2031-06-10T10:30' }), false)).toBe('ok');
	expect(await call(member, 'answer_meeting', code, 'yes', null, seen)).toBe('conflict');
	expect(await of('Meeting Member')).toMatchObject({ answer: null, alternate: null });
	await hold(code);
	const later = await makePerson(db.owner, 'Later Member');
	const laterEntry = await putInGroup(db.owner, later, group, 'member');
	await db.owner.query('update private.group_people set since = current_date where id = $1', [laterEntry]);
	const former = await makePerson(db.owner, 'Former Member');
	const formerEntry = await putInGroup(db.owner, former, group, 'member', { days: -1 });
	expect(await call(member, 'answer_meeting', code, 'yes', null)).toBe('wrong_state');
	expect(await call(member, 'record_attendance', code, 3, [entries.member])).toBe('not_found');
	const present = [entries.alternate, entries.member, formerEntry, laterEntry];
	expect(await call(chair, 'record_attendance', code, 3, present)).toBe('ok');
	expect(await call(secretary, 'record_attendance', code, 3, [])).toBe('conflict');
	expect(await of('Later Member')).toMatchObject({ id: laterEntry, invited: null, attended: null });
	expect(await of('Former Member')).toMatchObject({ id: null, invited: formerEntry, attended: true });
	expect((await read(member, code)).state).toBe('held');
	expect(await of('Meeting Alternate')).toMatchObject({ attended: true });
	expect(await of('Meeting Chair')).toMatchObject({ attended: false });
	await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entries.member]);
	expect(await call(member, 'read_meeting', code)).toBeNull();
	expect(await of('Meeting Member')).toMatchObject({ id: null, attended: true });
});

describe('the people of the group get a mail', () => {
	const mails = async (template: string, code: string) =>
		(
			await db.owner.query<{ person_id: string; params: object }>(
				`select person_id, params from private.outbox where template = $1 and params ->> 'code' = $2`,
				[template, code]
			)
		).rows;
	/** A group with a member who has an address, as its secretary has. */
	async function withReader(level: string) {
		const { code: group } = await makeGroup(level);
		const reader = await makePerson(db.owner, 'Meeting Reader');
		for (const one of [reader, secretary]) await proveAddress(db.owner, one, `${crypto.randomUUID()}@example.org`);
		await putInGroup(db.owner, reader, group, 'member');
		return { group, reader };
	}

	test('once when minutes are opened for comments, and not when only the day changes', async () => {
		const { group, reader } = await withReader('members');
		const code = await withMinutes(group, 'members');
		for (const days of [2, 3]) expect(await call(secretary, 'open_minutes_for_comments', code, dayIn(days))).toBe('ok');
		const name = await readValue<object>(db.owner, 'select name from private.groups where code = $1', [group]);
		expect(await mails('minutes_opened', code)).toEqual([{ person_id: reader.person, params: { group, code, name } }]);
		await endComments(code);
		const { minutes } = await read(secretary, code);
		expect(await call(secretary, 'save_minutes', code, minutes?.version, words('Other words'))).toBe('ok');
		expect(await call(secretary, 'open_minutes_for_comments', code, dayIn(2))).toBe('ok');
		expect(await mails('minutes_opened', code)).toHaveLength(2);
	});

	test('once when times are offered; of a closed group it names nothing', async () => {
		const { group, reader } = await withReader('closed');
		const form = fields({ id: crypto.randomUUID(), times: ['2031-03-29T10:00', '2031-04-02T10:00'] });
		const { code } = await call<{ code: string }>(secretary, 'open_meeting_poll', group, form);
		await call(secretary, 'open_meeting_poll', group, form);
		expect(await mails('times_offered', code)).toEqual([{ person_id: reader.person, params: { group, code } }]);
	});
});

describe('minutes', () => {
	test('whose text changes on the last day for comments stay open for comments until the next day', async () => {
		const { code: group } = await makeGroup('members');
		const code = await withMinutes(group);
		expect(await call(chair, 'open_minutes_for_comments', code, dayIn(5))).toBe('ok');
		const until = () =>
			readValue<number>(
				db.owner,
				`select n.comments_until - (now() at time zone m.zone)::date
				from private.meetings as m join private.meeting_minutes as n on n.meeting_id = m.id where m.code = $1`,
				[code]
			);
		await db.owner.query(
			`update private.meeting_minutes as n set comments_until = (now() at time zone m.zone)::date
			from private.meetings as m where m.id = n.meeting_id and m.code = $1`,
			[code]
		);
		expect(await call(chair, 'save_minutes', code, 1, words('First words'))).toBe('ok');
		expect(await until()).toBe(0);
		expect(await call(chair, 'save_minutes', code, 2, words('Unread words'))).toBe('ok');
		expect(await until()).toBe(1);
		expect(await call(chair, 'open_minutes_for_comments', code, dayIn(9))).toBe('ok');
		const days = await until();
		expect(await call(chair, 'save_minutes', code, 3, words('Words with time to read'))).toBe('ok');
		expect(await until()).toBe(days);
		expect((await read(member, code)).minutes?.state).toBe('comments');
	});

	test('go from a draft over comments to an approved version that only a correction changes', async () => {
		const { code: group } = await makeGroup('members');
		const early = await plan(group);
		expect(await call(secretary, 'save_minutes', early, 0, words('Too early'))).toBe('wrong_state');
		const code = await withMinutes(group);
		expect(await read(member, code)).toMatchObject({ minutes: null, state: 'held' });
		expect(await call(member, 'save_minutes', code, 1, words('Mine'))).toBe('not_found');
		expect(await call(chair, 'save_minutes', code, 1, words('Second words'))).toBe('ok');
		expect(await call(secretary, 'save_minutes', code, 1, words('Stale'))).toBe('conflict');
		expect(await call(member, 'comment_on_minutes', code, 'Too early')).toBe('wrong_state');
		expect(await call(chair, 'approve_minutes', code, 2)).toBe('wrong_state');
		expect(await call(chair, 'open_minutes_for_comments', code, '2020-01-01')).toBe('invalid');
		expect(await call(chair, 'open_minutes_for_comments', code, dayIn(-1))).toBe('invalid');
		expect(await call(chair, 'open_minutes_for_comments', code, dayIn(2))).toBe('ok');
		expect(await call(member, 'comment_on_minutes', code, '  ')).toBe('invalid');
		expect(await call(member, 'comment_on_minutes', code, 'A comment')).toBe('ok');
		// A form without script may be sent twice.
		expect(await call(member, 'comment_on_minutes', code, ' A comment')).toBe('ok');
		expect((await read(alternate, code)).minutes?.comments).toMatchObject([{ body: 'A comment' }]);
		expect(await call(chair, 'approve_minutes', code, 2)).toBe('too_early');
		await endComments(code);
		expect(await call(member, 'comment_on_minutes', code, 'Too late')).toBe('wrong_state');
		expect(await call(chair, 'approve_minutes', code, 1)).toBe('conflict');
		expect(await call(chair, 'save_minutes', code, 2, words('Nobody could comment on this'))).toBe('ok');
		expect(await call(chair, 'approve_minutes', code, 3)).toBe('wrong_state');
		expect(await call(chair, 'save_minutes', code, 3, words('Second words'))).toBe('ok');
		await call(chair, 'save_meeting_item', code, null, 0, JSON.stringify({ title: { original: 'en', en: 'Item' } }));
		const addLink = () => call(chair, 'add_meeting_paper', code, 'A page', null, 'https://example.org/a');
		expect([await addLink(), await addLink()]).toEqual([{ status: 'ok' }, { status: 'ok' }]);
		await approve(code);
		expect(await call(chair, 'save_minutes', code, 4, words('Changed'))).toBe('wrong_state');
		const { items, papers, version } = await read(chair, code);
		expect(papers).toHaveLength(1);
		const item = JSON.stringify({ title: { original: 'en', en: 'Other item' } });
		expect(await call(chair, 'save_meeting_item', code, items[0]?.id, 1, item)).toBe('wrong_state');
		expect(await call(chair, 'change_meeting_agenda', code, items[0]?.id, 'remove')).toBe('wrong_state');
		expect(await call(chair, 'begin_meeting_paper', code)).toEqual({ status: 'not_found' });
		expect(await call(chair, 'remove_meeting_paper', code, papers[0]?.id)).toBe('not_found');
		expect(await call(chair, 'record_attendance', code, version, [])).toBe('wrong_state');
		for (const act of [
			'delete from private.meeting_minutes',
			'update private.meeting_minutes set comments_until = null'
		])
			await expect(
				db.owner.query(`${act} where meeting_id = (select id from private.meetings where code = $1)`, [code])
			).rejects.toThrow('correction');
		const change = `update private.meeting_minutes set body = $2 where meeting_id = (select id from private.meetings where code = $1)`;
		await expect(db.owner.query(change, [code, words('Changed')])).rejects.toThrow('correction');
		expect(await call(member, 'correct_minutes', code, 'A name')).toBe('not_found');
		expect(await call(chair, 'correct_minutes', code, '')).toBe('invalid');
		expect(await call(chair, 'correct_minutes', code, 'A name was wrong')).toBe('ok');
		expect(await call(chair, 'correct_minutes', code, 'Twice')).toBe('wrong_state');
		expect(await call(chair, 'save_minutes', code, 1, words('Corrected words'))).toBe('ok');
		expect(await read(member, code)).toMatchObject({ minutes: { number: 1, state: 'approved' }, approved: null });
		expect(await read(chair, code)).toMatchObject({ minutes: { number: 2 }, approved: { number: 1 } });
		await approve(code);
		expect(await read(member, code)).toMatchObject({ minutes: { number: 2, body: { en: 'Corrected words' } } });
	});

	test('their decisions are read by the group alone until they are approved, then as the level says', async () => {
		const { code: group } = await makeGroup('members');
		const code = await withMinutes(group, 'members');
		const register = async (who: TestPerson) =>
			(await call<{ decisions: { meeting: string | null }[]; actions: unknown[] } | null>(
				who,
				'read_group_register',
				group
			)) ?? raise();
		expect((await register(world.people.delegate)).decisions).toEqual([]);
		expect(await register(member)).toMatchObject({ decisions: [{ meeting: code }], actions: [{}] });
		await approve(code);
		expect(await register(world.people.delegate)).toMatchObject({ decisions: [{ meeting: null }], actions: [{}] });
		expect(await call(secretary, 'record_meeting_decision', code, words('Late'))).toBe('wrong_state');
		const closed = await withMinutes(group, 'closed');
		await approve(closed);
		expect((await register(world.people.delegate)).decisions).toHaveLength(1);
		expect((await register(member)).decisions).toHaveLength(2);
	});
});

test('a group that is closed later closes what its meetings decide', async () => {
	const { code: group } = await makeGroup('members');
	const code = await withMinutes(group, 'members');
	expect(await call(secretary, 'change_group', group, 1, groupFields('closed'))).toBe('ok');
	await approve(code);
	expect(await call(secretary, 'change_group', group, 2, groupFields('members'))).toBe('ok');
	const decisions = async () =>
		(await call<{ decisions: unknown[] }>(world.people.delegate, 'read_group_register', group)).decisions;
	expect(await decisions()).toEqual([]);
	expect(await call(secretary, 'correct_minutes', code, 'A name')).toBe('ok');
	expect(await call(secretary, 'record_meeting_decision', code, words('New decision'))).toBe('ok');
	await approve(code);
	expect(await decisions()).toMatchObject([{ wording: { en: 'New decision' } }]);
});

test('of two approvals at once one counts', async () => {
	const { code: group } = await makeGroup('members');
	const code = await withMinutes(group);
	await call(secretary, 'open_minutes_for_comments', code, dayIn(2));
	await endComments(code);
	const clients = await connectMany(db, 2);
	const answers = await inParallel(clients, [secretary, chair], (client, who) =>
		callAs<string>(client, who, 'public.approve_minutes($1, 1)', [code])
	);
	expect(answers.sort()).toEqual(['ok', 'wrong_state']);
});
