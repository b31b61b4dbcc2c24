/*
 * MP4 copies beside WebM: one process makes the copy of a recording, it has the same audience as the file, and it is
 * deleted with the recording.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { giveConsents, makeRecordable, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';
import { copyActs } from '../../fixtures/copying.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recording: string;

const { made, put, claim, abandon, copyRow } = copyActs(
	db,
	() => world,
	() => chair,
	() => recording
);

beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair, session } = await makeRecordable(db.owner));
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	recording = await made();
});
const hold = (process: string, at = '0 seconds') =>
	readValue<boolean>(db.app, `select private.hold_recording_copy($1, $2, now() + $3::interval)`, [
		recording,
		process,
		at
	]);
const finish = (process: string, object: string) =>
	readValue<boolean>(db.app, `select private.finish_recording_copy($1, $2, $3)`, [recording, process, object]);
const fail = (process: string, reason: string, at = '0 seconds') =>
	db.app.query(`select private.fail_recording_copy($1, $2, $3, now() + $4::interval)`, [
		recording,
		process,
		reason,
		at
	]);
const stateOf = (object: string) =>
	readValue<string>(db.owner, `select state from private.stored_objects where name = $1`, [object]);

/** A copy that was made and stored. */
async function copied(): Promise<string> {
	const object = await put();
	expect(await claim('p1')).toEqual([recording]);
	expect(await finish('p1', object)).toBe(true);
	return object;
}

describe('the process that makes a copy', () => {
	test('two processes never get the same copy, and each of two recordings has one', async () => {
		const other = await db.connect(db.appUrl);
		const second = await made();
		const both = (await Promise.all([claim('p1'), claim('p2', '0 seconds', other)])).flat();
		const rest = await claim('p3');
		expect([...both, ...rest].sort()).toEqual([recording, second].sort());
		expect(await claim('p4')).toEqual([]);
	});

	test('a copy that another transaction is claiming is left to it', async () => {
		const other = await db.connect(db.appUrl);
		await other.query('begin');
		expect(await claim('p1', '0 seconds', other)).toEqual([recording]);
		expect(await claim('p2')).toEqual([]);
		await other.query('rollback');
		expect(await claim('p2')).toEqual([recording]);
	});

	test('a dead process is replaced, and its late result is not stored', async () => {
		expect(await claim('p1')).toEqual([recording]);
		expect(await hold('p1', '1 minute')).toBe(true);
		expect(await claim('p2', '170 seconds')).toEqual([]);
		expect(await claim('p2', '190 seconds')).toEqual([recording]);
		expect(await hold('p1', '190 seconds')).toBe(false);
		const [late, kept] = [await put(), await put()];
		expect(await finish('p1', late)).toBe(false);
		expect(await finish('p2', kept)).toBe(true);
		await abandon(late);
		expect([await stateOf(late), await stateOf(kept)]).toEqual(['deletable', 'kept']);
		expect(await claim('p1', '1 hour')).toEqual([]);
	});

	test('three tries are the limit, and the last records the reason', async () => {
		for (const [hour, reason] of [
			[0, 'too_slow'],
			[1, 'store'],
			[2, 'ffmpeg']
		] as const) {
			expect(await claim('p1', `${hour} hours`)).toEqual([recording]);
			await fail('p1', reason, `${hour} hours`);
			expect(await claim('p1', `${hour} hours 4 minutes`)).toEqual([]);
		}
		expect(await claim('p1', '9 hours')).toEqual([]);
		expect(await copyRow()).toEqual({ attempts: 3, reason: 'ffmpeg', object_name: null });
	});

	test('a process that died three times counts as failed; an orderly stop does not count as a try', async () => {
		for (const hour of [0, 1, 2]) expect(await claim('p1', `${hour} hours`)).toEqual([recording]);
		expect([await claim('p1', '9 hours'), await copyRow()]).toEqual([
			[],
			{ attempts: 3, reason: 'interrupted', object_name: null }
		]);
		await fail('p1', 'interrupted');
		expect(await claim('p2')).toEqual([recording]);
	});

	test('an MP4 from Egress needs no copy, and an unfinished recording has none', async () => {
		await db.owner.query(
			`update private.stored_objects set media_type = 'video/mp4' where name = (select object_name from private.recordings where id = $1)`,
			[recording]
		);
		await callAs(db.owner, chair, 'public.start_recording($1)', [world.run]);
		expect(await claim('p1')).toEqual([]);
	});
});

describe('access', () => {
	const open = (who: TestPerson | null) =>
		callAs<{ size: number; copy: object | null } | null>(db.owner, who, 'public.open_recording($1, $2)', [
			world.summit,
			recording
		]);
	async function watchers(): Promise<[string[], string[]]> {
		const [file, copy]: [string[], string[]] = [[], []];
		for (const kind of ['visitor', ...personKinds] as (PersonKind | 'visitor')[]) {
			const found = await open(kind === 'visitor' ? null : world.people[kind]);
			if (found) file.push(kind);
			if (found?.copy) copy.push(kind);
		}
		return [file.sort(), copy.sort()];
	}

	test('is for people who may watch the file, and nobody else', async () => {
		const object = await copied();
		expect(await watchers()).toEqual([
			['owner', 'programme'],
			['owner', 'programme']
		]);
		await callAs(db.owner, world.people.programme, 'public.publish_recording($1, true)', [recording]);
		expect(await open(null)).toMatchObject({
			media_type: 'video/webm',
			size: 1000,
			copy: { media_type: 'video/mp4', size: 500, sha256: 'cd'.repeat(32) }
		});
		expect(await watchers()).toEqual([['visitor', ...personKinds].sort(), ['visitor', ...personKinds].sort()]);
		expect(await readValue(db.app, `select private.object_of_recording_copy($1)`, [recording])).toBe(object);
		// Withdrawn.
		await callAs(db.owner, world.people.programme, 'public.publish_recording($1, false)', [recording]);
		expect((await watchers())[1]).toEqual(['owner', 'programme']);
	});

	test('withdrawing consent to be shown hides both', async () => {
		await copied();
		await callAs(db.owner, world.people.programme, 'public.publish_recording($1, true)', [recording]);
		await giveConsents(db.owner, session, world.people.speaker, true, false);
		expect(await watchers()).toEqual([
			['owner', 'programme'],
			['owner', 'programme']
		]);
	});

	test('no page can read its object or write its row', async () => {
		await copied();
		for (const [role, sql] of [
			['anon', `select private.object_of_recording_copy($1)`],
			['authenticated', `select private.object_of_recording_copy($1)`],
			['authenticated', `select * from private.recording_copies where recording_id = $1`],
			['authenticated', `select private.finish_recording_copy($1, 'p1', 'x')`],
			['anon', `select private.hold_recording_copy($1, 'p1')`],
			['service_role', `select private.finish_recording_copy($1, 'p1', 'x')`]
		] as const)
			await expect(db.as(role, {}, (client) => client.query(sql, [recording]))).rejects.toThrow('permission denied');
	});
});

describe('deletion with the recording', () => {
	const ways: Record<string, () => Promise<unknown>> = {
		'when a consent is taken back': () => giveConsents(db.owner, session, world.people.speaker, false),
		'when somebody is taken from the session': () =>
			db.owner.query(`delete from public.session_people where session_id = $1 and person_id = $2`, [
				session,
				world.people.speaker.person
			]),
		'when the level is raised': () =>
			db.owner.query(
				`update public.sessions set is_recorded = false, level = 'closed', audience = 'listed' where id = $1`,
				[session]
			),
		'when a consent from the floor is taken back': async () => {
			const { delegate } = world.people;
			await db.owner.query(`insert into private.floor_consents (run_id, person_id) values ($1, $2)`, [
				world.run,
				delegate.person
			]);
			await db.owner.query(`insert into private.recording_people (recording_id, person_id) values ($1, $2)`, [
				recording,
				delegate.person
			]);
			expect(await callAs(db.owner, delegate, 'public.withdraw_floor_consent($1)', [session])).toBe('ok');
		},
		'when it is deleted': () => callAs(db.owner, world.people.programme, 'public.delete_recording($1)', [recording])
	};

	test.each(Object.keys(ways))('%s', async (way) => {
		const object = await copied();
		await ways[way]?.();
		expect(await copyRow()).toBeUndefined();
		expect(await stateOf(object)).toBe('deletable');
		expect(await readValue(db.app, `select private.object_of_recording_copy($1)`, [recording])).toBeNull();
		expect(await claim('p2', '1 hour')).toEqual([]);
	});

	test.each(Object.keys(ways))('%s during the conversion: the copy is not stored', async (way) => {
		const object = await put();
		expect(await claim('p1')).toEqual([recording]);
		await ways[way]?.();
		expect(await hold('p1')).toBe(false);
		expect(await finish('p1', object)).toBe(false);
		await fail('p1', 'interrupted');
		expect(await copyRow()).toBeUndefined();
		await abandon(object);
		expect(await stateOf(object)).toBe('deletable');
	});

	test('sealing at the moment of completion, in either order', async () => {
		const other = await db.connect();
		const early = await put();
		await claim('p1');
		await other.query('begin');
		await other.query(`select private.seal_recording($1, 'consent')`, [recording]);
		const late = finish('p1', early);
		await other.query('commit');
		expect(await late).toBe(false);

		recording = await made();
		const object = await put();
		expect(await claim('p1')).toEqual([recording]);
		await db.app.query('begin');
		expect(await finish('p1', object)).toBe(true);
		const sealed = other.query(`select private.seal_recording($1, 'consent')`, [recording]);
		await db.app.query('commit');
		await sealed;
		expect([await copyRow(), await stateOf(object)]).toEqual([undefined, 'deletable']);
	});
});
