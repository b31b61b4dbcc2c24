import { expect, test } from 'vitest';
import { useStageWorld, type GivenPass } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

const make = (who: TestPerson) =>
	stage.callAs<{ status: string; code?: string }>(who, `select public.make_hall_code($1, 'plenary')`, [
		stage.world.summit
	]);
const revoke = (who: TestPerson) =>
	stage.callAs<string>(who, `select public.revoke_hall_codes($1, 'plenary')`, [stage.world.summit]);
const hallPass = (code: string | undefined, room = 'plenary') =>
	stage.one<GivenPass>(stage.app, `select private.hall_pass($1, $2, $3)`, [code, stage.world.summit, room]);
const onStage = async () =>
	(
		await stage.callAs<{ on_stage: { role: string; display_name: string; identity: string }[] }>(
			null,
			`select public.read_stage($1, 'plenary')`,
			[stage.world.summit]
		)
	).on_stage;

test('the hall sends with a code from a stage organiser, while the run is live, until the code is revoked', async () => {
	const { people, run } = stage.world;
	for (const who of [people.delegate, people.speaker, people.programme, people.door, stage.chair])
		expect([(await make(who)).status, await revoke(who)]).toEqual(['not_found', 'not_found']);
	const { code } = await make(people.stage);
	expect(await hallPass('A'.repeat(16))).toEqual({ status: 'refused' });
	expect(await hallPass(code, 'annex')).toEqual({ status: 'refused' });
	const pass = await hallPass(code);
	expect(pass).toMatchObject({ status: 'ok', run, publish: ['camera', 'microphone', 'screen'] });
	expect(await onStage()).toEqual([
		expect.objectContaining({ role: 'hall', display_name: 'Plenary Hall', identity: pass.identity })
	]);
	const rights = async () => (await stage.rights(pass.room, pass.identity)).rights?.[pass.identity ?? ''];
	expect(await rights()).toEqual(['camera', 'microphone', 'screen']);
	await stage.setState(stage.chair, run, 'paused');
	expect(await rights()).toEqual([]);
	await stage.setState(stage.chair, run, 'live');
	expect([await revoke(people.stage), await revoke(people.stage)]).toEqual(['ok', 'already']);
	expect(await rights()).toBeNull();
	expect(await onStage()).toEqual([]);
	expect(await hallPass(code)).toEqual({ status: 'refused' });
});

test('a code follows its room from run to run, and a newer device takes over', async () => {
	const { people, run } = stage.world;
	const [first, second] = [(await make(people.stage)).code, (await make(people.stage)).code];
	const before = await hallPass(first);
	const after = await hallPass(second);
	const rights = await stage.rights(before.room, before.identity, after.identity);
	expect(rights.rights?.[before.identity ?? '']).toBeNull();
	expect(rights.rights?.[after.identity ?? '']).toEqual(['camera', 'microphone', 'screen']);
	await stage.setState(stage.chair, run, 'ended');
	expect(await hallPass(second)).toEqual({ status: 'none' });
	await stage.owner.query(`update private.hall_devices set expires_at = now() where identity = $1`, [after.identity]);
	expect(await hallPass(second)).toEqual({ status: 'refused' });
	// Only the hash is stored, and nobody reads it.
	const stored = await stage.owner.query(`select * from private.hall_devices`);
	expect(JSON.stringify(stored.rows)).not.toContain(second);
	await expect(stage.callAs(people.stage, `select identity from private.hall_devices`)).rejects.toThrow(
		/permission denied/
	);
});
