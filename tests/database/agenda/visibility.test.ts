/* Rule 5: every level × every kind of person × every way to query the database. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

type Level = keyof World['sessions'];
const LEVELS: Level[] = ['public', 'members', 'chatham_house', 'closed', 'draft'];

/** What each kind sees. The draft is public, but not released. */
const SEES: Record<PersonKind | 'visitor', Level[]> = {
	visitor: ['public'],
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

const STREAM: Record<PersonKind | 'visitor', Partial<Record<Level, string>>> = {
	visitor: { public: 'ok' },
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

const DOOR: Partial<Record<PersonKind | 'visitor', Partial<Record<Level, string>>>> = {
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

describe.each(['visitor', ...personKinds] as const)('%s', (kind) => {
	const who = () => (kind === 'visitor' ? null : world.people[kind]);
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
