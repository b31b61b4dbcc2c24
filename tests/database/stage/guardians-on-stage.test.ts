/*
 * People under 18 on stage: called and recorded only with the guardian's consent, and named to people who run the
 * session only.
 */
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { openRuns, roomOf, type Runs } from '../../fixtures/level-runs.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;
let young: TestPerson;
let guardian: TestPerson;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
	({ virtual: young, delegate: guardian } = world.people);
	await db.owner.query(
		`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
		[world.registrations.virtual, world.registrations.delegate]
	);
	await db.owner.query(`update public.sessions set is_recorded = true where id = $1`, [world.sessions.members.id]);
	await callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit]);
	await db.owner.query(
		`update public.session_people set consent_record = true, consent_publish = true where session_id = $1`,
		[world.sessions.members.id]
	);
});

interface OnStage {
	identity: string;
	code: string;
	display_name: string;
	affiliation: string;
}

const raise = (agrees: boolean | null = null) =>
	callAs<string>(db.owner, young, 'public.raise_hand($1, null, true, $2)', [runs.of.members, agrees]);
const agree = (who: TestPerson, onStage: boolean, recorded: boolean) =>
	callAs<string>(db.owner, who, 'public.agree_for_minor($1, $2, $3)', [world.registrations.virtual, onStage, recorded]);
const hand = () =>
	readValue<string>(db.owner, `select id from private.hands where run_id = $1 order by raised_at desc limit 1`, [
		runs.of.members
	]);
const call = async () => callAs<string>(db.owner, runs.chair, 'public.call_hand($1)', [await hand()]);
const code = (who: TestPerson) =>
	readValue<string>(db.owner, 'select code from public.people where id = $1', [who.person]);
const publishes = async () =>
	(
		await readValue<{ publish: string[] }>(db.app, 'select private.stage_pass($1, $2, $3)', [
			young.person,
			world.summit,
			roomOf('members')
		])
	).publish;
const onStage = async (who: TestPerson | null) =>
	(await callAs<{ on_stage: OnStage[] }>(db.owner, who, 'public.read_stage($1, $2)', [world.summit, roomOf('members')]))
		.on_stage;
const handState = async () =>
	readValue<string>(db.owner, 'select state from private.hands where id = $1', [await hand()]);
/** Ends the guardian's registration. */
async function leave(): Promise<void> {
	const { delegate } = world.registrations;
	await db.owner.query('begin');
	await db.owner.query(
		`update public.seats set state = 'released', released_at = now(), release_reason = 'withdrawn' where registration_id = $1`,
		[delegate]
	);
	await db.owner.query(
		`update public.badges set revoked_at = now(), revoked_reason = 'withdrawn' where registration_id = $1`,
		[delegate]
	);
	await db.owner.query(`update public.registrations set state = 'withdrawn' where id = $1`, [delegate]);
	await db.owner.query('commit');
}
const recording = () =>
	readValue<{ state: string; reason: string }>(
		db.owner,
		`select jsonb_build_object('state', state, 'reason', reason) from private.recordings where run_id = $1`,
		[runs.of.members]
	);

test('nobody under 18 raises a hand or is called before the guardian has agreed; adults need no consent', async () => {
	expect([await raise(), await callAs(db.owner, guardian, 'public.raise_hand($1)', [runs.of.members])]).toEqual([
		'guardian',
		'ok'
	]);
	await callAs(db.owner, runs.chair, 'public.lower_all_hands($1)', [runs.of.members]);
	const needs = async (who: TestPerson | null) =>
		(
			await callAs<{ hands: { needs_guardian: boolean } } | null>(db.owner, who, 'public.read_stage_sidebar($1, $2)', [
				world.summit,
				roomOf('members')
			])
		)?.hands.needs_guardian;
	expect([await needs(young), await needs(guardian)]).toEqual([true, false]);
	// A guardian's consent to participation does not cover the stage, and only the guardian can give it.
	for (const who of [young, world.people.speaker, world.people.stage, runs.chair])
		expect(await agree(who, true, true)).toBe('not_found');
	expect(await agree(guardian, true, false)).toBe('ok');
	expect([await needs(young), await raise(), await call(), await publishes()]).toEqual([
		false,
		'ok',
		'ok',
		['camera', 'microphone']
	]);
	expect(await callAs(db.owner, guardian, 'public.my_guardianship($1)', [world.summit])).toMatchObject({
		minors: [{ registration_id: world.registrations.virtual, on_stage: true, recorded: false }]
	});
});

test('withdrawn while a hand waits, the call finds nobody; withdrawn on stage, they leave it at once', async () => {
	await agree(guardian, true, false);
	await raise();
	await db.owner.query(`update private.guardian_stage_agreements set on_stage = false`);
	expect([await call(), await handState()]).toEqual(['guardian', 'lowered']);
	await agree(guardian, true, false);
	await raise();
	await agree(guardian, false, false);
	expect(await handState()).toBe('lowered');
	await agree(guardian, true, false);
	await raise();
	await call();
	expect(await publishes()).toEqual(['camera', 'microphone']);
	await agree(guardian, false, false);
	expect([await publishes(), await onStage(runs.chair), await handState()]).toEqual([[], [], 'done']);
	// A guardian who no longer participates answers for nobody.
	await agree(guardian, true, false);
	await raise();
	await call();
	await leave();
	expect([await publishes(), await onStage(runs.chair), await raise(), await agree(guardian, true, true)]).toEqual([
		[],
		[],
		'guardian',
		'not_found'
	]);
});

test('on the floor they are named to people who run the session only', async () => {
	await agree(guardian, true, true);
	await raise(true);
	await call();
	const real = await code(young);
	for (const who of [world.people.delegate, world.people.speaker, runs.chair]) {
		const [seen] = await onStage(who);
		expect(seen).toMatchObject({ code: seen?.identity, display_name: '', office: '', affiliation: '', country: null });
	}
	const behind = async (who: TestPerson) =>
		(
			await callAs<{ people: OnStage[] }>(db.owner, who, 'public.read_backstage($1, $2)', [
				world.summit,
				world.sessions.members.code
			])
		).people;
	expect((await behind(runs.chair)).some((one) => one.code === real && one.display_name === young.name)).toBe(true);
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state, consent_record, consent_publish) values ($1, $2, $3, 'speaker', 'confirmed', true, true)`,
		[world.sessions.members.id, world.summit, world.people.listed.person]
	);
	const seen = JSON.stringify(await behind(world.people.listed));
	expect([seen.includes(real), seen.includes(young.name)]).toEqual([false, false]);
	expect(await callAs(db.owner, runs.chair, 'public.allow_microphone($1, $2, false)', [runs.of.members, real])).toBe(
		'ok'
	);
});

test('they are recorded when both have agreed, and the recording is sealed when the guardian withdraws', async () => {
	const start = () => callAs<{ status: string }>(db.owner, runs.chair, 'public.start_recording($1)', [runs.of.members]);
	await agree(guardian, true, false);
	await raise(true);
	await call();
	// Their own consent alone is not enough.
	expect(await start()).toMatchObject({ status: 'consent', people: [young.name] });
	await agree(guardian, true, true);
	expect(await start()).toMatchObject({ status: 'ok' });
	expect(
		await readValue(db.owner, `select count(*)::int from private.recording_people where person_id = $1`, [young.person])
	).toBe(1);
	const chapters = await readValue<{ name: string | null }[]>(
		db.owner,
		`with marked as (insert into private.recording_marks (recording_id, kind, person_id) select id, 'on_stage', $2 from private.recordings where run_id = $1 returning recording_id)
		insert into private.recording_parts (recording_id, number, started_at, length_ms) select recording_id, 1, now() - interval '1 second', 60000 from marked
		returning (select private.chapters_of(recording_id))`,
		[runs.of.members, young.person]
	);
	expect(JSON.stringify(chapters)).not.toContain(young.name);
	await agree(guardian, true, false);
	expect(await recording()).toEqual({ state: 'sealed', reason: 'consent' });
});

test('a speaker under 18 comes on stage with the guardian’s consent to participation, and is recorded with the consent to recording', async () => {
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state, consent_record, consent_publish) values ($1, $2, $3, 'speaker', 'confirmed', true, true)`,
		[world.sessions.members.id, world.summit, young.person]
	);
	const come = async (by: TestPerson) =>
		callAs<string>(db.owner, by, 'public.set_on_stage($1, $2, true)', [runs.of.members, await code(young)]);
	expect(await come(young)).toBe('ok');
	// In the agenda, and so on the stage, by name.
	expect(await onStage(guardian)).toMatchObject([{ display_name: young.name }]);
	const start = () => callAs<{ status: string }>(db.owner, runs.chair, 'public.start_recording($1)', [runs.of.members]);
	expect(await start()).toMatchObject({ status: 'consent', people: [young.name] });
	await agree(guardian, false, true);
	expect(await start()).toMatchObject({ status: 'ok' });
	await leave();
	expect([await publishes(), await come(young), await come(runs.chair)]).toEqual([[], 'guardian', 'guardian']);
	expect(await recording()).toMatchObject({ state: 'sealed' });
});
