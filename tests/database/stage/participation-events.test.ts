/* Events about questions, hands, chat and polls: ids only, and nothing to viewers that they may not see. */
import type pg from 'pg';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { openRuns, questionActs, type Runs } from '../../fixtures/level-runs.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let listener: pg.Client;
let world: World;
let runs: Runs;
let received: string[] = [];

beforeAll(async () => {
	listener = await db.connect();
	await listener.query('listen live_events');
	listener.on('notification', ({ payload }) => received.push(payload ?? ''));
});
beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
});

/** Everything sent before this notification has arrived. */
async function settle(word: string): Promise<void> {
	await db.owner.query(`select pg_notify('live_events', $1)`, [word]);
	while (received.at(-1) !== word) await listener.query('select 1');
}

/** The topics and kinds of the events that an act sends on the members' run, in order. */
async function during(act: () => Promise<unknown>): Promise<string[]> {
	await settle('begin');
	received = [];
	await act();
	await settle('end');
	return received.slice(0, -1).flatMap((payload) => {
		const { topic, kind, ...rest } = JSON.parse(payload) as Record<string, string>;
		expect(Object.keys(rest)).toEqual(['id']);
		return topic?.endsWith(runs.of.members) ? [`${topic.split(':')[0]} ${kind}`] : [];
	});
}

test('a question that is waiting, rejected or withdrawn before approval sends an event to its desk only', async () => {
	const acts = questionActs(db.owner, world, runs);
	const { delegate, virtual, stage } = world.people;
	let id = '';
	expect(await during(async () => (id = await acts.asked(delegate, 'members', 'Secretly?')))).toEqual([
		'desk question'
	]);
	expect(await during(() => acts.set(stage, id, 'declined'))).toEqual(['desk question']);
	expect(await during(() => acts.vote(virtual, id))).toEqual([]);
	expect(await during(() => callAs(db.owner, delegate, 'public.withdraw_question($1)', [id]))).toEqual([
		'desk question'
	]);
	id = await acts.asked(delegate, 'members', 'Openly?');
	expect(await during(() => acts.set(stage, id, 'approved'))).toEqual(['desk question', 'run question']);
	expect(await during(() => acts.vote(virtual, id))).toEqual(['desk question', 'run question']);
	// Repeating a vote changes nothing, and sends no event.
	expect(await during(() => acts.vote(virtual, id))).toEqual([]);
	expect(await during(() => acts.set(stage, id, 'declined'))).toEqual(['desk question', 'run question']);
});

test('a message sends an event to chat readers only; a mute to the desk and the person', async () => {
	const { delegate, stage } = world.people;
	const send = (body: string) => callAs(db.owner, delegate, 'public.send_message($1, $2)', [runs.of.members, body]);
	expect(await during(() => send('Hello'))).toEqual(['chat message']);
	expect(await during(() => send('At once again'))).toEqual([]);
	const id = await readValue<string>(db.owner, 'select id from private.chat_messages where run_id = $1', [
		runs.of.members
	]);
	expect(await during(() => callAs(db.owner, stage, 'public.mute_author($1, true)', [id]))).toEqual(['desk message']);
	expect(await during(() => callAs(db.owner, stage, 'public.delete_message($1)', [id]))).toEqual(['chat message']);
	expect(await during(() => send('Muted'))).toEqual([]);
});

test('a poll in preparation sends an event to the desk only; hands send no ids of people', async () => {
	const { stage, delegate } = world.people;
	const make = (open: boolean) =>
		callAs(db.owner, stage, `public.create_poll($1, 'Agreed?', 'single', '{Yes,No}', false, true, $2)`, [
			world.sessions.members.id,
			open
		]);
	expect(await during(() => make(false))).toEqual(['desk poll']);
	expect(await during(() => make(true))).toEqual(['desk poll', 'run poll']);
	const id = await readValue<string>(
		db.owner,
		`select id from private.polls where session_id = $1 and state = 'draft'`,
		[world.sessions.members.id]
	);
	expect(await during(() => callAs(db.owner, stage, 'public.delete_poll($1)', [id]))).toEqual(['desk poll']);
	expect(await during(() => callAs(db.owner, delegate, 'public.raise_hand($1)', [runs.of.members]))).toEqual([
		'desk hands',
		'run hands'
	]);
	// Only that person learns that it is theirs.
	const named = received.filter((payload) => payload.includes(delegate.person));
	expect(named.map((payload) => (JSON.parse(payload) as { topic: string }).topic)).toEqual([
		`person:${delegate.person}`
	]);
});
