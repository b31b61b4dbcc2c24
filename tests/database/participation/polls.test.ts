/* Polls: one vote a person, counted exactly at once, and results shown only when they are due. */
import { expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { roomOf } from '../../fixtures/level-runs.ts';
import { actAs, personKinds, makePerson, type TestPerson } from '../../fixtures/world.ts';
import { usePolls, type Poll, type Read } from '../../fixtures/polling.ts';

const db = useDatabase();
const polls = usePolls(db);
const { make, read, vote, setState, counts, opened } = polls;

test('fifty people who vote twice at once are fifty votes; drafts and closed polls accept none', async () => {
	const poll = await opened('public');
	const people: TestPerson[] = [];
	for (let n = 0; n < 50; n++) people.push(await makePerson(db.owner, `Voter ${n}`));
	const clients = await connectMany(db, 10);
	const answers = await Promise.all(
		clients.map(async (one, index) => {
			const got: string[] = [];
			for (const [n, who] of people.entries())
				if (n % 10 === index)
					for (const choice of ['Yes', n % 5 === 0 ? 'No' : 'Yes']) got.push(await vote(who, poll, [choice], one));
			return got;
		})
	);
	expect(new Set(answers.flat())).toEqual(new Set(['ok', 'already']));
	const seen = (await read(null, 'public'))?.polls[0];
	expect([seen?.voters, counts(seen)]).toEqual([50, { Yes: 40, No: 10 }]);
	expect((await read(people[0] as TestPerson, 'public'))?.mine[poll.id]).toHaveLength(1);
	expect([
		await setState(polls.world.people.delegate, poll, 'closed'),
		await setState(polls.runs.chair, poll, 'closed'),
		await vote(polls.world.people.delegate, poll, ['Yes'])
	]).toEqual(['not_found', 'ok', 'closed']);
	await make(polls.runs.chair, 'public', 'Later?', { open: false });
	const draft = (await read(polls.runs.chair, 'public'))?.drafts?.[0];
	expect([
		await vote(polls.world.people.delegate, draft, ['Yes']),
		(await read(polls.world.people.delegate, 'public'))?.drafts,
		(await read(null, 'public'))?.polls.length
	]).toEqual(['not_found', null, 1]);
	expect(await readValue(db.app, 'select private.poll_event($1, $2)', [polls.world.run, draft?.id])).toBeNull();
	// Nothing in the rows identifies a voter.
	const rows = await readValue<string>(
		db.owner,
		`select jsonb_agg(to_jsonb(v))::text from private.poll_votes as v where poll_id = $1`,
		[poll.id]
	);
	expect(people.filter(({ person }) => rows.includes(person))).toEqual([]);
	await expect(actAs(db.owner, polls.world.people.owner, 'select * from private.poll_votes')).rejects.toThrow(
		'permission denied'
	);
});

test('accepts one choice, several or a rating, and changes where the poll allows them; refuses invalid votes', async () => {
	const { delegate, virtual } = polls.world.people;
	const single = await opened('members', { mayChange: false });
	expect([
		await vote(delegate, single, ['Yes', 'No']),
		await vote(delegate, single, []),
		await vote(delegate, single, [polls.world.run]),
		await vote(delegate, single, ['Yes']),
		await vote(delegate, single, ['No'])
	]).toEqual(['invalid', 'invalid', 'invalid', 'ok', 'already']);
	expect(counts((await read(delegate, 'members'))?.polls[0])).toEqual({ Yes: 1, No: 0 });
	const several = await opened('members', { kind: 'multiple', options: ['A', 'B', 'C'] });
	await vote(delegate, several, ['A', 'B', 'B']);
	await vote(virtual, several, ['B']);
	await vote(virtual, several, ['B', 'C']);
	expect((await read(null, 'members')) ?? null).toBeNull();
	expect([
		counts((await read(delegate, 'members'))?.polls[0]),
		(await read(delegate, 'members'))?.polls[0]?.voters
	]).toEqual([{ A: 1, B: 2, C: 1 }, 2]);
	expect((await opened('members', { kind: 'rating', options: [] })).options.map(({ label }) => label)).toEqual([
		'1',
		'2',
		'3',
		'4',
		'5'
	]);
	for (const input of [
		{ options: ['One'] },
		{ options: ['Same', 'Same'] },
		{ kind: 'essay' },
		{ options: ['x'.repeat(200), 'y'] },
		{ options: Array.from({ length: 13 }, (_, n) => `${n}`) }
	])
		expect(await make(polls.runs.chair, 'members', 'Bad?', input)).toBe('invalid');
	expect([
		await make(delegate, 'members', 'Mine?'),
		await make(polls.world.people.speaker, 'members', 'Mine?'),
		await make(polls.runs.chair, 'members', 'x'.repeat(301))
	]).toEqual(['not_found', 'not_found', 'invalid']);
	// An option of another poll is refused.
	expect(await vote(virtual, single, [several.options[0]?.id ?? ''])).toBe('invalid');
});

test('people who may enter the stream vote, and nobody else', async () => {
	const poll = await opened('closed');
	const answers: [string, string][] = [];
	for (const kind of personKinds) answers.push([kind, await vote(polls.world.people[kind], poll, ['Yes'])]);
	expect(answers.filter(([, answer]) => answer !== 'not_found')).toEqual([
		['speaker', 'ok'],
		['listed', 'ok'],
		['programme', 'not_registered'],
		['stage', 'ok'],
		['safeguarding', 'ok']
	]);
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
		polls.world.summit,
		polls.world.people.listed.person
	]);
	expect(await vote(polls.world.people.listed, poll, ['No'])).toBe('barred');
});

test('where the result is shown at the end, only people who run the session see votes before it', async () => {
	const { delegate, virtual } = polls.world.people;
	await callAs(db.owner, polls.runs.chair, 'public.create_poll($1, $2, $3, $4, false, true, true, true)', [
		polls.world.sessions.members.id,
		'Which first?',
		'single',
		['One', 'Two']
	]);
	const poll = await readValue<string>(db.owner, `select id from private.polls where session_id = $1`, [
		polls.world.sessions.members.id
	]);
	const option = await readValue<string>(
		db.owner,
		`select id from private.poll_options where poll_id = $1 and position = 1`,
		[poll]
	);
	expect(await callAs(db.owner, delegate, 'public.vote_in_poll($1, $2)', [poll, [option]])).toBe('ok');
	const counts = async (who: TestPerson) =>
		(
			await callAs<{ polls: Read }>(db.owner, who, 'public.read_stage_sidebar($1, $2)', [
				polls.world.summit,
				roomOf('members')
			])
		).polls.polls.map(({ voters, options }) => [voters, ...options.map(({ votes }) => votes)]);
	const eventOf = () => readValue<Poll>(db.app, 'select private.poll_event($1, $2)', [polls.runs.of.members, poll]);
	expect([await counts(delegate), await counts(virtual), await counts(polls.runs.chair)]).toEqual([
		[[1, null, null]],
		[[1, null, null]],
		[[1, 1, 0]]
	]);
	expect((await eventOf()).options.map(({ votes }) => votes)).toEqual([null, null]);
	await callAs(db.owner, polls.runs.chair, `public.set_poll_state($1, 'closed')`, [poll]);
	expect([await counts(delegate), (await eventOf()).options.map(({ votes }) => votes)]).toEqual([[[1, 1, 0]], [1, 0]]);
});
