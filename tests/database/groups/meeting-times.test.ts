/* When meetings are: series that keep their wall time when clocks change, the finder, and invitations to calendars. */
import { beforeAll, describe, expect, test } from 'vitest';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, groupFields, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { proveAddress } from '../../fixtures/inviting.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let secretary: TestPerson;
let member: TestPerson;
let group: string;

beforeAll(async () => {
	secretary = await makeCommunityOrganiser(db.owner);
	member = await makePerson(db.owner, 'Poll Member');
	group = await createGroup(db.owner, secretary, 'closed');
	await putInGroup(db.owner, member, group, 'member');
});

const call = <Answer>(who: TestPerson, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);
const fields = (more: object) =>
	JSON.stringify({
		title: { original: 'en', en: 'Series' },
		zone: 'Europe/Berlin',
		minutes: 60,
		place: '',
		link: '',
		level: 'closed',
		...more
	});

interface Entry {
	code: string;
	start: string;
	state: string;
}

/** Plans a series in a group of its own; answers its meetings in their order. */
async function series(more: object) {
	const own = await createGroup(db.owner, secretary, 'closed');
	const made = await call<{ status: string }>(secretary, 'plan_meeting', own, fields(more));
	expect(made.status).toBe('ok');
	return () => listed(own);
}
const listed = (own: string, page = 1) =>
	call<{ meetings: Entry[] }>(secretary, 'list_group_meetings', own, page).then(({ meetings }) => meetings);
const starts = (all: Entry[]) => all.map(({ start }) => start);

describe('a series', () => {
	test('keeps its wall time over both changes of the clock', async () => {
		const autumn = await series({ local: '2030-10-20T10:00', every: 'week', times: 3 });
		// Berlin goes back on 27 October 2030.
		expect(starts(await autumn())).toEqual(['2030-10-20T08:00:00Z', '2030-10-27T09:00:00Z', '2030-11-03T09:00:00Z']);
		const spring = await series({ local: '2030-03-24T10:00', every: 'two_weeks', times: 2 });
		expect(starts(await spring())).toEqual(['2030-03-24T09:00:00Z', '2030-04-07T08:00:00Z']);
		// Santiago goes back on 7 April 2030.
		const south = await series({ local: '2030-03-05T10:00', zone: 'America/Santiago', every: 'month', times: 3 });
		expect(starts(await south())).toEqual(['2030-03-05T13:00:00Z', '2030-04-05T13:00:00Z', '2030-05-05T14:00:00Z']);
	});

	test('the same form sent twice plans once', async () => {
		const own = await createGroup(db.owner, secretary, 'closed');
		const form = fields({ id: crypto.randomUUID(), local: '2031-06-09T10:30', every: 'week', times: 3 });
		const first = await call(secretary, 'plan_meeting', own, form);
		expect(first).toMatchObject({ status: 'ok' });
		expect(await call(secretary, 'plan_meeting', own, form)).toEqual(first);
		expect(await listed(own)).toHaveLength(3);
		expect(await call(secretary, 'plan_meeting', group, form)).toEqual({ status: 'invalid' });
	});

	test('the meetings of a group are listed on pages, those to come before those that are over', async () => {
		const own = await createGroup(db.owner, secretary, 'closed');
		await call(secretary, 'plan_meeting', own, fields({ local: '2031-01-06T10:00', every: 'week', times: 51 }));
		await call(secretary, 'plan_meeting', own, fields({ local: '2031-01-05T10:00' }));
		await db.owner.query(
			`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
			select g.id, '{"original": "en", "en": "Past"}', 'UTC', at, at + interval '1 hour', 'closed'
			from private.groups as g, unnest(array['2020-01-01Z', '2021-01-01Z']::timestamptz[]) as at where g.code = $1`,
			[own]
		);
		const [first] = starts(await listed(own));
		expect(first).toBe('2031-01-05T09:00:00Z');
		expect(await listed(own)).toHaveLength(50);
		expect(starts(await listed(own, 2))).toEqual([
			'2031-12-15T09:00:00Z',
			'2031-12-22T09:00:00Z',
			'2021-01-01T00:00:00Z',
			'2020-01-01T00:00:00Z'
		]);
		await db.owner.query(`update private.meetings set state = 'cancelled' where starts_at = $1`, [first]);
		const list = await call<{ total: number; next: Entry }>(secretary, 'list_group_meetings', own, 2);
		expect([list.total, list.next.start]).toEqual([54, '2031-01-06T09:00:00Z']);
	});

	test('a month without the day gets its last one, and the next month the day again', async () => {
		const monthly = await series({ local: '2031-01-31T10:00', zone: 'UTC', every: 'month', times: 4 });
		expect(starts(await monthly()).map((at) => at.slice(0, 10))).toEqual([
			'2031-01-31',
			'2031-02-28',
			'2031-03-31',
			'2031-04-30'
		]);
	});

	test('gives later meetings what was changed alone, and lowers no level of theirs', async () => {
		const own = await createGroup(db.owner, secretary, 'public');
		const local = '2030-10-13T10:00';
		const first = await call<{ code: string }>(
			secretary,
			'plan_meeting',
			own,
			fields({ local, every: 'week', times: 2, level: 'members' })
		);
		const [, second] = await listed(own);
		const particular = { title: { original: 'en', en: 'Own title' }, minutes: 90, link: 'https://meet.example/own' };
		const change = (code: string | undefined, version: number, more: object, later: boolean) =>
			call(secretary, 'change_meeting', code, version, fields(more), later);
		expect(await change(second?.code, 1, { ...particular, local: '2030-10-20T10:00', level: 'closed' }, false)).toBe(
			'ok'
		);
		expect(await change(first.code, 1, { local, place: 'Room 9', level: 'public' }, true)).toBe('ok');
		expect(await call(secretary, 'read_meeting', second?.code)).toMatchObject({
			title: { en: 'Own title' },
			end: '2030-10-20T09:30:00Z',
			link: 'https://meet.example/own',
			place: 'Room 9',
			level: 'closed'
		});
	});

	test('one is moved alone, or with all that follow by as much of wall time', async () => {
		const read = await series({ local: '2030-10-13T10:00', every: 'week', times: 4 });
		const [first, second, third] = await read();
		const change = (code: string | undefined, version: number, local: string, later: boolean) =>
			call(secretary, 'change_meeting', code, version, fields({ local }), later);
		expect(await change(second?.code, 1, '2030-10-21T11:30', true)).toBe('ok');
		expect(starts(await read())).toEqual([
			'2030-10-13T08:00:00Z',
			'2030-10-21T09:30:00Z',
			'2030-10-28T10:30:00Z',
			'2030-11-04T10:30:00Z'
		]);
		expect(await change(third?.code, 2, '2030-10-29T11:30', false)).toBe('ok');
		expect(starts(await read())[2]).toBe('2030-10-29T10:30:00Z');
		expect(starts(await read())[3]).toBe('2030-11-04T10:30:00Z');
		expect(await call(secretary, 'cancel_meeting', third?.code, 3, true)).toBe('ok');
		expect((await read()).map(({ state }) => state)).toEqual(['planned', 'planned', 'cancelled', 'cancelled']);
		expect(await change(first?.code, 1, '2030-10-14T10:00', true)).toBe('ok');
		expect(starts(await read())[3]).toBe('2030-11-04T10:30:00Z');
	});
});

interface Poll {
	state: string;
	meeting: string | null;
	leads: boolean;
	times: {
		offsets: number[];
		id: string;
		start: string;
		own: string | null;
		yes: number;
		if_needed: number;
		no: number;
	}[];
	people: { display_name: string; votes: Record<string, string> }[];
}
const offer = (more: object = {}, who = secretary) =>
	call<{ status: string; code: string }>(
		who,
		'open_meeting_poll',
		group,
		fields({ times: ['2031-03-29T10:00', '2031-04-02T10:00'], ...more })
	);
const readPoll = (who: TestPerson, code: string) => call<Poll>(who, 'read_meeting_poll', code);

describe('the finder', () => {
	test('opens one poll where the same form is sent twice', async () => {
		const own = await createGroup(db.owner, secretary, 'closed');
		const form = fields({ id: crypto.randomUUID(), times: ['2031-03-29T10:00', '2031-04-02T10:00'] });
		const first = await call(secretary, 'open_meeting_poll', own, form);
		expect(first).toMatchObject({ status: 'ok' });
		expect(await call(secretary, 'open_meeting_poll', own, form)).toEqual(first);
		expect(await call<unknown[]>(secretary, 'list_meeting_polls', own)).toHaveLength(1);
	});

	test('takes two to twenty different times in the future, from those who lead the group', async () => {
		expect(await offer({}, member)).toEqual({ status: 'not_found' });
		const many = Array.from({ length: 21 }, (_, at) => `2031-04-${String(at + 1).padStart(2, '0')}T10:00`);
		for (const times of [
			[],
			['2031-04-02T10:00'],
			['2031-04-02T10:00', '2031-04-02T10:00'],
			['2031-04-02T10:00', '2001-04-02T10:00'],
			['2031-04-02T10:00', 'soon'],
			many
		])
			expect(await offer({ times })).toEqual({ status: 'invalid' });
		const { code } = await offer({ times: many.slice(0, 20) });
		expect((await readPoll(member, code)).times).toHaveLength(20);
		const asked = async () =>
			(await call<{ code: string; needs_answer: boolean }[]>(member, 'list_meeting_polls', group)).find(
				(poll) => poll.code === code
			)?.needs_answer;
		expect(await asked()).toBe(true);
		await db.owner.query(
			`update private.meeting_poll_times set starts_at = starts_at - interval '20 years'
			where poll_id = (select id from private.meeting_polls where code = $1)`,
			[code]
		);
		expect(await asked()).toBe(false);
		expect(await call(secretary, 'close_meeting_poll', code)).toBe('ok');
	});

	test('counts the votes of today’s people, at the instants of its zone, and plans the chosen time once', async () => {
		const { code } = await offer();
		const [first, second] = (await readPoll(member, code)).times;
		// Berlin goes forward on 30 March 2031.
		expect([first?.start, second?.start]).toEqual(['2031-03-29T09:00:00Z', '2031-04-02T08:00:00Z']);
		const vote = (who: TestPerson, votes: object) => call<string>(who, 'vote_on_times', code, JSON.stringify(votes));
		expect(await vote(member, { [first?.id ?? '']: 'yes', [second?.id ?? '']: 'if_needed' })).toBe('ok');
		expect(await vote(member, { [first?.id ?? '']: 'no' })).toBe('ok');
		expect(await vote(secretary, { [second?.id ?? '']: 'perhaps' })).toBe('invalid');
		const gone = await makePerson(db.owner, 'Gone Member');
		const entry = await putInGroup(db.owner, gone, group, 'member');
		expect(await vote(gone, { [second?.id ?? '']: 'yes' })).toBe('ok');
		await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entry]);
		expect(await vote(gone, { [second?.id ?? '']: 'yes' })).toBe('not_found');
		expect(await call(gone, 'read_meeting_poll', code)).toBeNull();
		expect((await readPoll(member, code)).times).toMatchObject([
			{ own: 'no', yes: 0, if_needed: 0, no: 1 },
			{ own: 'if_needed', yes: 0, if_needed: 1, no: 0 }
		]);
		expect(await call(member, 'choose_meeting_time', code, second?.id)).toEqual({ status: 'not_found' });
		const clients = await connectMany(db, 2);
		const answers = await inParallel(clients, [first, second], (client, time) =>
			callAs<{ status: string }>(client, secretary, 'public.choose_meeting_time($1, $2)', [code, time?.id])
		);
		expect(answers.map(({ status }) => status).sort()).toEqual(['ok', 'wrong_state']);
		const { state, meeting } = await readPoll(member, code);
		expect(state).toBe('chosen');
		expect(await call(member, 'read_meeting', meeting)).toMatchObject({ zone: 'Europe/Berlin', state: 'planned' });
		expect(await vote(member, { [first?.id ?? '']: 'yes' })).toBe('wrong_state');
		expect(await call(secretary, 'close_meeting_poll', code)).toBe('wrong_state');
	});

	test('gives offsets of zones once three people have set one, and none of somebody under an alias', async () => {
		const { code } = await offer();
		const protectedOne = await makePerson(db.owner, 'Protected Member');
		await putInGroup(db.owner, protectedOne, group, 'member');
		await db.owner.query(
			`insert into public.person_preferences (person_id, time_zone) values ($1, 'Asia/Tokyo'), ($2, 'America/Lima')`,
			[member.person, protectedOne.person]
		);
		await db.owner.query(
			`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'k1')`,
			[protectedOne.person]
		);
		const offsets = async () => (await readPoll(secretary, code)).times.map((time) => time.offsets);
		expect(await offsets()).toEqual([[], []]);
		for (const zone of ['Asia/Tokyo', 'Europe/Berlin']) {
			const more = await makePerson(db.owner, 'Zone Member');
			await putInGroup(db.owner, more, group, 'member');
			await db.owner.query('insert into public.person_preferences (person_id, time_zone) values ($1, $2)', [
				more.person,
				zone
			]);
		}
		expect(await offsets()).toEqual([
			[60, 540],
			[120, 540]
		]);
	});

	test('outsiders and the community role find no poll', async () => {
		const { code } = await offer();
		const outsider = await makePerson(db.owner, 'Outsider');
		const community = await makeCommunityOrganiser(db.owner);
		const time = await readValue<string>(db.owner, 'select id from private.meeting_poll_times limit 1');
		for (const who of [outsider, community])
			for (const one of [code, 'UNKNOWN9']) {
				expect(await call(who, 'read_meeting_poll', one)).toBeNull();
				expect(await call(who, 'list_meeting_polls', group)).toBeNull();
				expect(await call(who, 'vote_on_times', one, '{}')).toBe('not_found');
				expect(await call(who, 'choose_meeting_time', one, time)).toEqual({ status: 'not_found' });
				expect(await call(who, 'close_meeting_poll', one)).toBe('not_found');
			}
	});
});

describe('mails', () => {
	const mails = async (who: TestPerson) =>
		(
			await db.owner.query<{ id: string; params: { meetings: string[] } }>(
				`select id, params from private.outbox where template = 'meeting_event' and person_id = $1 and state = 'queued'
				order by created_at, id`,
				[who.person]
			)
		).rows;
	interface Event {
		method: string;
		sequence: number;
		uid: string;
		title: object | null;
		name: object | null;
		link: string | null;
		is_new: boolean;
	}
	/** Sends what is queued to somebody: what each mail says. */
	async function send(who: TestPerson): Promise<Event[][]> {
		const said: Event[][] = [];
		for (const { id } of await mails(who)) {
			await db.owner.query(`update private.outbox set state = 'sending' where id = $1`, [id]);
			said.push(await readValue<Event[]>(db.owner, 'select private.claim_meeting_events($1)', [id]));
			// The app drops a mail that says nothing.
			const sent = said.at(-1)?.length
				? `update private.outbox set state = 'sent', sent_at = now() where id = $1`
				: 'delete from private.outbox where id = $1';
			await db.owner.query(sent, [id]);
		}
		return said;
	}
	async function makeGroup(level: string) {
		const own = await createGroup(db.owner, secretary, level);
		const guest = await makePerson(db.owner, 'Mail Guest');
		await proveAddress(db.owner, guest, `${guest.person}@example.org`);
		const entry = await putInGroup(db.owner, guest, own, 'member');
		return { own, guest, entry };
	}
	const planIn = (own: string, more: object = {}) =>
		call<{ code: string }>(secretary, 'plan_meeting', own, fields({ local: '2031-06-09T10:00', ...more })).then(
			({ code }) => code
		);

	test('invite the people of a group once, with a stable UID and a rising sequence, and cancel', async () => {
		const { own, guest } = await makeGroup('members');
		const code = await planIn(own, { level: 'members', every: 'week', times: 3 });
		expect(await send(guest)).toMatchObject([[{}, {}, {}].map(() => ({ method: 'REQUEST', sequence: 1, name: {} }))]);
		await call(secretary, 'change_meeting', code, 1, fields({ local: '2031-06-09T11:00', level: 'members' }), false);
		const [[changed] = []] = await send(guest);
		expect(changed).toMatchObject({ method: 'REQUEST', sequence: 2 });
		await call(secretary, 'cancel_meeting', code, 2, true);
		const [off = []] = await send(guest);
		expect(off.map(({ method, sequence }) => [method, sequence])).toEqual([
			['CANCEL', 3],
			['CANCEL', 2],
			['CANCEL', 2]
		]);
		expect(off[0]?.uid).toBe(changed?.uid);
	});

	test('of a closed meeting name neither group nor title, and go to nobody else', async () => {
		const { own, guest } = await makeGroup('closed');
		const before = await readValue<string>(
			db.owner,
			`select count(*) from private.outbox where template = 'meeting_event'`
		);
		await planIn(own, { link: 'https://meet.example/secret' });
		const [said] = await send(guest);
		expect(said).toMatchObject([{ title: null, name: null, place: null, link: null }]);
		expect(
			Number(await readValue(db.owner, `select count(*) from private.outbox where template = 'meeting_event'`))
		).toBe(Number(before) + 1);
		expect(
			await readValue(
				db.owner,
				`select count(*) from private.outbox where template = 'meeting_event' and params::text like '%secret%'`
			)
		).toBe('0');
	});

	test('invite who joins to what is planned, and cancel for who leaves what was sent', async () => {
		const { own, guest, entry } = await makeGroup('members');
		await planIn(own);
		await send(guest);
		await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entry]);
		expect(await send(guest)).toMatchObject([[{ method: 'CANCEL', sequence: 2, title: null, name: null }]]);
		const late = await makePerson(db.owner, 'Late Guest');
		await proveAddress(db.owner, late, `${late.person}@example.org`);
		const lateEntry = await putInGroup(db.owner, late, own, 'member');
		// Before the mail is sent, they leave again: nothing was sent that could be cancelled.
		await db.owner.query('update private.group_people set ended_at = now() where id = $1', [lateEntry]);
		expect(await send(late)).toEqual([[], []]);
		// Whose mail says once more what the calendar holds already gets none.
		await putInGroup(db.owner, guest, own, 'member');
		expect(await send(guest)).toMatchObject([[{ method: 'REQUEST', sequence: 3, is_new: true }]]);
	});

	test('cancel when the term of somebody is over, although the mails that invited are deleted, and once', async () => {
		const { own, guest, entry } = await makeGroup('members');
		await planIn(own);
		await send(guest);
		await db.owner.query(`delete from private.outbox where person_id = $1`, [guest.person]);
		await db.owner.query('alter table private.group_people disable trigger mail_term');
		await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [entry]);
		await db.owner.query('alter table private.group_people enable trigger mail_term');
		for (let count = 0; count < 2; count++) await db.owner.query('select private.send_term_cancellations()');
		expect(await send(guest)).toMatchObject([[{ method: 'CANCEL', sequence: 2 }]]);
		await db.owner.query('select private.send_term_cancellations()');
		expect(await send(guest)).toEqual([]);
	});

	test('follow when somebody wants no invitations, and when they want them again', async () => {
		const { own, guest } = await makeGroup('members');
		await planIn(own);
		await send(guest);
		const choose = (how: string) => call(guest, 'choose_calendar_invitations', how);
		expect(await choose('none')).toBe('ok');
		expect(await send(guest)).toMatchObject([[{ method: 'CANCEL', sequence: 2 }]]);
		await planIn(own, { local: '2031-06-10T10:00' });
		expect(await send(guest)).toEqual([[]]);
		expect(await choose('marked')).toBe('ok');
		expect(await send(guest)).toMatchObject([
			[
				{ method: 'REQUEST', sequence: 3, is_new: true },
				{ method: 'REQUEST', sequence: 1, is_new: true }
			]
		]);
		// Which sessions they want says nothing about meetings.
		expect(await choose('own')).toBe('ok');
		expect(await send(guest)).toEqual([]);
	});

	test('hide what a group that is closed showed, cancel when it ends, and go to nobody who wants none', async () => {
		const { own, guest } = await makeGroup('members');
		const shy = await makePerson(db.owner, 'No Invitations');
		await proveAddress(db.owner, shy, `${shy.person}@example.org`);
		await putInGroup(db.owner, shy, own, 'member');
		await db.owner.query(
			`insert into public.person_preferences (person_id, calendar_invitations) values ($1, 'none')`,
			[shy.person]
		);
		const code = await planIn(own, { level: 'members' });
		await call(guest, 'answer_meeting', code, 'yes', null);
		expect(await send(guest)).toMatchObject([[{ method: 'REQUEST', name: {}, answer: 'yes' }]]);
		expect(await call(secretary, 'change_group', own, 1, groupFields('closed'))).toBe('ok');
		expect(await send(guest)).toMatchObject([[{ method: 'REQUEST', sequence: 2, name: null, is_new: false }]]);
		expect(await call(secretary, 'change_group', own, 2, groupFields('closed', { is_ended: true }))).toBe('ok');
		expect(await send(guest)).toMatchObject([[{ method: 'CANCEL', sequence: 3 }]]);
		expect(await call(secretary, 'read_meeting', code)).toMatchObject({ state: 'cancelled' });
		expect((await send(shy)).flat()).toEqual([]);
	});
});
