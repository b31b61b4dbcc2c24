/* Questions during a session: who asks, who reads what, one vote each, one question on the screen. */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { endRun, openRuns, questionActs, type Level, type Question, type Runs } from '../../fixtures/level-runs.ts';
import { actAs, personKinds, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;
let acts: ReturnType<typeof questionActs>;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
	acts = questionActs(db.owner, world, runs);
});

const eventOf = (level: Level, id: string) =>
	readValue<Question | null>(db.app, 'select private.question_event($1, $2)', [runs.of[level], id]);

test('signed-in people who may enter the stream ask, and learn nothing of sessions they cannot see', async () => {
	const answers: Record<string, Record<string, string>> = {};
	for (const level of ['public', 'members', 'chatham_house', 'closed'] as const) {
		answers[level] = {};
		for (const kind of personKinds) {
			const answer = await acts.send(world.people[kind], level, `From ${kind}`);
			if (answer !== 'not_found') answers[level][kind] = answer;
		}
	}
	const all = (...kinds: string[]) => Object.fromEntries(kinds.map((kind) => [kind, 'waiting']));
	expect(answers).toEqual({
		public: all(...personKinds),
		members: {
			...all('delegate', 'virtual', 'speaker', 'listed', 'stage', 'safeguarding'),
			programme: 'not_registered',
			owner: 'not_registered'
		},
		chatham_house: {
			...all('delegate', 'virtual', 'speaker', 'listed', 'stage', 'safeguarding'),
			programme: 'not_registered',
			owner: 'not_registered'
		},
		closed: { ...all('speaker', 'listed', 'stage', 'safeguarding'), programme: 'not_registered' }
	});
	await expect(actAs(db.owner, null, `select public.ask_question($1, 'x', 'nobody')`, [world.run])).rejects.toThrow(
		'permission denied'
	);
	expect((await acts.read(null, 'public'))?.may).toBe('sign_in');
	expect([
		await acts.read(null, 'members'),
		await acts.read(world.people.delegate, 'closed'),
		await acts.read(world.people.waiting, 'members')
	]).toEqual([null, null, null]);
	// People of another Summit, and a run that is over.
	const other = await makeWorld(db.owner);
	expect(await acts.send(other.people.delegate, 'members', 'From elsewhere')).toBe('not_found');
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id, session_id) values ($1, $2, $3)`, [
		world.summit,
		world.people.virtual.person,
		world.sessions.members.id
	]);
	expect(await acts.send(world.people.virtual, 'members', 'Once more')).toBe('barred');
	await endRun(db.owner, runs.of.members);
	expect(await acts.send(world.people.delegate, 'members', 'Too late')).toBe('over');
});

test('others read a question once it is approved; before that, or when rejected, it leaves no trace', async () => {
	const { delegate, virtual, speaker, stage } = world.people;
	const id = await acts.asked(delegate, 'members', 'Why so late?', 'name');
	const trace = async () => [
		await acts.shown(virtual, 'members'),
		await eventOf('members', id),
		(await acts.read(virtual, 'members'))?.questions.waiting
	];
	expect(await trace()).toEqual([[], null, null]);
	expect((await acts.read(delegate, 'members'))?.questions.mine).toMatchObject([{ id, is_shown: false }]);
	expect((await acts.read(runs.chair, 'members'))?.questions.waiting).toMatchObject([
		{ id, from: delegate.name, state: 'asked' }
	]);
	expect([
		await acts.set(virtual, id, 'approved'),
		await acts.set(delegate, id, 'approved'),
		await acts.set(stage, id, 'approved')
	]).toEqual(['not_found', 'not_found', 'ok']);
	const seen = { id, body: 'Why so late?', from: delegate.name, state: 'approved', votes: 0 };
	expect([await acts.shown(virtual, 'members'), await eventOf('members', id)]).toEqual([[seen], seen]);
	expect(await eventOf('public', id)).toBeNull();
	await acts.set(runs.chair, id, 'declined');
	expect(await trace()).toEqual([[], null, null]);
	expect(await acts.vote(virtual, id)).toBe('not_found');
	expect((await acts.read(speaker, 'members'))?.questions.waiting).toBeNull();
});

test('fifty people who vote three times at once are fifty votes; a withdrawn vote is subtracted', async () => {
	await acts.open('public');
	const id = await acts.asked(world.people.delegate, 'public', 'What next?');
	const clients = await connectMany(db, 10);
	const people: TestPerson[] = [];
	for (let n = 0; n < 50; n++) people.push(await makePerson(db.owner, `Voter ${n}`));
	const answers = await Promise.all(
		clients.map(async (one, index) => {
			const got: string[] = [];
			for (const who of people.filter((_, n) => n % 10 === index))
				for (let time = 0; time < 3; time++) got.push(await acts.vote(who, id, true, one));
			// The same people over every connection.
			for (const who of people.slice(0, 5)) got.push(await acts.vote(who, id, true, one));
			return got;
		})
	);
	expect(new Set(answers.flat())).toEqual(new Set(['ok']));
	expect((await acts.shown(null, 'public'))[0]).toMatchObject({ id, votes: 50 });
	await acts.vote(people[0] as TestPerson, id, false);
	await acts.vote(people[0] as TestPerson, id, false);
	expect((await eventOf('public', id))?.votes).toBe(49);
	expect((await acts.read(people[1] as TestPerson, 'public'))?.questions.voted).toEqual([id]);
	// Nothing in the rows identifies a voter.
	const rows = await db.owner.query(
		`select encode(voter_hash, 'escape') as voter from private.question_votes where question_id = $1`,
		[id]
	);
	expect(
		rows.rows.filter(({ voter }) =>
			people.some(({ person, account }) => String(voter).includes(person) || String(voter).includes(account))
		)
	).toEqual([]);
});

test('one question is on the screen when two hosts choose at once; two equal questions are merged', async () => {
	await acts.open('members');
	const { delegate, virtual, listed, stage } = world.people;
	const [one, two, three] = [
		await acts.asked(delegate, 'members', 'One?'),
		await acts.asked(virtual, 'members', 'Two?'),
		await acts.asked(listed, 'members', 'Once more one?')
	];
	const [left, right] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
	expect(
		await Promise.all([acts.set(runs.chair, one, 'current', left), acts.set(stage, two, 'current', right)])
	).toEqual(['ok', 'ok']);
	const states = (await acts.shown(delegate, 'members')).map(({ state }) => state).sort();
	expect(states).toEqual(['answered', 'approved', 'current']);
	await acts.set(stage, one, 'approved');
	for (const who of [delegate, virtual]) await acts.vote(who, one);
	for (const who of [virtual, listed]) await acts.vote(who, three);
	const merge = (who: TestPerson, from: string, to: string) =>
		callAs(db.owner, who, 'public.merge_questions($1, $2)', [from, to]);
	const foreign = await acts.asked(delegate, 'public', 'Elsewhere?');
	expect([
		await merge(delegate, three, one),
		await merge(stage, three, foreign),
		await merge(stage, one, one),
		await merge(stage, three, one)
	]).toEqual(['not_found', 'not_found', 'not_found', 'ok']);
	expect([await eventOf('members', one), await eventOf('members', three)]).toMatchObject([{ votes: 3 }, null]);
	expect((await acts.read(listed, 'members'))?.questions.mine).toMatchObject([
		{ id: three, is_shown: false, is_merged: true }
	]);
});

test('a speaker marks answered questions, but cannot show rejected ones or hide approved ones', async () => {
	const { delegate, virtual, speaker, stage } = world.people;
	const sees = async () => (await acts.shown(virtual, 'public')).map(({ body, state }) => [body, state]);
	const id = await acts.asked(delegate, 'public', 'Waiting?');
	expect(await acts.set(speaker, id, 'answered')).toBe('ok');
	expect([await sees(), await eventOf('public', id)]).toEqual([[], null]);
	await acts.set(speaker, id, 'asked');
	await acts.set(stage, id, 'approved');
	await acts.set(speaker, id, 'answered');
	expect(await sees()).toEqual([['Waiting?', 'answered']]);
	await acts.set(speaker, id, 'asked');
	expect(await sees()).toEqual([['Waiting?', 'approved']]);
	// People who run the session can do both.
	await acts.set(stage, id, 'asked');
	expect(await sees()).toEqual([]);
	await acts.set(stage, id, 'answered');
	expect(await sees()).toEqual([['Waiting?', 'answered']]);
});

test('withdrawing a question keeps questions of others that were merged into it, with their votes', async () => {
	await acts.open('members');
	const { delegate, virtual, listed, stage, speaker } = world.people;
	const [one, two, three] = [
		await acts.asked(delegate, 'members', 'One?'),
		await acts.asked(virtual, 'members', 'Two?', 'name'),
		await acts.asked(listed, 'members', 'Three?')
	];
	for (const who of [delegate, virtual, listed]) await acts.vote(who, two);
	await acts.vote(stage, one);
	for (const from of [two, three])
		expect(await callAs(db.owner, stage, 'public.merge_questions($1, $2)', [from, one])).toBe('ok');
	await acts.set(stage, one, 'current');
	const withdraw = (who: TestPerson) => callAs(db.owner, who, 'public.withdraw_question($1)', [one]);
	expect([await withdraw(speaker), await withdraw(virtual), await withdraw(delegate)]).toEqual([
		'not_found',
		'not_found',
		'ok'
	]);
	expect(await acts.shown(listed, 'members')).toEqual([
		{ id: two, body: 'Two?', from: virtual.name, state: 'current', votes: 4 }
	]);
	expect((await acts.read(listed, 'members'))?.questions.mine).toMatchObject([{ id: three, is_merged: true }]);
	expect((await acts.read(delegate, 'members'))?.questions.mine).toEqual([]);
});
