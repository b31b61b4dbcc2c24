import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { actAs, type TestPerson, type World } from '../../fixtures/world.ts';

const stage = useStageWorld();

describe('running a stage', () => {
	test('a bar by a safeguarding lead is lifted by a lead only, and no other host bars a chair', async () => {
		const { people, sessions, run } = stage.world;
		const bar = async (by: TestPerson, whom: TestPerson, barred: boolean) =>
			stage.callAs(by, `select public.bar_from_session($1, $2, $3)`, [
				sessions.public.id,
				await stage.code(whom),
				barred
			]);
		await stage.callAs(people.stage, `select public.make_run_host($1, $2, true)`, [
			run,
			await stage.code(people.speaker)
		]);
		expect(await bar(people.safeguarding, people.speaker, true)).toBe('ok');
		for (const who of [stage.chair, people.stage]) expect(await bar(who, people.speaker, false)).toBe('not_allowed');
		expect(await bar(people.safeguarding, people.speaker, false)).toBe('ok');
		expect(await bar(people.speaker, stage.chair, true)).toBe('not_allowed');
		expect(await bar(people.stage, stage.chair, true)).toBe('ok');
		expect(await bar(people.stage, stage.chair, false)).toBe('ok');
		// A host may admit a person whom a host has barred.
		expect(await bar(stage.chair, people.speaker, true)).toBe('ok');
		expect(await bar(people.stage, people.speaker, false)).toBe('ok');
	});

	test('a lead’s bar stays in force when a host had barred before, and when the lead has left', async () => {
		const { people, sessions, run, summit } = stage.world;
		const bar = async (by: TestPerson, barred: boolean) =>
			stage.callAs(by, `select public.bar_from_session($1, $2, $3)`, [
				sessions.public.id,
				await stage.code(people.speaker),
				barred
			]);
		await stage.callAs(people.stage, `select public.make_run_host($1, $2, true)`, [
			run,
			await stage.code(people.speaker)
		]);
		expect([await bar(stage.chair, true), await bar(people.safeguarding, true)]).toEqual(['ok', 'ok']);
		expect([await bar(people.safeguarding, true), await bar(stage.chair, false)]).toEqual(['already', 'not_allowed']);
		await stage.owner.query(
			`update public.role_grants set ended_at = now() where person_id = $1 and role = 'safeguarding' and (summit_id = $2 or summit_id is null)`,
			[people.safeguarding.person, summit]
		);
		expect(await bar(stage.chair, false)).toBe('not_allowed');
		expect((await stage.pass(people.speaker)).status).toBe('barred');
	});

	test('is for hosts and stage organisers, nobody else', async () => {
		const { people } = stage.world;
		for (const who of [
			people.newcomer,
			people.delegate,
			people.speaker,
			people.programme,
			people.door,
			people.safeguarding
		]) {
			expect(await stage.setState(who, stage.world.run, 'paused')).toBe('not_found');
			expect(
				await stage.callAs(who, `select public.bar_from_session($1, $2, true)`, [
					stage.world.sessions.public.id,
					await stage.code(stage.chair)
				])
			).toBe(who === people.safeguarding ? 'ok' : 'not_found');
		}
		expect(await stage.openRun(people.delegate, 'members')).toEqual({ status: 'not_found' });
		expect(await stage.setState(people.stage, stage.world.run, 'paused')).toBe('ok');
		expect(await stage.setState(people.stage, stage.world.run, 'paused')).toBe('already');
		expect(await stage.setState(people.stage, stage.world.run, 'waiting')).toBe('not_possible');
		expect(await stage.setState(people.stage, stage.world.run, 'ended')).toBe('ok');
		expect(await stage.setState(people.stage, stage.world.run, 'live')).toBe('not_possible');
	});

	test('a room has one run on air, and the next one waits beside it', async () => {
		const next = await stage.openRun(stage.chair, 'members');
		expect(next.status).toBe('ok');
		expect(await stage.openRun(stage.chair, 'members')).toEqual(next);
		expect(await stage.setState(stage.chair, next.run, 'live')).toBe('room_busy');
		expect(await stage.pass(stage.world.people.delegate)).toMatchObject({ run: stage.world.run });
		await stage.setState(stage.chair, stage.world.run, 'ended');
		expect(await stage.setState(stage.chair, next.run, 'live')).toBe('ok');
		expect(await stage.pass(stage.world.people.delegate)).toMatchObject({ run: next.run });
	});

	test('two people who open the same stage at once open one', async () => {
		const other = await stage.db.connect();
		const [first, second] = await Promise.all([
			stage.openRun(stage.chair, 'members'),
			actAs(other, stage.world.people.stage, `select public.open_run($1)`, [stage.world.sessions.members.id])
		]);
		expect(second[0]).toEqual({ open_run: first });
	});

	test('opens in the agenda’s room for a host, and elsewhere only for a stage organiser', async () => {
		const elsewhere = await stage.one<string>(
			stage.owner,
			`insert into public.rooms (summit_id, slug, name) values ($1, 'annex', '{"original":"en","en":"Annex"}') returning id`,
			[stage.world.summit]
		);
		const roomOf = async (who: TestPerson, level: keyof World['sessions']) => {
			const { run } = await stage.callAs<{ run: string }>(who, `select public.open_run($1, $2)`, [
				stage.world.sessions[level].id,
				elsewhere
			]);
			return stage.one<string>(stage.owner, `select room_id from public.runs where id = $1`, [run]);
		};
		expect(await roomOf(stage.chair, 'members')).toBe(stage.world.room);
		expect(await roomOf(stage.world.people.stage, 'chatham_house')).toBe(elsewhere);
	});

	test('speakers go on and off by themselves, hosts decide for all, delegates never come on', async () => {
		const { people } = stage.world;
		expect(await stage.setOnStage(people.speaker, stage.world.run, people.speaker, true)).toBe('ok');
		expect(await stage.setOnStage(people.speaker, stage.world.run, stage.chair, true)).toBe('not_found');
		expect(await stage.setOnStage(people.delegate, stage.world.run, people.delegate, true)).toBe('not_a_speaker');
		expect(await stage.setOnStage(stage.chair, stage.world.run, people.delegate, true)).toBe('not_a_speaker');
		expect(await stage.setOnStage(people.stage, stage.world.run, people.stage, true)).toBe('not_a_speaker');
		expect(await stage.setOnStage(stage.chair, stage.world.run, people.speaker, false)).toBe('ok');
		expect(await stage.setOnStage(people.speaker, stage.world.run, people.speaker, true)).toBe('kept_off');
		expect(await stage.setOnStage(people.speaker, stage.world.run, people.speaker, false)).toBe('already');
		expect(await stage.setOnStage(people.speaker, stage.world.run, people.speaker, true)).toBe('kept_off');
		expect(await stage.setOnStage(stage.chair, stage.world.run, people.speaker, true)).toBe('ok');
		const shown = await stage.callAs<{ on_stage: object[] }>(null, `select public.read_stage($1, 'plenary')`, [
			stage.world.summit
		]);
		expect(shown.on_stage).toEqual([expect.objectContaining({ display_name: people.speaker.name, role: 'speaker' })]);
	});

	test('a person who declines or loses the part is off the stage at once', async () => {
		const { people } = stage.world;
		await stage.setOnStage(people.speaker, stage.world.run, people.speaker, true);
		const { room, identity } = await stage.pass(people.speaker);
		expect((await stage.rights(room, identity)).rights).toEqual({
			[identity ?? '']: ['camera', 'microphone', 'screen']
		});
		await stage.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [
			people.speaker.person
		]);
		expect((await stage.rights(room, identity)).rights).toEqual({ [identity ?? '']: [] });
		const shown = await stage.callAs<{ on_stage: object[] }>(null, `select public.read_stage($1, 'plenary')`, [
			stage.world.summit
		]);
		expect(shown.on_stage).toEqual([]);
	});
});

/** Breaks another unique rule after each state change: a fault of ours, which must not be taken for a busy room. */
async function withFault(work: () => Promise<void>): Promise<void> {
	await stage.owner.query(
		`create function private.break_for_test() returns trigger language plpgsql as $$
		begin raise unique_violation using message = 'something else'; end $$;
		create trigger break_for_test after update of state on public.runs for each row execute function private.break_for_test()`
	);
	try {
		await work();
	} finally {
		await stage.owner.query(`drop trigger break_for_test on public.runs; drop function private.break_for_test()`);
	}
}

test('only another run on air makes a room busy; an invalid state is refused', async () => {
	const { people, run } = stage.world;
	const { run: waits } = await stage.openRun(stage.chair, 'members');
	expect(await stage.setState(stage.chair, waits, 'live')).toBe('room_busy');
	expect(await stage.callAs(people.stage, `select public.set_run_state($1, null)`, [run])).toBe('not_possible');
	await withFault(() => expect(stage.setState(stage.chair, run, 'paused')).rejects.toThrow('something else'));
});

test('the clock lets a run wait for its room, and reports every other fault', async () => {
	const { run } = stage.world;
	const { run: waits } = await stage.openRun(stage.chair, 'members');
	expect(await stage.callAs(stage.chair, `select public.set_countdown($1, 60)`, [waits])).toBe('ok');
	await stage.owner.query(`update private.run_stage_settings set starts_at = now() where run_id = $1`, [waits]);
	const turn = () => stage.app.query(`select * from private.run_session_timers()`);
	const stateNow = () => stage.one<string>(stage.owner, `select state from public.runs where id = $1`, [waits]);
	await turn();
	expect(await stateNow()).toBe('waiting');
	expect(await stage.setState(stage.chair, run, 'ended')).toBe('ok');
	await withFault(() => expect(turn()).rejects.toThrow('something else'));
	expect(await stateNow()).toBe('waiting');
	await turn();
	expect(await stateNow()).toBe('live');
});
