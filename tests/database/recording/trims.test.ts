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
const publish = (published = true) =>
	callAs<string>(db.owner, programme, 'public.publish_recording($1, $2)', [recording, published]);
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
		await callAs<
			{ id: string; trim: { state: string; before_ms: number; after_ms: number; may_undo: boolean } | null }[]
		>(db.owner, programme, 'public.list_recordings($1)', [world.summit])
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
			expect([await trim(programme, 1000, null), await undo(programme)]).toEqual(['held', 'held']);
			expect(await finish('p1', object, 10_000, 40_000)).toBe(false);
			expect(await claim('p2', '1 hour')).toBeUndefined();
			await end();
		}
		const before = await file();
		await db.owner.query(`select private.seal_recording($1, 'case')`, [recording]);
		expect([await hold('p1'), await finish('p1', await put('video/webm'), 10_000, 40_000)]).toEqual([false, false]);
		expect([await file(), await stateOf(before?.object_name)]).toEqual([before, 'kept']);
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
		await db.owner.query(`update private.recording_trims set held_until = now()`);
		expect(await shownTrim()).toMatchObject({ state: 'failed', may_undo: true });
		expect(await publish()).toBe('trimming');
		expect([await undo(programme), await shownTrim(), await publish()]).toEqual(['ok', null, 'ok']);
		await publish(false);
		await trim(programme, 10_000, null);
		await claim('p1');
		await fail('p1', 'no_picture');
		expect([await claim('p1', '9 hours'), (await shownTrim())?.state]).toEqual([undefined, 'failed']);
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
			from_ms: null,
			until_ms: null,
			before_ms: 11_500,
			after_ms: 10_000,
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
		expect([await publish(), await stateOf(whole), await stateOf(short)]).toEqual(['ok', 'deletable', 'kept']);
		await publish(false);
		expect([await undo(programme), await shownTrim()]).toEqual([
			'already',
			{ state: 'kept', from_ms: null, until_ms: null, before_ms: 10_000, after_ms: 10_000, may_undo: false }
		]);
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
				($1, 'en', 3, 15000, 17000, 'Excellencies, welcome.', true),
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
				[15_000, 'Excellencies, welcome.'],
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
			[[4000, 'Excellencies, welcome.']],
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
				[15_000, 'Excellencies, welcome.']
			],
			[0, 'began', null]
		]);
		await undo(programme);
		await cut(14_000, 60_000);
		expect(await words()).toEqual([
			[1000, 'Excellencies, welcome.'],
			[34_000, 'Thank you, and'],
			[41_000, 'Is it off?']
		]);
	});
});
