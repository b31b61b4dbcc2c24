import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

describe('a locked session', () => {
	const lock = (who: TestPerson, to: string | null) =>
		stage.callAs<string>(who, `select public.lock_entry($1, $2)`, [stage.world.run, to]);

	const chat = () =>
		stage.one<string>(stage.owner, `select (private.participation_settings_of($1)).chat`, [
			stage.world.sessions.public.id
		]);

	test('admits only registered people, or only people of the session, and is opened again', async () => {
		const { people } = stage.world;
		for (const who of [people.delegate, people.speaker, people.programme, people.safeguarding])
			expect(await lock(who, 'registered')).toBe('not_found');
		expect(await lock(stage.chair, 'nobody')).toBe('not_possible');
		const before = await stage.pass(null);
		expect(await lock(stage.chair, 'registered')).toBe('ok');
		expect(await chat()).toBe('slow');
		expect(await stage.pass(null)).toEqual({ status: 'locked' });
		expect(await stage.pass(people.newcomer)).toEqual({ status: 'locked' });
		// A person with an older token finds nobody.
		expect(await stage.rights(before.room)).toMatchObject({ is_open: false });
		const inside = await stage.pass(people.virtual);
		expect(inside.status).toBe('ok');
		expect((await stage.rights(inside.room)).allows_signed_out).toBe(false);
		expect(await lock(people.stage, 'people')).toBe('ok');
		expect(await chat()).toBe('people');
		expect(await stage.pass(people.virtual)).toEqual({ status: 'locked' });
		for (const who of [people.speaker, stage.chair, people.stage, people.safeguarding])
			expect((await stage.pass(who)).status).toBe('ok');
		expect(await lock(stage.chair, null)).toBe('ok');
		expect((await stage.pass(null)).status).toBe('ok');
	});

	test('keeps a promoted delegate, and reveals nothing', async () => {
		const { people, sessions } = stage.world;
		await stage.pass(people.virtual);
		await stage.owner.query(`update private.run_participants set is_promoted = true where person_id = $1`, [
			people.virtual.person
		]);
		await lock(stage.chair, 'people');
		expect((await stage.pass(people.virtual)).status).toBe('ok');
		expect(await stage.callAs(people.delegate, `select public.can_enter($1, 'stream')`, [sessions.public.id])).toBe(
			'locked'
		);
		expect(await stage.callAs(people.delegate, `select public.can_enter($1, 'door')`, [sessions.public.id])).toBe('ok');
	});
});

describe('the notice before entering', () => {
	const confirm = (who: TestPerson, level: 'members' | 'chatham_house' | 'closed') =>
		stage.callAs<string>(who, `select public.confirm_notice($1)`, [stage.world.sessions[level].id]);
	const isConfirmed = (who: TestPerson, level: 'members' | 'chatham_house') =>
		stage.one<boolean>(stage.owner, `select private.has_confirmed_notice($1, $2)`, [
			who.person,
			stage.world.sessions[level].id
		]);

	test('is confirmed once, and again when the level was raised', async () => {
		const { people, sessions } = stage.world;
		expect(await confirm(people.delegate, 'closed')).toBe('not_seen');
		expect(await isConfirmed(people.delegate, 'members')).toBe(false);
		expect([await confirm(people.delegate, 'members'), await confirm(people.delegate, 'members')]).toEqual([
			'ok',
			'ok'
		]);
		expect([await isConfirmed(people.delegate, 'members'), await isConfirmed(people.virtual, 'members')]).toEqual([
			true,
			false
		]);
		await stage.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [sessions.members.id]);
		expect(await isConfirmed(people.delegate, 'members')).toBe(false);
	});

	test('is enforced: without it there is no token, nor after the level was raised', async () => {
		const { people, sessions } = stage.world;
		const run = await stage.liveMembersRun();
		const bare = (who: TestPerson) => stage.pass(who, 'stage', null, false);
		expect((await bare(people.virtual)).status).toBe('ok');
		const before = await bare(people.virtual);
		await stage.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [sessions.members.id]);
		expect(await bare(people.virtual)).toEqual({ status: 'unconfirmed' });
		expect(await stage.rights(before.room)).toMatchObject({ is_open: false });
		// People of the session and people who run it know it already.
		for (const who of [stage.chair, people.stage]) expect((await bare(who)).status).toBe('ok');
		expect(await confirm(people.virtual, 'members')).toBe('ok');
		expect(await bare(people.virtual)).toMatchObject({ status: 'ok', run });
		expect((await bare(people.virtual)).room).not.toBe(before.room);
	});

	test('is shown for a content note too, and visitors confirm it themselves', async () => {
		const { people, sessions } = stage.world;
		await stage.owner.query(
			`update public.sessions set content_note = '{"original":"en","en":"Abuse is described."}' where id = $1`,
			[sessions.public.id]
		);
		expect(await stage.pass(null, 'stage', null, false)).toEqual({ status: 'unconfirmed' });
		expect((await stage.pass(null, 'stage', null, true)).status).toBe('ok');
		// Their claim is worth nothing without the stored confirmation.
		const stateOf = (who: TestPerson) =>
			stage.one(stage.app, `select private.stage_pass($1, $2, 'plenary', 'stage', null, true)`, [
				who.person,
				stage.world.summit
			]);
		expect(await stateOf(people.delegate)).toEqual({ status: 'unconfirmed' });
		expect((await stage.pass(people.delegate)).status).toBe('ok');
	});

	test('leaves no list of people who entered a session without names', async () => {
		const { people } = stage.world;
		await stage.setState(people.stage, stage.world.run, 'ended');
		const { run } = await stage.openRun(stage.chair, 'chatham_house');
		await confirm(people.delegate, 'chatham_house');
		expect(await isConfirmed(people.delegate, 'chatham_house')).toBe(true);
		await stage.setState(stage.chair, run, 'ended');
		expect(await isConfirmed(people.delegate, 'chatham_house')).toBe(false);
	});
});

describe('a confirmed notice', () => {
	const notices = (session: string) =>
		stage.one<number>(stage.owner, `select count(*)::int from private.entry_notices where session_id = $1`, [session]);

	test('is not stored when nothing is on, in a session without names', async () => {
		const { people, sessions } = stage.world;
		const confirm = () =>
			stage.callAs<string>(people.delegate, `select public.confirm_notice($1)`, [sessions.chatham_house.id]);
		await stage.setState(people.stage, stage.world.run, 'ended');
		expect([await confirm(), await notices(sessions.chatham_house.id)]).toEqual(['ok', 0]);
		const { run } = await stage.openRun(stage.chair, 'chatham_house');
		expect([await confirm(), await notices(sessions.chatham_house.id)]).toEqual(['ok', 1]);
		await stage.setState(stage.chair, run, 'ended');
		expect([await confirm(), await notices(sessions.chatham_house.id)]).toEqual(['ok', 0]);
	});

	test('is deleted when the level is raised to one without names, after the end as well', async () => {
		const { people, sessions } = stage.world;
		const run = await stage.liveMembersRun();
		await stage.callAs(people.delegate, `select public.confirm_notice($1)`, [sessions.members.id]);
		await stage.setState(stage.chair, run, 'ended');
		expect(await notices(sessions.members.id)).toBe(1);
		await stage.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [sessions.members.id]);
		expect(await notices(sessions.members.id)).toBe(0);
	});

	test('leaves no viewer behind when a token is requested while the session ends', async () => {
		const { people, sessions, summit } = stage.world;
		await stage.setState(people.stage, stage.world.run, 'ended');
		const { run } = await stage.openRun(stage.chair, 'chatham_house');
		await stage.setState(stage.chair, run, 'live');
		await stage.callAs(people.delegate, `select public.confirm_notice($1)`, [sessions.chatham_house.id]);
		const app = await stage.db.connect(stage.db.appUrl);
		const other = await stage.db.connect();
		const pid = await stage.one<number>(other, `select pg_backend_pid()`);
		await app.query('begin');
		await app.query(`select private.stage_pass($1, $2, 'plenary')`, [people.delegate.person, summit]);
		const ending = actAs(other, stage.chair, `select public.set_run_state($1, 'ended')`, [run]);
		const isWaiting = () =>
			stage.one<boolean>(stage.owner, `select exists (select from pg_locks where pid = $1 and not granted)`, [pid]);
		const isOver = () => stage.one<string>(stage.owner, `select state from public.runs where id = $1`, [run]);
		await expect.poll(async () => (await isWaiting()) || (await isOver()) === 'ended').toBe(true);
		await app.query('commit');
		await ending;
		expect(
			await stage.one(
				stage.owner,
				`select count(*)::int from private.run_participants where run_id = $1 and role = 'viewer'`,
				[run]
			)
		).toBe(0);
	});
});

describe('messages in the green room', () => {
	const say = (who: TestPerson, words: string, run = stage.world.run) =>
		stage.callAs<string>(who, `select public.send_backstage_message($1, $2)`, [run, words]);
	const read = (who: TestPerson) =>
		stage.callAs<{ display_name: string; words: string }[] | null>(who, `select public.read_backstage_messages($1)`, [
			stage.world.sessions.public.id
		]);

	test('are for people of the session and people who run it, while the run lasts', async () => {
		const { people, run } = stage.world;
		expect(await say(people.speaker, ' My slides are the second file. ')).toBe('ok');
		expect(await say(people.stage, 'Seen.')).toBe('ok');
		expect(await read(stage.chair)).toEqual([
			expect.objectContaining({ display_name: people.speaker.name, words: 'My slides are the second file.' }),
			expect.objectContaining({ display_name: people.stage.name, words: 'Seen.' })
		]);
		for (const who of [people.delegate, people.virtual, people.programme, people.newcomer])
			expect([await say(who, 'x'), await read(who)]).toEqual(['not_found', null]);
		expect(await say(people.speaker, 'x'.repeat(100_000))).toBe('too_long');
		await stage.setState(stage.chair, run, 'ended');
		expect(await say(people.speaker, 'x')).toBe('not_found');
		expect(
			await stage.one(stage.owner, `select count(*)::int from private.backstage_messages where run_id = $1`, [run])
		).toBe(0);
	});

	test('are limited in number', async () => {
		const { people } = stage.world;
		const answers: string[] = [];
		for (let count = 0; count < 21; count += 1) answers.push(await say(people.speaker, `message ${count}`));
		expect(answers.at(-1)).toBe('too_often');
		expect(answers.filter((answer) => answer === 'ok')).toHaveLength(20);
	});
});
