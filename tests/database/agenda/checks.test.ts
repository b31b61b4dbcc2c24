/*
 * The checks of the agenda: they find the same as a naive search on random drafts. Tests also cover who reads them and
 * what they hide.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { draftTime as at, makeDraft, scheduleSession, type DraftSummit } from '../../fixtures/drafting.ts';
import { naiveChecks, type NaiveDraft } from '../../fixtures/naive-checks.ts';
import { drawDraft, writeDraft } from '../../fixtures/random-draft.ts';
import { callAs, makePeople, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type TestPerson } from '../../fixtures/world.ts';

interface Checks {
	findings: { code: string; severity: string; sessions: string[]; detail: Record<string, unknown> }[];
	sessions: Record<string, { title: Record<string, string> }>;
	people: Record<string, string>;
	hidden: number;
}

const db = useDatabase();
let people: TestPerson[];
let members: string[];

beforeAll(async () => {
	people = await makePeople(db.owner, 7);
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into public.members (name, sector, country, region) select 'Member ' || n, 'civil_society', 'PT', 'Europe' from generate_series(1, 3) as n returning id`
	);
	members = rows.map(({ id }) => id);
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [people[6]?.person]);
});

async function found(summit: string, moves: object[] = []): Promise<string[]> {
	const { rows } = await db.owner.query<{ code: string; sessions: string[] }>(
		`select code, array(select unnest(sessions)::text order by 1) as sessions from private.findings($1, $2)`,
		[summit, JSON.stringify(moves)]
	);
	return rows.map(({ code, sessions }) => [code, ...sessions].join(' ')).sort();
}

const counts = new Map<string, number>();

test('find the same as a naive search, on random drafts', { timeout: 120_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.gen(), async (value_) => {
			const draft: NaiveDraft = drawDraft(
				(arbitrary) => value_(arbitrary),
				people.map(({ person }) => person)
			);
			draft.aliases.add(people[6]?.person ?? '');
			for (const [index, { person }] of people.entries())
				if (index !== 1) draft.member[person] = members[index % 2] ?? '';
			const naive = naiveChecks(draft);
			for (const one of naive) counts.set(one.split(' ')[0] ?? '', (counts.get(one.split(' ')[0] ?? '') ?? 0) + 1);
			const summit = await writeDraft(db.owner, draft);
			expect(await found(summit)).toEqual(naive);
			// The same draft, written as moves of sessions that had no place before.
			const moves = draft.sessions.flatMap(({ id, slots }) =>
				slots.map(({ start, end, rooms }) => ({
					session: id,
					start: new Date(start).toISOString(),
					end: new Date(end).toISOString(),
					rooms
				}))
			);
			await db.owner.query('delete from public.slots where summit_id = $1', [summit]);
			// A time without an id must appear once only: the database treats two of them as one.
			if (moves.length <= 1) expect(await found(summit, moves)).toEqual(naive);
		}),
		{ numRuns: 40, seed: 7, endOnFailure: true }
	);
	// The random drafts contain nearly every check; the rare ones have tests of their own.
	const codes = await db.owner.query<{ code: string }>('select code from private.check_codes() order by 1');
	const seldom = ['speaker_travel', 'track_parallel', 'interpreter_hours'];
	expect([...counts.keys(), ...seldom]).toEqual(expect.arrayContaining(codes.rows.map(({ code }) => code)));
});

const read = (who: TestPerson, summit: string, moves: object[] = []) =>
	callAs<Checks | null>(db.owner, who, 'public.read_checks($1, $2)', [summit, JSON.stringify(moves)]);
const speak = (draft: DraftSummit, session: number, person: string) =>
	db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
		[draft.sessions[session], draft.summit, person]
	);

test('report what would be wrong at the place a session is dragged to', async () => {
	const draft = await makeDraft(db.owner);
	const [organiser] = draft.organisers;
	const [one, two] = draft.sessions;
	for (const session of [0, 1]) await speak(draft, session, people[0]?.person ?? '');
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	const second = await scheduleSession(db.owner, draft, 1, 1, at('11:00'), at('12:00'));
	const twice = async (moves: object[]) =>
		(await read(organiser, draft.summit, moves))?.findings.filter(({ code }) => code === 'speaker_twice');
	expect(await twice([])).toEqual([]);
	const to = { session: two, start: at('09:30'), end: at('10:30'), rooms: ['room-2'] };
	expect(await twice([{ slot: second.slot, ...to }])).toMatchObject([
		{
			severity: 'block',
			sessions: [one, two],
			detail: { person: people[0]?.person, start: '2027-06-09T12:30:00Z' }
		}
	]);
	// A person who has not accepted both sessions may still decline one.
	const answered = (state: string) =>
		db.owner.query(`update public.session_people set state = $2::public.participation_state where session_id = $1`, [
			two,
			state
		]);
	await answered('invited');
	const maybe = await read(organiser, draft.summit, [{ slot: second.slot, ...to }]);
	expect(maybe?.findings.filter(({ code }) => /twice/.test(code))).toMatchObject([
		{ code: 'speaker_maybe_twice', severity: 'warn', sessions: [one, two] }
	]);
	await answered('declined');
	expect(JSON.stringify((await read(organiser, draft.summit, [{ slot: second.slot, ...to }]))?.findings)).not.toContain(
		'twice'
	);
	await answered('confirmed');
	expect(await twice([{ slot: second.slot, session: two }])).toEqual([]);
	expect(await twice([])).toEqual([]);
});

test('a walk between buildings or floors takes its minutes, except for remote participants', async () => {
	const draft = await makeDraft(db.owner);
	const facts = [
		{ room: 'room-1', building: 'East', floor: '1' },
		{ room: 'room-2', building: 'East', floor: '2' },
		{ room: 'room-3', building: 'West', floor: '1' }
	];
	const [organiser] = draft.organisers;
	expect(
		await callAs(db.owner, organiser, 'public.save_room_equipment($1, $2)', [draft.summit, JSON.stringify(facts)])
	).toBe('ok');
	for (const session of [0, 1]) await speak(draft, session, people[0]?.person ?? '');
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	const gaps = async (room: string, start: string) => {
		const to = { session: draft.sessions[1], start: at(start), end: at('11:00'), rooms: [room] };
		const answer = await read(organiser, draft.summit, [to]);
		return answer?.findings.filter(({ code }) => code === 'speaker_travel').map(({ detail }) => detail);
	};
	const person = people[0]?.person;
	expect(await gaps('room-1', '10:00')).toEqual([]);
	expect(await gaps('room-2', '10:00')).toEqual([{ person, minutes: 5, gap: 0 }]);
	expect(await gaps('room-2', '10:05')).toEqual([]);
	expect(await gaps('room-3', '10:05')).toEqual([{ person, minutes: 10, gap: 5 }]);
	expect(await gaps('room-3', '10:10')).toEqual([]);
	// An explicit walking time between two rooms applies both ways, whatever their buildings say.
	const say = (one: string, other: string, minutes: number | null, who: TestPerson = organiser) =>
		callAs<string>(db.owner, who, 'public.save_walking_time($1, $2, $3, $4)', [draft.summit, one, other, minutes]);
	expect(await say('room-3', 'room-1', 20)).toBe('ok');
	expect(await gaps('room-3', '10:10')).toEqual([{ person, minutes: 20, gap: 10 }]);
	expect(await say('room-1', 'room-3', 0)).toBe('ok');
	expect(await gaps('room-3', '10:05')).toEqual([]);
	expect(await callAs(db.owner, organiser, 'public.list_walking_times($1)', [draft.summit])).toEqual([
		{ one: 'room-1', other: 'room-2', minutes: 5, is_said: false },
		{ one: 'room-1', other: 'room-3', minutes: 0, is_said: true },
		{ one: 'room-2', other: 'room-3', minutes: 10, is_said: false }
	]);
	expect(await say('room-1', 'room-3', null)).toBe('ok');
	expect(await gaps('room-3', '10:05')).toEqual([{ person, minutes: 10, gap: 5 }]);
	const outsider = (await makeWorld(db.owner)).people.programme;
	expect([
		await say('room-1', 'room-1', 5),
		await say('room-1', 'plenary', 5),
		await say('room-1', 'room-2', 241),
		await say('room-1', 'room-2', 5, outsider)
	]).toEqual(['unknown', 'unknown', 'invalid', 'not_allowed']);
	expect(await callAs(db.owner, outsider, 'public.list_walking_times($1)', [draft.summit])).toBeNull();
	await db.owner.query(`update public.sessions set attendance = 'online' where id = $1`, [draft.sessions[1]]);
	expect(await gaps('room-3', '10:05')).toEqual([]);
});

test('report three parallel sessions of a track, and interpreters who work too long in a row or in a day', async () => {
	const draft = await makeDraft(db.owner, { sessions: 3 });
	const track = await readValue<string>(
		db.owner,
		`insert into public.tracks (summit_id, slug, name) values ($1, 'one', '{"original":"en","en":"One"}') returning id`,
		[draft.summit]
	);
	await db.owner.query('update public.sessions set track_id = $1 where summit_id = $2', [track, draft.summit]);
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state)
		select id, summit_id, $1, 'interpreter', 'confirmed' from public.sessions where summit_id = $2`,
		[people[0]?.person, draft.summit]
	);
	const codes = async () =>
		(await found(draft.summit)).filter((one) => /^(track_parallel|interpreter_hours)/.test(one));
	const [first, second] = draft.sessions as [string, string];
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('11:00'));
	const next = await scheduleSession(db.owner, draft, 1, 1, at('11:10'), at('12:00'));
	// Ten minutes do not count as a rest.
	expect(await codes()).toEqual([`interpreter_hours ${[first, second].sort().join(' ')}`]);
	await db.owner.query(
		`update public.slots set during = tstzrange(lower(during) + interval '1 minute', upper(during)) where id = $1`,
		[next.slot]
	);
	expect(await codes()).toEqual([]);
	await db.owner.query(`update public.slots set during = tstzrange($2, $3) where id = $1`, [
		next.slot,
		at('10:30'),
		at('12:00')
	]);
	await scheduleSession(db.owner, draft, 2, 2, at('10:50'), at('11:00'));
	expect(await codes()).toContain(`track_parallel ${[...draft.sessions].sort().join(' ')}`);
});

test('blocking checks prevent publishing as soon as an organiser sets them to block', async () => {
	const draft = await makeDraft(db.owner, { sessions: 2 });
	const [organiser, other] = draft.organisers;
	for (const session of [0, 1]) await speak(draft, session, people[0]?.person ?? '');
	await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	await scheduleSession(db.owner, draft, 1, 1, at('09:30'), at('10:30'));
	const blocking = () =>
		readValue<number>(db.owner, 'select jsonb_array_length(private.blocking_checks($1))', [draft.summit]);
	const set = (who: TestPerson, severities: object, limits: object = {}) =>
		callAs<string>(db.owner, who, 'public.save_check_settings($1, $2, $3)', [
			draft.summit,
			JSON.stringify(severities),
			JSON.stringify(limits)
		]);
	// A person in two places blocks by default, unless organisers change it.
	expect(await blocking()).toBe(1);
	expect(await set(organiser, { speaker_twice: 'warn' })).toBe('ok');
	expect(await blocking()).toBe(0);
	expect(await set(organiser, { speaker_twice: 'block' })).toBe('ok');
	expect(await blocking()).toBe(1);
	await db.owner.query(`update public.sessions set state = 'draft' where id = $1`, [draft.sessions[1]]);
	expect(await blocking()).toBe(0);
	expect(await set(organiser, { speaker_twice: 'never' })).toBe('invalid');
	expect(await set(organiser, {}, { track_limit: 0 })).toBe('invalid');
	expect(await set(organiser, {}, { daytime_from: '23:00' })).toBe('invalid');
	expect(await set(other, { unheard_of: 'block' }, { track_limit: 3 })).toBe('ok');
	const outsider = (await makeWorld(db.owner)).people.programme;
	expect(await set(outsider, { no_slot: 'block' })).toBe('not_allowed');
	expect(await callAs(db.owner, organiser, 'public.read_check_settings($1)', [draft.summit])).toMatchObject({
		severities: { speaker_twice: 'block', no_slot: 'note' },
		limits: { track_limit: 3, daytime_from: '08:00:00' }
	});
});

test('show an owner only that a closed session hides something; others read nothing at all', async () => {
	const world = await makeWorld(db.owner);
	const { programme, owner, stage, delegate } = world.people;
	const room = await readValue<string>(
		db.owner,
		`insert into public.rooms (summit_id, slug, name) values ($1, 'annex', '{"original":"en","en":"Annex"}') returning slug`,
		[world.summit]
	);
	const slot = await readValue<string>(db.owner, 'select id from public.slots where session_id = $1', [
		world.sessions.closed.id
	]);
	const [now] = (
		await db.owner.query<{ start: string; end: string }>(
			`select private.iso(lower(during)) as start, private.iso(upper(during)) as end from public.slots where session_id = $1`,
			[world.sessions.public.id]
		)
	).rows;
	const moves = [{ slot, session: world.sessions.closed.id, ...now, rooms: [room] }];
	const seen = await read(programme, world.summit, moves);
	expect(seen?.findings.map(({ code }) => code)).toContain('speaker_twice');
	const before = await read(owner, world.summit, moves);
	expect(JSON.stringify(before)).not.toContain(world.sessions.closed.id);
	expect(before?.findings.map(({ code }) => code)).not.toContain('speaker_twice');
	expect(before?.hidden).toBeGreaterThan(0);
	for (const who of [stage, delegate]) expect(await read(who, world.summit)).toBeNull();
});
