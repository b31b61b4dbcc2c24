/* Who may watch a recording: the audience of the session, while everybody in it agrees and the level allows it. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recording: string;

beforeEach(async () => {
	({ world, chair, session } = await makeRecordable(db.owner));
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	await made();
});

/** A recording of the world's public session, with a finished file. */
async function made(): Promise<void> {
	const recorder = new NoiseRecorder(db.app);
	({ recording } = await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]));
	await recorder.hold();
	await recorder.send(await recorder.begin());
	await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
	expect(await recorder.finish(recording, 60_000)).toBe(true);
}

const publish = (who: TestPerson, published = true) =>
	callAs<string>(db.owner, who, 'public.publish_recording($1, $2)', [recording, published]);
const open = (who: TestPerson | null, id = recording) =>
	callAs<object | null>(db.owner, who, 'public.open_recording($1, $2)', [world.summit, id]);
/** The recordings that somebody finds on the page of the session, which are the same as on the page of the Summit. */
async function listed(who: TestPerson | null): Promise<string[]> {
	const idsOf = async (call: string, of: string) =>
		(await callAs<{ id: string }[]>(db.owner, who, call, [of])).map(({ id }) => id);
	const ofSession = await idsOf('public.session_recordings($1)', session);
	expect(await idsOf('public.list_published_recordings($1)', world.summit)).toEqual(ofSession);
	return ofSession;
}

/** Everybody who can read the file, visitors included. */
async function watchers(): Promise<string[]> {
	const found: string[] = [];
	for (const kind of ['visitor', ...personKinds] as (PersonKind | 'visitor')[]) {
		const who = kind === 'visitor' ? null : world.people[kind];
		if (await open(who)) found.push(kind);
	}
	return found.sort();
}

test('a draft is for programme organisers, and only they publish it', async () => {
	expect(await watchers()).toEqual(['owner', 'programme']);
	for (const kind of personKinds.filter((kind) => !['programme', 'owner'].includes(kind)))
		expect([kind, await publish(world.people[kind])]).toEqual([kind, 'not_found']);
	expect(await listed(null)).toEqual([]);
	expect(await publish(world.people.programme)).toBe('ok');
	expect(await listed(null)).toEqual([recording]);
	expect(await watchers()).toEqual(['visitor', ...personKinds].sort());
	expect(await open(null, randomUUID())).toBeNull();
	expect(await publish(world.people.programme, false)).toBe('ok');
	expect(await watchers()).toEqual(['owner', 'programme']);
});

test('what an egress wrote is kept under a hold when its recording is sealed, and deleted after it', async () => {
	const { rows: made } = await db.owner.query<{ id: string }>(
		`insert into private.egresses (recording_id, egress_id, state, length_ms, asked_at)
		values ($1, 'EG_sealed', 'complete', 60000, now() - interval '1 hour') returning id`,
		[recording]
	);
	const action = async () =>
		readValue(db.app, `select action from private.list_egress_actions('{}') where id = $1`, [made[0]?.id]);
	await db.owner.query(
		`insert into private.legal_holds (summit_id, class, reason, placed_by) values ($1, 'recordings', 'A court asked', $2)`,
		[world.summit, chair.person]
	);
	// Its file is in the store already.
	expect(await action()).toBe('drop');
	await db.owner.query(`select private.seal_recording($1, 'level')`, [recording]);
	expect(await action()).toBeNull();
	await db.owner.query('delete from private.legal_holds');
	expect(await action()).toBe('drop');
});

test('consent to be shown is checked when it is published, and withdrawing it hides the recording at once', async () => {
	await giveConsents(db.owner, session, world.people.speaker, true, false);
	expect(await publish(world.people.programme)).toBe('consent');
	await giveConsents(db.owner, session, world.people.speaker, true, true);
	expect(await publish(world.people.programme)).toBe('ok');
	expect(await open(null)).not.toBeNull();
	await giveConsents(db.owner, session, world.people.speaker, true, false);
	expect(await open(null)).toBeNull();
	expect(await listed(world.people.delegate)).toEqual([]);
	// After a new consent it is shown only once somebody publishes it again.
	await giveConsents(db.owner, session, world.people.speaker, true, true);
	expect(await open(null)).toBeNull();
});

test('withdrawing consent to be recorded seals it for everybody, permanently', async () => {
	await publish(world.people.programme);
	await giveConsents(db.owner, session, world.people.speaker, false);
	expect(await watchers()).toEqual([]);
	await giveConsents(db.owner, session, world.people.speaker, true);
	expect(await watchers()).toEqual([]);
	expect(await publish(world.people.programme)).toBe('refused');
	const object = await readValue<string>(db.owner, `select object_name from private.recordings where id = $1`, [
		recording
	]);
	expect(await callAs(db.owner, world.people.stage, 'public.delete_recording($1)', [recording])).toBe('not_found');
	expect(await callAs(db.owner, world.people.programme, 'public.delete_recording($1)', [recording])).toBe('ok');
	expect(await readValue(db.owner, `select state from private.stored_objects where name = $1`, [object])).toBe(
		'deletable'
	);
});

test.each(['members', 'chatham_house', 'closed'] as const)(
	'raising the level to %s seals it, and lowering it again opens nothing',
	async (level) => {
		await publish(world.people.programme);
		expect(await open(world.people.delegate)).not.toBeNull();
		await db.owner.query(
			`update public.sessions set is_recorded = false, level = $2, audience = 'listed' where id = $1`,
			[session, level]
		);
		expect(await watchers()).toEqual([]);
		await db.owner.query(`update public.sessions set level = 'public', audience = 'everyone' where id = $1`, [session]);
		expect(await watchers()).toEqual([]);
		expect(await listed(world.people.delegate)).toEqual([]);
	}
);

test('a recording made for members stays theirs when the session is opened to everybody', async () => {
	await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		session
	]);
	await callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit]);
	await made();
	expect(await publish(world.people.programme)).toBe('ok');
	const members = ['delegate', 'listed', 'owner', 'programme', 'safeguarding', 'speaker', 'stage', 'virtual'];
	expect(await watchers()).toEqual(members);
	await db.owner.query(`update public.sessions set level = 'public', audience = 'everyone' where id = $1`, [session]);
	await callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit]);
	expect(await open(null)).toBeNull();
	expect(await watchers()).toEqual(members);
});

test('a person barred from the session cannot watch it either', async () => {
	await publish(world.people.programme);
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id, session_id) values ($1, $2, $3)`, [
		world.summit,
		world.people.delegate.person,
		session
	]);
	expect(await open(world.people.delegate)).toBeNull();
	expect(await open(world.people.virtual)).not.toBeNull();
});

test('captions that may be kept have the right times, for people who may watch', async () => {
	await db.owner.query(`update public.runs set started_at = now() - interval '50 seconds' where id = $1`, [world.run]);
	await db.owner.query(
		`update private.recording_parts set started_at = (select started_at from public.runs where id = $2) + interval '10 seconds' where recording_id = $1`,
		[recording, world.run]
	);
	const say = (number: number, starts: number, kept: boolean) =>
		db.owner.query(
			`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept) values ($1, 'fr', $2, $3, $3 + 2000, $4, $5)`,
			[world.run, number, starts, `Ligne ${number}`, kept]
		);
	await say(1, 1000, true);
	await say(2, 15_000, true);
	await say(3, 20_000, false);
	const captions = (who: TestPerson | null) =>
		callAs<object | null>(db.owner, who, 'public.recording_captions($1, $2)', [world.summit, recording]);
	expect(await captions(null)).toBeNull();
	await publish(world.people.programme);
	// The first line was said before the recording began.
	expect(await captions(null)).toEqual({ fr: [{ starts: 5000, ends: 7000, words: 'Ligne 2' }] });
});
