/* The history of stages: who reads it, for which sessions, and that an alias names nobody. */
import { expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

interface Entry {
	table: string;
	by: { kind: string; name?: string };
	subject: { kind: string; id: string } | null;
	person: string | null;
	fields: { name: string; old: unknown; new: unknown }[];
}

const entries = async (who: TestPerson, kind: string) =>
	(
		await stage.callAs<{ entries: Entry[] } | null>(who, `select public.list_audit($1, $2)`, [
			stage.world.summit,
			JSON.stringify({ kind })
		])
	)?.entries ?? null;
const fields = (entry: Entry | undefined) =>
	Object.fromEntries((entry?.fields ?? []).map(({ name, new: value }) => [name, value]));

test('stage organisers read what was done on a stage, by whom and to whom', async () => {
	const { people, run, sessions } = stage.world;
	await stage.setState(people.stage, run, 'paused');
	const [paused] = (await entries(people.stage, 'public.runs')) ?? [];
	expect(paused).toMatchObject({
		by: { kind: 'person', name: people.stage.name },
		subject: { kind: 'session', id: sessions.public.code },
		person: null
	});
	expect(fields(paused)).toEqual({ state: 'paused' });
	await stage.setState(people.stage, run, 'live');
	await stage.setOnStage(stage.chair, run, people.speaker, true);
	const code = await stage.code(people.speaker);
	await stage.callAs(stage.chair, `select public.allow_microphone($1, $2, false)`, [run, code]);
	const [muted] = (await entries(people.stage, 'private.run_participants')) ?? [];
	expect(muted).toMatchObject({ by: { name: stage.chair.name }, person: people.speaker.name });
	expect(fields(muted)).toEqual({ may_microphone: false });
	await stage.callAs(stage.chair, `select public.lock_entry($1, 'registered')`, [run]);
	expect(fields((await entries(people.stage, 'private.run_stage_settings'))?.[0])).toEqual({
		entry_lock: 'registered'
	});
	for (const who of [people.registration, people.safeguarding, people.delegate, stage.chair])
		expect((await entries(who, 'public.runs')) ?? []).toEqual([]);
});

test('it contains nothing of a session that the reader may not see, and never who watched', async () => {
	const { people, run } = stage.world;
	const { run: closed } = await stage.openRun(stage.chair, 'closed');
	const runsRead = async (who: TestPerson) => (await entries(who, 'public.runs'))?.length;
	const [seen, unseen] = [await runsRead(people.stage), await runsRead(people.owner)];
	expect((seen ?? 0) - (unseen ?? 0)).toBe(1);
	expect(closed).toBeDefined();
	await stage.pass(people.virtual);
	expect(JSON.stringify(await entries(people.stage, 'private.run_participants'))).not.toContain(people.virtual.name);
	expect(run).toBeDefined();
});

test('a person who later took an alias is no longer named', async () => {
	const { people, run } = stage.world;
	await stage.setOnStage(stage.chair, run, people.speaker, true);
	const named = async () => (await entries(people.stage, 'private.run_participants'))?.map(({ person }) => person);
	expect(await named()).toContain(people.speaker.name);
	await stage.owner.query(`select private.rotate_person_identity($1)`, [people.speaker.person]);
	expect(await named()).not.toContain(people.speaker.name);
});

test('it contains calls of delegates; in sessions without names it does not say whom', async () => {
	const { people, run, sessions } = stage.world;
	const callUp = async () => {
		await stage.callAs(people.virtual, `select public.raise_hand($1, null, false, null)`, [run]);
		const hand = await stage.one(stage.owner, `select id from private.hands where run_id = $1 and state = 'waiting'`, [
			run
		]);
		expect(await stage.callAs(stage.chair, `select public.call_hand($1)`, [hand])).toBe('ok');
		const [called] = (await entries(people.stage, 'private.run_participants')) ?? [];
		await stage.callAs(stage.chair, `select public.end_turn($1)`, [hand]);
		return called;
	};
	const called = await callUp();
	expect(called).toMatchObject({ by: { name: stage.chair.name }, person: people.virtual.name });
	expect(fields(called)).toMatchObject({ is_promoted: true, is_on_stage: true, may_microphone: true });
	await stage.owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	const nameless = await callUp();
	expect(nameless).toMatchObject({ by: { name: stage.chair.name }, person: null });
	const rows = await stage.owner.query(
		`select e.* from audit.entries as e where e.table_name = 'private.run_participants' order by e.id desc limit 2`
	);
	expect(JSON.stringify(rows.rows)).not.toContain(people.virtual.person);
});
