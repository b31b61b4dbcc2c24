import { expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const visit = (n: number) => `visit-of-a-page-${n}`;

interface Seen {
	runs: {
		id: string;
		viewers: number;
		signed_out_viewers: number;
		listening: { reading: number; by_language: { language: string | null; count: number }[] };
		hall: { identity: string; is_lost: boolean } | null;
	}[];
}

const desk = async () =>
	(await stage.callAs<Seen>(stage.world.people.stage, `select public.read_desk($1)`, [stage.world.summit])).runs[0];

const requestDeskPass = (who: TestPerson | null, run: string | undefined, purpose = 'stage') =>
	stage.one<{ status: string; room?: string; identity?: string }>(
		stage.app,
		`select private.desk_pass($1, $2, $3, null, $4)`,
		[who?.person ?? null, stage.world.summit, run, purpose]
	);

const sendHeartbeat = (
	who: TestPerson | null,
	run: string,
	n: number,
	language: string | null,
	reading = false,
	at = 'now()'
) =>
	stage.one<string>(stage.app, `select private.save_listener($1, $2, $3, $4, $5, ${at})`, [
		who?.person ?? null,
		run,
		visit(n),
		language,
		reading
	]);

test('a stage organiser monitors a run from the desk, sends nothing, and is not counted', async () => {
	const { people, run } = stage.world;
	const pass = await requestDeskPass(people.stage, run);
	expect(pass.status).toBe('ok');
	expect((await requestDeskPass(people.stage, run)).identity).toBe(pass.identity);
	expect((await stage.rights(pass.room, pass.identity)).rights).toEqual({ [pass.identity ?? '']: [] });
	const list = [{ sid: `PA_${stage.world.slug}`, identity: pass.identity, joined_at: new Date().toISOString() }];
	await stage.app.query(`select private.reconcile_connections($1, $2, now())`, [pass.room, JSON.stringify(list)]);
	expect(await desk()).toMatchObject({ viewers: 0, signed_out_viewers: 0 });
	expect(await stage.one(stage.owner, `select count(*)::int from public.presence where run_id = $1`, [run])).toBe(0);
	// A person who loses the role is out at the next check.
	await stage.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [people.stage.person]);
	expect((await stage.rights(pass.room, pass.identity)).rights).toEqual({ [pass.identity ?? '']: null });
});

test('nobody else can monitor, and nobody monitors a past run', async () => {
	const { people, run } = stage.world;
	for (const who of [null, people.delegate, people.programme, people.safeguarding, stage.chair])
		expect(await requestDeskPass(who, run)).toEqual({ status: 'none' });
	const { run: closed } = await stage.openRun(stage.chair, 'closed');
	expect((await requestDeskPass(people.owner, closed)).status).toBe('none');
	await requestDeskPass(people.stage, run);
	await stage.setState(people.stage, run, 'ended');
	expect(await requestDeskPass(people.stage, run)).toEqual({ status: 'none' });
	expect(await stage.one(stage.owner, `select count(*)::int from private.desk_monitors where run_id = $1`, [run])).toBe(
		0
	);
});

test('those who run a session see its green room, and neither send there nor monitor the stage by it', async () => {
	const { people, run } = stage.world;
	for (const who of [null, people.delegate, people.speaker, people.programme, people.safeguarding])
		expect(await requestDeskPass(who, run, 'green_room')).toEqual({ status: 'none' });
	const [pass, desk] = [
		await requestDeskPass(stage.chair, run, 'green_room'),
		await requestDeskPass(people.stage, run, 'green_room')
	];
	expect([pass.status, desk.status, desk.room]).toEqual(['ok', 'ok', pass.room]);
	const identity = pass.identity ?? '';
	const rights = async (room: string | undefined) => (await stage.rights(room, identity)).rights;
	expect(await rights(pass.room)).toEqual({ [identity]: [] });
	expect(await rights((await requestDeskPass(people.stage, run)).room)).toEqual({ [identity]: null });
	await stage.owner.query(
		`update public.session_people set state = 'declined' where person_id = $1 and session_id = $2`,
		[stage.chair.person, stage.world.sessions.public.id]
	);
	expect(await rights(pass.room)).toEqual({ [identity]: null });
});

test('visitors are counted only, and a hall that has disappeared is reported', async () => {
	const { run, summit, people } = stage.world;
	const { code } = await stage.callAs<{ code: string }>(people.stage, `select public.make_hall_code($1, 'plenary')`, [
		summit
	]);
	const hall = await stage.one<{ room: string; identity: string }>(
		stage.app,
		`select private.hall_pass($1, $2, 'plenary')`,
		[code, summit]
	);
	const list = (at: string, ...identities: string[]) =>
		stage.app.query(`select private.reconcile_connections($1, $2, ${at})`, [
			hall.room,
			JSON.stringify(
				identities.map((identity) => ({ sid: `PA_${identity}`, identity, joined_at: new Date().toISOString() }))
			)
		]);
	const listen = (since: string | null) =>
		stage.app.query(`select private.save_hall_connection($1, $2, 'PA_hall', $3, '{microphone}')`, [
			hall.room,
			hall.identity,
			since
		]);
	expect((await desk())?.hall).toEqual({ identity: hall.identity, is_lost: false });
	await listen(new Date().toISOString());
	await list('now()', hall.identity, 'v-one', 'v-two');
	expect(await desk()).toMatchObject({ id: run, signed_out_viewers: 2, hall: { is_lost: false } });
	await listen(null);
	await list('now()', 'v-two');
	expect(await desk()).toMatchObject({ signed_out_viewers: 1, hall: { is_lost: true } });
	await listen(new Date().toISOString());
	await stage.owner.query(`update private.run_halls set seen_at = now() - interval '9 seconds' where run_id = $1`, [
		run
	]);
	expect(await desk()).toMatchObject({ hall: { is_lost: true } });
});

test('pages report their listening language, once each, without identity', async () => {
	const { people, run } = stage.world;
	await stage.owner.query(
		`insert into private.booths (run_id, language, is_signed) values ($1, 'fr', false) on conflict do nothing`,
		[run]
	);
	expect(await sendHeartbeat(people.delegate, run, 1, 'fr')).toBe('ok');
	expect(await sendHeartbeat(people.delegate, run, 1, 'fr')).toBe('ok');
	expect(await sendHeartbeat(null, run, 2, 'fr')).toBe('ok');
	expect(await sendHeartbeat(null, run, 3, 'xx')).toBe('ok');
	expect(await sendHeartbeat(null, run, 4, null, true)).toBe('ok');
	await sendHeartbeat(null, run, 5, 'fr', false, `now() - interval '3 minutes'`);
	expect((await desk())?.listening).toEqual({
		reading: 1,
		late: 0,
		by_language: [
			{ language: 'fr', count: 2 },
			{ language: null, count: 1 }
		]
	});
	await expect(
		stage.app.query(`select private.save_listener(null, $1, 'short', null, false)`, [run])
	).rejects.toThrow();
	await stage.setState(people.stage, run, 'ended');
	expect(await sendHeartbeat(null, run, 1, 'fr')).toBe('none');
	expect(await stage.one(stage.owner, `select count(*)::int from private.run_listeners where run_id = $1`, [run])).toBe(
		0
	);
});

test('a person with a phone and a computer is counted once, by the page that reported last', async () => {
	const { people } = stage.world;
	const run = await stage.liveMembersRun();
	const listening = async () =>
		stage.one<object>(stage.owner, `select private.count_listeners($1) -> 'by_language'`, [run]);
	await stage.owner.query(`insert into private.booths (run_id, language, is_signed) values ($1, 'fr', false)`, [run]);
	await sendHeartbeat(people.virtual, run, 1, null, false, `now() - interval '10 seconds'`);
	await sendHeartbeat(people.virtual, run, 2, 'fr', false, `now() - interval '5 seconds'`);
	await sendHeartbeat(people.delegate, run, 3, 'fr');
	expect(await listening()).toEqual([{ language: 'fr', count: 2 }]);
	await sendHeartbeat(people.virtual, run, 1, null);
	expect(await listening()).toEqual([
		{ language: 'fr', count: 1 },
		{ language: null, count: 1 }
	]);
	const { rows } = await stage.owner.query<{ row: string }>(`select x::text as row from private.run_listeners as x`);
	expect(rows.filter(({ row }) => row.includes(people.virtual.person) || row.includes(people.delegate.person))).toEqual(
		[]
	);
});

test('people who may not enter are not counted', async () => {
	const { people } = stage.world;
	const run = await stage.liveMembersRun();
	expect(await sendHeartbeat(null, run, 1, null)).not.toBe('ok');
	expect(await sendHeartbeat(people.virtual, run, 1, null)).toBe('ok');
	expect((await desk())?.listening.by_language).toEqual([{ language: null, count: 1 }]);
});

test('a captions-only reader attends: by the reported minutes, without gaps, and nameless where the level says so', async () => {
	const { people, run } = stage.world;
	const minutes = () =>
		stage.one<number[]>(
			stage.owner,
			`select coalesce(array_agg(extract(epoch from left_at - entered_at)::int order by entered_at), '{}') from public.presence where run_id = $1 and person_id = $2`,
			[run, people.virtual.person]
		);
	for (const ago of [600, 560, 520])
		await sendHeartbeat(people.virtual, run, 1, null, true, `now() - interval '${ago} seconds'`);
	for (const ago of [100, 60])
		await sendHeartbeat(people.virtual, run, 1, null, true, `now() - interval '${ago} seconds'`);
	expect(await minutes()).toEqual([80, 40]);
	// The same applies to the delayed view of a large audience. The desk counts these viewers separately, each person
	// once.
	await stage.app.query(`select private.save_listener($1, $2, $3, null, false, now() - interval '60 seconds', true)`, [
		people.virtual.person,
		run,
		'visit-of-nobody-00007'
	]);
	expect((await desk())?.listening).toEqual({ reading: 0, late: 1, by_language: [] });
	expect(await minutes()).toEqual([80, 40]);
	// Another page of the same person adds nothing.
	await sendHeartbeat(people.virtual, run, 2, null, true, `now() - interval '60 seconds'`);
	expect(await minutes()).toEqual([80, 40]);
	expect(await desk()).toMatchObject({ viewers: 0 });
	const { run: closed } = await stage.openRun(stage.chair, 'chatham_house');
	await sendHeartbeat(people.virtual, closed ?? '', 3, null, true);
	expect(await stage.one(stage.owner, `select count(*)::int from public.presence where run_id = $1`, [closed])).toBe(0);
});
