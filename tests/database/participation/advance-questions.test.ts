/*
 * Questions sent in advance: from people who may enter, up to the limit, without a name unless the asker gives one, and
 * deleted where nothing is kept.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { givePart, addAssistant, setAlias } from '../../fixtures/speaking.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

type Level = keyof World['sessions'];
const send = (who: TestPerson | null, level: Level, body: string, as = 'nobody', on = db.owner) =>
	callAs<string>(on, who, 'public.ask_advance_question($1, $2, $3)', [world.sessions[level].id, body, as]);
const box = (who: TestPerson, level: Level) =>
	callAs<{ status: string; names: string[]; mine: { id: string; body: string }[] } | null>(
		db.owner,
		who,
		'public.read_advance_questions($1)',
		[world.sessions[level].id]
	);
const read = (who: TestPerson, level: Level) =>
	callAs<{ questions: { id: string; body: string; from: string | null; state: string }[]; may_hide: boolean } | null>(
		db.owner,
		who,
		'public.list_advance_questions($1)',
		[world.sessions[level].id]
	);
const stored = (level: Level) =>
	db.owner
		.query(
			`select person_id, asker_hash is not null as hashed, shown_as, asked_at = date_trunc('day', asked_at) as day_only
			from private.session_questions where session_id = $1`,
			[world.sessions[level].id]
		)
		.then(({ rows }) => rows);

test('people who may not enter may not ask, and learn nothing of sessions they cannot see', async () => {
	const { delegate, listed, waiting, newcomer } = world.people;
	const answers = {
		members: ['ok', 'not_found', 'not_found'],
		chatham_house: ['ok', 'not_found', 'not_found'],
		closed: ['not_found', 'not_found', 'not_found'],
		draft: ['not_found', 'not_found', 'not_found'],
		public: ['begun', 'begun', 'begun']
	};
	for (const [level, expected] of Object.entries(answers) as [Level, string[]][]) {
		const got = [];
		for (const who of [delegate, waiting, newcomer]) got.push(await send(who, level, `From ${who.name}`));
		expect([level, got]).toEqual([level, expected]);
	}
	expect(await send(listed, 'closed', 'From the list')).toBe('ok');
	expect(await box(delegate, 'closed')).toBeNull();
	await expect(send(null, 'members', 'From a visitor')).rejects.toThrow('permission denied');
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
		world.summit,
		delegate.person
	]);
	expect(await send(delegate, 'members', 'Barred')).toBe('no_entry');
});

test('the limit is three a person, over any number of connections, and equal texts count once', async () => {
	const { delegate } = world.people;
	const clients = await connectMany(db, 8);
	const same = await Promise.all(clients.map((one) => send(delegate, 'members', 'Why?', 'name', one)));
	expect(same.filter((each) => each === 'ok')).toHaveLength(1);
	const more = await Promise.all(clients.map((one, n) => send(delegate, 'members', `Why ${n}?`, 'name', one)));
	expect(more.filter((each) => each === 'ok')).toHaveLength(2);
	expect(more.filter((each) => each === 'limited')).toHaveLength(6);
	// A withdrawn question makes room for another, and nobody withdraws a question of somebody else.
	const mine = (await box(delegate, 'members'))?.mine ?? [];
	const withdraw = (who: TestPerson) => callAs(db.owner, who, 'public.withdraw_question($1)', [mine[0]?.id]);
	expect([await withdraw(world.people.virtual), await withdraw(delegate), await withdraw(delegate)]).toEqual([
		'not_found',
		'ok',
		'not_found'
	]);
	expect(await send(delegate, 'members', 'Once more?')).toBe('ok');
});

describe('names', () => {
	test('are shown as the asker chose, where names are allowed', async () => {
		const { delegate, speaker } = world.people;
		await givePart(db.owner, world.sessions.members.id, speaker);
		await db.owner.query(`update public.people set affiliation = 'Quiet Harbour' where id = $1`, [delegate.person]);
		await send(delegate, 'members', 'A', 'name');
		await send(delegate, 'members', 'B', 'affiliation');
		await send(delegate, 'members', 'C', 'nobody');
		const shown = (await read(speaker, 'members'))?.questions.map(({ body, from }) => [body, from]);
		expect(shown).toEqual([
			['A', delegate.name],
			['B', 'Quiet Harbour'],
			['C', null]
		]);
		// The current name is used here, too.
		const hidden = await setAlias(db.owner, delegate, 'Noor Field');
		expect((await read(speaker, 'members'))?.questions.map(({ from }) => from)).toEqual(['Noor Field', null, null]);
		expect((await box(hidden, 'members'))?.mine).toHaveLength(3);
	});

	test('are never shown for people under 18', async () => {
		const { virtual } = world.people;
		await db.owner.query(
			`update public.registrations set guardian_id = $2, guardian_consent_at = now(), is_minor = true where id = $1`,
			[world.registrations.virtual, world.registrations.delegate]
		);
		expect((await box(virtual, 'members'))?.names).toEqual(['nobody']);
		expect(await send(virtual, 'members', 'Named', 'name')).toBe('invalid');
	});

	test.each(['chatham_house', 'closed'] as const)('are not even stored at %s, nor is the time', async (level) => {
		const { delegate, listed } = world.people;
		const who = level === 'closed' ? listed : delegate;
		expect(await send(who, level, 'Named', 'name')).toBe('invalid');
		expect(await send(who, level, 'Quietly')).toBe('ok');
		expect(await send(who, level, 'Quietly')).toBe('already');
		expect(await stored(level)).toEqual([{ person_id: null, hashed: true, shown_as: 'nobody', day_only: true }]);
		expect((await box(who, level))?.mine.map(({ body }) => body)).toEqual(['Quietly']);
		const audit = await readValue(
			db.owner,
			`select count(*)::integer from audit.entries where table_name like '%question%' and person_id = $1`,
			[who.person]
		);
		expect(audit).toBe(0);
	});

	test('are deleted when the level is raised, and do not return', async () => {
		await send(world.people.delegate, 'members', 'Openly', 'name');
		const level = (to: string) =>
			db.owner.query(`update public.sessions set level = $2 where id = $1`, [world.sessions.members.id, to]);
		await level('chatham_house');
		expect(await stored('members')).toEqual([{ person_id: null, hashed: true, shown_as: 'nobody', day_only: true }]);
		await level('members');
		expect(await stored('members')).toMatchObject([{ person_id: null }]);
		expect((await box(world.people.delegate, 'members'))?.mine).toHaveLength(1);
	});
});

test('are read by speakers and people who run the stage, marked as asked or hidden', async () => {
	const { delegate, speaker, stage, listed } = world.people;
	await addAssistant(db.owner, delegate, speaker);
	await givePart(db.owner, world.sessions.closed.id, world.people.virtual, 'interpreter');
	await send(listed, 'closed', 'What now?');
	const readers: PersonKind[] = [];
	for (const [kind, who] of Object.entries(world.people) as [PersonKind, TestPerson][])
		if (await read(who, 'closed')) readers.push(kind);
	expect(readers.sort()).toEqual(['delegate', 'speaker', 'stage']);
	const question = (await read(speaker, 'closed'))?.questions[0]?.id;
	const mark = (who: TestPerson, state: string) =>
		callAs(db.owner, who, 'public.set_question_state($1, $2)', [question, state]);
	expect([
		await mark(listed, 'answered'),
		await mark(speaker, 'answered'),
		await mark(speaker, 'declined'),
		await mark(speaker, 'current')
	]).toEqual(['not_found', 'ok', 'not_found', 'not_found']);
	expect([await mark(stage, 'nonsense'), await mark(stage, 'declined')]).toEqual(['not_found', 'ok']);
	// A person who cannot see the question cannot show a hidden one again.
	expect(await mark(speaker, 'asked')).toBe('not_found');
	expect([(await read(speaker, 'closed'))?.questions, (await read(stage, 'closed'))?.questions.length]).toEqual([
		[],
		1
	]);
});

test('are deleted after the run where nothing is kept, and by the clock when nobody ended the run', async () => {
	const { delegate, listed } = world.people;
	await send(delegate, 'chatham_house', 'A');
	await send(listed, 'closed', 'B');
	await send(delegate, 'members', 'C', 'name');
	for (const level of ['chatham_house', 'members'] as const)
		await db.owner.query(
			`with room as (insert into public.rooms (summit_id, slug, name) values ($1, $3, '{"original":"en","en":"Room"}') returning id)
			insert into public.runs (session_id, summit_id, room_id, level) select $2, $1, room.id, $4 from room`,
			[world.summit, world.sessions[level].id, level.replace('_', '-'), level]
		);
	await db.owner.query(
		`update public.runs set state = 'ended', ended_at = now() where summit_id = $1 and state = 'waiting'`,
		[world.summit]
	);
	expect([await stored('chatham_house'), (await stored('members')).length, (await stored('closed')).length]).toEqual([
		[],
		1,
		1
	]);
	await db.owner.query(`select private.sweep_questions(now() + interval '2 days')`);
	expect([(await stored('closed')).length, (await stored('members')).length]).toEqual([0, 1]);
	expect(
		await readValue(db.owner, `select count(*)::integer from private.session_salts where session_id = $1`, [
			world.sessions.closed.id
		])
	).toBe(0);
});
