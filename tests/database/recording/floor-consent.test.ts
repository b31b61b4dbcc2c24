/* People who raise a hand are asked for consent to be recorded, where a session may be recorded at all. */
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { endRun, openRuns, roomOf, type Level, type Runs } from '../../fixtures/level-runs.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
	await db.owner.query(`update public.sessions set is_recorded = true where id = any ($1)`, [
		[world.sessions.public.id, world.sessions.members.id]
	]);
});

const raise = (level: Level, agrees: boolean | null) =>
	callAs<string>(db.owner, world.people.virtual, 'public.raise_hand($1, null, false, $2)', [runs.of[level], agrees]);
const lower = (level: Level) => callAs(db.owner, world.people.virtual, 'public.lower_hand($1)', [runs.of[level]]);
const hands = async (level: Level) =>
	(
		await callAs<{ hands: { asks_consent: boolean; has_agreed: boolean } }>(
			db.owner,
			world.people.virtual,
			'public.read_stage_sidebar($1, $2)',
			[world.summit, roomOf(level)]
		)
	).hands;
const mayRecord = (level: Level) =>
	readValue<boolean>(db.owner, `select private.may_be_recorded($1, $2)`, [runs.of[level], world.people.virtual.person]);

test('their answer decides, an unrequested answer changes nothing, and consent can be withdrawn', async () => {
	expect(await hands('members')).toMatchObject({ asks_consent: true, has_agreed: false });
	expect([await raise('members', null), await mayRecord('members')]).toEqual(['ok', false]);
	await lower('members');
	expect([await raise('members', true), await mayRecord('members')]).toEqual(['ok', true]);
	expect(await hands('members')).toMatchObject({ has_agreed: true });
	await lower('members');
	expect([await raise('members', null), await mayRecord('members')]).toEqual(['ok', true]);
	await lower('members');
	expect([await raise('members', false), await mayRecord('members')]).toEqual(['ok', false]);
});

test('without a recording nobody is asked, and no answer is stored', async () => {
	expect(await hands('chatham_house')).toMatchObject({ asks_consent: false });
	expect([await raise('chatham_house', true), await mayRecord('chatham_house')]).toEqual(['ok', false]);
});

test('consent can be withdrawn on stage and after the end, which seals the recordings that show the person', async () => {
	const { virtual, delegate } = world.people;
	const session = world.sessions.members.id;
	const back = (who: TestPerson) => callAs<string>(db.owner, who, 'public.withdraw_floor_consent($1)', [session]);
	const agreed = (who: TestPerson) => callAs<boolean>(db.owner, who, 'public.has_floor_consent($1)', [session]);
	const recorded = () =>
		readValue<string>(
			db.owner,
			`with made as (insert into private.recordings (run_id, session_id, summit_id, level, state) values ($1, $2, $3, 'members', 'stopped') returning id)
			insert into private.recording_people (recording_id, person_id) select id, $4 from made returning recording_id`,
			[runs.of.members, session, world.summit, virtual.person]
		);
	const stateOf = (id: string) =>
		readValue<string>(db.owner, `select state || ' ' || reason from private.recordings where id = $1`, [id]);
	for (const ends of [false, true]) {
		expect(await raise('members', true)).toBe('ok');
		const hand = await readValue(db.owner, `select id from private.hands where run_id = $1 and state = 'waiting'`, [
			runs.of.members
		]);
		await callAs(db.owner, runs.chair, 'public.call_hand($1)', [hand]);
		const recording = await recorded();
		expect([await raise('members', false), await agreed(virtual)]).toEqual(['on_stage', true]);
		if (ends) await endRun(db.owner, runs.of.members);
		expect([await agreed(delegate), await back(delegate), await stateOf(recording)]).toEqual([
			false,
			'already',
			'stopped '
		]);
		expect([await back(virtual), await back(virtual), await agreed(virtual)]).toEqual(['ok', 'already', false]);
		expect(await stateOf(recording)).toBe('sealed consent');
		await callAs(db.owner, runs.chair, 'public.end_turn($1)', [hand]);
	}
});

test('a level without names deletes who spoke from the floor, and who is in a sealed recording', async () => {
	const { virtual, programme } = world.people;
	await raise('members', true);
	await db.owner.query(
		`with made as (insert into private.recordings (run_id, session_id, summit_id, level, state) values ($1, $2, $3, 'members', 'stopped') returning id)
		insert into private.recording_people (recording_id, person_id) select id, $4 from made`,
		[runs.of.members, world.sessions.members.id, world.summit, virtual.person]
	);
	await lower('members');
	await raise('members', null);
	await db.owner.query(`update public.sessions set level = 'chatham_house', is_recorded = false where id = $1`, [
		world.sessions.members.id
	]);
	expect(
		await readValue(db.owner, 'select count(*)::int from private.floor_consents where run_id = $1', [runs.of.members])
	).toBe(0);
	const listed = await callAs<{ state: string; without_consent: string[] }[]>(
		db.owner,
		programme,
		'public.list_recordings($1)',
		[world.summit]
	);
	expect(listed).toMatchObject([{ state: 'sealed', without_consent: [], chapters: [] }]);
});
