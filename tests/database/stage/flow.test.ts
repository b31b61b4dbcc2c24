import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

interface Flow {
	layout: string;
	spotlight: string | null;
	starts_at: string | null;
	ends_at: string | null;
	ends_itself_at: string | null;
	next: { code: string } | null;
}

const flowFor = async (who: TestPerson | null): Promise<Flow> =>
	(await stage.callAs<{ flow: Flow }>(who, `select public.read_stage($1, 'plenary')`, [stage.world.summit])).flow;
const turn = (on = stage.app) =>
	on.query<{ run: string; wait_ms: number }>(`select * from private.run_session_timers()`);
const stateOf = (run: string | undefined) =>
	stage.one<string>(stage.owner, `select state from public.runs where id = $1`, [run]);
const saveClock = (who: TestPerson, level: 'public' | 'members', starts: boolean, ends: number | null) =>
	stage.callAs<string>(who, `select public.save_session_timer($1, $2, $3)`, [
		stage.world.sessions[level].id,
		starts,
		ends
	]);
/** Moves the planned time of a session, in the release and in the draft. */
async function moveSlot(level: 'public' | 'members', by: string): Promise<void> {
	const { id } = stage.world.sessions[level];
	const moved = `tstzrange(lower(during) + $2::interval, upper(during) + $2::interval)`;
	await stage.owner.query('begin');
	await stage.owner.query(`set local session_replication_role = replica`);
	await stage.owner.query(`update public.release_slots set during = ${moved} where session_id = $1`, [id, by]);
	await stage.owner.query('commit');
}

describe('the view of a run', () => {
	test('is chosen by people who run it, and readable by everybody', async () => {
		const { people, run } = stage.world;
		const layout = (who: TestPerson, to: string) =>
			stage.callAs<string>(who, `select public.set_stage_layout($1, $2)`, [run, to]);
		const spotlight = async (who: TestPerson, whom: TestPerson | null) =>
			stage.callAs<string>(who, `select public.set_spotlight($1, $2)`, [run, whom && (await stage.code(whom))]);
		expect(await flowFor(null)).toMatchObject({ layout: 'speaker', spotlight: null, starts_at: null });
		for (const who of [people.delegate, people.speaker, people.programme, people.safeguarding])
			expect([await layout(who, 'panel'), await spotlight(who, null)]).toEqual(['not_found', 'not_found']);
		expect(await layout(stage.chair, 'panel')).toBe('ok');
		expect(await layout(people.stage, 'panel')).toBe('already');
		// Only people on stage can be in the spotlight.
		expect(await spotlight(stage.chair, people.speaker)).toBe('not_found');
		await stage.setOnStage(stage.chair, run, people.speaker, true);
		expect(await spotlight(stage.chair, people.speaker)).toBe('ok');
		const { identity } = await stage.pass(people.speaker);
		expect(await flowFor(null)).toMatchObject({ layout: 'panel', spotlight: identity });
		await stage.setOnStage(stage.chair, run, people.speaker, false);
		expect(await flowFor(null)).toMatchObject({ spotlight: null });
	});

	test('names the next session in the room only to people who may see it', async () => {
		const { people, sessions } = stage.world;
		expect((await flowFor(null)).next).toBeNull();
		expect((await flowFor(people.delegate)).next).toMatchObject({ code: sessions.members.code });
	});

	test('a microphone that a host took away is in no token until it is given back', async () => {
		const { people, run } = stage.world;
		const allow = async (who: TestPerson, allowed: boolean) =>
			stage.callAs<string>(who, `select public.allow_microphone($1, $2, $3)`, [
				run,
				await stage.code(people.speaker),
				allowed
			]);
		expect(await allow(stage.chair, false)).toBe('not_found');
		await stage.setOnStage(stage.chair, run, people.speaker, true);
		expect(await allow(people.speaker, false)).toBe('not_found');
		expect([await allow(stage.chair, false), await allow(stage.chair, false)]).toEqual(['ok', 'already']);
		expect((await stage.pass(people.speaker)).publish).toEqual(['camera', 'screen']);
		expect(await allow(people.stage, true)).toBe('ok');
		expect((await stage.pass(people.speaker)).publish).toEqual(['camera', 'microphone', 'screen']);
	});

	test('leaving the stage and returning does not give it back: a host does, or brings them on', async () => {
		const { people, run } = stage.world;
		const go = (who: TestPerson, on: boolean) => stage.setOnStage(who, run, people.speaker, on);
		const may = async () => (await stage.pass(people.speaker)).publish;
		await go(people.speaker, true);
		await stage.callAs(stage.chair, `select public.allow_microphone($1, $2, false)`, [
			run,
			await stage.code(people.speaker)
		]);
		expect([await go(people.speaker, false), await go(people.speaker, true)]).toEqual(['ok', 'ok']);
		expect(await may()).toEqual(['camera', 'screen']);
		expect([await go(stage.chair, false), await go(stage.chair, true)]).toEqual(['ok', 'ok']);
		expect(await may()).toEqual(['camera', 'microphone', 'screen']);
		expect([await go(people.speaker, false), await go(people.speaker, true)]).toEqual(['ok', 'ok']);
		expect(await may()).toEqual(['camera', 'microphone', 'screen']);
	});
});

describe('hosts', () => {
	test('can be made of speakers for one run, and run it when the chair is gone', async () => {
		const { people, run } = stage.world;
		const make = async (who: TestPerson, whom: TestPerson, is: boolean) =>
			stage.callAs<string>(who, `select public.make_run_host($1, $2, $3)`, [run, await stage.code(whom), is]);
		expect(await make(people.speaker, people.speaker, true)).toBe('not_found');
		expect(await make(stage.chair, people.delegate, true)).toBe('not_a_speaker');
		expect(await make(stage.chair, people.speaker, true)).toBe('ok');
		expect(await stage.setState(people.speaker, run, 'paused')).toBe('ok');
		expect(await make(people.stage, people.speaker, false)).toBe('ok');
		expect(await stage.setState(people.speaker, run, 'live')).toBe('not_found');
		await make(people.stage, people.speaker, true);
		await stage.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [
			people.speaker.person
		]);
		expect(await stage.setState(people.speaker, run, 'live')).toBe('not_found');
	});

	test('promote a delegate to a speaker, and a bar takes precedence', async () => {
		const { people, run } = stage.world;
		await stage.pass(people.delegate);
		await stage.owner.query(
			`update private.run_participants set is_promoted = true, is_on_stage = true, may_microphone = true where person_id = $1`,
			[people.delegate.person]
		);
		expect((await stage.pass(people.delegate)).publish).toEqual(['microphone']);
		const shown = await stage.callAs<{ on_stage: object[] }>(null, `select public.read_stage($1, 'plenary')`, [
			stage.world.summit
		]);
		expect(shown.on_stage).toEqual([expect.objectContaining({ display_name: people.delegate.name, role: 'speaker' })]);
		await stage.callAs(stage.chair, `select public.bar_from_session($1, $2, true)`, [
			stage.world.sessions.public.id,
			await stage.code(people.delegate)
		]);
		expect(await stage.pass(people.delegate)).toEqual({ status: 'barred' });
		expect(await stage.setState(stage.chair, run, 'ended')).toBe('ok');
		expect(await stage.one(stage.owner, `select count(*)::int from private.run_participants where is_promoted`)).toBe(
			0
		);
	});
});

describe('the clock', () => {
	test('starts a run at the end of its countdown and not before', async () => {
		await stage.setState(stage.world.people.stage, stage.world.run, 'ended');
		const { run } = await stage.openRun(stage.chair, 'members');
		const count = (who: TestPerson, seconds: number | null) =>
			stage.callAs<string>(who, `select public.set_countdown($1, $2)`, [run, seconds]);
		expect(await count(stage.world.people.delegate, 60)).toBe('not_found');
		expect(await count(stage.chair, 1)).toBe('not_possible');
		expect(await count(stage.chair, 60)).toBe('ok');
		const due = (await turn()).rows.filter((row) => row.run === run);
		expect(due[0]?.wait_ms).toBeGreaterThan(50_000);
		expect(await stateOf(run)).toBe('waiting');
		expect((await flowFor(stage.world.people.delegate)).starts_at).not.toBeNull();
		expect(await count(stage.chair, null)).toBe('ok');
		expect((await flowFor(stage.world.people.delegate)).starts_at).toBeNull();
		await count(stage.chair, 60);
		await stage.owner.query(`update private.run_stage_settings set starts_at = now() where run_id = $1`, [run]);
		await Promise.all([turn(), turn(await stage.db.connect(stage.db.appUrl))]);
		expect(await stateOf(run)).toBe('live');
		expect(await count(stage.chair, 60)).toBe('not_possible');
	});

	test('opens and starts a session at its time, unless a host holds it', async () => {
		const { people, sessions } = stage.world;
		for (const who of [people.delegate, people.speaker, people.door])
			expect(await saveClock(who, 'members', true, null)).toBe('not_found');
		expect(await saveClock(people.programme, 'members', true, null)).toBe('ok');
		await turn();
		const runOf = () =>
			stage.one<string | undefined>(stage.owner, `select id from public.runs where session_id = $1`, [
				sessions.members.id
			]);
		expect(await runOf()).toBeUndefined();
		await moveSlot('members', '-40 minutes');
		await turn();
		const run = await runOf();
		expect(await stateOf(run)).toBe('waiting');
		await stage.callAs(stage.chair, `select public.set_countdown($1, null)`, [run]);
		await moveSlot('members', '-20 minutes');
		await turn();
		// The session before it still occupies the hall, and a held one is started by hand.
		expect(await stateOf(run)).toBe('waiting');
		await stage.callAs(stage.chair, `select public.set_countdown($1, 5)`, [run]);
		await stage.owner.query(`update private.run_stage_settings set starts_at = now() where run_id = $1`, [run]);
		await turn();
		expect(await stateOf(run)).toBe('waiting');
		await stage.setState(stage.chair, stage.world.run, 'ended');
		await turn();
		expect(await stateOf(run)).toBe('live');
	});

	test('ends a session some minutes after its time, and only if this is configured', async () => {
		const { run, people } = stage.world;
		await moveSlot('public', '-70 minutes');
		await turn();
		expect(await stateOf(run)).toBe('live');
		expect(await saveClock(stage.chair, 'public', false, 30)).toBe('ok');
		await turn();
		expect(await stateOf(run)).toBe('live');
		expect((await flowFor(null)).ends_itself_at).not.toBeNull();
		expect(await saveClock(people.stage, 'public', false, 5)).toBe('ok');
		await turn();
		expect(await stateOf(run)).toBe('ended');
	});

	test('cannot be called from outside', async () => {
		const somebody = await makePerson(stage.owner, 'Person passing');
		await expect(stage.callAs(somebody, `select private.run_session_timers()`)).rejects.toThrow(/permission denied/);
	});
});
