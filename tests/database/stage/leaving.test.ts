import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { actAs } from '../../fixtures/world.ts';

const stage = useStageWorld();

describe('leaving nothing behind', () => {
	test('a bar closes the room names that the person may know', async () => {
		const { people } = stage.world;
		const before = await stage.pass(people.delegate);
		expect(
			await stage.callAs(stage.chair, `select public.bar_from_session($1, $2, true)`, [
				stage.world.sessions.public.id,
				await stage.code(people.delegate)
			])
		).toBe('ok');
		expect(
			await stage.callAs(stage.chair, `select public.bar_from_session($1, $2, true)`, [
				stage.world.sessions.public.id,
				await stage.code(people.stage)
			])
		).toBe('not_found');
		expect(await stage.pass(people.delegate)).toEqual({ status: 'barred' });
		expect(await stage.rights(before.room, before.identity)).toMatchObject({ is_open: false });
		const after = await stage.pass(people.virtual);
		expect(after.room).not.toBe(before.room);
		expect((await stage.rights(after.room, before.identity)).rights).toEqual({ [before.identity ?? '']: null });
		// A host who is barred by an organiser runs nothing any more.
		expect(
			await stage.callAs(people.stage, `select public.bar_from_session($1, $2, true)`, [
				stage.world.sessions.public.id,
				await stage.code(stage.chair)
			])
		).toBe('ok');
		expect(await stage.setState(stage.chair, stage.world.run, 'ended')).toBe('not_found');
	});

	test('a raised level moves the run, a lowered one opens nothing', async () => {
		const { people, sessions } = stage.world;
		const visitor = await stage.pass(null);
		const before = await stage.pass(people.virtual);
		expect((await stage.rights(before.room)).allows_signed_out).toBe(true);
		await stage.owner.query(
			`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`,
			[sessions.public.id]
		);
		expect(await stage.one(stage.owner, `select level from public.runs where id = $1`, [stage.world.run])).toBe(
			'chatham_house'
		);
		expect(await stage.rights(visitor.room)).toMatchObject({ is_open: false });
		expect(await stage.pass(null)).toEqual({ status: 'none' });
		const after = await stage.pass(people.virtual);
		expect(after.room).not.toBe(before.room);
		await stage.owner.query(`update public.sessions set level = 'members' where id = $1`, [sessions.public.id]);
		expect(await stage.one(stage.owner, `select level from public.runs where id = $1`, [stage.world.run])).toBe(
			'chatham_house'
		);
		expect((await stage.pass(people.virtual)).room).toBe(after.room);
	});

	test('a level that is lowered and raised again moves the run again, and names nobody from in between', async () => {
		const { people, sessions } = stage.world;
		const run = await stage.liveMembersRun();
		const setLevel = (level: string) =>
			stage.owner.query(`update public.sessions set level = $2::public.confidentiality where id = $1`, [
				sessions.members.id,
				level
			]);
		const room = () => stage.one<string>(stage.owner, `select private.ensure_livekit_room($1, 'stage')`, [run]);
		await setLevel('chatham_house');
		await setLevel('members');
		const between = await room();
		expect(await stage.callAs(people.delegate, `select public.send_message($1, 'By name')`, [run])).toBe('ok');
		expect(await stage.callAs(people.delegate, `select public.ask_question($1, 'By name?', 'name')`, [run])).toBe(
			'waiting'
		);
		await setLevel('chatham_house');
		expect(await room()).not.toBe(between);
		expect(await stage.rights(between)).toMatchObject({ is_open: false });
		expect(
			await stage.one(
				stage.owner,
				`select (select count(*) from private.chat_messages where run_id = $1 and person_id is not null)::int
					+ (select count(*) from private.session_questions where session_id = $2 and (person_id is not null or shown_as <> 'nobody'))::int`,
				[run, sessions.members.id]
			)
		).toBe(0);
	});

	test('subscriptions are checked again when fewer people may follow the session', async () => {
		const { sessions } = stage.world;
		const listener = await stage.db.connect();
		const received: string[] = [];
		listener.on('notification', ({ payload = '' }) => {
			const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
			if (kind === 'rights') received.push(topic);
		});
		await listener.query('listen live_events');
		await stage.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [sessions.members.id]);
		await stage.owner.query(`delete from public.session_audiences where session_id = $1`, [sessions.closed.id]);
		await stage.owner.query(`update public.sessions set level = 'members' where id = $1`, [sessions.members.id]);
		await stage.owner.query(`notify live_events, '{"topic":"end","kind":"rights"}'`);
		await expect
			.poll(() => received)
			.toEqual([`session:${sessions.members.id}`, `session:${sessions.closed.id}`, 'end']);
	});

	test('nobody can read the names of rooms or identities', async () => {
		await stage.pass(stage.world.people.delegate);
		for (const table of ['livekit_rooms', 'run_participants', 'run_connections'])
			await expect(actAs(stage.owner, stage.world.people.stage, `select * from private.${table}`)).rejects.toThrow(
				/permission denied/
			);
		await expect(stage.app.query(`select * from private.livekit_rooms`)).rejects.toThrow(/permission denied/);
	});

	test('the audit does not list who watches', async () => {
		await stage.pass(stage.world.people.delegate);
		await stage.pass(stage.chair);
		const rows = await stage.owner.query(
			`select person_id from audit.entries where table_name = 'private.run_participants'`
		);
		const watched = rows.rows.map((row: { person_id: string }) => row.person_id);
		expect(watched).not.toContain(stage.world.people.delegate.person);
		expect(watched).toContain(stage.chair.person);
	});
});
