/* A session that is cancelled while its stage is open: waiting, in countdown or live. */
import { expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';

const stage = useStageWorld();

const cancel = () =>
	stage.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [stage.world.sessions.members.id]);
const stateOf = (run: string | undefined) =>
	stage.one<string>(stage.owner, `select state from public.runs where id = $1`, [run]);

test('a waiting run ends, and the clock starts no cancelled session', async () => {
	await stage.setState(stage.world.people.stage, stage.world.run, 'ended');
	const { run } = await stage.openRun(stage.chair, 'members');
	expect(await stage.callAs(stage.chair, `select public.set_countdown($1, 5)`, [run])).toBe('ok');
	await cancel();
	await stage.owner.query(
		`update private.run_stage_settings set starts_at = now() - interval '1 second' where run_id = $1`,
		[run]
	);
	await stage.owner.query(`select private.run_session_timers()`);
	expect([await stateOf(run), await stage.setState(stage.chair, run, 'live')]).toEqual(['ended', 'not_possible']);
	expect(await stage.openRun(stage.world.people.stage, 'members')).toEqual({ status: 'cancelled' });
});

test('a live run ends for everybody at once', async () => {
	const { people } = stage.world;
	const run = await stage.liveMembersRun();
	await stage.join(people.speaker, 'speaker', 'members');
	await stage.setOnStage(people.speaker, run, people.speaker, true);
	const given = await stage.pass(people.speaker);
	expect(given.publish).not.toEqual([]);
	await cancel();
	expect([await stateOf(run), (await stage.pass(people.speaker)).status]).toEqual(['ended', 'none']);
	expect(await stage.rights(given.room, given.identity)).toMatchObject({ is_open: false });
});

test('its last event says so to those who watched, and the room to those who come', async () => {
	const { people } = stage.world;
	const run = await stage.liveMembersRun();
	await cancel();
	expect(await stage.one(stage.app, `select private.stage_event($1, null)`, [run])).toEqual({ is_cancelled: true });
	const read = async (who: Parameters<typeof stage.callAs>[0]) =>
		(
			await stage.callAs<{ run: unknown; cancelled: { code: string } | null }>(
				who,
				`select public.read_stage($1, 'plenary')`,
				[stage.world.summit]
			)
		).cancelled;
	// Not at its time yet.
	expect(await read(people.virtual)).toBeNull();
	await stage.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [
		stage.world.sessions.public.id
	]);
	for (const who of [null, people.virtual])
		expect(await read(who)).toMatchObject({ code: stage.world.sessions.public.code });
});
