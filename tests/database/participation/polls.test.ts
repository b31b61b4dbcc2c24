/*
 * Polls: one vote a person, counted exactly at once, small sectors never shown, and no vote kept in sessions without
 * names.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { endRun, openRuns, roomOf, type Level, type Runs } from '../../fixtures/level-runs.ts';
import {
	actAs,
	setCaller,
	personKinds,
	makePerson,
	makeWorld,
	type TestPerson,
	type World
} from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
});

interface Poll {
	id: string;
	state: string;
	voters: number;
	options: { id: string; label: string; votes: number }[];
	sectors: { sector: string | null; voters: number; votes: Record<string, number> }[] | null;
}
interface Read {
	polls: Poll[];
	mine: Record<string, string[]>;
	drafts: Poll[] | null;
}

interface Wish {
	kind?: string;
	options?: string[];
	bySector?: boolean;
	mayChange?: boolean;
	open?: boolean;
}

const make = (
	who: TestPerson,
	level: Level,
	question: string,
	{ kind = 'single', options = ['Yes', 'No'], bySector = false, mayChange = true, open = true }: Wish = {}
) =>
	callAs<string>(db.owner, who, 'public.create_poll($1, $2, $3, $4, $5, $6, $7)', [
		world.sessions[level].id,
		question,
		kind,
		options,
		bySector,
		mayChange,
		open
	]);
const read = async (who: TestPerson | null, level: Level) =>
	(
		await callAs<{ polls: Read } | null>(db.owner, who, 'public.read_stage_sidebar($1, $2)', [
			world.summit,
			roomOf(level)
		])
	)?.polls;
const vote = (who: TestPerson, poll: Poll | undefined, labels: string[], on = db.owner) =>
	callAs<string>(on, who, 'public.vote_in_poll($1, $2)', [
		poll?.id,
		labels.map((label) => poll?.options.find((one) => one.label === label)?.id ?? label)
	]);
const setState = (who: TestPerson, poll: Poll | undefined, state: string) =>
	callAs<string>(db.owner, who, 'public.set_poll_state($1, $2)', [poll?.id, state]);
const counts = (poll: Poll | undefined) =>
	Object.fromEntries(poll?.options.map(({ label, votes }) => [label, votes]) ?? []);

async function opened(level: Level, wish: Wish = {}): Promise<Poll> {
	expect(await make(runs.chair, level, 'Agreed?', wish)).toBe('ok');
	const poll = (await read(runs.chair, level))?.polls[0];
	if (!poll) throw new Error('no poll');
	return poll;
}

async function delegates(sector: string, count: number): Promise<TestPerson[]> {
	const member = await readValue<string>(
		db.owner,
		`with made as (insert into public.members (name, sector, country, region) values ($1, $2, 'UY', 'Americas') returning id, sector)
		insert into public.summit_members (summit_id, member_id, sector, country, region) select $3, id, sector, 'UY', 'Americas' from made returning member_id`,
		[`${sector} ${world.slug}`, sector, world.summit]
	);
	await db.owner.query(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling) values ($1, $2, 'virtual', 50) on conflict do nothing`,
		[world.summit, sector]
	);
	await db.owner.query(`update public.mode_capacities set capacity = 500 where summit_id = $1`, [world.summit]);
	await db.owner.query(`update public.allocation_policies set ceiling = 50 where summit_id = $1`, [world.summit]);
	const people: TestPerson[] = [];
	for (let n = 0; n < count; n++) {
		const who = await makePerson(db.owner, `${sector} ${n}`);
		await db.owner.query(
			`with made as (insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at) values ($1, $2, $3, 'virtual', 'confirmed', now()) returning *)
			insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from made`,
			[world.summit, who.person, member]
		);
		people.push(who);
	}
	return people;
}

test('fifty people who vote twice at once are fifty votes; drafts and closed polls accept none', async () => {
	const poll = await opened('public');
	const people: TestPerson[] = [];
	for (let n = 0; n < 50; n++) people.push(await makePerson(db.owner, `Voter ${n}`));
	const clients = await connectMany(db, 10);
	const answers = await Promise.all(
		clients.map(async (one, lane) => {
			const got: string[] = [];
			for (const [n, who] of people.entries())
				if (n % 10 === lane)
					for (const choice of ['Yes', n % 5 === 0 ? 'No' : 'Yes']) got.push(await vote(who, poll, [choice], one));
			return got;
		})
	);
	expect(new Set(answers.flat())).toEqual(new Set(['ok', 'already']));
	const seen = (await read(null, 'public'))?.polls[0];
	expect([seen?.voters, counts(seen)]).toEqual([50, { Yes: 40, No: 10 }]);
	expect((await read(people[0] as TestPerson, 'public'))?.mine[poll.id]).toHaveLength(1);
	expect([
		await setState(world.people.delegate, poll, 'closed'),
		await setState(runs.chair, poll, 'closed'),
		await vote(world.people.delegate, poll, ['Yes'])
	]).toEqual(['not_found', 'ok', 'closed']);
	await make(runs.chair, 'public', 'Later?', { open: false });
	const draft = (await read(runs.chair, 'public'))?.drafts?.[0];
	expect([
		await vote(world.people.delegate, draft, ['Yes']),
		(await read(world.people.delegate, 'public'))?.drafts,
		(await read(null, 'public'))?.polls.length
	]).toEqual(['not_found', null, 1]);
	expect(await readValue(db.app, 'select private.poll_event($1, $2)', [world.run, draft?.id])).toBeNull();
	// Nothing in the rows identifies a voter.
	const rows = await readValue<string>(
		db.owner,
		`select jsonb_agg(to_jsonb(v))::text from private.poll_votes as v where poll_id = $1`,
		[poll.id]
	);
	expect(people.filter(({ person }) => rows.includes(person))).toEqual([]);
	await expect(actAs(db.owner, world.people.owner, 'select * from private.poll_votes')).rejects.toThrow(
		'permission denied'
	);
});

test('accepts one choice, several or a rating, and changes where the poll allows them; refuses invalid votes', async () => {
	const { delegate, virtual } = world.people;
	const single = await opened('members', { mayChange: false });
	expect([
		await vote(delegate, single, ['Yes', 'No']),
		await vote(delegate, single, []),
		await vote(delegate, single, [world.run]),
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
	for (const wish of [
		{ options: ['One'] },
		{ options: ['Same', 'Same'] },
		{ kind: 'essay' },
		{ options: ['x'.repeat(200), 'y'] },
		{ options: Array.from({ length: 13 }, (_, n) => `${n}`) }
	])
		expect(await make(runs.chair, 'members', 'Bad?', wish)).toBe('invalid');
	expect([
		await make(delegate, 'members', 'Mine?'),
		await make(world.people.speaker, 'members', 'Mine?'),
		await make(runs.chair, 'members', 'x'.repeat(301))
	]).toEqual(['not_found', 'not_found', 'invalid']);
	// An option of another poll is refused.
	expect(await vote(virtual, single, [several.options[0]?.id ?? ''])).toBe('invalid');
});

test('people who may enter the stream vote, and nobody else', async () => {
	const poll = await opened('closed');
	const answers: [string, string][] = [];
	for (const kind of personKinds) answers.push([kind, await vote(world.people[kind], poll, ['Yes'])]);
	expect(answers.filter(([, answer]) => answer !== 'not_found')).toEqual([
		['speaker', 'ok'],
		['listed', 'ok'],
		['programme', 'not_registered'],
		['stage', 'ok'],
		['safeguarding', 'ok']
	]);
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
		world.summit,
		world.people.listed.person
	]);
	expect(await vote(world.people.listed, poll, ['No'])).toBe('barred');
});

test('sectors are shown once a poll is closed, small ones combined with others, and never twice', async () => {
	const poll = await opened('members', { bySector: true });
	for (const [sector, count] of [
		['government', 7],
		['private_sector', 6],
		['intergovernmental', 2]
	] as const)
		for (const [n, who] of (await delegates(sector, count)).entries()) await vote(who, poll, [n === 0 ? 'No' : 'Yes']);
	expect((await read(runs.chair, 'members'))?.polls[0]?.sectors).toBeNull();
	await setState(runs.chair, poll, 'closed');
	const seen = (await read(runs.chair, 'members'))?.polls[0];
	// A group of two could be computed by subtraction, so the smallest other group joins it.
	expect(seen?.sectors?.map(({ sector, voters }) => [sector, voters])).toEqual([
		['government', 7],
		[null, 8]
	]);
	expect(counts(seen)).toEqual({ Yes: 12, No: 3 });
	expect(await setState(runs.chair, poll, 'open')).toBe('invalid');
	// Too few votes in total are shown without sectors.
	const small = await opened('members', { bySector: true });
	await vote(world.people.delegate, small, ['Yes']);
	await setState(runs.chair, small, 'closed');
	expect((await read(runs.chair, 'members'))?.polls[0]?.sectors).toEqual([]);
});

test('without names nothing is counted by sector, and no vote is left after the run', async () => {
	expect(await make(runs.chair, 'chatham_house', 'By sector?', { bySector: true })).toBe('invalid');
	for (const level of ['chatham_house', 'members'] as const) {
		const poll = await opened(level);
		await vote(world.people.delegate, poll, ['Yes']);
		await endRun(db.owner, runs.of[level]);
		expect([
			level,
			await readValue(db.owner, 'select count(*)::int from private.poll_votes where poll_id = $1', [poll.id])
		]).toEqual([level, level === 'members' ? 1 : 0]);
	}
	// Raising the level later deletes what was kept.
	await db.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [world.sessions.members.id]);
	expect(
		await readValue(
			db.owner,
			'select count(*)::int from private.poll_votes as v join private.polls as p on p.id = v.poll_id where p.session_id = $1',
			[world.sessions.members.id]
		)
	).toBe(0);
});

test('raising the level stops counting by sector in polls prepared earlier, also without a run', async () => {
	const session = world.sessions.members.id;
	await endRun(db.owner, runs.of.members);
	expect(await make(runs.chair, 'members', 'Prepared', { bySector: true, open: false })).toBe('ok');
	await db.owner.query(`delete from public.runs where session_id = $1`, [session]);
	await db.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [session]);
	await db.owner.query(
		`insert into public.runs (session_id, summit_id, room_id, level, state, started_at)
		select $1, $2, id, 'chatham_house', 'live', now() from public.rooms where summit_id = $2 and slug = 'members'`,
		[session, world.summit]
	);
	const poll = (await read(runs.chair, 'members'))?.drafts?.[0];
	expect(await setState(runs.chair, poll, 'open')).toBe('ok');
	for (const who of await delegates('government', 6)) expect(await vote(who, poll, ['Yes'])).toBe('ok');
	await setState(runs.chair, poll, 'closed');
	expect((await read(runs.chair, 'members'))?.polls[0]).toMatchObject({ by_sector: false, voters: 6, sectors: null });
	expect(
		await readValue(
			db.owner,
			'select count(*)::int from private.poll_votes where poll_id = $1 and sector is not null',
			[poll?.id]
		)
	).toBe(0);
});

test('a poll by sector that is created while the level is raised counts by no sector', async () => {
	const session = world.sessions.members.id;
	const [maker, raiser] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
	const pid = await readValue<number>(raiser, 'select pg_backend_pid()');
	await maker.query('begin');
	await setCaller(maker, runs.chair);
	await maker.query(`select public.create_poll($1, 'At this moment', 'single', '{A,B}', true, true, true)`, [session]);
	const raising = raiser.query(`update public.sessions set level = 'chatham_house' where id = $1`, [session]);
	const isWaiting = () =>
		readValue<boolean>(db.owner, 'select exists (select from pg_locks where pid = $1 and not granted)', [pid]);
	const isRaised = () =>
		readValue<boolean>(db.owner, `select level = 'chatham_house' from public.sessions where id = $1`, [session]);
	await expect.poll(async () => (await isWaiting()) || (await isRaised())).toBe(true);
	await maker.query('commit');
	await raising;
	expect(
		(await db.owner.query(`select by_sector, level from private.polls where session_id = $1`, [session])).rows
	).toEqual([{ by_sector: false, level: 'chatham_house' }]);
});

test('where the result is shown at the end, only people who run the session see votes before it', async () => {
	const { delegate, virtual } = world.people;
	await callAs(db.owner, runs.chair, 'public.create_poll($1, $2, $3, $4, false, true, true, true)', [
		world.sessions.members.id,
		'Which first?',
		'single',
		['One', 'Two']
	]);
	const poll = await readValue<string>(db.owner, `select id from private.polls where session_id = $1`, [
		world.sessions.members.id
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
				world.summit,
				roomOf('members')
			])
		).polls.polls.map(({ voters, options }) => [voters, ...options.map(({ votes }) => votes)]);
	const told = () => readValue<Poll>(db.app, 'select private.poll_event($1, $2)', [runs.of.members, poll]);
	expect([await counts(delegate), await counts(virtual), await counts(runs.chair)]).toEqual([
		[[1, null, null]],
		[[1, null, null]],
		[[1, 1, 0]]
	]);
	expect((await told()).options.map(({ votes }) => votes)).toEqual([null, null]);
	await callAs(db.owner, runs.chair, `public.set_poll_state($1, 'closed')`, [poll]);
	expect([await counts(delegate), (await told()).options.map(({ votes }) => votes)]).toEqual([[[1, 1, 0]], [1, 0]]);
});
