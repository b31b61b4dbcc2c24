/* Sessions of groups: today's people of the group are listed, and nobody else learns of a group that they do not see. */
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup, readGroup } from '../../fixtures/grouping.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chief: TestPerson;
let group: string;
let session: string;

// The organiser of the programme is of the closed group; a second one is not.
beforeEach(async () => {
	world = await makeWorld(db.owner);
	chief = await makeCommunityOrganiser(db.owner);
	group = await createGroup(db.owner, chief, 'closed');
	session = world.sessions.closed.id;
	await putInGroup(db.owner, world.people.programme, group, 'member');
});

const put = (kind: PersonKind, part = 'member', days: number | null = null) =>
	putInGroup(db.owner, world.people[kind], group, part, { days });
const choose = (by: TestPerson, code = group, of = session) =>
	callAs<string>(db.owner, by, 'public.choose_session_group($1, $2)', [of, code]);
const remove = (by: TestPerson, code = group) =>
	callAs<string>(db.owner, by, 'public.remove_session_group($1, $2)', [session, code]);
const page = (who: TestPerson | null, of: keyof World['sessions'] = 'closed') =>
	callAs<{ groups: { code: string }[]; entry: { stream: string } } | null>(
		db.owner,
		who,
		'public.read_session($1, $2)',
		[world.summit, world.sessions[of].code]
	);
const sees = async (kind: PersonKind) => (await page(world.people[kind])) !== null;
const enters = (kind: PersonKind, of = session) =>
	callAs<string>(db.owner, world.people[kind], `public.can_enter($1, 'stream')`, [of]);
const groupsOf = (who: TestPerson) =>
	callAs<{ groups: { code: string }[]; choices: { code: string }[] } | null>(
		db.owner,
		who,
		'public.read_session_groups($1)',
		[session]
	);

async function otherOrganiser(): Promise<TestPerson> {
	const { stage } = world.people;
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		stage.person,
		world.summit
	]);
	return stage;
}

describe('who is listed', () => {
	test('the people and alternates of today; nobody of them before, and no outsider or former member', async () => {
		await put('delegate');
		await put('virtual', 'alternate', 0);
		expect([await sees('delegate'), await sees('virtual')]).toEqual([false, false]);
		expect(await choose(world.people.programme)).toBe('ok');
		expect([await sees('delegate'), await enters('delegate')]).toEqual([true, 'ok']);
		expect([await sees('virtual'), await enters('virtual')]).toEqual([true, 'ok']);
		// Registered without being of the group, and of the group without being registered.
		await put('newcomer');
		await put('waiting');
		for (const kind of ['newcomer', 'waiting', 'focal', 'registration', 'finance', 'door', 'owner'] as const)
			expect([kind, await sees(kind), await enters(kind)]).toEqual([kind, false, 'not_seen']);
		expect(await page(null)).toBeNull();
	});

	test('who joins enters at once; who leaves, or whose term is over, loses sight at once', async () => {
		await choose(world.people.programme);
		const entry = await put('delegate');
		expect(await enters('delegate')).toBe('ok');
		await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entry]);
		expect([await sees('delegate'), await enters('delegate')]).toEqual([false, 'not_seen']);
		const term = await put('virtual', 'chair', 0);
		expect(await enters('virtual')).toBe('ok');
		await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [term]);
		expect([await sees('virtual'), await enters('virtual')]).toEqual([false, 'not_seen']);
	});

	test('a session for those registered admits the people of the group alone, and those listed beside them', async () => {
		const { members } = world.sessions;
		await put('delegate');
		expect([await enters('delegate', members.id), await enters('virtual', members.id)]).toEqual(['ok', 'ok']);
		expect(await choose(world.people.programme, group, members.id)).toBe('ok');
		expect([await enters('delegate', members.id), await enters('virtual', members.id)]).toEqual(['ok', 'not_listed']);
		const added = await callAs(db.owner, world.people.programme, 'public.add_to_audience($1, $2)', [
			members.id,
			world.people.virtual.person
		]);
		expect([added, await enters('virtual', members.id)]).toEqual(['ok', 'ok']);
	});

	test('personal feeds, the agenda with its key, search and files follow', async () => {
		await choose(world.people.programme);
		const { delegate } = world.people;
		await db.owner.query('insert into public.agenda_marks (person_id, session_id) values ($1, $2)', [
			delegate.person,
			session
		]);
		const token = randomUUID();
		const hash = createHash('sha256').update(token).digest();
		await db.owner.query(
			`insert into private.personal_links (kind, token_hash, person_id, summit_id) values ('calendar', $1, $2, $3)`,
			[hash, delegate.person, world.summit]
		);
		const { code, title } = world.sessions.closed;
		const paths = async () => {
			const feed = await readValue(db.owner, 'select private.read_personal_feed($1)', [hash]);
			const agenda = await callAs<{ key: string }>(db.owner, delegate, 'public.read_agenda($1)', [world.summit]);
			const found = await callAs(db.owner, delegate, 'public.can_see($1)', [session]);
			const named = [feed, agenda].map(
				(one) => JSON.stringify(one).includes(code) || JSON.stringify(one).includes(title)
			);
			return { named: [...named, found], key: agenda.key };
		};
		const before = await paths();
		expect(before.named).toEqual([false, false, false]);
		const entry = await put('delegate');
		const within = await paths();
		expect(within.named).toEqual([true, true, true]);
		expect(within.key).not.toBe(before.key);
		await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [entry]);
		expect(await paths()).toEqual(before);
	});

	test('open pages are told of a change, and calendars that hold the session are brought up to date', async () => {
		await choose(world.people.programme);
		const entry = await put('delegate');
		await db.owner.query(
			`insert into private.calendar_invitations (person_id, uid, session_id, sequence, during, fingerprint)
			values ($1, $2, $2, 1, tstzrange(now() + interval '1 day', now() + interval '2 days'), 'x')`,
			[world.people.delegate.person, session]
		);
		await db.owner.query('delete from private.calendar_update_queue');
		const queued = () => readValue<string>(db.owner, 'select count(*) from private.calendar_update_queue');
		await db.owner.query('select private.queue_ended_term_calendars()');
		expect(await queued()).toBe('0');
		// A day passes: nobody writes anything.
		await db.owner.query('alter table private.group_people disable trigger follow_group_person');
		await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [entry]);
		await db.owner.query('alter table private.group_people enable trigger follow_group_person');
		await db.owner.query('select private.queue_ended_term_calendars()');
		expect(await queued()).toBe('1');
	});
});

describe('what organisers learn', () => {
	test('one who does not see the group finds no trace of it, and answers as for an unknown one', async () => {
		await choose(world.people.programme);
		await put('delegate');
		const other = await otherOrganiser();
		expect((await groupsOf(other))?.groups).toEqual([]);
		expect(JSON.stringify(await groupsOf(other))).not.toContain(group);
		expect(await choose(other)).toBe('unknown');
		expect(await choose(other, 'UNKNOWN9')).toBe('unknown');
		expect([await remove(other), await remove(other, 'UNKNOWN9')]).toEqual(['not_allowed', 'not_allowed']);
		const draft = await callAs(db.owner, other, 'public.read_draft_session($1)', [session]);
		const audit = await callAs(db.owner, other, 'public.list_audit($1)', [world.summit]);
		for (const one of [draft, audit, await page(other)])
			expect(JSON.stringify(one)).not.toMatch(/group_id|A closed group/);
		// Nor does a preview tell who is of it, though the person sees the session.
		const preview = async (by: TestPerson) => {
			const answer = await callAs<{ sessions: { code: string }[] }>(
				db.owner,
				by,
				'public.preview_draft($1, person => $2)',
				[world.summit, world.people.delegate.person]
			);
			return answer.sessions.some(({ code }) => code === world.sessions.closed.code);
		};
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'speaker')`,
			[world.sessions.members.id, world.summit, world.people.delegate.person]
		);
		expect([await preview(other), await preview(world.people.programme)]).toEqual([false, true]);
		// Another group beside it changes nothing for the hidden one.
		const open = await createGroup(db.owner, chief, 'public');
		expect([await choose(other, open), await remove(other, open)]).toEqual(['ok', 'ok']);
		expect(await sees('delegate')).toBe(true);
	});

	test('only organisers of the programme who see the session and the group choose it, and not for a public one', async () => {
		for (const kind of ['owner', 'registration', 'stage', 'delegate', 'newcomer', 'safeguarding'] as const) {
			await putInGroup(db.owner, world.people[kind], group, 'member');
			expect([kind, await choose(world.people[kind]), await groupsOf(world.people[kind])]).toEqual([
				kind,
				'not_allowed',
				null
			]);
		}
		const { programme } = world.people;
		expect(await choose(programme, group, world.sessions.public.id)).toBe('public_session');
		expect([await choose(programme), await choose(programme)]).toEqual(['ok', 'already']);
		expect((await groupsOf(programme))?.groups.map(({ code }) => code)).toEqual([group]);
		expect([await remove(programme), await remove(programme)]).toEqual(['ok', 'not_allowed']);
		const ended = await createGroup(db.owner, chief, 'public');
		await db.owner.query('update private.groups set ended_at = now() where code = $1', [ended]);
		expect(await choose(programme, ended)).toBe('unknown');
	});

	test('a closed Summit keeps its groups', async () => {
		await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
		await expect(choose(world.people.programme)).rejects.toThrow();
	});
});

test('the session names its group, and the group its sessions, to its people alone', async () => {
	await choose(world.people.programme);
	await put('delegate');
	const list = (who: TestPerson) =>
		callAs<{ code: string }[]>(db.owner, who, 'public.list_group_sessions($1)', [group]);
	expect((await page(world.people.delegate))?.groups.map(({ code }) => code)).toEqual([group]);
	expect((await page(world.people.listed))?.groups).toEqual([]);
	expect((await list(world.people.delegate)).map(({ code }) => code)).toEqual([world.sessions.closed.code]);
	expect(await list(world.people.listed)).toEqual([]);
	expect(await list(world.people.owner)).toEqual([]);
	// Of the group without being registered: the session stays closed.
	await put('newcomer');
	expect(await readGroup(db.owner, world.people.newcomer, group)).not.toBeNull();
	expect(await list(world.people.newcomer)).toEqual([]);
});
