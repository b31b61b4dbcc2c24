/*
 * Raised hands: one fair queue, one person called when two hosts call at once, speaking rights for one turn, and
 * nothing left in sessions without names.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { endRun, openRuns, roomOf, type Level, type Runs } from '../../fixtures/level-runs.ts';
import {
	actAs,
	setCaller,
	personKinds,
	makePerson,
	makeWorld,
	type TestPerson,
	type World
} from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
});

interface Hands {
	mine: { id: string; state: string; place: string } | null;
	order: string[];
	may_choose_place: boolean;
	queue: { id: string; name: string; place: string; state: string }[] | null;
}

const raise = (who: TestPerson, level: Level, place: string | null = null, camera = false, on = db.owner) =>
	callAs<string>(on, who, 'public.raise_hand($1, $2, $3)', [runs.of[level], place, camera]);
const call = (who: TestPerson, hand: string | undefined, on = db.owner) =>
	callAs<string>(on, who, 'public.call_hand($1)', [hand]);
const endTurn = (who: TestPerson, hand: string | undefined) =>
	callAs<string>(db.owner, who, 'public.end_turn($1)', [hand]);
const hands = async (who: TestPerson, level: Level) =>
	(await callAs<{ hands: Hands }>(db.owner, who, 'public.read_stage_sidebar($1, $2)', [world.summit, roomOf(level)]))
		.hands;
const names = async (level: Level) =>
	(await hands(runs.chair, level)).queue?.map(({ name, state }) => `${state} ${name}`);
const mine = async (who: TestPerson, level: Level) => (await hands(who, level)).mine?.id;
const pass = (who: TestPerson, level: Level) =>
	readValue<{ publish: string[]; room: string; identity: string }>(db.app, 'select private.stage_pass($1, $2, $3)', [
		who.person,
		world.summit,
		roomOf(level)
	]);

async function register(name: string, mode: 'in_person' | 'virtual'): Promise<TestPerson> {
	const who = await makePerson(db.owner, name);
	await db.owner.query(
		`with made as (insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at) values ($1, $2, $3, $4, 'confirmed', now()) returning *)
		insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from made`,
		[world.summit, who.person, world.otherMember, mode]
	);
	return who;
}

test('calls people in the hall and online in turn while both wait, each by the time of raising a hand', async () => {
	const hall = [
		await register('H1', 'in_person'),
		await register('H2', 'in_person'),
		await register('H3', 'in_person')
	];
	const home = [await register('O1', 'virtual'), await register('O2', 'virtual')];
	for (const who of [...hall, ...home]) expect(await raise(who, 'members')).toBe('ok');
	expect(await names('members')).toEqual(['H1', 'O1', 'H2', 'O2', 'H3'].map((name) => `waiting ${name}`));
	// After a person from the hall the next one is online, whoever raised a hand first.
	await call(runs.chair, await mine(hall[0] as TestPerson, 'members'));
	expect((await hands(runs.chair, 'members')).queue?.map(({ name }) => name).slice(1)).toEqual([
		'O1',
		'H2',
		'O2',
		'H3'
	]);
	// All viewers learn the order by random ids.
	const event = await readValue<{ order: string[] }>(db.app, 'select private.hands_event($1, null)', [runs.of.members]);
	expect(event.order).toHaveLength(4);
	expect(event.order[0]).toBe(await mine(home[0] as TestPerson, 'members'));
	expect((await hands(home[0] as TestPerson, 'members')).queue).toBeNull();
	// Registered in person but watching online today; a person online is never in the hall.
	const away = await register('Away', 'in_person');
	await raise(away, 'members', 'home');
	await raise(world.people.virtual, 'members', 'hall');
	expect([
		(await hands(away, 'members')).mine?.place,
		(await hands(world.people.virtual, 'members')).mine?.place
	]).toEqual(['home', 'home']);
	expect(await callAs(db.owner, runs.chair, 'public.lower_all_hands($1)', [runs.of.members])).toBe('ok');
	expect((await hands(runs.chair, 'members')).queue?.map(({ name }) => name)).toEqual(['H1']);
});

test('two hosts who call at once call one person, and the right ends with the turn', async () => {
	const { virtual, stage, delegate } = world.people;
	await raise(virtual, 'members', null, true);
	await raise(delegate, 'members');
	const hand = await mine(virtual, 'members');
	expect((await pass(virtual, 'members')).publish).toEqual([]);
	const [left, right] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
	expect((await Promise.all([call(runs.chair, hand, left), call(stage, hand, right)])).sort()).toEqual([
		'already',
		'ok'
	]);
	const given = await pass(virtual, 'members');
	expect(given.publish).toEqual(['camera', 'microphone']);
	expect(await readValue(db.owner, 'select count(*)::int from private.on_stage($1)', [runs.of.members])).toBe(1);
	expect(await raise(virtual, 'members')).toBe('on_stage');
	expect([await endTurn(delegate, hand), await endTurn(stage, hand), await endTurn(runs.chair, hand)]).toEqual([
		'not_found',
		'ok',
		'already'
	]);
	// A kept token has no right in the room, and cannot be used to return.
	const rights = await readValue<{ rights: Record<string, string[]> }>(db.app, 'select private.room_rights($1, $2)', [
		given.room,
		[given.identity]
	]);
	expect(rights.rights[given.identity]).toEqual([]);
	const code = await readValue<string>(db.owner, 'select code from public.people where id = $1', [virtual.person]);
	expect(await callAs(db.owner, virtual, 'public.set_on_stage($1, $2, true)', [runs.of.members, code])).toBe(
		'not_a_speaker'
	);
	// At the hall's microphone: shown, without sending media.
	expect(await call(runs.chair, await mine(delegate, 'members'))).toBe('ok');
	expect([
		(await pass(delegate, 'members')).publish,
		await readValue(db.owner, 'select count(*)::int from private.on_stage($1)', [runs.of.members])
	]).toEqual([[], 1]);
});

test('a person who leaves the stage or is barred is a viewer again, or out', async () => {
	const { virtual, delegate } = world.people;
	await raise(virtual, 'public');
	await raise(delegate, 'public', 'home');
	await call(runs.chair, await mine(virtual, 'public'));
	const code = await readValue<string>(db.owner, 'select code from public.people where id = $1', [virtual.person]);
	const place = (on: boolean) => callAs(db.owner, virtual, 'public.set_on_stage($1, $2, $3)', [world.run, code, on]);
	expect([await place(false), await place(true)]).toEqual(['ok', 'not_a_speaker']);
	expect((await hands(virtual, 'public')).mine).toBeNull();
	const hand = await mine(delegate, 'public');
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id, session_id) values ($1, $2, $3)`, [
		world.summit,
		delegate.person,
		world.sessions.public.id
	]);
	expect([await call(runs.chair, hand), (await hands(runs.chair, 'public')).queue]).toEqual(['gone', []]);
	expect(await raise(delegate, 'public')).toBe('barred');
	// A bar takes precedence over an earlier call.
	await raise(virtual, 'public');
	await call(runs.chair, await mine(virtual, 'public'));
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
		world.summit,
		virtual.person
	]);
	expect(await readValue(db.owner, 'select count(*)::int from private.on_stage($1)', [world.run])).toBe(0);
});

test('people who may enter the stream raise a hand, once; only people who run the session call', async () => {
	const answers: Record<string, string> = {};
	for (const kind of personKinds) answers[kind] = await raise(world.people[kind], 'closed');
	expect(Object.entries(answers).filter(([, answer]) => answer !== 'not_found')).toEqual(
		Object.entries({ speaker: 'ok', listed: 'ok', programme: 'not_registered', stage: 'ok', safeguarding: 'ok' })
	);
	const clients = await connectMany(db, 6);
	const twice = await Promise.all(clients.map((one) => raise(world.people.delegate, 'members', null, false, one)));
	expect(twice.sort()).toEqual([...Array(5).fill('already'), 'ok']);
	const hand = await mine(world.people.delegate, 'members');
	for (const kind of personKinds.filter((one) => one !== 'stage' && one !== 'owner'))
		expect([kind, await call(world.people[kind], hand)]).toEqual([kind, 'not_found']);
	await expect(actAs(db.owner, world.people.owner, 'select * from private.hands')).rejects.toThrow('permission denied');
	await callAs(db.owner, runs.chair, 'public.save_participation_settings($1, $2)', [
		world.sessions.members.id,
		{ takes_hands: false }
	]);
	expect(await raise(world.people.virtual, 'members')).toBe('closed');
});

test('after a run nobody waits, and sessions without names keep nothing', async () => {
	for (const level of ['members', 'chatham_house', 'closed'] as const) {
		await raise(world.people.listed, level);
		await call(runs.chair, await mine(world.people.listed, level));
		await raise(world.people.speaker, level);
		await endRun(db.owner, runs.of[level]);
	}
	const left = (level: Level) =>
		readValue(db.owner, `select coalesce(array_agg(state order by state), '{}') from private.hands where run_id = $1`, [
			runs.of[level]
		]);
	expect([await left('members'), await left('chatham_house'), await left('closed')]).toEqual([
		['done', 'lowered'],
		[],
		[]
	]);
});

test('limits how often a hand goes up and down, because each change is sent to all viewers', async () => {
	const { virtual, delegate } = world.people;
	const answers: string[] = [];
	for (let n = 0; n < 7; n++) {
		answers.push(await raise(virtual, 'members'));
		await callAs(db.owner, virtual, 'public.lower_hand($1)', [runs.of.members]);
	}
	expect(answers).toEqual([...Array<string>(6).fill('ok'), 'too_soon']);
	expect(await raise(delegate, 'members')).toBe('ok');
	await db.owner.query(`update private.hands set raised_at = raised_at - interval '1 minute'`);
	expect(await raise(virtual, 'members')).toBe('ok');
});

test('people on stage through a part in the session are not in the queue, and are not demoted by a call', async () => {
	const { speaker, stage } = world.people;
	expect(await raise(speaker, 'public')).toBe('ok');
	const hand = await mine(speaker, 'public');
	const code = await readValue(db.owner, `select code from public.people where id = $1`, [speaker.person]);
	await callAs(db.owner, stage, 'public.set_on_stage($1, $2, true)', [runs.of.public, code]);
	expect([await names('public'), await call(stage, hand)]).toEqual([[], 'gone']);
	expect((await pass(speaker, 'public')).publish).toEqual(['camera', 'microphone', 'screen']);
});

test('a person called while the session ends is not on an ended stage', async () => {
	const { virtual } = world.people;
	await raise(virtual, 'members');
	const hand = await mine(virtual, 'members');
	const [caller, ender] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
	const pid = await readValue<number>(ender, 'select pg_backend_pid()');
	// They have a row of the former run, like every viewer.
	await pass(virtual, 'members');
	await caller.query('begin');
	await setCaller(caller, runs.chair);
	await caller.query('select public.call_hand($1)', [hand]);
	const ending = ender.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [
		runs.of.members
	]);
	await expect
		.poll(() =>
			readValue<boolean>(db.owner, 'select exists (select from pg_locks where pid = $1 and not granted)', [pid])
		)
		.toBe(true);
	await caller.query('commit');
	await ending;
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from private.run_participants where run_id = $1 and (is_on_stage or is_promoted)`,
			[runs.of.members]
		)
	).toBe(0);
	expect(await readValue(db.owner, 'select state from private.hands where id = $1', [hand])).toBe('done');
});
