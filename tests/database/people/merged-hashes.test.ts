/* A person takes an alias during a session: they have no second vote, stay muted, and keep their own questions. */
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
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

interface Read {
	polls: { polls: { id: string; voters: number; options: { id: string; votes: number }[] }[]; mine: object };
	questions: { shown: { id: string; votes: number }[]; voted: string[]; mine: { id: string }[] };
	chat: { may: string; messages: { id: string }[] } | null;
}
const read = (who: TestPerson, level: Level) =>
	callAs<Read>(db.owner, who, 'public.read_stage_sidebar($1, $2)', [world.summit, roomOf(level)]);

/** A person under another id, as an alias assigns it. */
async function renewed(who: TestPerson): Promise<TestPerson> {
	return {
		...who,
		person: await readValue<string>(db.owner, `select private.rotate_person_identity($1)`, [who.person])
	};
}

test.each(['members', 'chatham_house'] as const)('a vote at level %s counts once', async (level) => {
	const { delegate } = world.people;
	await callAs(db.owner, runs.chair, 'public.create_poll($1, $2, $3, $4, false, false, true)', [
		world.sessions[level].id,
		'Which first?',
		'single',
		['One', 'Two']
	]);
	const [poll] = (await read(delegate, level)).polls.polls;
	const vote = (who: TestPerson, option: number) =>
		callAs<string>(db.owner, who, 'public.vote_in_poll($1, $2)', [poll?.id, [poll?.options[option]?.id]]);
	expect(await vote(delegate, 0)).toBe('ok');
	const alias = await renewed(delegate);
	expect(await vote(alias, 1)).toBe('already');
	const after = await read(alias, level);
	expect(after.polls.polls[0]).toMatchObject({ voters: 1 });
	expect(after.polls.mine).toEqual({ [poll?.id ?? '']: [poll?.options[0]?.id] });
});

test('a mute stays, and so do nameless questions', async () => {
	const { virtual } = world.people;
	const level = 'chatham_house';
	const send = (who: TestPerson, text: string) =>
		callAs<string>(db.owner, who, 'public.send_message($1, $2)', [runs.of[level], text]);
	expect(await send(virtual, 'Something that hurts')).toBe('ok');
	expect(
		await callAs<string>(db.owner, virtual, 'public.ask_question($1, $2, $3)', [runs.of[level], 'Whose?', 'nobody'])
	).toMatch(/ok|waiting/);
	const message = (await read(virtual, level)).chat?.messages[0]?.id;
	expect(await callAs(db.owner, runs.chair, 'public.mute_author($1, true)', [message])).toBe('ok');
	expect(await send(virtual, 'Again')).toBe('muted');
	const alias = await renewed(virtual);
	expect(await send(alias, 'Again')).toBe('muted');
	expect((await read(alias, level)).questions.mine).toHaveLength(1);
	expect(await callAs(db.owner, runs.chair, 'public.mute_author($1, false)', [message])).toBe('ok');
	expect(await send(alias, 'Quietly')).not.toBe('muted');
});

test('a question that both records upvoted counts one vote after the merge', async () => {
	const { virtual, newcomer, delegate } = world.people;
	await callAs(db.owner, runs.chair, 'public.save_participation_settings($1, $2)', [
		world.sessions.public.id,
		{ approve_first: false }
	]);
	await callAs(db.owner, delegate, 'public.ask_question($1, $2, $3)', [runs.of.public, 'Wanted?', 'nobody']);
	const question = async () => (await read(virtual, 'public')).questions.shown[0];
	const id = (await question())?.id;
	const vote = (who: TestPerson, up: boolean) =>
		callAs<string>(db.owner, who, 'public.vote_for_question($1, $2)', [id, up]);
	for (const who of [virtual, newcomer, delegate]) expect(await vote(who, true)).toBe('ok');
	await db.owner.query(`select private.merge_people($1, $2, 'The same person')`, [virtual.person, newcomer.person]);
	expect((await question())?.votes).toBe(2);
	await vote(virtual, false);
	expect((await question())?.votes).toBe(1);
});
