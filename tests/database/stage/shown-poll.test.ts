/* A poll that is shown in the hall and online: by whom, what, and until when. */
import { beforeEach, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { openRuns, roomOf, type Level, type Runs } from '../../fixtures/level-runs.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
});

const make = (level: Level, isOpen: boolean) =>
	callAs(db.owner, runs.chair, 'public.create_poll($1, $2, $3, $4, false, true, $5)', [
		world.sessions[level].id,
		'Which first?',
		'single',
		['One', 'Two'],
		isOpen
	]);
const polls = async (who: TestPerson, level: Level) =>
	(
		await callAs<{ polls: { polls: { id: string }[]; drafts: { id: string }[] | null; shown: string | null } }>(
			db.owner,
			who,
			'public.read_stage_sidebar($1, $2)',
			[world.summit, roomOf(level)]
		)
	).polls;
const show = (who: TestPerson, level: Level, poll: string | null | undefined) =>
	callAs<string>(db.owner, who, 'public.show_poll($1, $2)', [runs.of[level], poll]);
const shown = async (who: TestPerson, level: Level) =>
	(
		await callAs<{ flow: { poll: string | null } }>(db.owner, who, 'public.read_stage($1, $2)', [
			world.summit,
			roomOf(level)
		])
	).flow.poll;

test('hosts and stage organisers show one, every reader gets an event, and it is taken off again', async () => {
	const { delegate, speaker, programme, stage } = world.people;
	await make('members', true);
	const poll = (await polls(delegate, 'members')).polls[0]?.id;
	for (const who of [delegate, speaker, programme]) expect(await show(who, 'members', poll)).toBe('not_found');
	expect([await show(runs.chair, 'members', poll), await show(stage, 'members', poll)]).toEqual(['ok', 'already']);
	expect([await shown(delegate, 'members'), (await polls(delegate, 'members')).shown]).toEqual([poll, poll]);
	expect([await show(stage, 'members', null), await shown(delegate, 'members')]).toEqual(['ok', null]);
});

test('a draft, and a poll of another session, cannot be shown; a deleted one disappears', async () => {
	const { delegate } = world.people;
	await make('members', false);
	const draft = (await polls(runs.chair, 'members')).drafts?.[0]?.id;
	expect(await show(runs.chair, 'members', draft)).toBe('not_found');
	await make('public', true);
	const other = (await polls(delegate, 'public')).polls[0]?.id;
	expect(await show(runs.chair, 'members', other)).toBe('not_found');
	expect(await show(runs.chair, 'public', other)).toBe('ok');
	await callAs(db.owner, runs.chair, 'public.delete_poll($1)', [other]);
	expect(await shown(delegate, 'public')).toBeNull();
});
