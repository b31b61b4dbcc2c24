/*
 * The interpreted sound of recordings: which booths the recorder gets, who may send pieces, what becomes of a voice that is
 * withdrawn, and that the files of languages follow the recording: who hears them, trims, deletion.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { RecordingLanguage } from '../../../src/lib/database/answers/recording.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callFunction, interpretInto, joinSession, makeInterpreter } from '../../fixtures/interpreting.ts';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let programme: TestPerson;
let anna: TestPerson;
let bruno: TestPerson;
let recorder: NoiseRecorder;
let recording: string;

beforeEach(async () => {
	await db.owner.query('delete from private.legal_holds');
	await db.owner.query('delete from private.recordings');
	({ world, chair, session } = await makeRecordable(db.owner));
	({ programme } = world.people);
	await interpretInto(db.owner, world, 'fr', 'es', 'ils');
	anna = await makeInterpreter(db.owner, world, 'Anna', 'fr');
	bruno = await makeInterpreter(db.owner, world, 'Bruno', 'fr');
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	recorder = new NoiseRecorder(db.app);
	recording = (await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]))
		.recording;
	await recorder.hold();
});

const agree = (who: TestPerson | null, agrees = true) =>
	callFunction<string>(db.owner, who, 'set_booth_consent', world.run, agrees);
const withdraw = (who: TestPerson | null) => callFunction<string>(db.owner, who, 'withdraw_booth_consent', session);
const take = (who: TestPerson, language = 'fr') =>
	callFunction<string>(db.owner, who, 'take_booth', world.run, language);
const identityOf = (who: TestPerson) =>
	readValue<string>(db.owner, `select identity from private.run_participants where run_id = $1 and person_id = $2`, [
		world.run,
		who.person
	]);
interface Booth {
	language: string;
	identity: string | null;
}
const booths = async () => ((await recorder.view()) as unknown as { booths: Booth[] } | null)?.booths;
const stateOf = (object: string | null) =>
	readValue<string>(db.owner, `select state from private.stored_objects where name = $1`, [object]);

async function send(part: number | null, number: number, language = 'fr', hash = recorder.hash, starts = 0) {
	const object = await recorder.put();
	const status = await readValue<string>(db.app, `select private.add_language_chunk($1, $2, $3, $4, $5, $6)`, [
		hash,
		part,
		language,
		number,
		starts,
		object
	]);
	return { status, object };
}

const claim = async (process: string, at = '0 seconds', client = db.app) =>
	(
		await client.query<{ language: string; is_new: boolean }>(
			`select language, is_new from private.claim_recording_language($1, now() + $2::interval)`,
			[process, at]
		)
	).rows[0];
const finish = (process: string, object: string | null, missing: number | null, whole: string | null = null) =>
	readValue<boolean>(db.app, `select private.finish_recording_language($1, 'fr', $2, $3, $4, $5)`, [
		recording,
		process,
		object,
		whole,
		missing
	]);
const leaving = async () =>
	(
		await db.app.query<{ from_ms: number; until_ms: number }>(`select * from private.list_leaving_voices($1, 'fr')`, [
			recording
		])
	).rows;
const row = async (language = 'fr') =>
	(
		await db.owner.query<{ object_name: string | null; whole_object_name: string | null; attempts: number }>(
			`select object_name, whole_object_name, attempts from private.recording_languages
			where recording_id = $1 and language = $2`,
			[recording, language]
		)
	).rows[0];
const listed = async (who: TestPerson = programme) =>
	(
		await callAs<{ id: string; languages: RecordingLanguage[] }[]>(db.owner, who, 'public.list_recordings($1)', [
			world.summit
		])
	).find(({ id }) => id === recording)?.languages;
const stateOfFrench = async () => (await listed())?.find(({ language }) => language === 'fr')?.state;
const heard = async (who: TestPerson | null) =>
	(
		await callAs<{ languages: { language: string }[] } | null>(db.owner, who, 'public.open_recording($1, $2)', [
			world.summit,
			recording
		])
	)?.languages.map(({ language }) => language) ?? null;
const publish = (published = true) =>
	callAs<string>(db.owner, programme, 'public.publish_recording($1, $2, true)', [recording, published]);

const holdRecordings = () =>
	db.owner.query(
		`insert into private.legal_holds (class, reason, placed_by) values ('recordings', 'A court asked', $1)`,
		[world.people.owner.person]
	);
const endHolds = () => db.owner.query('delete from private.legal_holds');

/** Bruno interprets for ten seconds of the minute. */
async function interpretToo(): Promise<void> {
	await agree(bruno);
	await db.owner.query(
		`insert into private.recording_voices (recording_id, language, person_id, started_at, ended_at)
		select $1, 'fr', $2, started_at + interval '30 seconds', started_at + interval '40 seconds'
		from private.recording_parts where recording_id = $1`,
		[recording, bruno.person]
	);
}

/** Records a minute in which an interpreter is on air who agreed, and makes the picture of it. */
async function record(language = 'fr'): Promise<string[]> {
	expect([await agree(anna), await take(anna)]).toEqual(['ok', 'ok']);
	const part = await recorder.begin();
	await booths();
	await recorder.send(part);
	const pieces = [(await send(part, 1, language)).object, (await send(part, 2, language)).object];
	await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
	expect(await recorder.finish(recording, 60_000)).toBe(true);
	return pieces;
}

/** The same, and makes the file of the language. */
async function make(): Promise<string> {
	await record();
	await claim('p1');
	const object = await recorder.put();
	expect(await finish('p1', object, 0)).toBe(true);
	return object;
}

describe('the consent of interpreters', () => {
	test('the recorder gets a booth only while its interpreter on air agrees', async () => {
		await take(anna);
		await recorder.begin();
		expect(await booths()).toEqual([
			{ language: 'es', identity: null },
			{ language: 'fr', identity: null }
		]);
		expect((await listed())?.find(({ language }) => language === 'fr')).toMatchObject({
			state: 'recording',
			is_refused: true
		});
		expect([await agree(anna), await agree(anna)]).toEqual(['ok', 'already']);
		expect(await booths()).toEqual([
			{ language: 'es', identity: null },
			{ language: 'fr', identity: await identityOf(anna) }
		]);
		// The partner has not agreed.
		await callFunction(db.owner, anna, 'offer_booth', world.run, 'fr', true);
		expect(await take(bruno)).toBe('ok');
		expect((await booths())?.[1]?.identity).toBeNull();
		await agree(bruno);
		expect((await booths())?.[1]?.identity).toBe(await identityOf(bruno));
		expect([await agree(bruno, false), await agree(bruno, false)]).toEqual(['ok', 'already']);
		expect((await booths())?.[1]?.identity).toBeNull();
	});

	test('is for interpreters in a spoken booth of what may be recorded; others are not found', async () => {
		const signer = await makeInterpreter(db.owner, world, 'Dora', 'ils');
		for (const kind of personKinds) expect([kind, await agree(world.people[kind])]).toEqual([kind, 'not_found']);
		expect([await agree(chair), await agree(signer)]).toEqual(['not_found', 'not_found']);
		await expect(agree(null)).rejects.toThrow('permission denied');
		await expect(withdraw(null)).rejects.toThrow('permission denied');
		await db.owner.query(`update public.runs set level = 'chatham_house' where id = $1`, [world.run]);
		expect(await agree(anna)).toBe('not_found');
	});

	test('the booth says whether its interpreter is recorded, and nothing to others', async () => {
		const booth = async (who: TestPerson, language = 'fr') =>
			(
				await callAs<{ recording: unknown } | null>(db.owner, who, `public.read_booth($1, 'plenary', $2)`, [
					world.summit,
					language
				])
			)?.recording;
		expect(await booth(anna)).toEqual({ state: 'wanted', has_agreed: false });
		await agree(anna);
		expect(await booth(anna)).toEqual({ state: 'wanted', has_agreed: true });
		expect(await booth(chair)).toBeNull();
	});

	test('in a pause no booth is recorded, nor while somebody on stage has not agreed', async () => {
		await agree(anna);
		await take(anna);
		const part = await recorder.begin();
		expect((await booths())?.[1]?.identity).toBe(await identityOf(anna));
		await callAs(db.owner, chair, 'public.set_run_state($1, $2)', [world.run, 'paused']);
		expect(await booths()).toEqual([]);
		await db.owner.query(`update private.recording_parts set ended_at = now() - interval '21 seconds'`);
		expect((await send(part, 1)).status).toBe('over');
		await callAs(db.owner, chair, 'public.set_run_state($1, $2)', [world.run, 'live']);
		expect((await booths())?.[1]?.identity).toBe(await identityOf(anna));
		const other = await makePerson(db.owner, 'Person without consent');
		await joinSession(db.owner, world, other, 'speaker');
		await setOnStage(db.owner, chair, world.run, other);
		expect(await booths()).toEqual([]);
	});

	test('ends when the interpreter leaves the session, and with a level that names nobody', async () => {
		await agree(anna);
		await take(anna);
		await recorder.begin();
		await db.owner.query(
			`update public.session_people set state = 'declined' where session_id = $1 and person_id = $2`,
			[session, anna.person]
		);
		expect((await booths())?.[1]?.identity).toBeNull();
		expect(await callFunction(db.owner, anna, 'has_booth_consent', session)).toBe(true);
		await db.owner.query(
			`update public.sessions set level = 'chatham_house', audience = 'registered', is_recorded = false where id = $1`,
			[session]
		);
		expect(await callFunction(db.owner, anna, 'has_booth_consent', session)).toBe(false);
	});

	test('LiveKit Egress records no booth', async () => {
		await agree(anna);
		await take(anna);
		await db.owner.query(`insert into private.egresses (recording_id) values ($1)`, [recording]);
		expect([await booths(), await readValue(db.owner, `select count(*)::int from private.recording_voices`)]).toEqual([
			[],
			0
		]);
	});
});

describe('pieces', () => {
	test('are taken once and in order, of spoken booths, with the key of the recorder alone', async () => {
		const part = await recorder.begin();
		expect((await send(part, 1, 'fr', Buffer.alloc(32, 1))).status).toBe('over');
		expect((await send(part, 2)).status).toBe('gap');
		expect([(await send(part, 1)).status, (await send(part, 1)).status]).toEqual(['ok', 'already']);
		expect((await send(part, 1, 'es')).status).toBe('ok');
		for (const language of ['ils', 'de', 'FR', '']) expect((await send(part, 1, language)).status).toBe('over');
		expect((await send(99, 1)).status).toBe('over');
		await expect(send(part, 3, 'fr', recorder.hash, -1)).resolves.toMatchObject({ status: 'gap' });
		await expect(send(part, 2, 'fr', recorder.hash, -1)).rejects.toThrow('violates check constraint');
	});

	test('are deleted when the recording is sealed, and with it', async () => {
		const part = await recorder.begin();
		const { object } = await send(part, 1);
		await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
		await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
			session
		]);
		expect([await stateOf(object), (await send(part, 2)).status]).toEqual(['deletable', 'over']);
	});

	test('are kept while a legal hold is on the recording, and deleted when that ends', async () => {
		const part = await recorder.begin();
		await recorder.send(part);
		const [picture = ''] = recorder.objects;
		const { object } = await send(part, 1);
		const states = async () => [await stateOf(picture), await stateOf(object)];
		await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
		await holdRecordings();
		await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
			session
		]);
		expect([await states(), (await send(part, 2)).status]).toEqual([['kept', 'kept'], 'over']);
		expect((await listed()) ?? []).toEqual([]);
		await db.app.query(`select private.claim_recordings_to_finish('p1', now() + interval '1 minute')`);
		expect(await states()).toEqual(['kept', 'kept']);
		await endHolds();
		await db.app.query(`select private.claim_recordings_to_finish('p1', now() + interval '1 minute')`);
		expect(await states()).toEqual(['deletable', 'deletable']);
	});

	test('of a recording that has failed are kept like that, also for a case', async () => {
		const part = await recorder.begin();
		await recorder.send(part);
		const [object = ''] = recorder.objects;
		await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
		await db.owner.query(
			`with opened as (
				insert into private.cases (summit_id, severity, category, lead_id, key_sealed, key_id)
				values ($1, 'high', 'privacy', $2, '\\x00', 'k1') returning id
			)
			insert into private.held_recordings (case_id, recording_id) select opened.id, $3 from opened`,
			[world.summit, world.people.owner.person, recording]
		);
		await db.app.query('select private.fail_recording($1)', [recording]);
		expect(await stateOf(object)).toBe('kept');
		await db.owner.query('delete from private.held_recordings');
		await db.app.query(`select private.claim_recordings_to_finish('p1')`);
		expect(await stateOf(object)).toBe('deletable');
	});

	test('of a language in which nobody may be recorded no file is made', async () => {
		await take(anna);
		const part = await recorder.begin();
		await booths();
		await recorder.send(part);
		const french = (await send(part, 1)).object;
		const spanish = (await send(part, 1, 'es')).object;
		await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
		await recorder.finish(recording, 60_000);
		expect([await claim('p1'), await stateOf(french), await stateOf(spanish)]).toEqual([
			undefined,
			'deletable',
			'deletable'
		]);
		expect((await listed())?.map(({ language, state }) => [language, state])).toEqual([
			['es', 'silent'],
			['fr', 'refused']
		]);
		expect(await heard(programme)).toEqual([]);
	});
});

describe('the file', () => {
	test('is made by one process at a time, and its pieces are deleted', async () => {
		const pieces = await record();
		expect(await stateOfFrench()).toBe('waiting');
		expect(await claim('p1')).toEqual({ language: 'fr', is_new: true });
		expect([await claim('p2'), await leaving()]).toEqual([undefined, []]);
		// A dead process is replaced, and its late result is not stored.
		expect(await claim('p2', '3 minutes')).toEqual({ language: 'fr', is_new: true });
		const object = await recorder.put();
		expect([await finish('p1', object, 0), await finish('p2', object, 4000)]).toEqual([false, true]);
		expect([await stateOf(object), await stateOf(pieces[0] ?? ''), await claim('p1', '1 hour')]).toEqual([
			'kept',
			'deletable',
			undefined
		]);
		expect((await listed())?.find(({ language }) => language === 'fr')).toEqual({
			language: 'fr',
			state: 'ready',
			missing_ms: 4000,
			is_refused: false,
			is_left_out: false
		});
	});

	test('is given up after three tries, and shown as failed', async () => {
		await record();
		for (const at of ['0 seconds', '10 minutes', '20 minutes']) {
			expect(await claim('p1', at)).toMatchObject({ is_new: true });
			await db.app.query(`select private.fail_recording_language($1, 'fr', 'p1', 'unreadable', now() + $2::interval)`, [
				recording,
				at
			]);
		}
		expect([await claim('p1', '1 hour'), await stateOfFrench()]).toEqual([undefined, 'failed']);
	});

	test('is for those who may have the picture, and for nobody else', async () => {
		await make();
		for (const kind of personKinds.filter((one) => !['programme', 'owner'].includes(one)))
			expect([kind, await heard(world.people[kind])]).toEqual([kind, null]);
		expect([await heard(programme), await heard(anna), await heard(null)]).toEqual([['fr'], null, null]);
		await publish();
		for (const kind of personKinds) expect([kind, await heard(world.people[kind])]).toEqual([kind, ['fr']]);
		expect(await heard(null)).toEqual(['fr']);
		// With the picture it is hidden.
		await giveConsents(db.owner, session, world.people.speaker, true, false);
		expect(await heard(null)).toBeNull();
	});

	test('is left out by organisers of the session, who still hear it, and put in again', async () => {
		await make();
		await publish();
		const leave = (who: TestPerson | null, out: boolean | null, language = 'fr') =>
			callFunction<string>(db.owner, who, 'leave_out_language', recording, language, out);
		for (const kind of personKinds.filter((one) => !['programme', 'owner'].includes(one)))
			expect([kind, await leave(world.people[kind], true)]).toEqual([kind, 'not_found']);
		await expect(leave(null, true)).rejects.toThrow('permission denied');
		expect([await leave(programme, true, 'de'), await leave(programme, null)]).toEqual(['not_found', 'not_found']);
		expect([await leave(programme, true), await leave(programme, true)]).toEqual(['ok', 'already']);
		expect([await heard(null), await heard(programme)]).toEqual([[], ['fr']]);
		expect([await leave(programme, false), await heard(null)]).toEqual(['ok', ['fr']]);
	});

	test('is not made of the original alone, also while a legal hold is on the recording', async () => {
		const pieces = await record('es');
		await holdRecordings();
		expect([await claim('p1'), await stateOf(pieces[0] ?? '')]).toEqual([undefined, 'deletable']);
		expect((await listed())?.find(({ language }) => language === 'es')?.state).toBe('silent');
	});

	test('is deleted with the recording', async () => {
		const object = await make();
		expect(await callAs(db.owner, programme, 'public.delete_recording($1)', [recording])).toBe('ok');
		expect([await stateOf(object), await row()]).toEqual(['deletable', undefined]);
	});

	test('no page can read its rows or its object, or send anything', async () => {
		await make();
		const tables = ['recording_languages', 'recording_language_chunks', 'recording_voices', 'booth_consents'];
		for (const role of ['anon', 'authenticated', 'service_role'] as const)
			for (const sql of [
				...tables.map((table) => `select * from private.${table}`),
				`select private.object_of_recording_language('${recording}', 'fr')`,
				`select private.add_language_chunk('\\x00', 1, 'fr', 3, 0, 'x')`,
				`select private.finish_recording_language('${recording}', 'fr', 'p1', 'x', null, 0)`,
				`select * from private.claim_recording_language('p1')`
			])
				await expect(db.as(role, {}, (client) => client.query(sql))).rejects.toThrow('permission denied');
	});
});

describe('a voice that is withdrawn', () => {
	test('before the file is made is left out of it', async () => {
		await record();
		await interpretToo();
		expect(await withdraw(bruno)).toBe('ok');
		expect(await claim('p1')).toEqual({ language: 'fr', is_new: true });
		// With the delay by which the recorder learns who is on air.
		expect(await leaving()).toEqual([{ from_ms: 28_000, until_ms: 48_000 }]);
		expect(await finish('p1', await recorder.put(), 0)).toBe(true);
		expect([await stateOfFrench(), await leaving()]).toEqual(['ready', []]);
	});

	test('is heard by nobody from then on, and taken out, also after the recording was published', async () => {
		const object = await make();
		await interpretToo();
		await publish();
		expect([await withdraw(anna), await withdraw(anna)]).toEqual(['ok', 'already']);
		expect([await heard(null), await heard(programme), await stateOfFrench()]).toEqual([[], [], 'leaving']);
		expect(await claim('p1')).toEqual({ language: 'fr', is_new: false });
		expect(await leaving()).toEqual([{ from_ms: 0, until_ms: expect.any(Number) as number }]);
		const again = await recorder.put();
		expect(await finish('p1', again, null)).toBe(true);
		expect([await stateOf(object), await stateOf(again), await heard(null)]).toEqual(['deletable', 'kept', ['fr']]);
		expect(await claim('p1', '1 hour')).toBeUndefined();
	});

	test('was the only one: the language is not offered any more, and its file is deleted', async () => {
		const object = await make();
		await publish();
		expect(await heard(null)).toEqual(['fr']);
		await withdraw(anna);
		expect([await heard(null), await heard(programme)]).toEqual([[], []]);
		expect(await claim('p1')).toBeUndefined();
		expect([await stateOf(object), await row(), await stateOfFrench()]).toEqual([
			'deletable',
			{ object_name: null, whole_object_name: null, attempts: 0 },
			'refused'
		]);
		expect([await heard(null), await heard(programme)]).toEqual([[], []]);
	});

	test('was the only one of a trimmed recording: the whole sound goes too, and not while it is to be cut', async () => {
		const whole = await make();
		await callAs<string>(db.owner, programme, 'public.trim_recording($1, 10000, 50000)', [recording]);
		await withdraw(anna);
		expect([await claim('p1'), await stateOf(whole)]).toEqual([undefined, 'kept']);
		await db.app.query(`select from private.claim_recording_trim('t1')`);
		const short = await recorder.put();
		await db.app.query(`select private.finish_recording_trim($1, 't1', $2, 10000, 40000, $3)`, [
			recording,
			await recorder.put(),
			JSON.stringify({ fr: short })
		]);
		expect([await claim('p1'), await stateOf(whole), await stateOf(short)]).toEqual([
			undefined,
			'deletable',
			'deletable'
		]);
	});

	test('of a file that was made again without any before is not offered either', async () => {
		const object = await make();
		await db.owner.query('delete from private.recording_voices where recording_id = $1', [recording]);
		expect([await heard(programme), await stateOfFrench()]).toEqual([[], 'silent']);
		expect([await claim('p1'), await stateOf(object)]).toEqual([undefined, 'deletable']);
		// Nobody refused.
		expect(await stateOfFrench()).toBe('silent');
	});

	test('lets holds be looked up for what waits to be deleted alone', async () => {
		await make();
		const jobs = async () => {
			await db.owner.query('begin');
			try {
				await db.owner.query(`create or replace function private.must_keep_recording(p_recording private.recordings)
					returns boolean language plpgsql stable security definer set search_path = '' as
					$$ begin raise exception 'asked'; end $$`);
				await db.owner.query(`select private.claim_recordings_to_finish('p1')`);
				return await claim('p1', '0 seconds', db.owner);
			} finally {
				await db.owner.query('rollback');
			}
		};
		expect(await jobs()).toBeUndefined();
		await withdraw(anna);
		await expect(jobs()).rejects.toThrow('asked');
		const sealed = await db.owner.query(`update private.recordings set state = 'sealed' where id = $1`, [recording]);
		expect([sealed.rowCount, await jobs()]).toEqual([1, undefined]);
	});

	test('comes back when the interpreter agrees again before it is taken out', async () => {
		await make();
		await agree(anna, false);
		expect(await heard(programme)).toEqual([]);
		expect([await agree(anna), await heard(programme), await claim('p1')]).toEqual(['ok', ['fr'], undefined]);
	});

	test('stays hidden while a legal hold is on the recording, and is taken out when that ends', async () => {
		const object = await make();
		await db.owner.query(
			`insert into private.legal_holds (summit_id, class, person_id, reason, placed_by) values ($1, null, $2, 'A court asked', $3)`,
			[null, anna.person, world.people.owner.person]
		);
		await withdraw(anna);
		expect([await claim('p1'), await heard(programme), await stateOf(object)]).toEqual([undefined, [], 'kept']);
		expect(await callAs(db.owner, programme, 'public.delete_recording($1)', [recording])).toBe('held');
		await endHolds();
		expect([await claim('p1'), await stateOf(object)]).toEqual([undefined, 'deletable']);
	});

	test('before the file is made is kept in it while a legal hold is on the recording, and heard by nobody', async () => {
		const pieces = await record();
		await holdRecordings();
		await withdraw(anna);
		expect(await claim('p1')).toEqual({ language: 'fr', is_new: true });
		expect([await leaving(), await stateOf(pieces[0] ?? '')]).toEqual([[], 'kept']);
		const object = await recorder.put();
		expect(await finish('p1', object, 0)).toBe(true);
		await publish();
		expect([await heard(null), await heard(programme), await stateOfFrench()]).toEqual([[], [], 'leaving']);
		expect([await claim('p1', '1 hour'), await stateOf(object)]).toEqual([undefined, 'kept']);
		await endHolds();
		expect([await claim('p1'), await stateOf(object), await stateOfFrench()]).toEqual([
			undefined,
			'deletable',
			'refused'
		]);
	});

	test('is kept like that beside another that may be heard', async () => {
		await record();
		await interpretToo();
		await holdRecordings();
		await withdraw(bruno);
		expect(await claim('p1')).toEqual({ language: 'fr', is_new: true });
		expect(await leaving()).toEqual([]);
		expect(await finish('p1', await recorder.put(), 0)).toBe(true);
		expect([await heard(programme), await stateOfFrench()]).toEqual([[], 'leaving']);
		await endHolds();
		await claim('p1');
		expect(await leaving()).toEqual([{ from_ms: 28_000, until_ms: 48_000 }]);
		expect(await finish('p1', await recorder.put(), null)).toBe(true);
		expect([await heard(programme), await stateOfFrench()]).toEqual([['fr'], 'ready']);
	});

	test('stays when a legal hold begins while a file without it is made', async () => {
		const pieces = await record();
		await interpretToo();
		await withdraw(bruno);
		await claim('p1');
		await holdRecordings();
		expect([await finish('p1', await recorder.put(), 0), await stateOf(pieces[0] ?? '')]).toEqual([false, 'kept']);
		// The next try makes it with the voice.
		expect(await claim('p1', '3 minutes')).toEqual({ language: 'fr', is_new: true });
		expect(await leaving()).toEqual([]);
		const object = await recorder.put();
		expect(await finish('p1', object, 0)).toBe(true);
		await endHolds();
		expect(await claim('p1')).toEqual({ language: 'fr', is_new: false });
		await holdRecordings();
		expect([await finish('p1', await recorder.put(), null), await stateOf(object)]).toEqual([false, 'kept']);
	});

	test('is withdrawn with the erasure of the person', async () => {
		await make();
		await db.owner.query(`select private.withdraw_consents_of($1)`, [anna.person]);
		expect(await heard(programme)).toEqual([]);
	});
});

describe('a trim', () => {
	const claimTrim = (process = 't1') =>
		readValue<string | undefined>(db.app, `select recording from private.claim_recording_trim($1)`, [process]);
	const trim = () => callAs<string>(db.owner, programme, 'public.trim_recording($1, 10000, 50000)', [recording]);
	async function cut(languages: Record<string, string>): Promise<void> {
		expect(await trim()).toBe('ok');
		await claimTrim();
		expect(
			await readValue<boolean>(db.app, `select private.finish_recording_trim($1, 't1', $2, 10000, 40000, $3)`, [
				recording,
				await recorder.put(),
				JSON.stringify(languages)
			])
		).toBe(true);
	}

	test('waits for the languages, and cuts each with the picture', async () => {
		await record();
		await trim();
		const waits = await db.app.query(`select from private.claim_recording_trim('t1')`);
		expect(waits.rowCount).toBe(0);
		await claim('p1');
		const whole = await recorder.put();
		await finish('p1', whole, 0);
		await callAs(db.owner, programme, 'public.undo_recording_trim($1)', [recording]);
		const short = await recorder.put();
		await cut({ fr: short });
		expect(await row()).toMatchObject({ object_name: short, whole_object_name: whole });
		expect([await stateOf(short), await stateOf(whole)]).toEqual(['kept', 'kept']);
		// Undone, it has the whole sound again.
		await callAs(db.owner, programme, 'public.undo_recording_trim($1)', [recording]);
		expect(await row()).toMatchObject({ object_name: whole, whole_object_name: null });
		expect([await stateOf(short), await stateOf(whole)]).toEqual(['deletable', 'kept']);
	});

	test('that could not cut a language leaves none that is out of step, and publishing deletes the whole sound', async () => {
		const whole = await make();
		await cut({});
		expect([await row(), await heard(programme), await stateOfFrench()]).toEqual([
			{ object_name: null, whole_object_name: whole, attempts: 0 },
			[],
			'failed'
		]);
		await publish();
		expect([await stateOf(whole), (await row())?.whole_object_name]).toEqual(['deletable', null]);
	});

	test('keeps the whole sound until then, and a withdrawn voice is taken out of both', async () => {
		const whole = await make();
		await interpretToo();
		const short = await recorder.put();
		await cut({ fr: short });
		await withdraw(anna);
		expect(await claim('p1')).toEqual({ language: 'fr', is_new: false });
		const files = await db.app.query<{ is_whole: boolean; sound: string; starts_ms: number }>(
			`select is_whole, sound, starts_ms from private.list_language_files($1, 'fr') order by is_whole`,
			[recording]
		);
		expect(files.rows).toEqual([
			{ is_whole: false, sound: short, starts_ms: 10_000 },
			{ is_whole: true, sound: whole, starts_ms: 0 }
		]);
		// Both or none.
		expect(await finish('p1', await recorder.put(), null)).toBe(false);
		const made = [await recorder.put(), await recorder.put()];
		expect(await finish('p1', made[0] ?? '', null, made[1])).toBe(true);
		expect([await stateOf(short), await stateOf(whole), await row()]).toEqual([
			'deletable',
			'deletable',
			{ object_name: made[0], whole_object_name: made[1], attempts: 0 }
		]);
	});

	test('is not made while a voice is being taken out, nor the other way round', async () => {
		await make();
		await interpretToo();
		await withdraw(anna);
		await claim('p1');
		await trim();
		expect((await db.app.query(`select from private.claim_recording_trim('t1')`)).rowCount).toBe(0);
		expect(
			(await db.app.query(`select from private.claim_recording_trim('t1', now() + interval '3 minutes')`)).rowCount
		).toBe(1);
		expect(await claim('p2', '3 minutes')).toBeUndefined();
	});
});
