import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';

const stage = useStageWorld();

describe('tokens', () => {
	test('follow can_enter and the current role', async () => {
		const { people } = stage.world;
		expect(await stage.pass(null)).toMatchObject({ status: 'ok', identity: null, publish: [], run: stage.world.run });
		expect(await stage.pass(people.delegate)).toMatchObject({ status: 'ok', publish: [], run: stage.world.run });
		const run = await stage.liveMembersRun();
		expect(await stage.pass(null)).toEqual({ status: 'none' });
		expect(await stage.pass(people.newcomer)).toEqual({ status: 'none' });
		expect(await stage.pass(people.waiting)).toEqual({ status: 'none' });
		expect(await stage.pass(people.virtual)).toMatchObject({ status: 'ok', publish: [], run });
		expect(await stage.pass(people.stage)).toMatchObject({ status: 'ok', publish: [], run });
		// Owners see the session and may run it; to watch it they need a registration like anybody.
		expect(await stage.pass(people.owner)).toEqual({ status: 'not_registered' });
	});

	test('let only people on stage publish, and only while it is live', async () => {
		const { run } = await stage.openRun(stage.chair, 'members');
		await stage.setState(stage.world.people.stage, stage.world.run, 'ended');
		const code = stage.world.sessions.members.code;
		expect(await stage.setOnStage(stage.chair, run, stage.chair, true)).toBe('ok');
		const waiting = await stage.pass(stage.chair, 'stage', code);
		expect(waiting.publish).toEqual([]);
		await stage.setState(stage.chair, run, 'live');
		expect((await stage.pass(stage.chair, 'stage', code)).publish).toEqual(['camera', 'microphone', 'screen']);
		await stage.setState(stage.chair, run, 'paused');
		expect((await stage.rights(waiting.room, waiting.identity)).rights).toEqual({ [waiting.identity ?? '']: [] });
		await stage.setState(stage.chair, run, 'live');
		await stage.setOnStage(stage.chair, run, stage.chair, false);
		expect((await stage.pass(stage.chair, 'stage', code)).publish).toEqual([]);
		await stage.setState(stage.chair, run, 'ended');
		expect(await stage.pass(stage.chair, 'stage', code)).toEqual({ status: 'none' });
		expect(await stage.rights(waiting.room, waiting.identity)).toMatchObject({
			is_known: true,
			is_open: false,
			rights: { [waiting.identity ?? '']: null }
		});
	});

	test('for the green room are for people of the session and people who run it', async () => {
		await stage.liveMembersRun();
		const { people } = stage.world;
		expect((await stage.pass(stage.chair, 'green_room')).publish).toEqual(['camera', 'microphone']);
		expect((await stage.pass(people.stage, 'green_room')).publish).toEqual(['camera', 'microphone']);
		expect(await stage.pass(people.delegate, 'green_room')).toEqual({ status: 'not_backstage' });
		expect(await stage.pass(null, 'green_room')).toEqual({ status: 'none' });
	});

	test('a live closed session is invisible to people who may not see it', async () => {
		await stage.setState(stage.world.people.stage, stage.world.run, 'ended');
		const { run } = await stage.openRun(stage.world.people.stage, 'closed');
		await stage.setState(stage.world.people.stage, run, 'live');
		const { people, summit } = stage.world;
		const empty = { room: { slug: 'plenary' }, run: null, session: null, on_stage: null, people: null };
		for (const who of [null, people.delegate, people.owner, people.registration]) {
			expect(await stage.pass(who)).toEqual({ status: 'none' });
			expect(await stage.callAs(who, `select public.read_stage($1, 'plenary')`, [summit])).toMatchObject(empty);
			expect(await stage.callAs(who, `select public.on_now($1)`, [summit])).toEqual([]);
		}
		expect(await stage.pass(people.listed)).toMatchObject({ status: 'ok', publish: [] });
		expect(await stage.callAs(people.listed, `select public.read_stage($1, 'plenary')`, [summit])).toMatchObject({
			run: { id: run },
			people: null,
			may_run: false
		});
		expect(await stage.callAs(people.owner, `select public.set_run_state($1, 'ended')`, [run])).toBe('not_found');
	});
});
