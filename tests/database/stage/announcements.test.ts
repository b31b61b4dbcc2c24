/* Announcements from a stage: who may make and take back one, whom it reaches, its limits, and what is left of it. */
import { expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { Stage } from '../../../src/lib/stage/stage.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

const announce = (
	who: TestPerson | null,
	run: string | undefined,
	words = 'The next speaker joins soon.',
	minutes = 5
) => stage.callAs<string>(who, `select public.announce_on_stage($1, $2, $3)`, [run, words, minutes]);
const withdraw = (who: TestPerson | null, run: string | undefined) =>
	stage.callAs<string>(who, `select public.withdraw_stage_announcement($1)`, [run]);
const stageOf = (who: TestPerson | null) =>
	stage.callAs<Stage>(who, `select public.read_stage($1, 'plenary')`, [stage.world.summit]);
const shownTo = async (who: TestPerson | null) => (await stageOf(who)).announcement?.words ?? null;
const event = async (run: string) =>
	(
		await stage.one<{ announcement: { words: string } | null } | null>(
			stage.app,
			`select private.stage_event($1, null)`,
			[run]
		)
	)?.announcement?.words ?? null;
const later = (interval: string) =>
	stage.owner.query(
		`update private.stage_announcements set announced_at = announced_at - $1::interval, shown_until = shown_until - $1::interval`,
		[interval]
	);

test('the chair and stage organisers announce to everybody who watches, and either takes it back', async () => {
	const { people, run } = stage.world;
	expect(await announce(stage.chair, run)).toBe('ok');
	for (const who of [null, people.delegate, people.virtual, people.speaker, people.stage])
		expect(await shownTo(who)).toBe('The next speaker joins soon.');
	expect(await event(run)).toBe('The next speaker joins soon.');
	expect(await withdraw(people.stage, run)).toBe('ok');
	expect([await shownTo(people.virtual), await event(run)]).toEqual([null, null]);
	expect(await withdraw(stage.chair, run)).toBe('already');
});

test('a speaker who was made host may, and no longer when that is taken back', async () => {
	const { people, run } = stage.world;
	const code = await stage.code(people.speaker);
	expect(await announce(people.speaker, run)).toBe('not_found');
	await stage.callAs(stage.chair, `select public.make_run_host($1, $2, true)`, [run, code]);
	expect(await announce(people.speaker, run)).toBe('ok');
	await stage.callAs(stage.chair, `select public.make_run_host($1, $2, false)`, [run, code]);
	expect([await announce(people.speaker, run, 'Another'), await withdraw(people.speaker, run)]).toEqual([
		'not_found',
		'not_found'
	]);
	expect(await shownTo(people.virtual)).toBe('The next speaker joins soon.');
});

test('nobody else may: no viewer, no speaker, no chair of another session, no other organiser', async () => {
	const { people, run, sessions, summit } = stage.world;
	const stranger = await makePerson(stage.owner, 'Chair of another session');
	await stage.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[sessions.members.id, summit, stranger.person]
	);
	await announce(stage.chair, run);
	for (const who of [
		stranger,
		people.newcomer,
		people.delegate,
		people.virtual,
		people.speaker,
		people.listed,
		people.programme,
		people.registration,
		people.safeguarding
	]) {
		expect([who.name, await announce(who, run, 'Not mine to say'), await withdraw(who, run)]).toEqual([
			who.name,
			'not_found',
			'not_found'
		]);
	}
	await expect(announce(null, run)).rejects.toThrow('permission denied');
	await expect(withdraw(null, run)).rejects.toThrow('permission denied');
	for (const role of ['authenticated', 'anon'])
		await expect(
			stage.db.as(role, {}, (client) => client.query(`select * from private.stage_announcements`))
		).rejects.toThrow('permission denied');
	expect(await shownTo(people.virtual)).toBe('The next speaker joins soon.');
});

test('only those who may enter the session read it', async () => {
	const { people } = stage.world;
	const { run } = await stage.openRun(stage.chair, 'closed');
	await stage.setState(people.stage, stage.world.run, 'ended');
	await stage.setState(stage.chair, run, 'live');
	expect(await announce(stage.chair, run, 'For those on the list')).toBe('ok');
	expect(await shownTo(people.listed)).toBe('For those on the list');
	for (const who of [null, people.delegate, people.virtual, people.newcomer]) {
		expect(JSON.stringify(await stageOf(who))).not.toContain('For those on the list');
	}
});

test('it is one line of at most 280 characters, for 1 to 60 minutes, and expires', async () => {
	const { people, run } = stage.world;
	expect(await announce(stage.chair, run, '   ')).toBe('invalid');
	expect(await announce(stage.chair, run, 'One\ntwo')).toBe('invalid');
	expect(await announce(stage.chair, run, 'Reversed \u202e words')).toBe('invalid');
	expect(await announce(stage.chair, run, 'x'.repeat(281))).toBe('too_long');
	for (const minutes of [0, -1, 61]) expect(await announce(stage.chair, run, 'Words', minutes)).toBe('invalid');
	expect(await announce(stage.chair, run, ` ${'é'.repeat(280)} `, 60)).toBe('ok');
	expect(await shownTo(people.virtual)).toBe('é'.repeat(280));
	await later('1 hour');
	expect([await shownTo(people.virtual), await event(run), await withdraw(stage.chair, run)]).toEqual([
		null,
		null,
		'already'
	]);
});

test('the next replaces it, a double press is one, and there are four in a minute', async () => {
	const { people, run } = stage.world;
	const sql = `select public.announce_on_stage($1, 'First', 5) as status`;
	const other = await stage.db.connect();
	const pressed = await Promise.all(
		[stage.owner, other].map((client) => actAs<{ status: string }>(client, stage.chair, sql, [run]))
	);
	expect(pressed.flat().map(({ status }) => status)).toEqual(expect.arrayContaining(['ok', 'already']));
	for (const words of ['Second', 'Third', 'Fourth']) expect(await announce(people.stage, run, words)).toBe('ok');
	expect(await announce(stage.chair, run, 'Fifth')).toBe('too_often');
	expect(await shownTo(people.virtual)).toBe('Fourth');
	// What is shown can always be taken back.
	expect(await withdraw(stage.chair, run)).toBe('ok');
	await later('1 minute');
	expect(await announce(stage.chair, run, 'Fifth')).toBe('ok');
});

test('the end of the run deletes it, and the audit keeps who announced, without the words in clear', async () => {
	const { people, run, summit } = stage.world;
	await announce(stage.chair, run, 'A canary of the chair');
	await stage.setState(stage.chair, run, 'ended');
	expect(
		await stage.one(stage.owner, `select count(*)::int from private.stage_announcements where run_id = $1`, [run])
	).toBe(0);
	expect([await announce(stage.chair, run), await withdraw(stage.chair, run)]).toEqual(['not_found', 'not_found']);
	const list = await stage.callAs<{ entries: { by: { kind: string }; person: string | null }[] }>(
		people.stage,
		`select public.list_audit($1, '{"kind":"private.stage_announcements"}')`,
		[summit]
	);
	expect(list.entries.at(-1)).toMatchObject({ by: { kind: 'self' }, person: stage.chair.name });
	const clear = `select count(*)::int from audit.entries as e where e::text like '%canary of the chair%'`;
	expect(await stage.one(stage.owner, clear)).toBe(0);
});
