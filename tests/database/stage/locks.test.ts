/* Acts on a stage at the same moment: each is refused or done completely, and no two wait for each other. */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { actAs, setCaller, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

/** A connection of its own, and whether it is waiting for a lock. */
async function waiter(as?: string): Promise<{ client: pg.Client; waits: () => Promise<boolean> }> {
	const client = await stage.db.connect(as);
	const pid = await stage.one<number>(client, 'select pg_backend_pid()');
	return {
		client,
		waits: () =>
			stage.one<boolean>(stage.owner, 'select exists (select from pg_locks where pid = $1 and not granted)', [pid])
	};
}
const raise = (client: pg.Client) =>
	client.query(`update public.sessions set level = 'chatham_house', is_recorded = false where id = $1`, [
		stage.world.sessions.members.id
	]);
const levelOf = (run: string) => stage.one<string>(stage.owner, `select level from public.runs where id = $1`, [run]);

async function plannedToRecord(): Promise<string> {
	const { members } = stage.world.sessions;
	await stage.owner.query(`update public.sessions set is_recorded = true where id = $1`, [members.id]);
	await stage.callAs(stage.world.people.programme, `select public.publish_release($1)`, [stage.world.summit]);
	await stage.owner.query(`update public.session_people set consent_record = true where session_id = $1`, [members.id]);
	return stage.liveMembersRun();
}

test.each([
	['a run is locked', 'public.runs', 'id'],
	['its staging is locked', 'private.run_stage_settings', 'run_id']
])('a door that is closed while a level is raised, midway while %s: both are done', async (_, table, column) => {
	const run = await stage.liveMembersRun();
	await stage.owner.query(`select private.lock_stage_settings($1)`, [run]);
	const [holder, locker, raiser] = [await waiter(), await waiter(), await waiter()];
	await holder.client.query('begin');
	await holder.client.query(`select from ${table} where ${column} = $1 for update`, [run]);
	const locking = actAs(locker.client, stage.chair, `select public.lock_entry($1, 'people') as status`, [run]);
	await expect.poll(locker.waits).toBe(true);
	const raising = raise(raiser.client);
	await expect.poll(raiser.waits).toBe(true);
	await holder.client.query('commit');
	expect(await locking).toEqual([{ status: 'ok' }]);
	await raising;
	expect([
		await levelOf(run),
		await stage.one(stage.owner, `select entry_lock from private.run_stage_settings where run_id = $1`, [run]),
		await stage.one(
			stage.owner,
			`select count(*)::int from private.livekit_rooms where run_id = $1 and closed_at is null`,
			[run]
		)
	]).toEqual(['chatham_house', 'people', 2]);
});

test('two hosts who close and open the door, and one who changes who may write, all at once', async () => {
	const { people, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	const hosts = [stage.chair, people.stage];
	const clients = await Promise.all(Array.from({ length: 6 }, () => stage.db.connect()));
	const acts: ((client: pg.Client, who: TestPerson) => Promise<unknown>)[] = [
		(client, who) => actAs(client, who, `select public.lock_entry($1, 'registered')`, [run]),
		(client, who) => actAs(client, who, `select public.lock_entry($1, null)`, [run]),
		(client, who) =>
			actAs(client, who, `select public.save_participation_settings($1, '{"chat":"open"}')`, [sessions.members.id])
	];
	for (let round = 0; round < 5; round++)
		await Promise.all(clients.map((client, n) => acts[n % 3]?.(client, hosts[n % 2] ?? stage.chair)));
	expect(
		await stage.one(
			stage.owner,
			`select count(*)::int from private.livekit_rooms where run_id = $1 and closed_at is null`,
			[run]
		)
	).toBe(2);
});

test('a recording that starts while a level is raised is sealed; afterwards none can start', async () => {
	const run = await plannedToRecord();
	const [holder, starter, raiser] = [await waiter(), await waiter(), await waiter()];
	await holder.client.query('begin');
	await holder.client.query(`select from public.runs where id = $1 for update`, [run]);
	const starting = actAs<{ answer: { status: string } }>(
		starter.client,
		stage.chair,
		`select public.start_recording($1) as answer`,
		[run]
	);
	await expect.poll(starter.waits).toBe(true);
	const raising = raise(raiser.client);
	await expect.poll(raiser.waits).toBe(true);
	await holder.client.query('commit');
	expect((await starting)[0]?.answer.status).toBe('ok');
	await raising;
	expect(
		(await stage.owner.query(`select state, reason from private.recordings where run_id = $1`, [run])).rows
	).toEqual([{ state: 'sealed', reason: 'level' }]);
	expect(await stage.callAs(stage.chair, `select public.start_recording($1)`, [run])).toEqual({ status: 'level' });
});

test('a recording that is requested while a level is being raised is refused', async () => {
	const run = await plannedToRecord();
	const [starter, raiser] = [await waiter(), await waiter()];
	await raiser.client.query('begin');
	await raise(raiser.client);
	const starting = actAs<{ answer: { status: string } }>(
		starter.client,
		stage.chair,
		`select public.start_recording($1) as answer`,
		[run]
	);
	await expect.poll(starter.waits).toBe(true);
	await raiser.client.query('commit');
	expect((await starting)[0]?.answer).toEqual({ status: 'level' });
});

test('two hosts who start a recording at once start one', async () => {
	const run = await plannedToRecord();
	const clients = await Promise.all([stage.db.connect(), stage.db.connect()]);
	const answers = await Promise.all(
		clients.map(async (client, n) => {
			const [row] = await actAs<{ answer: { status: string } }>(
				client,
				n === 0 ? stage.chair : stage.world.people.stage,
				`select public.start_recording($1) as answer`,
				[run]
			);
			return row?.answer.status;
		})
	);
	expect(answers.toSorted()).toEqual(['already', 'ok']);
});

test('a vote while the level is raised is counted, and the level is raised', async () => {
	const { people, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	for (const question of ['First', 'Second'])
		await stage.callAs(stage.chair, `select public.create_poll($1, $2, 'single', '{A,B}', false, true, true)`, [
			sessions.members.id,
			question
		]);
	const { rows } = await stage.owner.query<{ poll: string; option: string }>(
		`select x.id as poll, min(o.id::text) as option from private.polls as x join private.poll_options as o on o.poll_id = x.id
		where x.session_id = $1 group by x.id, x.created_at order by x.created_at desc`,
		[sessions.members.id]
	);
	const [voter, raiser] = [await waiter(), await waiter()];
	await voter.client.query('begin');
	await setCaller(voter.client, people.delegate);
	const vote = async (n: number) =>
		stage.one<string>(voter.client, `select public.vote_in_poll($1, $2)`, [rows[n]?.poll, [rows[n]?.option]]);
	expect(await vote(0)).toBe('ok');
	const raising = raise(raiser.client);
	await expect.poll(raiser.waits).toBe(true);
	expect(await vote(1)).toBe('ok');
	await voter.client.query('commit');
	await raising;
	expect(await levelOf(run)).toBe('chatham_house');
});

test('a token issued at the moment of a bar is for a room that the bar closes', async () => {
	const { people, summit, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	const [joining, barring] = [await waiter(stage.db.appUrl), await waiter()];
	await joining.client.query('begin');
	const given = await stage.one<{ status: string; room: string }>(
		joining.client,
		`select private.stage_pass($1, $2, 'plenary')`,
		[people.virtual.person, summit]
	);
	expect(given.status).toBe('ok');
	let isBarred = false;
	const bar = barring.client
		.query(`insert into private.entry_bars (summit_id, person_id, session_id) values ($1, $2, $3)`, [
			summit,
			people.virtual.person,
			sessions.members.id
		])
		.then(() => (isBarred = true));
	await expect.poll(async () => isBarred || (await barring.waits())).toBe(true);
	await joining.client.query('commit');
	await bar;
	expect(await stage.rights(given.room)).toMatchObject({ is_open: false });
	expect(await stage.one(stage.owner, `select private.ensure_livekit_room($1, 'stage')`, [run])).not.toBe(given.room);
	expect((await stage.pass(people.virtual)).status).toBe('barred');
});

test('a token requested while the level is raised is for the former room, not for the new one', async () => {
	const { people, summit, sessions, run } = stage.world;
	const [joining, raiser] = [await waiter(stage.db.appUrl), await waiter()];
	const before = await stage.one<string>(stage.owner, `select private.ensure_livekit_room($1, 'stage')`, [run]);
	await raiser.client.query('begin');
	await raiser.client.query(`select from public.runs where id = $1 for update`, [run]);
	// Not registered: may watch a public session, but not one for members.
	const giving = stage.one<{ status: string; room?: string }>(
		joining.client,
		`select private.stage_pass($1, $2, 'plenary')`,
		[people.newcomer.person, summit]
	);
	await expect.poll(joining.waits).toBe(true);
	await raiser.client.query(
		`update public.sessions set level = 'members', audience = 'registered', is_recorded = false where id = $1`,
		[sessions.public.id]
	);
	await raiser.client.query('commit');
	const given = await giving;
	if (given.status === 'ok') expect(given.room).toBe(before);
	expect(await stage.rights(before)).toMatchObject({ is_open: false });
	expect((await stage.pass(people.newcomer)).status).toBe('none');
});

test('a call, a raised level and a host who takes people off, all at once, over and over', async () => {
	const { people } = stage.world;
	const run = await stage.liveMembersRun();
	const viewers = [people.virtual, people.delegate, people.listed];
	const clients = await Promise.all(Array.from({ length: 4 }, () => stage.db.connect()));
	for (let round = 0; round < 4; round++) {
		for (const who of viewers) await stage.callAs(who, `select public.raise_hand($1)`, [run]);
		const { rows } = await stage.owner.query<{ id: string }>(
			`select id from private.hands where run_id = $1 and state = 'waiting'`,
			[run]
		);
		await Promise.all([
			...rows.map(({ id }, n) =>
				actAs(clients[n] as pg.Client, n === 0 ? stage.chair : people.stage, `select public.call_hand($1)`, [id])
			),
			round === 1 ? raise(clients[3] as pg.Client) : stage.setOnStage(stage.chair, run, people.virtual, false)
		]);
		await Promise.all(
			rows.map(({ id }, n) => actAs(clients[n] as pg.Client, stage.chair, `select public.end_turn($1)`, [id]))
		);
		expect(
			await stage.one(
				stage.owner,
				`select count(*)::int from private.run_participants where run_id = $1 and (is_on_stage or is_promoted)`,
				[run]
			)
		).toBe(0);
		await stage.owner.query(`update private.hands set raised_at = raised_at - interval '5 minutes' where run_id = $1`, [
			run
		]);
	}
	expect(await levelOf(run)).toBe('chatham_house');
});

test('closing a door while the run ends does not lock the stage, and is refused', async () => {
	const run = await stage.liveMembersRun();
	await stage.owner.query(`select private.lock_stage_settings($1)`, [run]);
	const [ending, locker] = [await waiter(), await waiter()];
	await ending.client.query('begin');
	await setCaller(ending.client, stage.chair);
	await ending.client.query(`select public.set_run_state($1, 'ended')`, [run]);
	const locking = actAs(locker.client, stage.chair, `select public.lock_entry($1, 'people') as status`, [run]);
	await expect.poll(locker.waits).toBe(true);
	// The end of a run locks the stage after the run, when a person in the spotlight leaves.
	expect(
		await stage.one(
			stage.owner,
			`select count(*)::int from (select from private.run_stage_settings where run_id = $1 for update skip locked) as free`,
			[run]
		)
	).toBe(1);
	await ending.client.query('commit');
	expect(await locking).toEqual([{ status: 'not_found' }]);
});
