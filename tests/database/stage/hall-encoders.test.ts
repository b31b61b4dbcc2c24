import { expect, test } from 'vitest';
import { useStageWorld, type GivenPass } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

const make = (who: TestPerson | null, run = stage.world.run) =>
	stage.callAs<{ status: string; code?: string }>(who, `select public.make_encoder_code($1)`, [run]);
const end = (who: TestPerson, kind = 'encoder') =>
	stage.callAs<string>(who, `select public.end_encoder($1, $2)`, [stage.world.run, kind]);
const whip = (code: string | undefined, room = 'plenary') =>
	stage.one<GivenPass>(stage.app, `select private.hall_pass($1, $2, $3, 'encoder')`, [code, stage.world.summit, room]);
const browser = async (takes = false) => {
	const { code } = await stage.callAs<{ code: string }>(
		stage.world.people.stage,
		`select public.make_hall_code($1, 'plenary')`,
		[stage.world.summit]
	);
	return () =>
		stage.one<GivenPass>(stage.app, `select private.hall_pass($1, $2, 'plenary', 'browser', $3)`, [
			code,
			stage.world.summit,
			takes
		]);
};
const note = (pass: GivenPass, sid: string, since: Date | null, sends: string[] = []) =>
	stage.app.query(`select private.save_hall_connection($1, $2, $3, $4, $5)`, [
		pass.room,
		pass.identity,
		sid,
		since,
		sends
	]);
const read = (who: TestPerson) =>
	stage.callAs<{ id: string; hall: object | null; encoder_until: string | null; has_ingress: boolean }[] | null>(
		who,
		`select public.read_encoders($1, 'plenary')`,
		[stage.world.summit]
	);
const rightsOf = async ({ room, identity }: GivenPass) => (await stage.rights(room, identity)).rights?.[identity ?? ''];

test('only stage organisers make an encoder’s code, end it, and see its state', async () => {
	const { people, run } = stage.world;
	for (const who of [people.delegate, people.speaker, people.programme, people.door, stage.chair])
		expect([(await make(who)).status, await end(who), await read(who)]).toEqual(['not_found', 'not_found', null]);
	await expect(make(null)).rejects.toThrow(/permission denied/);
	const { code } = await make(people.stage);
	expect(await read(people.stage)).toEqual([
		expect.objectContaining({ id: run, hall: null, encoder_until: expect.any(String), has_ingress: false })
	]);
	const pass = await whip(code);
	expect(pass).toMatchObject({ status: 'ok', run, publish: ['camera', 'microphone', 'screen'] });
	await note(pass, 'PA_1', new Date(), ['camera']);
	expect((await read(people.stage))?.[0]?.hall).toMatchObject({
		kind: 'encoder',
		is_connected: true,
		sends: ['camera']
	});
	expect([await end(people.stage, 'browser'), await end(people.stage), await end(people.stage)]).toEqual([
		'not_found',
		'ok',
		'already'
	]);
	expect([await rightsOf(pass), await whip(code)]).toEqual([null, { status: 'refused' }]);
	const stored = await stage.owner.query(`select * from private.hall_devices`);
	expect(JSON.stringify(stored.rows)).not.toContain(code);
});

test('a code opens its own run in its own room, as an encoder, and until the next one is made', async () => {
	const { people, run } = stage.world;
	const first = (await make(people.stage)).code;
	const pass = await whip(first);
	const second = (await make(people.stage)).code;
	expect([await whip(first), await rightsOf(pass)]).toEqual([{ status: 'refused' }, null]);
	expect([await whip(second, 'annex'), await whip('A'.repeat(32))]).toEqual([
		{ status: 'refused' },
		{ status: 'refused' }
	]);
	const asBrowser = `select private.hall_pass($1, $2, 'plenary')`;
	expect(await stage.one(stage.app, asBrowser, [second, stage.world.summit])).toEqual({ status: 'refused' });
	const other = (await stage.openRun(stage.chair, 'members')).run;
	const third = (await make(people.stage, other)).code;
	await stage.setState(stage.chair, run, 'ended');
	expect([await whip(second), (await make(people.stage)).status]).toEqual([{ status: 'none' }, 'ended']);
	expect(await whip(third)).toMatchObject({ status: 'ok', run: other, publish: [] });
});

test('while one encoder sends another is refused, unless a person takes over in a browser', async () => {
	const { code } = await make(stage.world.people.stage);
	const encoder = await whip(code);
	await note(encoder, 'PA_1', new Date(), ['camera', 'microphone']);
	expect(await (await browser())()).toEqual({ status: 'busy' });
	const second = await (await browser(true))();
	expect([await rightsOf(encoder), await rightsOf(second)]).toEqual([null, ['camera', 'microphone', 'screen']]);
	await note(second, 'PA_2', new Date(), ['camera']);
	expect(await whip(code)).toEqual({ status: 'busy' });
	// A late event about an earlier connection does not end this one.
	await note(second, 'PA_0', null);
	expect(await whip(code)).toEqual({ status: 'busy' });
	await note(second, 'PA_2', null);
	expect(await whip(code)).toMatchObject({ status: 'ok' });
});

test('raising the level closes the room of an encoder, and its code leads into the new one', async () => {
	const { code } = await make(stage.world.people.stage);
	const before = await whip(code);
	await stage.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		stage.world.sessions.public.id
	]);
	const rights = await stage.rights(before.room, before.identity);
	expect(rights.is_open).toBe(false);
	const after = await whip(code);
	expect(after.status).toBe('ok');
	expect(after.room).not.toBe(before.room);
});
