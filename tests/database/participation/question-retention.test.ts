/*
 * Questions in sessions without names: no row identifies anybody, and nothing is left after the run. Also limits, and
 * the settings of people who run the session.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { endRun, openRuns, questionActs, type Runs } from '../../fixtures/level-runs.ts';
import { actAs, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;
let acts: ReturnType<typeof questionActs>;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
	acts = questionActs(db.owner, world, runs);
});

describe('at levels without names', () => {
	test.each(['chatham_house', 'closed'] as const)(
		'%s: no row links a person to a text or vote, and nothing is left after the run',
		async (level) => {
			await acts.open(level);
			const { listed, stage } = world.people;
			expect(await acts.send(listed, level, 'Named', 'name')).toBe('invalid');
			const id = await acts.asked(listed, level, 'Quietly?');
			await acts.vote(listed, id);
			expect((await acts.read(runs.chair, level))?.questions.shown).toMatchObject([{ id, from: null, votes: 1 }]);
			const everything = await readValue<string>(
				db.owner,
				`select coalesce(jsonb_agg(to_jsonb(q)), '[]')::text || (select coalesce(jsonb_agg(to_jsonb(v)), '[]')::text from private.question_votes as v)
			from private.session_questions as q where session_id = $1`,
				[world.sessions[level].id]
			);
			expect(everything.includes(listed.person) || everything.includes(listed.account)).toBe(false);
			// Over REST not even an organiser or the owner can read the tables.
			for (const who of [stage, world.people.owner, listed])
				for (const table of ['session_questions', 'question_votes', 'session_salts'])
					await expect(actAs(db.owner, who, `select * from private.${table}`)).rejects.toThrow('permission denied');
			await endRun(db.owner, runs.of[level]);
			const left = await db.owner.query(
				`select (select count(*)::int from private.session_questions where session_id = $1) as questions, (select count(*)::int from private.question_votes where question_id = $2) as votes,
			(select count(*)::int from private.session_salts where session_id = $1) as salts`,
				[world.sessions[level].id, id]
			);
			expect(left.rows).toEqual([{ questions: 0, votes: 0, salts: 0 }]);
			expect(
				await readValue(
					db.owner,
					`select count(*)::int from audit.entries where person_id = $1 and table_name like '%question%'`,
					[listed.person]
				)
			).toBe(0);
		}
	);
});

test('a person can have five waiting questions, equal texts are one question, and 100 kB are refused', async () => {
	const { virtual } = world.people;
	const clients = await connectMany(db, 8);
	const answers = await Promise.all(clients.map((one, n) => acts.send(virtual, 'members', `Why ${n}?`, 'nobody', one)));
	expect(answers.toSorted()).toEqual([...Array(3).fill('limited'), ...Array(5).fill('waiting')]);
	expect(await acts.send(virtual, 'members', 'x'.repeat(100_000))).toBe('invalid');
	const id = await acts.asked(world.people.delegate, 'members', 'Once?');
	expect(await acts.send(world.people.delegate, 'members', ' Once? ')).toBe('already');
	const withdraw = (who: TestPerson) => callAs(db.owner, who, 'public.withdraw_question($1)', [id]);
	expect([await withdraw(virtual), await withdraw(runs.chair), await withdraw(world.people.delegate)]).toEqual([
		'not_found',
		'not_found',
		'ok'
	]);
	await callAs(db.owner, runs.chair, 'public.save_participation_settings($1, $2)', [
		world.sessions.members.id,
		{ takes_questions: false }
	]);
	expect(await acts.send(world.people.delegate, 'members', 'Closed?')).toBe('closed');
});

test('people who run the session change its settings, and invalid values are refused', async () => {
	const change = (who: TestPerson, settings: object) =>
		callAs(db.owner, who, 'public.save_participation_settings($1, $2)', [world.sessions.members.id, settings]);
	const { delegate, speaker, stage } = world.people;
	expect([
		await change(delegate, { chat: 'off' }),
		await change(speaker, { chat: 'off' }),
		await change(stage, { chat: 'slow', slow_seconds: 60 })
	]).toEqual(['not_found', 'not_found', 'ok']);
	expect([
		await change(stage, { chat: 'loud' }),
		await change(stage, { slow_seconds: 0 }),
		await change(stage, { slow_seconds: 'x' }),
		await change(stage, { chat: null })
	]).toEqual(Array(4).fill('invalid'));
	expect(
		await readValue(db.owner, `select chat from private.session_participation_settings where session_id = $1`, [
			world.sessions.members.id
		])
	).toBe('slow');
	expect(await change(stage, { session_id: world.sessions.closed.id, chat: 'people' })).toBe('ok');
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from private.session_participation_settings where session_id = $1`,
			[world.sessions.closed.id]
		)
	).toBe(0);
});

test('an owner sets the defaults for sessions; a host’s settings stay', async () => {
	const save = (who: TestPerson, chat: string, seconds = 30) =>
		callAs(db.owner, who, 'public.save_participation_defaults($1, false, $2, $3)', [world.summit, chat, seconds]);
	const { owner, stage, delegate } = world.people;
	await callAs(db.owner, stage, 'public.save_participation_settings($1, $2)', [
		world.sessions.public.id,
		{ chat: 'off' }
	]);
	expect([
		await save(stage, 'slow'),
		await save(owner, 'loud'),
		await save(owner, 'slow', 0),
		await save(owner, 'slow')
	]).toEqual(['not_found', 'invalid', 'invalid', 'ok']);
	const chat = (session: string) =>
		readValue(db.owner, 'select (private.participation_settings_of($1)).chat', [session]);
	expect([await chat(world.sessions.members.id), await chat(world.sessions.public.id)]).toEqual(['slow', 'off']);
	expect(await acts.send(delegate, 'members', 'At once?')).toBe('ok');
	expect(await callAs(db.owner, delegate, 'public.read_participation_defaults($1)', [world.summit])).toBeNull();
});

test('asking and withdrawing repeatedly is limited, and invisible text is refused', async () => {
	await acts.open('members');
	const { virtual, listed } = world.people;
	const answers: string[] = [];
	for (const level of ['members', 'closed'] as const) {
		const who = level === 'closed' ? listed : virtual;
		await acts.open(level);
		for (let n = 0; n < 6; n++) {
			answers.push(await acts.send(who, level, `Why ${n}?`));
			const id = await readValue<string | null>(
				db.owner,
				`select id from private.session_questions where body = $1 and session_id = $2`,
				[`Why ${n}?`, world.sessions[level].id]
			);
			await callAs(db.owner, who, 'public.withdraw_question($1)', [id]);
		}
	}
	const six = [...Array<string>(5).fill('ok'), 'too_soon'];
	expect(answers).toEqual([...six, ...six]);
	expect(await acts.send(world.people.delegate, 'members', '\u200b\u2060\u00a0\ufeff\n')).toBe('invalid');
	await endRun(db.owner, runs.of.closed);
	expect(
		await readValue(db.owner, `select count(*)::int from private.withdrawn_items where run_id = $1`, [runs.of.closed])
	).toBe(0);
});
