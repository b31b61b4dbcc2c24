/* Rule 5: every level × every kind of person × every way to query the database. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

type Level = keyof World['sessions'];
const LEVELS: Level[] = ['public', 'members', 'chatham_house', 'closed', 'draft'];

/** What each kind sees. The draft is public, but not released. */
const SEES: Record<PersonKind | 'stranger', Level[]> = {
	stranger: ['public'],
	newcomer: ['public'],
	delegate: ['public', 'members', 'chatham_house'],
	virtual: ['public', 'members', 'chatham_house'],
	waiting: ['public'],
	focal: ['public'],
	speaker: ['public', 'members', 'chatham_house', 'closed'],
	listed: ['public', 'members', 'chatham_house', 'closed'],
	programme: LEVELS,
	registration: ['public'],
	finance: ['public'],
	stage: LEVELS,
	door: ['public'],
	safeguarding: LEVELS,
	owner: ['public', 'members', 'chatham_house', 'draft']
};

const STREAM: Record<PersonKind | 'stranger', Partial<Record<Level, string>>> = {
	stranger: { public: 'ok' },
	newcomer: { public: 'ok' },
	delegate: { public: 'ok', members: 'ok', chatham_house: 'ok' },
	virtual: { public: 'ok', members: 'ok', chatham_house: 'ok' },
	waiting: { public: 'ok' },
	focal: { public: 'ok' },
	speaker: { public: 'ok', members: 'ok', chatham_house: 'ok', closed: 'ok' },
	listed: { public: 'ok', members: 'ok', chatham_house: 'ok', closed: 'ok' },
	programme: {
		public: 'ok',
		members: 'not_registered',
		chatham_house: 'not_registered',
		closed: 'not_registered',
		draft: 'ok'
	},
	registration: { public: 'ok' },
	finance: { public: 'ok' },
	stage: { public: 'ok', members: 'ok', chatham_house: 'ok', closed: 'ok', draft: 'ok' },
	door: { public: 'ok' },
	safeguarding: { public: 'ok', members: 'ok', chatham_house: 'ok', closed: 'ok', draft: 'ok' },
	owner: { public: 'ok', members: 'not_registered', chatham_house: 'not_registered', draft: 'ok' }
};

const DOOR: Partial<Record<PersonKind | 'stranger', Partial<Record<Level, string>>>> = {
	delegate: { public: 'ok', members: 'ok', chatham_house: 'ok' },
	speaker: { public: 'ok', members: 'ok', chatham_house: 'ok', closed: 'ok' },
	virtual: { public: 'virtual_at_door', members: 'virtual_at_door', chatham_house: 'virtual_at_door' },
	listed: {
		public: 'virtual_at_door',
		members: 'virtual_at_door',
		chatham_house: 'virtual_at_door',
		closed: 'virtual_at_door'
	}
};

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

describe.each(['stranger', ...personKinds] as const)('%s', (kind) => {
	const who = () => (kind === 'stranger' ? null : world.people[kind]);
	const callAs = async <Value>(sql: string, values: unknown[] = []): Promise<Value> =>
		(await actAs<{ value: Value }>(db.owner, who(), sql, values))[0]?.value as Value;
	const released: Level[] = SEES[kind].filter((level) => level !== 'draft');

	test('sees, by can_see, exactly the sessions of the table', async () => {
		const seen = [];
		for (const level of LEVELS) {
			if (await callAs<boolean>('select public.can_see($1) as value', [world.sessions[level].id])) seen.push(level);
		}
		expect(seen).toEqual(SEES[kind]);
	});

	test('enters a stream, or learns the reason; an invisible session gets the same answer as a missing one', async () => {
		const answers: Partial<Record<Level, string>> = {};
		for (const level of LEVELS) {
			const answer = await callAs<string>(`select public.can_enter($1, 'stream') as value`, [world.sessions[level].id]);
			if (answer !== 'not_seen') answers[level] = answer;
		}
		expect(answers).toEqual(STREAM[kind]);
		expect(await callAs(`select public.can_enter(gen_random_uuid(), 'stream') as value`)).toBe('not_seen');
	});

	test('enters a door only with an in-person registration', async () => {
		const answers: Partial<Record<Level, string>> = {};
		for (const level of LEVELS) {
			const answer = await callAs<string>(`select public.can_enter($1, 'door') as value`, [world.sessions[level].id]);
			if (answer !== 'not_seen') answers[level] = answer;
		}
		const expected = DOOR[kind] ?? Object.fromEntries(SEES[kind].map((level) => [level, 'not_registered']));
		expect(answers).toEqual(expected);
	});

	test('reads the same sessions in the agenda, in tables, one by one, in live events and in runs', async () => {
		const agenda = await callAs<{ sessions: { id: string }[] }>('select public.read_agenda($1) as value', [
			world.summit
		]);
		const ids = released.map((level) => world.sessions[level].id).sort();
		expect(agenda.sessions.map((session) => session.id).sort()).toEqual(ids);
		for (const table of ['release_sessions', 'release_slots']) {
			const rows = await actAs<{ session_id: string }>(
				db.owner,
				who(),
				`select session_id from public.${table} order by 1`
			);
			expect(rows.map((row) => row.session_id)).toEqual(ids);
		}
		for (const level of LEVELS) {
			const session = await callAs<{ id: string } | null>('select public.read_session($1, $2) as value', [
				world.summit,
				world.sessions[level].code
			]);
			expect(session?.id ?? null).toBe(released.includes(level) ? world.sessions[level].id : null);
		}
		const topics = LEVELS.map((level) => `session:${world.sessions[level].id}`);
		const allowed = await callAs<string[]>('select public.allowed_topics($1) as value', [topics]);
		expect(allowed.sort()).toEqual(SEES[kind].map((level) => `session:${world.sessions[level].id}`).sort());
		const runs = await actAs<{ id: string }>(db.owner, who(), 'select id from public.runs');
		expect(runs).toEqual([{ id: world.run }]);
	});

	test('finds the title of an invisible session nowhere', async () => {
		const agenda = JSON.stringify(await callAs('select public.read_agenda($1) as value', [world.summit]));
		const speakerCode = (
			await db.owner.query('select code from public.people where id = $1', [world.people.speaker.person])
		).rows[0].code;
		const speaker = JSON.stringify(
			await callAs('select public.read_speaker($1, $2) as value', [world.summit, speakerCode])
		);
		for (const level of LEVELS) {
			const { title } = world.sessions[level];
			expect(agenda.includes(title)).toBe(released.includes(level));
			expect(speaker.includes(title)).toBe(released.includes(level) && (level === 'public' || level === 'closed'));
		}
	});

	test('may subscribe only to its own person and Summits, and to organisers’ events only as an organiser', async () => {
		const own = who();
		const asked = [
			`summit:${world.summit}`,
			`organise:${world.summit}`,
			...personKinds.map((other) => `person:${world.people[other].person}`),
			'site',
			'summit:nonsense',
			'person:'
		];
		const allowed = await callAs<string[]>('select public.allowed_topics($1) as value', [asked]);
		const organises = ['programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner'].includes(kind);
		expect(allowed).toEqual([
			`summit:${world.summit}`,
			...(organises ? [`organise:${world.summit}`] : []),
			...(own ? [`person:${own.person}`] : [])
		]);
	});
});

describe('the stricter level of release and draft applies', () => {
	test('a level raised after the release hides the session from people who may no longer see it', async () => {
		const { id } = world.sessions.members;
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [id]);
		const seen = await actAs<{ value: boolean }>(
			db.owner,
			world.people.delegate,
			'select public.can_see($1) as value',
			[id]
		);
		expect(seen).toEqual([{ value: false }]);
		await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [id]);
	});

	test('a level lowered after the release opens nothing until the next release', async () => {
		const { id } = world.sessions.chatham_house;
		await db.owner.query(`update public.sessions set level = 'public', audience = 'everyone' where id = $1`, [id]);
		const seen = await actAs<{ value: boolean }>(db.owner, null, 'select public.can_see($1) as value', [id]);
		expect(seen).toEqual([{ value: false }]);
		const entry = await actAs<{ value: string }>(
			db.owner,
			world.people.newcomer,
			`select public.can_enter($1, 'stream') as value`,
			[id]
		);
		expect(entry).toEqual([{ value: 'not_seen' }]);
		await db.owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
			id
		]);
	});

	test('everyone is an audience of public sessions only, closed ones need a list, and neither is recorded above members', async () => {
		const set = (columns: string) =>
			db.owner.query(`update public.sessions set ${columns} where id = $1`, [world.sessions.members.id]);
		await expect(set(`audience = 'everyone'`)).rejects.toThrow('everyone_only_at_public');
		await expect(set(`level = 'closed'`)).rejects.toThrow('closed_is_listed');
		await expect(set(`level = 'chatham_house', is_recorded = true`)).rejects.toThrow('no_recording_when_confidential');
	});

	test('a barred person is refused at stream and door', async () => {
		const { person } = world.people.delegate;
		await db.owner.query('begin');
		await db.owner.query('insert into private.entry_bars (summit_id, person_id) values ($1, $2)', [
			world.summit,
			person
		]);
		const bars = await db.owner.query(
			`select private.entry_decision($1, $2, 'stream') as stream, private.entry_decision($1, $2, 'door') as door`,
			[person, world.sessions.public.id]
		);
		await db.owner.query('rollback');
		expect(bars.rows).toEqual([{ stream: 'barred', door: 'barred' }]);
	});

	test('an audience widened after the release opens nothing until the next release', async () => {
		const { id } = world.sessions.members;
		const entries = async () => {
			const sql = `select private.entry_decision($1, $2, 'stream') as delegate, private.entry_decision(null, $2, 'stream') as stranger`;
			return (await db.owner.query(sql, [world.people.delegate.person, id])).rows[0];
		};
		await db.owner.query('begin');
		await db.owner.query(`update public.sessions set audience = 'listed' where id = $1`, [id]);
		await db.owner.query(`select set_config('request.jwt.claims', $1, true)`, [
			JSON.stringify({ sub: world.people.programme.account })
		]);
		await db.owner.query('select public.publish_release($1)', [world.summit]);
		await db.owner.query(`update public.sessions set audience = 'registered' where id = $1`, [id]);
		const widened = await entries();
		await db.owner.query('rollback');
		expect(widened).toEqual({ delegate: 'not_listed', stranger: 'not_seen' });
	});

	test('a Summit that returns to draft shows none of its sessions to strangers and delegates', async () => {
		const { id } = world.sessions.public;
		const seen = `select private.can_see(null, $1) as stranger, private.can_see($2, $1) as delegate, private.can_see($3, $1) as programme`;
		await db.owner.query('begin');
		await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [world.summit]);
		const { rows } = await db.owner.query(seen, [id, world.people.delegate.person, world.people.programme.person]);
		await db.owner.query('rollback');
		expect(rows).toEqual([{ stranger: false, delegate: false, programme: true }]);
	});
});

describe('participation', () => {
	const names = async (who: PersonKind | null) =>
		(
			await actAs<{ display_name: string }>(
				db.owner,
				who && world.people[who],
				'select display_name from public.people order by 1'
			)
		).map((row) => row.display_name);

	test('hides a person from the moment they decline, in every table', async () => {
		const { person, name } = world.people.speaker;
		const change = (state: string) =>
			db.owner.query('update public.session_people set state = $1 where person_id = $2', [state, person]);
		expect(await names(null)).toContain(name);
		await change('declined');
		const after = await names(null);
		const listed = await actAs(db.owner, null, 'select from public.release_people where person_id = $1', [person]);
		await change('confirmed');
		expect(after).not.toContain(name);
		expect(listed).toEqual([]);
	});

	test('is hidden from a person who has declined, and from organisers who cannot see the session', async () => {
		const { id } = world.sessions.closed;
		const hidden = world.people.newcomer;
		const add = `insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', $4)`;
		await db.owner.query(add, [id, world.summit, hidden.person, 'confirmed']);
		await db.owner.query(add, [id, world.summit, world.people.virtual.person, 'declined']);
		for (const who of ['virtual', 'owner', 'registration'] as const)
			expect([who, (await names(who)).includes(hidden.name)]).toEqual([who, false]);
		for (const who of ['speaker', 'programme', 'safeguarding'] as const)
			expect([who, (await names(who)).includes(hidden.name)]).toEqual([who, true]);
		await db.owner.query(`delete from public.session_people where role = 'chair'`);
	});

	test('lets only the people themselves set each consent', async () => {
		const { person } = world.people.speaker;
		for (const column of ['consent_live', 'consent_record', 'consent_publish', 'consent_photo', 'person_id']) {
			const value = column === 'person_id' ? `'${world.people.delegate.person}'` : 'true';
			const write = actAs(
				db.owner,
				world.people.programme,
				`update public.session_people set ${column} = ${value} where person_id = $1`,
				[person]
			);
			await expect(write).rejects.toThrow('permission denied');
		}
	});

	test('ends every consent when an organiser records that the person declines', async () => {
		const of = `from public.session_people where session_id = $1`;
		const { id } = world.sessions.public;
		await db.owner.query(
			'update public.session_people set consent_live = true, consent_record = true where session_id = $1',
			[id]
		);
		const [entry] = (await db.owner.query<{ id: string }>(`select id ${of}`, [id])).rows;
		for (const state of ['declined', 'confirmed'])
			await actAs(db.owner, world.people.programme, 'select public.change_session_person($1, $2)', [entry?.id, state]);
		const { rows } = await db.owner.query(`select state, consent_live, consent_record ${of}`, [id]);
		expect(rows).toEqual([{ state: 'confirmed', consent_live: false, consent_record: false }]);
	});
});

describe('events for all organisers', () => {
	test('name no session, because not every organiser may see it', async () => {
		const heard: string[] = [];
		const listener = await db.connect();
		listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
		await listener.query('listen live_events');
		const { id } = world.sessions.closed;
		await actAs(db.owner, world.people.programme, `select public.save_session($1, $2, '{"version": 1}')`, [
			world.summit,
			id
		]);
		const [entry] = (
			await db.owner.query<{ id: string }>('select id from public.session_people where session_id = $1', [id])
		).rows;
		await actAs(db.owner, world.people.speaker, 'select public.answer_participation($1, false)', [entry?.id]);
		await listener.query('select 1');
		const told = heard.filter((payload) => payload.includes(`organise:${world.summit}`));
		expect(told.length).toBeGreaterThanOrEqual(2);
		expect(told.filter((payload) => payload.includes(id))).toEqual([]);
	});
});
