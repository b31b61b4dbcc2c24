/* Recorders: one holds a recording at a time, pieces arrive once and in order, and a silent one is detected. */
import { beforeEach, expect, test } from 'vitest';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let recorder: NoiseRecorder;
let recording: string;

beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair } = await makeRecordable(db.owner));
	recorder = new NoiseRecorder(db.app);
	({ recording } = await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]));
});

const hold = async (process: string, at = '0 seconds') =>
	(await db.app.query(`select * from private.claim_recorders($1, 5, now() + $2::interval)`, [process, at])).rows;
const watch = (at: string) => readValue<number>(db.app, `select private.watch_recordings(now() + $1::interval)`, [at]);
const alarms = (who: TestPerson) => callAs<object[]>(db.owner, who, 'public.recording_alarms($1)', [world.summit]);

test('is held by one process, which renews its claim; another takes over when that one is gone', async () => {
	const other = await db.connect(db.appUrl);
	const both = await Promise.all([
		hold('p1'),
		other.query(`select * from private.claim_recorders('p2', 5)`).then(({ rows }) => rows as object[])
	]);
	expect(both.flat()).toEqual([{ recording, is_new: true }]);
	const first = both[0].length === 1 ? 'p1' : 'p2';
	const second = first === 'p1' ? 'p2' : 'p1';
	expect(await hold(first, '5 seconds')).toEqual([{ recording, is_new: false }]);
	expect(await hold(second, '10 seconds')).toEqual([]);
	expect(await hold(second, '25 seconds')).toEqual([{ recording, is_new: true }]);
});

test('pieces are accepted once, in order, and only with the current key', async () => {
	await recorder.hold();
	const part = await recorder.begin();
	expect(part).toBe(1);
	expect(await recorder.send(part, 2)).toBe('gap');
	expect(await recorder.send(part, 1)).toBe('ok');
	expect(await recorder.send(part, 1)).toBe('already');
	expect(await recorder.send(7, 1)).toBe('over');
	const later = new NoiseRecorder(db.app);
	await db.app.query(`select private.set_recorder_key($1, $2)`, [recording, later.hash]);
	expect(await recorder.send(part, 2)).toBe('over');
	expect(await recorder.view()).toBeNull();
	expect(await later.begin()).toBe(2);
	expect(await later.send(2)).toBe('ok');
	const pieces = await db.app.query(`select part, object from private.list_recording_chunks($1)`, [recording]);
	expect(pieces.rows).toEqual([{ part: 1, object: recorder.objects[0] }]);
});

test('a recording without sound is reported to people who run the session only, until sound returns', async () => {
	await recorder.hold();
	const lost = async (who: TestPerson | null) =>
		(
			(await callAs<object | null>(db.owner, who, 'public.recording_of_run($1)', [world.run])) as Record<
				string,
				unknown
			>
		).has_lost_sound;
	const onDesk = async () =>
		(
			await callAs<{ runs: { id: string; has_recording_lost_sound: boolean }[] }>(
				db.owner,
				world.people.stage,
				'public.read_desk($1)',
				[world.summit]
			)
		).runs.find(({ id }) => id === world.run)?.has_recording_lost_sound;
	const note = (isLost: boolean, hash = recorder.hash) =>
		db.app.query(`select private.save_recorder_sound($1, $2)`, [hash, isLost]);
	const soundLost = async () => [await lost(chair), await onDesk(), await lost(null), await lost(world.people.speaker)];
	expect(await soundLost()).toEqual([false, false, undefined, undefined]);
	await note(true, new NoiseRecorder(db.app).hash);
	expect(await soundLost()).toEqual([false, false, undefined, undefined]);
	await note(true);
	expect(await soundLost()).toEqual([true, true, undefined, undefined]);
	await note(false);
	expect(await soundLost()).toEqual([false, false, undefined, undefined]);
	// A pause and another recorder reset the state.
	await note(true);
	await callAs(db.owner, chair, 'public.set_run_state($1, $2)', [world.run, 'paused']);
	expect(await onDesk()).toBe(false);
	await callAs(db.owner, chair, 'public.set_run_state($1, $2)', [world.run, 'live']);
	expect(await onDesk()).toBe(false);
	await note(true);
	await db.app.query(`select private.set_recorder_key($1, $2)`, [recording, new NoiseRecorder(db.app).hash]);
	expect(await onDesk()).toBe(false);
});

test('a recorder that sends nothing is given up after 20 seconds, and stage organisers are notified once', async () => {
	await db.owner.query(`update private.recorders set due_at = now() - interval '16 seconds'`);
	const listener = await db.connect();
	const received: string[] = [];
	listener.on('notification', ({ payload = '' }) => received.push((JSON.parse(payload) as { kind: string }).kind));
	await listener.query('listen live_events');
	expect(await alarms(world.people.stage)).toHaveLength(1);
	expect(await alarms(world.people.programme)).toEqual([]);
	expect(await watch('0 seconds')).toBe(1);
	expect(await watch('1 second')).toBe(0);
	await expect.poll(() => received).toContain('recording_alarm');
	await db.owner.query(`update private.recorders set held_by = 'p1', held_until = now() + interval '15 seconds'`);
	expect(await hold('p1')).toEqual([{ recording, is_new: false }]);
	await db.owner.query(`update private.recorders set due_at = now() - interval '21 seconds'`);
	expect(await hold('p1')).toEqual([{ recording, is_new: true }]);
	await db.app.query(`select private.set_recorder_key($1, $2)`, [recording, recorder.hash]);
	expect(await recorder.send(await recorder.begin())).toBe('ok');
	expect(await alarms(world.people.stage)).toEqual([]);
});

test('an ended recording without pieces has failed; one process makes a file of one with pieces', async () => {
	await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
	expect(await watch('31 seconds')).toBe(0);
	expect(await readValue(db.owner, `select state from private.recordings where id = $1`, [recording])).toBe('failed');

	({ recording } = await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]));
	await recorder.hold();
	await recorder.send(await recorder.begin());
	await callAs(db.owner, chair, 'public.set_run_state($1, $2)', [world.run, 'ended']);
	const finish = async (process: string, at: string) =>
		(await db.app.query(`select private.claim_recordings_to_finish($1, now() + $2::interval) as id`, [process, at]))
			.rows;
	expect(await finish('p1', '1 second')).toEqual([]);
	expect(await finish('p1', '20 seconds')).toEqual([{ id: recording }]);
	expect(await finish('p2', '21 seconds')).toEqual([]);
	expect(await recorder.finish(recording, 5000)).toBe(true);
	expect(await recorder.finish(recording, 5000)).toBe(false);
	expect(await readValue(db.owner, `select count(*)::int from private.recording_chunks`)).toBe(0);
	// Its pieces are deleted; the file stays.
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from private.stored_objects where state = 'kept' and media_type = 'video/webm'`
		)
	).toBe(1);
});

test('a shown poll is recorded, unless somebody who has not agreed is shown with it', async () => {
	await recorder.hold();
	await callAs(db.owner, chair, `public.create_poll($1, 'Which one?', 'single', '{A,B}', false, true, true)`, [
		world.sessions.public.id
	]);
	const poll = await readValue(db.owner, `select id from private.polls where session_id = $1`, [
		world.sessions.public.id
	]);
	await callAs(db.owner, chair, `public.show_poll($1, $2)`, [world.run, poll]);
	const drawn = async () =>
		(
			await readValue<{ due: boolean; poll: { question: string } | null } | null>(
				db.app,
				`select private.rendered_view($1)`,
				[recorder.hash]
			)
		)?.poll?.question;
	expect(await drawn()).toBe('Which one?');
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	expect(await drawn()).toBe('Which one?');
	await giveConsents(db.owner, world.sessions.public.id, world.people.speaker, false);
	expect(await drawn()).toBeUndefined();
});

test('chapters follow what happened on stage, under current names', async () => {
	await recorder.hold();
	await recorder.send(await recorder.begin());
	await db.owner.query(
		`update private.recording_parts set started_at = now() - interval '60 seconds' where recording_id = $1`,
		[recording]
	);
	await db.owner.query(
		`update private.recording_marks set at = now() - interval '62 seconds' where recording_id = $1`,
		[recording]
	);
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	await db.owner.query(
		`update private.recording_marks set at = now() - interval '30 seconds' where recording_id = $1 and kind = 'on_stage'`,
		[recording]
	);
	// Away for a moment and back: the same chapter continues.
	await db.owner.query(
		`insert into private.recording_marks (recording_id, kind, person_id, at) select recording_id, kind, person_id, now() - interval '15 seconds' from private.recording_marks
		where recording_id = $1 and kind = 'on_stage'`,
		[recording]
	);
	await db.owner.query(`select private.add_slide_mark($1, 4)`, [world.run]);
	await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
	await recorder.finish(recording, 80_000);
	await db.owner.query(`update public.people set display_name = 'Another name' where id = $1`, [
		world.people.speaker.person
	]);
	expect(await readValue(db.owner, `select private.chapters_of($1)`, [recording])).toEqual([
		{ at: 0, kind: 'began', name: null, page: null },
		{ at: 30_000, kind: 'on_stage', name: 'Another name', page: null },
		{ at: 60_000, kind: 'slide', name: null, page: 4 }
	]);
});
