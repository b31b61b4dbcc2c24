/* Who starts a recording, what stops it, and that it contains nobody who has not agreed. */
import { beforeEach, expect, test } from 'vitest';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makePerson, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recorder: NoiseRecorder;

beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair, session } = await makeRecordable(db.owner));
	recorder = new NoiseRecorder(db.app);
});

type Started = { status: string; recording?: string; people?: string[] };
const start = (who: TestPerson) => callAs<Started>(db.owner, who, 'public.start_recording($1)', [world.run]);
const stop = (who: TestPerson) => callAs<string>(db.owner, who, 'public.stop_recording($1)', [world.run]);
const known = (who: TestPerson | null) =>
	callAs<object | null>(db.owner, who, 'public.recording_of_run($1)', [world.run]);
const setState = (state: string) => callAs<string>(db.owner, chair, 'public.set_run_state($1, $2)', [world.run, state]);
const stateOf = (recording: string | undefined) =>
	readValue<string>(db.owner, `select state || ' ' || reason from private.recordings where id = $1`, [recording]);
const kept = (objects: string[]) =>
	readValue<number>(
		db.owner,
		`select count(*)::int from private.stored_objects where name = any ($1) and state not in ('deletable', 'gone')`,
		[objects]
	);

/** Started, claimed and receiving pieces. */
async function running(): Promise<string> {
	const { recording = '' } = await start(chair);
	expect(await recorder.hold()).toBe(recording);
	const part = await recorder.begin();
	expect(await recorder.send(part)).toBe('ok');
	expect(await stateOf(recording)).toBe('running ');
	return recording;
}

test('is started and stopped by people who run the stage, and by nobody else', async () => {
	for (const kind of personKinds.filter((kind) => !['stage', 'owner'].includes(kind))) {
		expect([kind, await start(world.people[kind])]).toEqual([kind, { status: 'not_found' }]);
		expect([kind, await stop(world.people[kind])]).toEqual([kind, 'not_found']);
	}
	await expect(callAs(db.owner, null, 'public.start_recording($1)', [world.run])).rejects.toThrow('permission denied');
	const { status, recording } = await start(world.people.stage);
	expect(status).toBe('ok');
	expect(await start(chair)).toEqual({ status: 'already', recording });
	expect(await known(null)).toEqual({ state: 'wanted', why: null });
	expect(await known(chair)).toMatchObject({ state: 'wanted', may_start: false });
	expect(await stop(chair)).toBe('ok');
	expect(await stop(chair)).toBe('already');
	expect(await known(null)).toEqual({ state: null, why: null });
	const log = await db.owner.query(
		`select action, actor_person as actor, new_values ->> 'state' as state from audit.entries where table_name = 'private.recordings' and row_id = $1 order by id`,
		[recording]
	);
	expect(log.rows).toEqual([
		{ action: 'insert', actor: world.people.stage.person, state: 'wanted' },
		{ action: 'update', actor: chair.person, state: 'stopped' }
	]);
});

test('needs the level, the plan, and the consent of everybody on stage; people off stage without an answer do not block it', async () => {
	await db.owner.query(`update public.sessions set is_recorded = false where id = $1`, [session]);
	expect(await start(chair)).toEqual({ status: 'not_planned' });
	await db.owner.query(`update public.sessions set is_recorded = true where id = $1`, [session]);
	await giveConsents(db.owner, session, world.people.speaker, false);
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	expect(await start(chair)).toEqual({ status: 'consent', people: [world.people.speaker.name] });
	await setOnStage(db.owner, chair, world.run, world.people.speaker, false);
	const late = await makePerson(db.owner, 'Person late');
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'chair')`,
		[session, world.summit, late.person]
	);
	expect((await start(chair)).status).toBe('ok');
	// A person without consent who comes on stage pauses it, and is not recorded.
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	expect(await known(null)).toEqual({ state: 'paused', why: 'consent' });
	await setState('ended');
	expect(await start(chair)).toEqual({ status: 'over' });
});

test.each(['chatham_house', 'closed'] as const)('is never made at level %s, by any call', async (level) => {
	await db.owner.query(
		`update public.sessions set is_recorded = false, level = $2, audience = 'listed' where id = $1`,
		[session, level]
	);
	expect(await start(chair)).toEqual({ status: 'level' });
	// Also not if only the draft is lowered, or the run was raised before.
	await db.owner.query(`update public.sessions set level = 'members', is_recorded = true where id = $1`, [session]);
	expect(await start(chair)).toEqual({ status: 'level' });
	await expect(
		db.owner.query(
			`insert into private.recordings (run_id, session_id, summit_id, level) select id, session_id, summit_id, level from public.runs where id = $1`,
			[world.run]
		)
	).rejects.toThrow('recordings_level_check');
});

test('raising the level stops it, deletes its pieces and seals it', async () => {
	const recording = await running();
	await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		session
	]);
	expect(await stateOf(recording)).toBe('sealed level');
	expect(await kept(recorder.objects)).toBe(0);
	expect(await recorder.view()).toBeNull();
	expect(await recorder.begin()).toBeNull();
});

test('a person who has not agreed pauses it before they are heard, and is never shown to the recorder', async () => {
	const recording = await running();
	await giveConsents(db.owner, session, world.people.speaker, false);
	// They are not in it yet, so nothing is deleted.
	expect(await stateOf(recording)).toBe('running ');
	await setOnStage(db.owner, chair, world.run, chair);
	expect((await recorder.view())?.on_stage.map((one) => one.display_name)).toEqual(['Person chair']);
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	expect(await stateOf(recording)).toBe('paused ');
	expect(await known(null)).toEqual({ state: 'paused', why: 'consent' });
	expect(await recorder.view()).toMatchObject({ due: false, room: null, on_stage: [{ display_name: 'Person chair' }] });
	expect(await recorder.begin()).toBeNull();
	await setOnStage(db.owner, chair, world.run, world.people.speaker, false);
	expect(await stateOf(recording)).toBe('wanted ');
	expect(await recorder.begin()).toBe(2);
});

test('people who withdraw consent leave it at once; people who were not in it are only kept out', async () => {
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	const recording = await running();
	await giveConsents(db.owner, session, chair, false);
	expect(await stateOf(recording)).toBe('running ');
	await giveConsents(db.owner, session, world.people.speaker, false);
	expect(await stateOf(recording)).toBe('sealed consent');
	expect(await kept(recorder.objects)).toBe(0);
});

test('a person who is removed from the session or declines has withdrawn consent', async () => {
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	const recording = await running();
	await db.owner.query(`delete from public.session_people where person_id = $1`, [world.people.speaker.person]);
	expect(await stateOf(recording)).toBe('sealed consent');
});

test('waits while the run is paused, ends with it, and never covers the green room', async () => {
	const recording = await running();
	const { room, identity } = (await recorder.view()) ?? {};
	const rights = (name: string | null | undefined) =>
		readValue<Record<string, unknown>>(db.app, `select private.room_rights($1, $2) -> 'rights'`, [name, [identity]]);
	const green = await readValue<string>(db.owner, `select private.ensure_livekit_room($1, 'green_room')`, [world.run]);
	expect(await rights(room)).toEqual({ [identity ?? '']: [] });
	expect(await rights(green)).toEqual({ [identity ?? '']: null });
	await setState('paused');
	expect(await stateOf(recording)).toBe('paused ');
	expect(await rights(room)).toEqual({ [identity ?? '']: null });
	await setState('live');
	expect(await stateOf(recording)).toBe('wanted ');
	expect(await recorder.send(await recorder.begin())).toBe('ok');
	await setState('ended');
	expect(await stateOf(recording)).toBe('stopped run_ended');
	expect(await recorder.view()).toMatchObject({ due: false, room: null });
});

test('delegates on the floor are recorded when they agreed with their raised hand, and can withdraw', async () => {
	const { delegate } = world.people;
	const may = () =>
		readValue<boolean>(db.owner, `select private.may_be_recorded($1, $2, true)`, [world.run, delegate.person]);
	const say = (agrees: boolean) =>
		db.owner.query(`select private.set_floor_consent($1, $2, $3)`, [world.run, delegate.person, agrees]);
	expect(await may()).toBe(false);
	await say(true);
	expect(await may()).toBe(true);
	const recording = await running();
	await db.owner.query(`insert into private.recording_people (recording_id, person_id) values ($1, $2)`, [
		recording,
		delegate.person
	]);
	await say(false);
	expect(await stateOf(recording)).toBe('sealed consent');
});

test('sign language interpreters are in it: withdrawing consent seals it, and it is published only once they agree to be shown', async () => {
	const signer = await makePerson(db.owner, 'Person signing');
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'interpreter', 'confirmed')`,
		[session, world.summit, signer.person]
	);
	await db.owner.query(
		`insert into public.interpreter_languages (person_id, summit_id, source, target) values ($1, $2, 'en', 'ase')`,
		[signer.person, world.summit]
	);
	await callAs(db.owner, chair, `public.save_booth($1, 'ase')`, [world.run]);
	expect(await callAs(db.owner, signer, `public.take_booth($1, 'ase')`, [world.run])).toBe('ok');
	const recording = await running();
	const drawn = async () =>
		(await readValue<{ signing: string[] } | null>(db.app, `select private.rendered_view($1)`, [recorder.hash]))
			?.signing.length;
	// Without a question they are not drawn, and not in it.
	expect(await drawn()).toBe(0);
	await giveConsents(db.owner, session, signer, true, false);
	expect(await drawn()).toBe(1);
	expect(
		await readValue(
			db.owner,
			`select private.all_consent_to_recording(g, true) from private.recordings as g where id = $1`,
			[recording]
		)
	).toBe(false);
	await giveConsents(db.owner, session, signer, false);
	expect([await stateOf(recording), await kept(recorder.objects)]).toEqual(['sealed consent', 0]);
});
