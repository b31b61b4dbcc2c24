/* A bar leaves nothing behind of what the person did in a run: on stage, in booths, in the room of a workshop, at the door. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { makeInterpreter } from '../../fixtures/interpreting.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
let run: string;
let anna: TestPerson;

const bar = async (who: TestPerson, level: 'public' | 'members') =>
	expect(
		await stage.callAs(stage.chair, `select public.bar_from_session($1, $2, true)`, [
			stage.world.sessions[level].id,
			await stage.code(who)
		])
	).toBe('ok');
const barFromSummit = (who: TestPerson) =>
	stage.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
		stage.world.summit,
		who.person
	]);
const onAir = () =>
	stage.one<string | null>(
		stage.owner,
		`select p.person_id from private.booths as b left join private.run_participants as p on p.id = b.on_air where b.run_id = $1`,
		[run]
	);

beforeEach(async () => {
	run = stage.world.run;
	const { id } = stage.world.sessions.public;
	await stage.owner.query(`update public.sessions set interpreted = '{fr}' where id = $1`, [id]);
	anna = await makeInterpreter(stage.owner, stage.world, 'Anna', 'fr');
});

test.each([
	['a session', (who: TestPerson) => bar(who, 'public')],
	['the Summit', barFromSummit]
])('an interpreter who is barred from %s goes off air at once', async (_, act) => {
	expect(await stage.callAs(anna, `select public.take_booth($1, 'fr')`, [run])).toBe('ok');
	await stage.callAs(anna, `select public.send_booth_heartbeat($1, 'fr')`, [run]);
	expect(await onAir()).toBe(anna.person);
	await act(anna);
	expect(await onAir()).toBeNull();
	expect(await stage.one(stage.owner, `select count(*)::int from private.booth_heartbeats`)).toBe(0);
	expect(await stage.callAs(anna, `select public.take_booth($1, 'fr')`, [run])).toBe('not_found');
});

test('a delegate who was called leaves the stage, the spotlight and the turn; one who waits, the queue', async () => {
	const { delegate, virtual } = stage.world.people;
	for (const who of [delegate, virtual])
		expect(await stage.callAs(who, `select public.raise_hand($1)`, [run])).toBe('ok');
	const hand = (who: TestPerson) =>
		stage.one<{ id: string; state: string }>(
			stage.owner,
			`select jsonb_build_object('id', id, 'state', state) from private.hands where run_id = $1 and person_id = $2`,
			[run, who.person]
		);
	expect(await stage.callAs(stage.chair, `select public.call_hand($1)`, [(await hand(delegate)).id])).toBe('ok');
	expect(
		await stage.callAs(stage.chair, `select public.set_spotlight($1, $2)`, [run, await stage.code(delegate)])
	).toBe('ok');
	await bar(delegate, 'public');
	await barFromSummit(virtual);
	expect([(await hand(delegate)).state, (await hand(virtual)).state]).toEqual(['done', 'lowered']);
	expect(
		await stage.one(stage.owner, `select spotlight_id from private.run_stage_settings where run_id = $1`, [run])
	).toBeNull();
	expect(
		await stage.one(stage.owner, `select count(*)::int from private.run_participants where is_on_stage or is_promoted`)
	).toBe(0);
});

test('a host who is barred runs nothing, and the engines to which they gave a token write nothing', async () => {
	const { speaker, stage: manager } = stage.world.people;
	expect(
		await stage.callAs(stage.chair, `select public.make_run_host($1, $2, true)`, [run, await stage.code(speaker)])
	).toBe('ok');
	const token = (who: TestPerson, hash: string) =>
		stage.callAs(who, `select public.make_caption_token($1, 'en', $2)`, [run, hash.repeat(64)]);
	expect([await token(speaker, 'a'), await token(stage.chair, 'b')]).toEqual(['ok', 'ok']);
	const post = (hash: string) =>
		stage.one<{ status: string }>(stage.app, `select private.post_captions($1, '[{"words": "Canary"}]')`, [
			hash.repeat(64)
		]);
	expect((await post('a')).status).toBe('ok');
	await bar(speaker, 'public');
	expect([(await post('a')).status, (await post('b')).status]).toEqual(['refused', 'ok']);
	expect(await stage.setState(speaker, run, 'paused')).not.toBe('ok');
	expect(await stage.setState(manager, run, 'paused')).toBe('ok');
});

test('who is barred from a workshop gives back the screen, the camera place, the hand and the breakout room', async () => {
	const { delegate, virtual } = stage.world.people;
	await stage.owner.query(`update public.sessions set stage_format = 'meeting', is_recorded = false where id = $1`, [
		stage.world.sessions.members.id
	]);
	run = await stage.liveMembersRun();
	for (const who of [delegate, virtual, stage.chair])
		expect(
			await stage.one<{ status: string }>(stage.app, `select private.run_room_pass($1, $2)`, [who.person, run])
		).toMatchObject({ status: 'ok' });
	const share = (who: TestPerson) => stage.callAs(who, `select public.share_meeting_screen($1, true)`, [run]);
	expect(await share(delegate)).toBe('ok');
	expect(await share(virtual)).toBe('conflict');
	await stage.callAs(delegate, `select public.raise_meeting_hand($1, true)`, [run]);
	await bar(delegate, 'members');
	const { rows } = await stage.owner.query(
		`select admitted_at, hand_at, shares_at, camera_at, breakout from private.meeting_participants
		where room_id = $1 and person_id = $2`,
		[run, delegate.person]
	);
	expect(rows).toEqual([{ admitted_at: null, hand_at: null, shares_at: null, camera_at: null, breakout: null }]);
	expect(await share(virtual)).toBe('ok');
	// After the bar a locked room lets nobody in unseen.
	await stage.callAs(stage.chair, `select public.set_meeting_room_lock($1, true)`, [run]);
	await stage.owner.query('delete from private.entry_bars');
	expect(await stage.one(stage.app, `select private.run_room_pass($1, $2)`, [delegate.person, run])).toEqual({
		status: 'waiting'
	});
});

test('who may come back to a workshop after a bar follows it as somebody who never asked to enter', async () => {
	const { delegate } = stage.world.people;
	await stage.owner.query(`update public.sessions set stage_format = 'meeting', is_recorded = false where id = $1`, [
		stage.world.sessions.members.id
	]);
	run = await stage.liveMembersRun();
	for (const who of [delegate, stage.chair])
		await stage.one(stage.app, `select private.run_room_pass($1, $2)`, [who.person, run]);
	const follows = async () =>
		(await stage.callAs<string[]>(delegate, `select public.allowed_topics($1)`, [[`run:${run}`]])).length === 1;
	const listens = () =>
		stage.one(stage.app, `select private.save_listener($1, $2, $3, 'fr', true)`, [
			delegate.person,
			run,
			'v'.repeat(16)
		]);
	expect(await follows()).toBe(true);
	await bar(delegate, 'members');
	expect([await follows(), await listens()]).toEqual([false, 'barred']);
	await stage.owner.query('delete from private.entry_bars');
	expect([await follows(), await listens()]).toEqual([true, 'ok']);
	await stage.callAs(stage.chair, `select public.set_meeting_room_lock($1, true)`, [run]);
	expect([await follows(), await listens()]).toEqual([false, 'none']);
});

test('a token of an engine that is made at the moment of the bar does not outlive it, nor is one made after it', async () => {
	const host = stage.chair;
	// The host was never connected, so that no place in the run is theirs.
	expect(
		await stage.one(stage.owner, `select count(*)::int from private.run_participants where person_id = $1`, [
			host.person
		])
	).toBe(0);
	const [one, other] = [await stage.db.connect(), await stage.db.connect()];
	const make = async (client: typeof one, hash: string) => {
		await setCaller(client, host);
		return stage.one<string>(client, `select public.make_caption_token($1, 'en', $2)`, [run, hash.repeat(64)]);
	};
	const [pidOfOne, pidOfOther] = await Promise.all(
		[one, other].map((client) => stage.one<number>(client, 'select pg_backend_pid()'))
	);
	const waits = async (pid: number | undefined, act: Promise<unknown>) => {
		let isOver = false;
		void act.finally(() => (isOver = true));
		await expect
			.poll(
				async () =>
					isOver ||
					(await stage.one<boolean>(
						stage.owner,
						`select exists (select from pg_locks where pid = $1 and not granted)`,
						[pid]
					))
			)
			.toBe(true);
	};
	const insert = `insert into private.entry_bars (summit_id, person_id) values ($1, $2)`;
	await one.query('begin');
	expect(await make(one, 'c')).toBe('ok');
	const barring = other.query(insert, [stage.world.summit, host.person]);
	await waits(pidOfOther, barring);
	await one.query('commit');
	await barring;
	const working = () =>
		stage.one(
			stage.owner,
			`select count(*)::int from private.caption_tokens where run_id = $1 and revoked_at is null`,
			[run]
		);
	expect(await working()).toBe(0);
	// The other way round.
	await stage.owner.query('delete from private.entry_bars');
	await other.query('begin');
	await other.query(insert, [stage.world.summit, host.person]);
	await one.query('begin');
	const making = make(one, 'd');
	await waits(pidOfOne, making);
	await other.query('commit');
	expect(await making).toBe('not_found');
	await one.query('commit');
	expect(await working()).toBe(0);
});

test('a device at the door answers nobody who is barred from the Summit', async () => {
	const { door } = stage.world.people;
	const status = () =>
		stage.one(stage.owner, `select private.device_status($1, jsonb_populate_record(null::private.door_devices, $2))`, [
			door.person,
			{ id: randomUUID(), summit_id: stage.world.summit, expires_at: new Date(Date.now() + 3_600_000).toISOString() }
		]);
	expect(await status()).toBe('ok');
	await barFromSummit(door);
	expect(await status()).toBe('not_allowed');
});
