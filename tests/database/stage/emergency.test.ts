/*
 * The emergency button: one call raises the level, moves the run and seals the recording, for people who may and nobody
 * else.
 */
import { beforeEach, expect, test } from 'vitest';
import { makeRecordable, NoiseRecorder } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;

beforeEach(async () => {
	({ world, chair, session } = await makeRecordable(db.owner));
	await db.owner.query(`update public.sessions set audience = 'everyone', level = 'public' where id = $1`, [session]);
});

const raise = (who: TestPerson | null, level: string) =>
	callAs<string>(db.owner, who, 'public.raise_level_in_emergency($1, $2)', [session, level]);
const row = async () =>
	(await db.owner.query(`select level, audience, is_recorded from public.sessions where id = $1`, [session]))
		.rows[0] as object;
const rooms = async () =>
	(
		await db.owner.query<{ name: string }>(
			`select name from private.livekit_rooms where run_id = $1 and closed_at is null order by name`,
			[world.run]
		)
	).rows.map(({ name }) => name);
const recorded = async () =>
	(
		await db.owner.query<{ state: string; reason: string; pieces: number }>(
			`select state, reason, (select count(*)::int from private.recording_chunks as c where c.recording_id = g.id) as pieces
			from private.recordings as g where g.run_id = $1`,
			[world.run]
		)
	).rows;

async function record() {
	await callAs(db.owner, chair, 'public.start_recording($1)', [world.run]);
	const recorder = new NoiseRecorder(await db.connect(db.appUrl));
	await recorder.hold();
	await recorder.send(await recorder.begin());
	expect(await recorded()).toEqual([{ state: 'running', reason: '', pieces: 1 }]);
}

test.each([
	['chatham_house', 'registered'],
	['closed', 'listed']
])('raised to %s, the run has other rooms, and its recording is sealed', async (level, audience) => {
	await record();
	await readValue(db.owner, `select private.ensure_livekit_room($1, 'stage')`, [world.run]);
	const before = await rooms();
	expect(await raise(chair, level)).toBe('ok');
	expect(await row()).toEqual({ level, audience, is_recorded: false });
	expect(await recorded()).toEqual([{ state: 'sealed', reason: 'level', pieces: 0 }]);
	expect((await rooms()).filter((name) => before.includes(name))).toEqual([]);
	expect(await callAs(db.owner, null, 'public.recording_of_run($1)', [world.run])).toBeNull();
	expect(await raise(chair, level)).toBe('already');
	const { rows } = await db.owner.query(
		`select distinct actor_person, reason from audit.entries where table_name = 'public.sessions' and row_id = $1 and reason = 'emergency'`,
		[session]
	);
	expect(rows).toEqual([{ actor_person: chair.person, reason: 'emergency' }]);
});

test('hosts, stage managers, owners and safeguarding may use it, and nobody else finds anything', async () => {
	const { people } = world;
	await expect(raise(null, 'closed')).rejects.toThrow('permission denied');
	for (const who of [people.virtual, people.speaker, people.registration, people.programme])
		expect([who.name, await raise(who, 'closed')]).toEqual([who.name, 'not_found']);
	expect(await row()).toEqual({ level: 'public', audience: 'everyone', is_recorded: true });
	expect(await raise(people.safeguarding, 'chatham_house')).toBe('ok');
	expect(await raise(people.stage, 'closed')).toBe('ok');
});

test('it never lowers a level, and never sets one that can be recorded', async () => {
	expect(await raise(chair, 'members')).toBe('not_found');
	expect(await raise(chair, 'closed')).toBe('ok');
	expect(await raise(chair, 'chatham_house')).toBe('already');
	expect(await row()).toEqual({ level: 'closed', audience: 'listed', is_recorded: false });
});
