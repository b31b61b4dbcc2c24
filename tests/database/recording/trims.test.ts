/*
 * Trimming recordings: who may, what is refused, that nothing is lost when a process dies, what stays of captions and
 * chapters, and when the whole file is deleted.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { giveConsents, makeRecordable, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, type TestPerson, type World } from '../../fixtures/world.ts';
import { copyActs } from '../../fixtures/copying.ts';
import type { RecordingTrim } from '../../../src/lib/database/answers/recording.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recording: string;
let programme: TestPerson;

const {
	made,
	put,
	claim: claimCopy,
	copyRow
} = copyActs(
	db,
	() => world,
	() => chair,
	() => recording
);

beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair, session } = await makeRecordable(db.owner));
	({ programme } = world.people);
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	recording = await made();
	// The minute that was recorded began with the run.
	await db.owner.query(
		`update private.recording_parts as p set started_at = runs.started_at
		from public.runs where runs.id = $1 and p.recording_id = $2`,
		[world.run, recording]
	);
});

const trim = (who: TestPerson | null, from: number | null, until: number | null) =>
	callAs<string>(db.owner, who, 'public.trim_recording($1, $2, $3)', [recording, from, until]);
const undo = (who: TestPerson | null) => callAs<string>(db.owner, who, 'public.undo_recording_trim($1)', [recording]);
const publish = (published = true, dropRest = true) =>
	callAs<string>(db.owner, programme, 'public.publish_recording($1, $2, $3)', [recording, published, dropRest]);
const claim = async (process: string, at = '0 seconds', client = db.app) =>
	(
		await client.query<{ object: string; from_ms: number; until_ms: number }>(
			`select object, from_ms, until_ms from private.claim_recording_trim($1, now() + $2::interval)`,
			[process, at]
		)
	).rows[0];
const hold = (process: string, at = '0 seconds') =>
	readValue<boolean>(db.app, `select private.hold_recording_trim($1, $2, now() + $3::interval)`, [
		recording,
		process,
		at
	]);
const finish = (process: string, object: string, from: number, length: number) =>
	readValue<boolean>(db.app, `select private.finish_recording_trim($1, $2, $3, $4, $5)`, [
		recording,
		process,
		object,
		from,
		length
	]);
const fail = (process: string, reason: string, at = '0 seconds') =>
	db.app.query(`select private.fail_recording_trim($1, $2, $3, now() + $4::interval)`, [
		recording,
		process,
		reason,
		at
	]);
const file = async () =>
	(
		await db.owner.query<{ object_name: string; length_ms: number }>(
			`select object_name, length_ms from private.recordings where id = $1`,
			[recording]
		)
	).rows[0];
const stateOf = (object: string | undefined) =>
	readValue<string>(db.owner, `select state from private.stored_objects where name = $1`, [object]);
const shownTrim = async () =>
	(
		await callAs<{ id: string; trim: RecordingTrim | null }[]>(db.owner, programme, 'public.list_recordings($1)', [
			world.summit
		])
	).find(({ id }) => id === recording)?.trim;

/** Trims it and makes the file: the whole object and the shorter one. */
async function cut(from: number, until: number, start = from): Promise<{ whole: string; short: string }> {
	expect(await trim(programme, from, until)).toBe('ok');
	const whole = (await claim('p1'))?.object ?? '';
	const short = await put('video/webm');
	expect(await finish('p1', short, start, until - start)).toBe(true);
	return { whole, short };
}

describe('who may, and what is refused', () => {
	test('programme organisers, and for everybody else the recording does not exist', async () => {
		for (const kind of personKinds.filter((kind) => !['programme', 'owner'].includes(kind))) {
			expect([kind, await trim(world.people[kind], 1000, null)]).toEqual([kind, 'not_found']);
			expect([kind, await undo(world.people[kind])]).toEqual([kind, 'not_found']);
		}
		expect(await trim(chair, 1000, null)).toBe('not_found');
		await expect(trim(null, 1000, null)).rejects.toThrow('permission denied');
		expect(await shownTrim()).toBeNull();
		expect(await trim(world.people.owner, 1000, null)).toBe('ok');
	});

	test.each([
		[null, null],
		[0, 60_000],
		[-1, 30_000],
		[0, -5],
		[59_500, null],
		[20_000, 20_999],
		[30_000, 20_000],
		[2_147_483_647, null],
		[0, 2_147_483_647]
	])('a span from %s until %s is refused', async (from, until) => {
		expect(await trim(programme, from, until)).toBe('range');
		expect(await claim('p1')).toBeUndefined();
	});

	test('one that is published, sealed or still being made', async () => {
		await publish();
		expect([await trim(programme, 1000, null), await undo(programme)]).toEqual(['published', 'published']);
		await publish(false);
		await giveConsents(db.owner, session, world.people.speaker, false);
		expect([await trim(programme, 1000, null), await undo(programme)]).toEqual(['refused', 'refused']);
		await giveConsents(db.owner, session, world.people.speaker, true);
		({ recording } = await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]));
		expect(await trim(programme, 1000, null)).toBe('refused');
	});

	test('one that a case or a legal hold keeps, also while it is being cut', async () => {
		expect(await trim(programme, 10_000, 50_000)).toBe('ok');
		expect(await claim('p1')).toBeDefined();
		const lift = async (kind: string | null, person: string | null) => {
			await db.owner.query(
				`insert into private.legal_holds (summit_id, class, person_id, reason, placed_by) values ($1, $2, $3, 'A court asked', $4)`,
				[person ? null : world.summit, kind, person, world.people.owner.person]
			);
			return () => db.owner.query('delete from private.legal_holds');
		};
		for (const [kind, person] of [
			['recordings', null],
			[null, world.people.speaker.person]
		] as const) {
			const end = await lift(kind, person);
			const object = await put('video/webm');
			expect([await trim(programme, 1000, null), await shownTrim()]).toEqual([
				'held',
				expect.objectContaining({ state: 'held', may_undo: true })
			]);
			expect(await finish('p1', object, 10_000, 40_000)).toBe(false);
			expect(await claim('p2', '1 hour')).toBeUndefined();
			await end();
		}
		const before = await file();
		await db.owner.query(`select private.seal_recording($1, 'case')`, [recording]);
		expect([await hold('p1'), await finish('p1', await put('video/webm'), 10_000, 40_000)]).toEqual([false, false]);
		expect([await file(), await stateOf(before?.object_name)]).toEqual([before, 'kept']);
	});

	test('one that a hold stops can be undone, and one that is made cannot', async () => {
		const hold = () =>
			db.owner.query(
				`insert into private.legal_holds (summit_id, class, reason, placed_by) values ($1, 'recordings', 'A court asked', $2)`,
				[world.summit, world.people.owner.person]
			);
		expect(await trim(programme, 10_000, 50_000)).toBe('ok');
		await hold();
		expect([await publish(), await undo(programme), await shownTrim(), await publish()]).toEqual([
			'trimming',
			'ok',
			null,
			'ok'
		]);
		await db.owner.query('delete from private.legal_holds');
		await publish(false);
		const { whole } = await cut(10_000, 50_000);
		await hold();
		expect([await undo(programme), await shownTrim(), await stateOf(whole)]).toEqual([
			'held',
			expect.objectContaining({ state: 'done', may_undo: false }),
			'kept'
		]);
	});

	test('a second one before the first is undone', async () => {
		expect(await trim(programme, 10_000, null)).toBe('ok');
		expect(await trim(programme, 5000, null)).toBe('refused');
		expect(await undo(programme)).toBe('ok');
		await cut(5000, 50_000);
		expect(await trim(programme, 5000, null)).toBe('refused');
	});

	test('no page can claim one or store a file', async () => {
		await trim(programme, 10_000, null);
		for (const [role, sql] of [
			['authenticated', `select * from private.claim_recording_trim('p1')`],
			['authenticated', `select private.finish_recording_trim('${recording}', 'p1', 'x', 0, 1000)`],
			['anon', `select private.hold_recording_trim('${recording}', 'p1')`],
			['service_role', `select private.fail_recording_trim('${recording}', 'p1', 'store')`],
			['authenticated', `select * from private.recording_trims`],
			['anon', `select public.undo_recording_trim('${recording}')`]
		] as const)
			await expect(db.as(role, {}, (client) => client.query(sql))).rejects.toThrow('permission denied');
	});
});

describe('the job', () => {
	test('one process cuts; when it dies, nothing is lost and the next one goes on', async () => {
		const before = await file();
		expect(await trim(programme, 10_000, 50_000)).toBe('ok');
		const other = await db.connect();
		const claims = await Promise.all([claim('p1'), claim('p2', '0 seconds', other)]);
		expect(claims.filter(Boolean)).toEqual([{ object: before?.object_name, from_ms: 10_000, until_ms: 50_000 }]);
		const [first, second] = claims[0] ? ['p1', 'p2'] : ['p2', 'p1'];
		expect([await hold(first, '1 minute'), await hold(second)]).toEqual([true, false]);
		expect(await claim(second, '170 seconds')).toBeUndefined();
		expect(await file()).toEqual(before);
		expect(await claim(second, '190 seconds')).toMatchObject({ from_ms: 10_000 });
		// The one that was believed dead comes late.
		const [late, kept] = [await put('video/webm'), await put('video/webm')];
		expect(await finish(first, late, 10_000, 40_000)).toBe(false);
		expect(await finish(second, kept, 12_000, 38_000)).toBe(true);
		expect(await finish(second, await put('video/webm'), 12_000, 38_000)).toBe(false);
		expect(await file()).toEqual({ object_name: kept, length_ms: 38_000 });
		expect([await stateOf(before?.object_name), await stateOf(late)]).toEqual(['kept', 'writing']);
	});

	test('three tries are the limit; without a picture one is; an orderly stop does not count', async () => {
		await trim(programme, 10_000, null);
		expect(await claim('p1')).toBeDefined();
		await fail('p1', 'interrupted');
		for (const hour of [0, 1, 2]) {
			expect(await claim('p1', `${hour} hours`)).toBeDefined();
			expect(await shownTrim()).toMatchObject({ state: 'waiting' });
			await fail('p1', 'unreadable', `${hour - 1} hours`);
		}
		expect(await claim('p1', '9 hours')).toBeUndefined();
		// It is shown at once, for nothing tells the page again.
		expect(await shownTrim()).toMatchObject({ state: 'failed', reason: 'unreadable', may_undo: true });
		expect(await publish()).toBe('trimming');
		expect([await undo(programme), await shownTrim(), await publish()]).toEqual(['ok', null, 'ok']);
		await publish(false);
		await trim(programme, 10_000, null);
		await claim('p1');
		await fail('p1', 'no_picture');
		expect([await claim('p1', '9 hours'), await shownTrim()]).toEqual([
			undefined,
			expect.objectContaining({ state: 'failed', reason: 'no_picture' })
		]);
	});

	test('one whose process dies in the third try is given up, and the pages are told', async () => {
		await trim(programme, 10_000, null);
		for (const hour of [0, 1, 2]) expect(await claim('p1', `${hour} hours`)).toBeDefined();
		expect(await shownTrim()).toMatchObject({ state: 'waiting', reason: null });
		const told: string[] = [];
		const listener = await db.connect();
		listener.on('notification', ({ payload }) => told.push(payload ?? ''));
		await listener.query('listen live_events');
		expect(await claim('p2', '150 minutes')).toBeUndefined();
		expect(await shownTrim()).toMatchObject({ state: 'failed', reason: 'interrupted' });
		await expect.poll(() => told.filter((event) => event.includes(recording)).length).toBeGreaterThan(0);
	});

	test('undone while it is cut, the file is not taken', async () => {
		const before = await file();
		await trim(programme, 10_000, 50_000);
		await claim('p1');
		expect(await undo(programme)).toBe('ok');
		expect([await hold('p1'), await finish('p1', await put('video/webm'), 10_000, 40_000)]).toEqual([false, false]);
		expect([await file(), await undo(programme)]).toEqual([before, 'already']);
	});

	test('the copy in MP4 is deleted, and made of the shorter file', async () => {
		await claimCopy('p1');
		const copy = await put();
		await db.app.query(`select private.finish_recording_copy($1, 'p1', $2)`, [recording, copy]);
		await trim(programme, 10_000, 50_000);
		// It is still shown while the trim waits, and no other is made.
		expect([(await copyRow())?.object_name, await claimCopy('p2', '1 hour')]).toEqual([copy, []]);
		const whole = (await claim('p1'))?.object;
		const short = await put('video/webm');
		await finish('p1', short, 10_000, 40_000);
		expect([await copyRow(), await stateOf(copy)]).toEqual([undefined, 'deletable']);
		expect(
			await db.app.query(`select object, length_ms from private.claim_recording_copy('p1')`).then(({ rows }) => rows)
		).toEqual([{ object: short, length_ms: 40_000 }]);
		// Undoing it ends the copy that is being made.
		expect(await undo(programme)).toBe('ok');
		expect([await copyRow(), (await file())?.object_name, await stateOf(short)]).toEqual([
			undefined,
			whole,
			'deletable'
		]);
	});
});

describe('the whole file', () => {
	test('comes back when the trim is undone', async () => {
		const before = await file();
		const { short } = await cut(10_000, 50_000, 11_500);
		expect(await shownTrim()).toEqual({
			state: 'done',
			reason: null,
			from_ms: null,
			until_ms: null,
			before_ms: 11_500,
			after_ms: 10_000,
			lines: 0,
			may_undo: true
		});
		expect(await undo(programme)).toBe('ok');
		expect([await file(), await stateOf(before?.object_name), await stateOf(short), await shownTrim()]).toEqual([
			before,
			'kept',
			'deletable',
			null
		]);
	});

	test('is deleted when it is published; from then on it cannot be undone, but trimmed further', async () => {
		const { whole, short } = await cut(10_000, 50_000);
		// Who does not say that the rest may go does not lose it.
		expect([await publish(true, false), await stateOf(whole)]).toEqual(['trimmed', 'kept']);
		expect([await publish(), await stateOf(whole), await stateOf(short)]).toEqual(['ok', 'deletable', 'kept']);
		await publish(false);
		expect([await undo(programme), await shownTrim()]).toEqual([
			'already',
			{
				state: 'kept',
				reason: null,
				from_ms: null,
				until_ms: null,
				before_ms: 10_000,
				after_ms: 10_000,
				lines: 0,
				may_undo: false
			}
		]);
		expect(await publish(true, false)).toBe('ok');
		await publish(false);
		await cut(5000, 30_000);
		expect(await shownTrim()).toMatchObject({ state: 'done', before_ms: 15_000, after_ms: 20_000 });
		expect([await undo(programme), await file(), (await shownTrim())?.before_ms]).toEqual([
			'ok',
			{ object_name: short, length_ms: 40_000 },
			10_000
		]);
	});

	test('stays while a legal hold is on it, and is deleted when that ends', async () => {
		const { whole } = await cut(10_000, 50_000);
		await db.owner.query(
			`insert into private.legal_holds (summit_id, class, reason, placed_by) values ($1, 'recordings', 'A court asked', $2)`,
			[world.summit, world.people.owner.person]
		);
		expect([await publish(), await stateOf(whole)]).toEqual(['ok', 'kept']);
		await claim('p1');
		expect(await stateOf(whole)).toBe('kept');
		await db.owner.query('delete from private.legal_holds');
		await claim('p1');
		expect(await stateOf(whole)).toBe('deletable');
	});

	test('is deleted with the recording, and kept with a sealed one', async () => {
		const { whole, short } = await cut(10_000, 50_000);
		await giveConsents(db.owner, session, world.people.speaker, false);
		expect([await stateOf(whole), await stateOf(short)]).toEqual(['kept', 'kept']);
		expect(await callAs(db.owner, programme, 'public.delete_recording($1)', [recording])).toBe('ok');
		expect([await stateOf(whole), await stateOf(short)]).toEqual(['deletable', 'deletable']);
	});
});

describe('captions and chapters', () => {
	beforeEach(async () => {
		await db.owner.query(
			`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept)
			values ($1, 'en', 1, 2000, 4000, 'Is this on?', true), ($1, 'en', 2, 9000, 12000, 'One moment, please.', true),
				($1, 'en', 3, 17000, 19000, 'Excellencies, welcome.', true),
				($1, 'en', 4, 48000, 52000, 'Thank you, and', true), ($1, 'en', 5, 55000, 57000, 'Is it off?', true)`,
			[world.run]
		);
		await db.owner.query(`delete from private.recording_marks where recording_id = $1`, [recording]);
		await db.owner.query(
			`insert into private.recording_marks (recording_id, at, kind, person_id, page)
			select $1, runs.started_at + x.at * interval '1 second', x.kind, x.person, x.page
			from public.runs, (values (0, 'began', null, null), (5, 'on_stage', $3::uuid, null), (20, 'slide', null, 2),
				(30, 'on_stage', $3::uuid, null), (55, 'slide', null, 9)) as x (at, kind, person, page)
			where runs.id = $2`,
			[recording, world.run, world.people.speaker.person]
		);
	});
	const words = async () =>
		(
			await callAs<{ en: { starts: number; words: string }[] }>(
				db.owner,
				programme,
				'public.recording_captions($1, $2)',
				[world.summit, recording]
			)
		).en.map(({ starts, words: said }) => [starts, said]);
	const chapters = async () =>
		(
			await readValue<{ at: number; kind: string; page: number | null }[]>(db.owner, `select private.chapters_of($1)`, [
				recording
			])
		).map(({ at, kind, page }) => [at, kind, page]);

	test('those that were cut off are gone, the others are at their positions, and undoing brings all back', async () => {
		const whole = [await words(), await chapters()];
		expect(whole).toEqual([
			[
				[2000, 'Is this on?'],
				[9000, 'One moment, please.'],
				[17_000, 'Excellencies, welcome.'],
				[48_000, 'Thank you, and'],
				[55_000, 'Is it off?']
			],
			[
				[0, 'began', null],
				[5000, 'on_stage', null],
				[20_000, 'slide', 2],
				[30_000, 'on_stage', null],
				[55_000, 'slide', 9]
			]
		]);
		await cut(10_000, 50_000, 11_000);
		expect([await words(), await chapters()]).toEqual([
			[[6000, 'Excellencies, welcome.']],
			[
				[0, 'began', null],
				[9000, 'slide', 2],
				[19_000, 'on_stage', null]
			]
		]);
		await undo(programme);
		expect([await words(), await chapters()]).toEqual(whole);
	});

	test('a cut of the end alone leaves the beginning, and the last line of a whole end', async () => {
		await cut(0, 50_000);
		expect([await words(), (await chapters())[0]]).toEqual([
			[
				[2000, 'Is this on?'],
				[9000, 'One moment, please.'],
				[17_000, 'Excellencies, welcome.']
			],
			[0, 'began', null]
		]);
		await undo(programme);
		await cut(12_000, 60_000);
		expect(await words()).toEqual([
			[5000, 'Excellencies, welcome.'],
			[36_000, 'Thank you, and'],
			[43_000, 'Is it off?']
		]);
	});

	test('a line that begins in the first five seconds may hold words from before, and is left out', async () => {
		await cut(12_001, 60_000);
		expect(await words()).toEqual([
			[35_999, 'Thank you, and'],
			[42_999, 'Is it off?']
		]);
		expect(await shownTrim()).toMatchObject({ lines: 3 });
	});

	test('a language of which nothing is left is not offered', async () => {
		await db.owner.query(
			`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept)
			values ($1, 'ar', 1, 2000, 4000, 'أهلًا', true)`,
			[world.run]
		);
		const offered = async () => [
			Object.keys(
				await callAs<object>(db.owner, programme, 'public.recording_captions($1, $2)', [world.summit, recording])
			),
			(
				await callAs<{ languages: string[] }[]>(db.owner, null, 'public.list_published_recordings($1)', [world.summit])
			).map(({ languages }) => languages)
		];
		await publish();
		expect(await offered()).toEqual([['ar', 'en'], [['ar', 'en']]]);
		await publish(false);
		await cut(10_000, 50_000);
		await publish();
		expect(await offered()).toEqual([['en'], [['en']]]);
	});
});

describe('the transcript', () => {
	const lines = [
		[2000, 4000, 'Is this on?'],
		[17_000, 19_000, 'Excellencies, welcome.'],
		[48_000, 52_000, 'Thank you, and'],
		[63_000, 64_000, 'Is it off?'],
		[70_000, 71_000, 'After the recording.']
	] as const;
	beforeEach(async () => {
		await db.owner.query(
			`update public.session_people set consent_record = true, consent_publish = true where session_id = $1`,
			[session]
		);
		await db.owner.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
		for (const [index, [starts, ends, words]] of lines.entries())
			await db.owner.query(
				`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept)
				values ($1, 'en', $2, $3, $4, $5, true)`,
				[world.run, index + 1, starts, ends, words]
			);
		await db.owner.query(
			`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept)
			values ($1, 'fr', 1, 1000, 3000, 'Le micro marche ?', true)`,
			[world.run]
		);
	});
	const read = async (language = 'en') =>
		(
			await callAs<{ words: string }[] | null>(db.owner, null, 'public.read_transcript($1, $2, $3)', [
				world.summit,
				world.sessions.public.code,
				language
			])
		)?.map(({ words }) => words) ?? null;
	const languages = () =>
		callAs<string[]>(db.owner, null, 'public.list_transcripts($1, $2)', [world.summit, world.sessions.public.code]);
	const all = lines.map(([, , words]) => words);
	const left = ['Excellencies, welcome.', 'After the recording.'];
	const stored = () =>
		readValue<number>(db.owner, `select count(*)::integer from private.caption_lines where run_id = $1 and is_kept`, [
			world.run
		]);

	test('leaves out what is cut off from the wish on, and has it again when the trim is undone', async () => {
		expect([await read(), await read('fr'), await languages()]).toEqual([all, ['Le micro marche ?'], ['en', 'fr']]);
		await trim(programme, 10_000, 50_000);
		expect([await read(), await read('fr'), await languages()]).toEqual([left, null, ['en']]);
		await undo(programme);
		expect([await read(), await languages()]).toEqual([all, ['en', 'fr']]);
		await cut(10_000, 50_000, 11_000);
		expect([await read(), await read('fr'), (await shownTrim())?.lines]).toEqual([left, null, 4]);
		await undo(programme);
		expect([await read(), await stored()]).toEqual([all, 6]);
	});

	test('loses these lines for good when the recording is published or deleted', async () => {
		await cut(10_000, 50_000);
		await publish();
		expect([await stored(), await read(), await languages()]).toEqual([2, left, ['en']]);
		await publish(false);
		expect(await callAs(db.owner, programme, 'public.delete_recording($1)', [recording])).toBe('ok');
		expect(await read()).toEqual(left);
	});

	test.each(['wanted', 'made'])('does not have them again when a recording with a %s trim is deleted', async (kind) => {
		if (kind === 'made') await cut(10_000, 50_000);
		else await trim(programme, 10_000, 50_000);
		expect(await callAs(db.owner, programme, 'public.delete_recording($1)', [recording])).toBe('ok');
		expect([await read(), await stored()]).toEqual([left, 2]);
	});

	test('does not have them again when a case seals the recording', async () => {
		await trim(programme, 10_000, 50_000);
		await db.owner.query(`select private.seal_recording($1, 'case')`, [recording]);
		expect([await read(), await stored()]).toEqual([left, 6]);
	});

	test('keeps them, and shows them to nobody, while a hold is on somebody in it alone', async () => {
		await db.owner.query(`insert into private.caption_people (run_id, person_id) values ($1, $2)`, [
			world.run,
			chair.person
		]);
		await db.owner.query(
			`insert into private.legal_holds (person_id, reason, placed_by) values ($1, 'A court asked', $2)`,
			[chair.person, world.people.owner.person]
		);
		await db.owner.query(`delete from private.recording_people where recording_id = $1 and person_id = $2`, [
			recording,
			chair.person
		]);
		await cut(10_000, 50_000);
		await publish();
		expect([await read(), await stored()]).toEqual([left, 2]);
		expect(
			await readValue<number>(db.owner, `select count(*)::integer from private.caption_lines where run_id = $1`, [
				world.run
			])
		).toBe(6);
		await db.owner.query('delete from private.legal_holds');
	});
});
