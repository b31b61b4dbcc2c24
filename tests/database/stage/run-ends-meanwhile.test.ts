/* Writes at the moment when a run ends: they happen before the end, which deletes them, or they are refused. */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { codeOf, makeInterpreter } from '../../fixtures/interpreting.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
let run: string;
let interpreter: TestPerson;
let message: string;

// A session without names, on air: its end deletes everything that says who was there.
beforeEach(async () => {
	const { people, sessions } = stage.world;
	run = (await stage.openRun(stage.chair, 'chatham_house')).run ?? '';
	await stage.setState(people.stage, stage.world.run, 'ended');
	await stage.setState(stage.chair, run, 'live');
	interpreter = await makeInterpreter(stage.owner, stage.world, 'Person booth', 'fr', 'chatham_house');
	await stage.join(people.speaker, 'speaker', 'chatham_house');
	await stage.owner.query(`insert into private.booths (run_id, language, is_signed) values ($1, 'fr', false)`, [run]);
	await stage.callAs(people.delegate, `select public.confirm_notice($1)`, [sessions.chatham_house.id]);
	await stage.callAs(people.delegate, `select public.send_message($1, 'In confidence')`, [run]);
	message = await stage.one(stage.owner, `select id from private.chat_messages where run_id = $1`, [run]);
});

/** Ends the run while `act`, which has read that the run is open, is in progress. Returns its answer. */
async function endMeanwhile(act: (client: pg.Client) => Promise<unknown>, appUrl?: string): Promise<unknown> {
	const [ending, acting] = [await stage.db.connect(), await stage.db.connect(appUrl)];
	const pid = await stage.one<number>(acting, 'select pg_backend_pid()');
	await ending.query('begin');
	await setCaller(ending, stage.chair);
	expect(await stage.one(ending, `select public.set_run_state($1, 'ended')`, [run])).toBe('ok');
	let isOver = false;
	const acted = act(acting).finally(() => (isOver = true));
	const waits = `select exists (select from pg_locks where pid = $1 and not granted)`;
	await expect.poll(async () => isOver || (await stage.one<boolean>(stage.owner, waits, [pid]))).toBe(true);
	await ending.query('commit');
	return acted;
}
const asSomebody = (who: TestPerson, sql: string, ...values: unknown[]) =>
	endMeanwhile(async (client) => {
		await client.query('begin');
		await setCaller(client, who);
		const answer = await stage.one<unknown>(client, `select public.${sql}`, values);
		await client.query('commit');
		return answer;
	});
const asApp = (sql: string, ...values: unknown[]) =>
	endMeanwhile((client) => stage.one(client, `select private.${sql}`, values), stage.db.appUrl);

/** How many rows of the run a table has; for a booth, the rows of its booths. */
const left = (table: string) =>
	stage.one<number>(
		stage.owner,
		table.startsWith('booth_')
			? `select count(*)::int from private.${table} as x join private.booths as b on b.id = x.booth_id where b.run_id = $1`
			: `select count(*)::int from private.${table} where run_id = $1`,
		[run]
	);

const cases: Record<string, [table: string, act: () => Promise<unknown>, refusal: unknown]> = {
	'a line of captions': [
		'caption_lines',
		() => asSomebody(stage.chair, `write_caption($1, 'en', 'Hello')`, run),
		{ status: 'not_found' }
	],
	'a message of a booth': [
		'booth_messages',
		() => asSomebody(interpreter, `send_booth_message($1, 'fr', 'Hello')`, run),
		'not_found'
	],
	'the page of a booth': [
		'booth_heartbeats',
		() => asSomebody(interpreter, `send_booth_heartbeat($1, 'fr')`, run),
		'not_found'
	],
	'an interpreter on air': [
		'run_participants',
		() => asSomebody(interpreter, `take_booth($1, 'fr')`, run),
		'not_found'
	],
	'a muted author': ['chat_mutes', () => asSomebody(stage.chair, `mute_author($1, true)`, message), 'not_found'],
	'a host of the run': [
		'run_hosts',
		async () =>
			asSomebody(
				stage.chair,
				`make_run_host($1, $2, true)`,
				run,
				await codeOf(stage.owner, stage.world.people.speaker)
			),
		'not_found'
	],
	'a page that reads captions': [
		'run_listeners',
		() => asApp(`save_listener($1, $2, 'visit-of-a-page-1', null, true)`, stage.world.people.delegate.person, run),
		'none'
	],
	'a desk that listens': [
		'desk_monitors',
		() => asApp(`desk_pass($1, $2, $3)`, stage.world.people.stage.person, stage.world.summit, run),
		{ status: 'none' }
	],
	'a pass of a viewer': [
		'run_participants',
		() => asApp(`stage_pass($1, $2, 'plenary')`, stage.world.people.delegate.person, stage.world.summit),
		{ status: 'none' }
	],
	'a LiveKit room': [
		'livekit_rooms',
		() => endMeanwhile((client) => stage.one(client, `select private.ensure_livekit_room($1, 'stage')`, [run])),
		null
	]
};

test.each(Object.entries(cases))('%s does not outlive the run', async (_, [table, act, refusal]) => {
	expect([await act(), await left(table)]).toEqual([refusal, 0]);
});

// Tables whose rows stay after a run, because nothing in them must be deleted with it.
const outlives = [
	'presence',
	'sealed_presence',
	'recordings',
	'egresses',
	'large_audiences',
	// A connection belongs to a participant, and its end is often reported after the run.
	'run_connections',
	'concerns'
];
// These write for callers that already hold the run, or in the act that writes the run itself.
const heldByCaller = ['add_booth_line', 'add_caption', 'assign_hall_device', 'follow_run_room', 'set_floor_consent'];
// The code of a browser at the desk of a room, and the room of a meeting, for no run.
const ofNoRun = ['make_hall_code', 'open_meeting_room'];

test('every function that writes a row of a run locks the run, so that it cannot end meanwhile', async () => {
	const { rows } = await stage.owner.query<{ name: string }>(
		`with tables as (
			select distinct c.conrelid as id from pg_constraint as c
			where c.contype = 'f' and c.confrelid in ('public.runs'::regclass, 'private.booths'::regclass)
		), named as (
			select c.oid::regclass::text as qualified from pg_class as c join tables on tables.id = c.oid
			where c.relname <> all ($1)
		)
		select distinct p.proname as name from pg_proc as p, named
		where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
			and p.prosrc ~ ('insert into (public\\.)?' || replace(named.qualified, '.', '\\.') || '\\M')
			and p.prosrc !~ '(hold_open_run|lock_booth|lock_stage_settings)\\('
			and p.prosrc !~ 'public\\.runs[^;]* for (share|update)'
		order by 1`,
		[outlives]
	);
	expect(rows.map(({ name }) => name)).toEqual([...heldByCaller, ...ofNoRun].toSorted());
});
