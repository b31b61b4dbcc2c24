/* Sessions of groups: today's people of the group are listed, and nobody else learns of a group that they do not see. */
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup, readGroup } from '../../fixtures/grouping.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

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

/** A day passes after the last one of a term: nobody writes anything. */
async function endByNight(entry: string): Promise<void> {
	await db.owner.query('alter table private.group_people disable trigger follow_group_term');
	await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [entry]);
	await db.owner.query('alter table private.group_people enable trigger follow_group_term');
}

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

	test('a group shuts nobody out: the session must be for those listed first, and others are listed beside it', async () => {
		const { members, public: everybody } = world.sessions;
		const { programme } = world.people;
		await put('delegate');
		for (const { id } of [members, everybody]) expect(await choose(programme, group, id)).toBe('not_listed');
		expect([await enters('delegate', members.id), await enters('virtual', members.id)]).toEqual(['ok', 'ok']);
		for (const { id } of [members, everybody])
			await db.owner.query(`update public.sessions set audience = 'listed' where id = $1`, [id]);
		for (const { id } of [members, everybody]) {
			expect(await choose(programme, group, id)).toBe('ok');
			expect([await enters('delegate', id), await enters('virtual', id)]).toEqual(['ok', 'not_listed']);
		}
		const added = await callAs(db.owner, programme, 'public.add_to_audience($1, $2)', [
			members.id,
			world.people.virtual.person
		]);
		expect([added, await enters('virtual', members.id)]).toEqual(['ok', 'ok']);
	});

	test('the history says which groups a session got and lost, to organisers who see the group', async () => {
		const other = await otherOrganiser();
		await choose(world.people.programme);
		await remove(world.people.programme);
		const history = async (who: TestPerson) =>
			(
				await callAs<{ entries: { action: string; table: string; subject: { id: string }; fields: object[] }[] }>(
					db.owner,
					who,
					'public.list_audit($1, $2)',
					[world.summit, JSON.stringify({ session: world.sessions.closed.code, kind: 'private.session_groups' })]
				)
			).entries.map(({ action, subject, fields }) => ({ action, of: subject.id, fields }));
		const name = { original: 'en', en: 'A closed group' };
		expect(await history(world.people.programme)).toEqual([
			{ action: 'delete', of: session, fields: [{ name: 'group_id', old: name, new: null }] },
			{ action: 'insert', of: session, fields: [{ name: 'group_id', old: null, new: name }] }
		]);
		expect(await history(other)).toEqual([]);
	});

	test('a group that has ended admits nobody', async () => {
		await choose(world.people.programme);
		await put('delegate');
		const end = (at: string | null) =>
			db.owner.query('update private.groups set ended_at = $2 where code = $1', [group, at]);
		await end('now');
		expect([await sees('delegate'), await enters('delegate')]).toEqual([false, 'not_seen']);
		expect((await groupsOf(world.people.programme))?.groups).toMatchObject([{ code: group, is_ended: true }]);
		await end(null);
		expect(await enters('delegate')).toBe('ok');
	});

	test('who leaves gives up the place, and the next of the group moves up', async () => {
		await choose(world.people.programme);
		const entry = await put('delegate');
		const term = await put('virtual', 'member', 0);
		await put('listed');
		await db.owner.query(
			`insert into private.session_places (session_id, summit_id, hall, online) values ($1, $2, 0, 1)`,
			[session, world.summit]
		);
		const people = ['delegate', 'virtual', 'listed'] as const;
		for (const [at, kind] of people.entries())
			await db.owner.query(
				`insert into private.session_signups (session_id, person_id, channel, state, rank) values ($1, $2, 'online', $3, $4)`,
				[session, world.people[kind].person, at === 0 ? 'placed' : 'waiting', at]
			);
		const placed = () =>
			readValue<string | null>(
				db.owner,
				`select string_agg(person_id::text, ' ') from private.session_signups where state = 'placed'`
			);
		await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entry]);
		expect(await placed()).toBe(world.people.virtual.person);
		await endByNight(term);
		await db.owner.query('select private.queue_ended_term_calendars()');
		expect(await placed()).toBe(world.people.listed.person);
	});

	test('somebody who gets another identity, or whose two records are merged, stays listed with their star and place', async () => {
		await choose(world.people.programme);
		const { delegate } = world.people;
		const twin = await makePerson(db.owner, 'The same person');
		await put('delegate', 'member', 0);
		await putInGroup(db.owner, twin, group, 'chair');
		await db.owner.query('insert into private.session_places (session_id, summit_id, online) values ($1, $2, 5)', [
			session,
			world.summit
		]);
		for (const sql of [
			'insert into public.agenda_marks (person_id, session_id) values ($1, $2)',
			`insert into private.session_signups (person_id, session_id, channel, state, rank) values ($1, $2, 'online', 'placed', 1)`,
			`insert into private.calendar_invitations (person_id, uid, session_id, sequence, during, fingerprint)
			values ($1, $2, $2, 1, tstzrange(now() + interval '1 day', now() + interval '2 days'), 'x')`
		])
			await db.owner.query(sql, [delegate.person, session]);
		const renamed = await readValue<string>(db.owner, 'select private.rotate_person_identity($1)', [delegate.person]);
		const holds = () =>
			readValue<object>(
				db.owner,
				`select jsonb_build_array(private.can_see($1, $2), (
					select count(*) from private.session_signups as u where u.person_id = $1 and u.state = 'placed'
				), (select count(*) from public.agenda_marks as m where m.person_id = $1))`,
				[renamed, session]
			);
		expect(await holds()).toEqual([true, 1, 1]);
		await db.owner.query(`select private.merge_people($1, $2, 'Same person')`, [renamed, twin.person]);
		expect(await holds()).toEqual([true, 1, 1]);
		await db.owner.query('update private.group_people set ended_at = now() where person_id = $1', [renamed]);
		expect(await holds()).toEqual([false, 0, 1]);
	});

	test('personal feeds, the agenda with its key, files and the door follow', async () => {
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
			const files = await readValue(db.owner, 'select private.is_file_audience($1, $2)', [delegate.person, session]);
			const door = await callAs<string>(db.owner, delegate, `public.can_enter($1, 'door')`, [session]);
			const named = [feed, agenda].map(
				(one) => JSON.stringify(one).includes(code) || JSON.stringify(one).includes(title)
			);
			return { named: [...named, found, files, door === 'ok'], key: agenda.key };
		};
		const before = await paths();
		expect(before.named).toEqual([false, false, false, false, false]);
		const entry = await put('delegate');
		const within = await paths();
		expect(within.named).toEqual([true, true, true, true, true]);
		expect(within.key).not.toBe(before.key);
		await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [entry]);
		expect(await paths()).toEqual(before);
	});

	test('calendars that hold the session are brought up to date when somebody leaves, and after a term that ends by night', async () => {
		await choose(world.people.programme);
		const entry = await put('delegate');
		const term = await put('virtual', 'member', 0);
		for (const kind of ['delegate', 'virtual'] as const)
			await db.owner.query(
				`insert into private.calendar_invitations (person_id, uid, session_id, sequence, during, fingerprint)
				values ($1, $2, $2, 1, tstzrange(now() + interval '1 day', now() + interval '2 days'), 'x')`,
				[world.people[kind].person, session]
			);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, 'x', 'test')`,
			[world.people.virtual.person, createHash('sha256').update(world.slug).digest()]
		);
		const queued = async () => {
			const found = await db.owner.query<{ person_id: string }>(
				'with gone as (delete from private.calendar_update_queue returning person_id) select person_id from gone'
			);
			return found.rows.map(({ person_id }) => person_id);
		};
		await queued();
		await db.owner.query('select private.queue_ended_term_calendars()');
		await db.owner.query(`update private.group_people set part = 'secretary', until = until where id = $1`, [term]);
		expect(await queued()).toEqual([]);
		await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entry]);
		expect(await queued()).toEqual([world.people.delegate.person]);
		await endByNight(term);
		await db.owner.query('select private.queue_ended_term_calendars()');
		expect(await queued()).toEqual([world.people.virtual.person]);
		// Nobody is asked again and again of whom no mail can be sent.
		await db.owner.query('delete from private.person_addresses where person_id = $1', [world.people.virtual.person]);
		await db.owner.query('select private.queue_ended_term_calendars()');
		expect(await queued()).toEqual([]);
	});

	test('open pages are told when who may follow the session changes, and of nothing else', async () => {
		const listener = await db.connect();
		const received: string[] = [];
		listener.on('notification', ({ payload = '' }) => {
			const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
			if (topic.startsWith('session:') || topic === 'site' || topic === 'end') received.push(`${topic} ${kind}`);
		});
		await listener.query('listen live_events');
		const during = async (act: () => Promise<unknown>) => {
			received.length = 0;
			await act();
			await db.owner.query(`notify live_events, '{"topic":"end","kind":"of"}'`);
			await expect.poll(() => received.at(-1)).toBe('end of');
			return received.slice(0, -1).toSorted();
		};
		const told = [`session:${session} rights`, 'site changed'];
		expect(await during(() => choose(world.people.programme))).toEqual(told);
		let entry = '';
		expect(await during(async () => (entry = await put('delegate')))).toEqual(told);
		const change = (sql: string) => () =>
			db.owner.query(`update private.group_people set ${sql} where id = $1`, [entry]);
		expect(await during(change(`part = 'chair', until = until`))).toEqual([]);
		expect(await during(change('until = current_date'))).toEqual(told);
		expect(await during(change('ended_at = now()'))).toEqual(told);
		expect(await during(() => put('newcomer'))).toEqual([]);
	});

	/** A closed session of the group, in which the delegate takes part: their entry, the run, and its room. */
	async function takePart() {
		await choose(world.people.programme);
		const entry = await put('delegate');
		const run = await readValue<string>(
			db.owner,
			`insert into public.runs (session_id, summit_id, room_id, state, level) values ($1, $2, $3, 'waiting', 'closed') returning id`,
			[session, world.summit, world.room]
		);
		await db.owner.query(`insert into private.run_participants (run_id, person_id, role) values ($1, $2, 'viewer')`, [
			run,
			world.people.delegate.person
		]);
		const room = () => readValue<string>(db.owner, `select private.ensure_livekit_room($1, 'stage')`, [run]);
		return { entry, run, room };
	}

	test('who leaves during a closed session finds nobody in its rooms', async () => {
		const { entry, room } = await takePart();
		const before = await room();
		await put('virtual');
		expect(await room()).toBe(before);
		await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entry]);
		expect(await room()).not.toBe(before);
	});

	test('nor does who takes part when their term ends by night, and nobody is moved twice', async () => {
		const { entry, run, room } = await takePart();
		const sweep = () => db.owner.query('select private.rotate_ended_term_runs()');
		const before = await room();
		await endByNight(entry);
		// The room was opened today, after the end of the term.
		await sweep();
		expect(await room()).toBe(before);
		await db.owner.query(
			`update private.livekit_rooms set opened_at = current_date - interval '1 hour' where run_id = $1`,
			[run]
		);
		await sweep();
		const moved = await room();
		expect(moved).not.toBe(before);
		await sweep();
		expect(await room()).toBe(moved);
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

	test('only organisers of the programme who see the session and the group choose it, as long as it goes on', async () => {
		for (const kind of ['owner', 'registration', 'stage', 'delegate', 'newcomer', 'safeguarding'] as const) {
			await putInGroup(db.owner, world.people[kind], group, 'member');
			expect([kind, await choose(world.people[kind]), await groupsOf(world.people[kind])]).toEqual([
				kind,
				'not_allowed',
				null
			]);
		}
		const { programme } = world.people;
		expect([await choose(programme), await choose(programme)]).toEqual(['ok', 'already']);
		expect((await groupsOf(programme))?.groups.map(({ code }) => code)).toEqual([group]);
		expect([await remove(programme), await remove(programme)]).toEqual(['ok', 'not_allowed']);
		const ended = await createGroup(db.owner, chief, 'public');
		await db.owner.query('update private.groups set ended_at = now() where code = $1', [ended]);
		expect(await choose(programme, ended)).toBe('unknown');
	});

	test('neither the preview of a release nor the count of an announcement tells who is of it, or how many', async () => {
		const other = await otherOrganiser();
		const target = JSON.stringify({ audience: 'session', session });
		const count = async (by: TestPerson) => {
			const call = 'public.count_announcement_recipients($1, $2)';
			return (await callAs<{ people: number }>(db.owner, by, call, [world.summit, target])).people;
		};
		const named = async (by: TestPerson) => {
			const call = 'public.preview_release($1)';
			const found = await callAs<{ people: { display_name: string }[] }>(db.owner, by, call, [world.summit]);
			return found.people.map(({ display_name }) => display_name);
		};
		const { delegate, virtual, programme } = world.people;
		await db.owner.query('insert into public.agenda_marks (person_id, session_id) values ($1, $2)', [
			delegate.person,
			session
		]);
		await db.owner.query(`update public.sessions set title = '{"original":"en","en":"Renamed"}' where id = $1`, [
			session
		]);
		const before = await count(other);
		await choose(programme);
		await put('delegate');
		await put('virtual');
		expect([await count(other), await count(programme)]).toEqual([before, before + 2]);
		expect(await named(other)).not.toContain(delegate.name);
		expect(await named(programme)).toContain(delegate.name);
		// All of them are reached, and nobody reads how many.
		const written = { texts: { en: { title: 'Later' } }, original: 'en', minutes: 10 };
		const sent = await callAs(db.owner, other, 'public.announce($1, $2, $3, $4)', [
			world.summit,
			randomUUID(),
			target,
			JSON.stringify(written)
		]);
		expect(sent).toMatchObject({ status: 'ok', people: null });
		const list = await callAs(db.owner, other, 'public.list_announcements($1)', [world.summit]);
		expect(list).toMatchObject([{ people: null, delivered: null, seen: null, mailed: null, pushed: null }]);
		const reached = await readValue<string>(
			db.owner,
			'select count(*) from private.announcement_readers where person_id in ($1, $2)',
			[delegate.person, virtual.person]
		);
		expect(reached).toBe('2');
	});

	test('one act removes the groups that its organiser does not see, and tells nothing of them', async () => {
		const clear = (by: TestPerson) => callAs<string>(db.owner, by, 'public.remove_session_groups($1)', [session]);
		await choose(world.people.programme);
		await put('delegate');
		const other = await otherOrganiser();
		expect(await clear(world.people.owner)).toBe('not_allowed');
		expect(await sees('delegate')).toBe(true);
		expect([await clear(other), await sees('delegate'), await clear(other)]).toEqual(['ok', false, 'ok']);
	});

	test('a session of a group is in use: its proposal is not undone', async () => {
		const isUsed = () => readValue<boolean>(db.owner, 'select private.is_proposal_session_used($1)', [fresh]);
		const fresh = await readValue<string>(
			db.owner,
			`insert into public.sessions (summit_id, title, level, audience) values ($1, '{"original":"en","en":"New"}', 'closed', 'listed') returning id`,
			[world.summit]
		);
		expect(await isUsed()).toBe(false);
		expect(await choose(world.people.programme, group, fresh)).toBe('ok');
		expect(await isUsed()).toBe(true);
	});

	test.each(['closed', 'archived'])(
		'a Summit that is %s keeps its groups, and their people can leave them',
		async (state) => {
			await choose(world.people.programme);
			const entry = await put('delegate');
			await db.owner.query('update public.summits set state = $2 where id = $1', [world.summit, state]);
			await expect(choose(world.people.programme)).rejects.toMatchObject({ code: 'PT423' });
			const ended = await callAs(db.owner, world.people.delegate, 'public.end_group_person($1)', [entry]);
			expect(ended).toBe('ok');
		}
	);
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
