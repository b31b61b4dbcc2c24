import { expect, test } from 'vitest';
import { interpretInto, makeInterpreter } from '../../fixtures/interpreting.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

interface Desk {
	runs: {
		id: string;
		state: string;
		viewers: number;
		hands: number;
		recording: null;
		languages: { language: string; is_on_air: boolean }[];
		people: { code: string; is_connected: boolean }[];
	}[];
}

const desk = (who: TestPerson | null) =>
	stage.callAs<Desk | null>(who, `select public.read_desk($1)`, [stage.world.summit]);

test('the desk is for stage organisers and owners, each with the sessions that they see', async () => {
	const { people, run } = stage.world;
	const { run: closed } = await stage.openRun(stage.chair, 'closed');
	expect((await desk(people.stage))?.runs.map(({ id, state }) => [id, state])).toEqual([
		[run, 'live'],
		[closed, 'waiting']
	]);
	expect((await desk(people.owner))?.runs.map(({ id }) => id)).toEqual([run]);
	for (const who of Object.values(people).filter((one) => one !== people.stage && one !== people.owner))
		expect(await desk(who)).toBeNull();
	expect(await desk(stage.chair)).toBeNull();
	await expect(desk(null)).rejects.toThrow(/permission denied/);
});

test('the desk shows who is connected, and how many registered people watch, never who', async () => {
	const { people } = stage.world;
	const passes = [
		await stage.pass(people.speaker),
		await stage.pass(people.delegate),
		await stage.pass(people.virtual)
	];
	const present = passes.map(({ identity }, index) => ({
		sid: `PA_${index}${stage.world.slug}`,
		identity,
		joined_at: new Date().toISOString()
	}));
	await stage.app.query(`select private.reconcile_connections($1, $2, now())`, [
		passes[0]?.room,
		JSON.stringify(present)
	]);
	const seen = await desk(people.stage);
	expect(seen?.runs[0]).toMatchObject({ viewers: 2, hands: 0, questions: 0, recording: null });
	const connected = seen?.runs[0]?.people.filter(({ is_connected }) => is_connected).map(({ code }) => code);
	expect(connected).toEqual([await stage.code(people.speaker)]);
	expect(JSON.stringify(seen)).not.toContain(people.delegate.name);
	await stage.owner.query(`update private.run_connections set seen_at = now() - interval '1 minute'`);
	expect((await desk(people.stage))?.runs[0]).toMatchObject({ viewers: 0 });
});

test('a booth sends nothing while its interpreter on air is disconnected, and the desk shows it', async () => {
	const { people, run } = stage.world;
	await interpretInto(stage.owner, stage.world, 'fr');
	const interpreter = await makeInterpreter(stage.owner, stage.world, 'Interpreter of French', 'fr');
	const languages = async () => (await desk(people.stage))?.runs[0]?.languages;
	const silent = [{ language: 'fr', is_on_air: false }];
	expect(await stage.callAs(interpreter, `select public.take_booth($1, 'fr')`, [run])).toBe('ok');
	expect(await languages()).toEqual(silent);
	const { room, identity } = await stage.pass(interpreter);
	const here = [{ sid: `PA_i${stage.world.slug}`, identity, joined_at: new Date().toISOString() }];
	await stage.app.query(`select private.reconcile_connections($1, $2, now())`, [room, JSON.stringify(here)]);
	expect(await languages()).toEqual([{ language: 'fr', is_on_air: true }]);
	await stage.owner.query(`update private.run_connections set seen_at = now() - interval '31 seconds'`);
	expect(await languages()).toEqual(silent);
});
