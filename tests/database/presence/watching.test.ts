/*
 * Watching recordings as attendance: only where the Summit says so, only what can have been played, each minute once, and
 * nothing of it where nobody is named.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recording: string;
const minute = 60_000;

/** A published recording of an hour. */
async function record(): Promise<string> {
	const recorder = new NoiseRecorder(db.app);
	const made = await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]);
	await recorder.hold();
	await recorder.send(await recorder.begin());
	await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
	expect(await recorder.finish(made.recording, 60 * minute)).toBe(true);
	await callAs(db.owner, world.people.programme, 'public.publish_recording($1, true)', [made.recording]);
	return made.recording;
}

beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair, session } = await makeRecordable(db.owner));
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	recording = await record();
});

const set = (who: TestPerson, counts: boolean) =>
	callAs<string>(db.owner, who, 'public.set_watch_counting($1, $2)', [world.summit, counts]);
const turnOn = async () => expect(await set(world.people.registration, true)).toBe('ok');
const report = (who: TestPerson | null, played: unknown, which = recording) =>
	callAs<string>(db.owner, who, 'public.save_watching($1, $2)', [which, JSON.stringify(played)]);
/** The report of a player that began so many minutes ago. */
async function played(who: TestPerson, minutesAgo: number, spans: [number, number][]): Promise<string> {
	await report(who, []);
	await db.owner.query(
		`update private.watched_recordings set reported_at = now() - $2 * interval '1 minute' where person_id = $1`,
		[who.person, minutesAgo]
	);
	return report(
		who,
		spans.map(([from, until]) => [from * minute, until * minute])
	);
}
const counted = (who: TestPerson) =>
	readValue<number>(db.owner, `select private.watched_minutes($1, $2)`, [who.person, session]);
const rows = () => readValue<number>(db.owner, `select count(*)::integer from private.watched_recordings`);
/** Presence in the session, in minutes ago. */
async function attend(who: TestPerson, from: number, until: number): Promise<void> {
	await db.owner.query(`update public.runs set started_at = now() - interval '60 minutes' where id = $1`, [world.run]);
	await db.owner.query(
		`insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at)
		values ($1, $2, $3, $4, 'stream', now() - $5 * interval '1 minute', now() - $6 * interval '1 minute')`,
		[world.summit, who.person, session, world.run, from, until]
	);
}

describe('the setting', () => {
	test('is off by default, and then nothing is kept', async () => {
		const { delegate, stage, registration } = world.people;
		const settings = (who: TestPerson) => callAs(db.owner, who, 'public.watch_settings($1)', [world.summit]);
		expect([await settings(stage), await settings(registration), await settings(delegate)]).toEqual([
			{ counts: false, may_set: false },
			{ counts: false, may_set: true },
			null
		]);
		expect(await callAs(db.owner, delegate, 'public.does_watching_count($1)', [recording])).toBe(false);
		expect([await report(delegate, [[0, 1]]), await rows()]).toEqual(['off', 0]);
	});

	test('is not offered once the Summit is closed', async () => {
		await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
		const settings = await callAs(db.owner, world.people.registration, 'public.watch_settings($1)', [world.summit]);
		await db.owner.query(`update public.summits set state = 'open' where id = $1`, [world.summit]);
		expect(settings).toEqual({ counts: false, may_set: false });
	});

	test('is set by registration organisers, and turned off it hides what was counted', async () => {
		const { delegate, registration } = world.people;
		for (const kind of personKinds.filter((kind) => !['registration', 'owner'].includes(kind)))
			expect([kind, await set(world.people[kind], true)]).toEqual([kind, 'not_found']);
		await turnOn();
		expect(await set(registration, true)).toBe('already');
		expect(await callAs(db.owner, delegate, 'public.does_watching_count($1)', [recording])).toBe(true);
		expect([await played(delegate, 20, [[0, 20]]), await counted(delegate)]).toEqual(['ok', 20]);
		await set(registration, false);
		expect([await counted(delegate), await report(delegate, [[0, 1]])]).toEqual([0, 'off']);
		await set(registration, true);
		expect(await counted(delegate)).toBe(20);
	});
});

describe('what counts', () => {
	beforeEach(turnOn);

	test('what was played, each minute once, however often it is reported', async () => {
		const { delegate, virtual } = world.people;
		expect(
			await played(delegate, 30, [
				[0, 10],
				[40, 50]
			])
		).toBe('ok');
		expect(await counted(delegate)).toBe(20);
		expect(
			await played(delegate, 30, [
				[0, 10],
				[5, 15],
				[45, 50]
			])
		).toBe('ok');
		expect([await counted(delegate), await counted(virtual)]).toEqual([25, 0]);
		// Nothing beyond the end is in the file.
		expect(await played(delegate, 60, [[55, 16_000]])).toBe('ok');
		expect(await counted(delegate)).toBe(30);
	});

	test('what was played at twice the speed, also when the report before came late', async () => {
		expect(await played(world.people.delegate, 10, [[0, 21]])).toBe('ok');
		expect(await counted(world.people.delegate)).toBe(21);
	});

	test('no more of several recordings at once than of one', async () => {
		const { delegate, virtual } = world.people;
		const other = await record();
		for (const who of [delegate, virtual]) {
			await report(who, []);
			await report(who, [], other);
		}
		await db.owner.query(`update private.watched_recordings set reported_at = now() - interval '10 minutes'`);
		const span = [[0, 20 * minute]];
		expect([await report(delegate, span), await report(delegate, span, other)]).toEqual(['ok', 'too_fast']);
		// Others are not counted together with them.
		expect(await report(virtual, span, other)).toBe('ok');
		expect([await counted(delegate), await counted(virtual)]).toEqual([20, 20]);
	});

	test('what both records of one person have played, after they are merged', async () => {
		const { delegate } = world.people;
		const double = await makePerson(db.owner, 'Double');
		await played(delegate, 30, [[0, 10]]);
		await db.owner.query(
			`insert into private.watched_recordings (recording_id, person_id, summit_id, played)
			values ($1, $2, $3, int4multirange(int4range($4, $5)))`,
			[recording, double.person, world.summit, 5 * minute, 15 * minute]
		);
		await db.owner.query(`select private.merge_people($1, $2, 'One person')`, [delegate.person, double.person]);
		expect([await counted(delegate), await rows()]).toEqual([15, 1]);
	});

	test('no more than two and a half times the time since the last report, from several pages together', async () => {
		const { delegate } = world.people;
		expect(await report(delegate, [[0, 60 * minute]])).toBe('too_fast');
		expect(await counted(delegate)).toBe(0);
		expect(await played(delegate, 10, [[0, 26]])).toBe('too_fast');
		expect(await report(delegate, [[0, 19 * minute]])).toBe('ok');
		expect(await report(delegate, [[30 * minute, 40 * minute]])).toBe('too_fast');
		expect(await counted(delegate)).toBe(19);
		const other = await db.connect();
		await db.owner.query(`update private.watched_recordings set reported_at = now() - interval '5 minutes'`);
		const save = (client: typeof other, from: number) =>
			readValue<string>(
				client,
				`select private.save_played($1, g, $3, now()) from private.recordings as g where g.id = $2`,
				[delegate.person, recording, JSON.stringify([[from * minute, (from + 9) * minute]])]
			);
		expect((await Promise.all([save(db.owner, 20), save(other, 40)])).sort()).toEqual(['ok', 'too_fast']);
	});

	test.each([
		[null],
		['x'],
		[{}],
		[[[1]]],
		[[[1, 2, 3]]],
		[[['a', 'b']]],
		[[[-5, 10]]],
		[[[0, 1.5]]],
		[[[0, 99_999_999_999]]],
		[[null]],
		[Array.from({ length: 501 }, () => [0, 1])]
	])('%j is no report', async (value) => {
		expect([await report(world.people.delegate, value), await rows()]).toEqual(['invalid', 0]);
	});

	test('for those confirmed who may watch, and for everybody else the recording does not exist or nothing is kept', async () => {
		await expect(report(null, [])).rejects.toThrow('permission denied');
		const { newcomer, waiting, delegate, programme } = world.people;
		expect([await report(newcomer, []), await report(waiting, [])]).toEqual(['off', 'off']);
		await callAs(db.owner, programme, 'public.publish_recording($1, false)', [recording]);
		for (const who of [delegate, programme, await makePerson(db.owner, 'Guest')])
			expect(await report(who, [])).toBe('not_found');
		expect(await rows()).toBe(0);
	});

	test('of a session that somebody attended, only the minutes beyond', async () => {
		const { delegate } = world.people;
		await attend(delegate, 30, 15);
		await played(delegate, 30, [[0, 10]]);
		expect(await counted(delegate)).toBe(0);
		await played(delegate, 30, [[0, 40]]);
		expect(await counted(delegate)).toBe(25);
	});

	test('positions of what was recorded, also after a trim', async () => {
		const { delegate } = world.people;
		await played(delegate, 30, [[20, 30]]);
		await db.owner.query(
			`insert into private.recording_trims (recording_id, recorded_ms, starts_ms, ends_ms) values ($1, $2, $3, $2)`,
			[recording, 60 * minute, 20 * minute]
		);
		await db.owner.query(`update private.recordings set length_ms = $2 where id = $1`, [recording, 40 * minute]);
		await played(delegate, 30, [[0, 15]]);
		expect(await counted(delegate)).toBe(15);
	});
});

describe('who sees it', () => {
	beforeEach(turnOn);

	test('the person themselves, apart from attendance', async () => {
		const { delegate, virtual } = world.people;
		await attend(delegate, 30, 20);
		await played(delegate, 30, [[0, 25]]);
		await played(virtual, 30, [[0, 12]]);
		const own = async (who: TestPerson) =>
			(
				await callAs<{ minutes: number; watched: number }[]>(db.owner, who, 'public.my_attendance($1)', [world.summit])
			).map(({ minutes, watched }) => [minutes, watched]);
		expect([await own(delegate), await own(virtual), await own(world.people.speaker)]).toEqual([
			[[10, 15]],
			[[0, 12]],
			[]
		]);
		const totals = async (who: TestPerson) =>
			(await db.owner.query(`select * from private.participation_totals($1, $2)`, [world.summit, who.person]))
				.rows[0] as object;
		expect(await totals(delegate)).toMatchObject({ minutes: '10', sessions: '1', watched: '15' });
		expect(await totals(virtual)).toMatchObject({ minutes: '0', sessions: '1', watched: '12' });
	});

	test('organisers, small groups hidden from those who see no names', async () => {
		const { delegate, registration, stage } = world.people;
		await played(delegate, 30, [[0, 25]]);
		const watchers = async (who: TestPerson) =>
			(
				await callAs<{ people: number; watchers: number | null }[]>(
					db.owner,
					who,
					'public.list_session_attendance($1)',
					[world.summit]
				)
			).map((one) => [one.people, one.watchers]);
		expect([await watchers(registration), await watchers(stage)]).toEqual([[[0, 1]], [[0, null]]]);
		expect(
			(
				await callAs<{ minutes: number; watched: number }[]>(
					db.owner,
					registration,
					'public.list_session_attendees($1)',
					[session]
				)
			).map(({ minutes, watched }) => [minutes, watched])
		).toEqual([[0, 25]]);
	});

	test('a certificate for minutes counts them', async () => {
		const { delegate, registration } = world.people;
		const settings = {
			basis: 'minutes',
			threshold: 20,
			issuer_name: 'Secretariat',
			signatory_name: 'A. Person',
			signatory_office: 'Secretary',
			statement: {},
			is_offered: true
		};
		expect(
			await callAs(db.owner, registration, 'public.save_certificate_settings($1, $2)', [
				world.summit,
				JSON.stringify(settings)
			])
		).toBe('ok');
		const own = () =>
			callAs<{ reached: boolean; minutes: number; watched: number }>(db.owner, delegate, 'public.my_certificates($1)', [
				world.summit
			]);
		await attend(delegate, 30, 20);
		expect(await own()).toMatchObject({ reached: false, minutes: 10, watched: 0 });
		await played(delegate, 30, [[0, 25]]);
		expect(await own()).toMatchObject({ reached: true, minutes: 10, watched: 15 });
		await set(registration, false);
		expect(await own()).toMatchObject({ reached: false, watched: 0 });
	});
});

describe('what deletes it', () => {
	beforeEach(async () => {
		await turnOn();
		await played(world.people.delegate, 30, [[0, 25]]);
		expect(await rows()).toBe(1);
	});

	test.each(['chatham_house', 'closed'] as const)('the level %s, for good', async (level) => {
		const setLevel = (to: string, audience: string) =>
			db.owner.query(`update public.sessions set is_recorded = false, level = $2, audience = $3 where id = $1`, [
				session,
				to,
				audience
			]);
		await setLevel(level, 'listed');
		expect([await rows(), await counted(world.people.delegate)]).toEqual([0, 0]);
		await setLevel('public', 'everyone');
		expect(await counted(world.people.delegate)).toBe(0);
	});

	test('the recording', async () => {
		expect(await callAs(db.owner, world.people.programme, 'public.delete_recording($1)', [recording])).toBe('ok');
		expect(await rows()).toBe(0);
	});

	test('a sealed recording counts what was watched before, and nothing more', async () => {
		await giveConsents(db.owner, session, world.people.speaker, false);
		expect([await report(world.people.delegate, []), await counted(world.people.delegate)]).toEqual(['not_found', 25]);
	});
});
