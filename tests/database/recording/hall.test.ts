/* The hall in a recording: with the consent of everybody in the session, wherever they sit, and never with less. */
import { beforeEach, expect, test } from 'vitest';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recorder: NoiseRecorder;

beforeEach(async () => {
	await db.owner.query(`delete from private.recordings`);
	({ world, chair, session } = await makeRecordable(db.owner));
	await actAs(db.owner, chair, `select public.start_recording($1)`, [world.run]);
	recorder = new NoiseRecorder(db.app);
	await recorder.hold();
});

const shown = async () => (await recorder.view())?.on_stage.map(({ display_name }) => display_name);
const people = async () =>
	readValue<string[]>(
		db.owner,
		`select coalesce(array_agg(p.person_id::text order by p.person_id::text), '{}') from private.recording_people as p
		join private.recordings as g on g.id = p.recording_id where g.run_id = $1`,
		[world.run]
	);
async function sendFromHall(): Promise<void> {
	const rows = await actAs<{ made: { code: string } }>(
		db.owner,
		world.people.stage,
		`select public.make_hall_code($1, 'plenary') as made`,
		[world.summit]
	);
	await db.app.query(`select private.hall_pass($1, $2, 'plenary')`, [rows[0]?.made.code, world.summit]);
}

test('is recorded as soon as it sends, with everybody who may be seen in it', async () => {
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	expect(await shown()).toEqual([world.people.speaker.name]);
	expect(await people()).toEqual([world.people.speaker.person]);
	await sendFromHall();
	expect(await shown()).toEqual([world.people.speaker.name, 'Plenary Hall']);
	expect(await people()).toEqual([world.people.speaker.person, chair.person].sort());
	// The chair was in the hall and never on stage: withdrawing their consent seals what shows the hall.
	await giveConsents(db.owner, session, chair, false);
	expect(await recorder.view()).toBeNull();
	expect(await readValue(db.owner, `select state from private.recordings where run_id = $1`, [world.run])).toBe(
		'sealed'
	);
});

test('is not recorded while somebody of the session has not agreed', async () => {
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'respondent', 'confirmed')`,
		[session, world.summit, world.people.delegate.person]
	);
	await sendFromHall();
	expect([await shown(), await people()]).toEqual([[], []]);
	await giveConsents(db.owner, session, world.people.delegate, true);
	expect(await shown()).toEqual(['Plenary Hall']);
	expect(await people()).toContain(world.people.delegate.person);
});
