/*
 * Live events of a stage contain the changed content: the same for everybody who may enter, and equal to what each of
 * them would read.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { applyStage, parseStageEvent } from '../../../src/lib/stage/applying.ts';
import { withNames } from '../../../src/lib/stage/naming.ts';
import type { Stage } from '../../../src/lib/stage/stage.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { openRuns, roomOf, type Level, type Runs } from '../../fixtures/level-runs.ts';
import { makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
});

const levels: Level[] = ['public', 'members', 'chatham_house', 'closed'];
/** Viewers: a visitor where allowed, registered people, a person of the session, and one of a closed audience. */
const audience = ['visitor', 'delegate', 'virtual', 'listed', 'speaker'] as const;

async function readBy(who: (typeof audience)[number], level: Level): Promise<Stage> {
	const person = who === 'visitor' ? null : world.people[who as PersonKind];
	const stage = await callAs<Stage>(db.owner, person, 'public.read_stage($1, $2)', [world.summit, roomOf(level)]);
	return timeless(stage.run ? { ...stage, on_stage: withNames(stage.on_stage) } : stage);
}

/** Without the time of the reading, and values that follow from it. */
const timeless = (stage: Stage): Stage => (stage.run ? { ...stage, flow: { ...stage.flow, now: '' } } : stage);

async function eventsOf(level: Level) {
	const content = await readValue<unknown>(db.app, 'select private.stage_event($1, null)', [runs.of[level]]);
	return { content, event: parseStageEvent(content) };
}

/** Every act on a stage at this level, in an order in which each has an effect. */
function actsOf(level: Level): Record<string, () => Promise<unknown>> {
	const { speaker, virtual } = world.people;
	const run = runs.of[level];
	const session = world.sessions[level].id;
	const code = (person: string) =>
		readValue<string>(db.owner, 'select code from public.people where id = $1', [person]);
	const host = (sql: string, ...values: unknown[]) => callAs(db.owner, runs.chair, `public.${sql}`, values);
	const write = (sql: string, ...values: unknown[]) => db.owner.query(sql, values);
	return {
		'names the session in two languages': () =>
			write(`update public.sessions set title = '{"original":"fr","fr":"Séance","ar":"جلسة"}' where id = $1`, session),
		'adds a speaker': () =>
			write(
				`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'respondent', 'confirmed') on conflict do nothing`,
				session,
				world.summit,
				world.people.listed.person
			),
		'brings the chair on stage': async () => host('set_on_stage($1, $2, true)', run, await code(runs.chair.person)),
		'brings a speaker on stage': async () => host('set_on_stage($1, $2, true)', run, await code(speaker.person)),
		'shows a panel': () => host(`set_stage_layout($1, 'panel')`, run),
		'shows the chair large': async () => host('set_spotlight($1, $2)', run, await code(runs.chair.person)),
		'gives the chair another name': () =>
			write(
				`update public.people set display_name = 'Another Name', office = 'Adviser' where id = $1`,
				runs.chair.person
			),
		'announces something': () => host(`announce_on_stage($1, 'Please take your seats.', 5)`, run),
		pauses: () => host(`set_run_state($1, 'paused')`, run),
		'goes on': () => host(`set_run_state($1, 'live')`, run),
		'connects a hall': () =>
			write(
				`with device as (insert into private.hall_devices (summit_id, room_id, code_hash, expires_at) select $2, room_id, gen_random_uuid()::text::bytea, now() + interval '1 day' from public.runs where id = $1 returning id)
				insert into private.run_halls (run_id, device_id) select $1, id from device`,
				run,
				world.summit
			),
		'brings somebody who only watches on stage': () =>
			write(
				`insert into private.run_participants (run_id, person_id, role, is_on_stage, is_promoted) values ($1, $2, 'viewer', true, true) on conflict (run_id, person_id) do update set is_on_stage = true, is_promoted = true`,
				run,
				virtual.person
			),
		'takes the chair off': async () => host('set_on_stage($1, $2, false)', run, await code(runs.chair.person)),
		ends: () => host(`set_run_state($1, 'ended')`, run)
	};
}

/** The person whose own part an act changed: their page reads it after an event on their own topic. */
const concerned: Record<string, readonly string[]> = {
	'adds a speaker': ['listed'],
	'brings a speaker on stage': ['speaker'],
	'brings somebody who only watches on stage': ['virtual']
};

describe.each(levels)('at level %s', (level) => {
	test('events applied to an earlier reading give the current reading, for everybody who may enter', async () => {
		const before = new Map<string, Stage>();
		for (const who of audience) before.set(who, await readBy(who, level));
		const entered = audience.filter((who) => before.get(who)?.entry === 'ok');
		expect(entered.length).toBeGreaterThan(0);
		for (const [act, perform] of Object.entries(actsOf(level))) {
			await perform();
			const { event } = await eventsOf(level);
			for (const who of entered) {
				const now = await readBy(who, level);
				const applied = timeless(applyStage(before.get(who) as Stage, event));
				if (!concerned[act]?.includes(who)) expect({ act, who, stage: applied }).toEqual({ act, who, stage: now });
				before.set(who, now);
			}
		}
	});

	test('events contain nothing that one of their readers may not read, and are small', async () => {
		for (const [act, perform] of Object.entries(actsOf(level))) {
			if (act === 'ends') break;
			await perform();
			const { content } = await eventsOf(level);
			expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(3000);
			for (const who of audience) {
				const stage = await callAs<Stage>(
					db.owner,
					who === 'visitor' ? null : world.people[who as PersonKind],
					'public.read_stage($1, $2)',
					[world.summit, roomOf(level)]
				);
				if (stage.entry !== 'ok') continue;
				const { run, session, on_stage, flow, announcement } = content as Record<string, object>;
				expect({ run, session, on_stage, announcement, flow: { ...flow, now: '', next: null } }).toEqual({
					run: stage.run,
					session: stage.session,
					on_stage: stage.on_stage,
					announcement: stage.announcement,
					flow: { ...stage.flow, now: '', next: null }
				});
			}
		}
	});
});

test('a person who comes on stage, leaves it or loses the microphone gets an event on their own topic, which nobody else can follow', async () => {
	const listener = await db.connect();
	const received: string[] = [];
	listener.on('notification', ({ payload = '' }) => {
		const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
		if (topic.startsWith('person:')) received.push(`${topic} ${kind}`);
	});
	await listener.query('listen live_events');
	const { speaker } = world.people;
	const code = await readValue<string>(db.owner, 'select code from public.people where id = $1', [speaker.person]);
	for (const [sql, values] of [
		['public.set_on_stage($1, $2, true)', [world.run, code]],
		['public.allow_microphone($1, $2, false)', [world.run, code]],
		['public.set_on_stage($1, $2, false)', [world.run, code]]
	] as const) {
		received.length = 0;
		await callAs(db.owner, runs.chair, sql, [...values]);
		await listener.query('select 1');
		expect(received).toEqual([`person:${speaker.person} part`]);
	}
});

test('a person from the floor who takes an alias is reported to people who see that stage', async () => {
	const listener = await db.connect();
	const received: string[] = [];
	listener.on('notification', ({ payload = '' }) => {
		const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
		if (topic.startsWith('session:')) received.push(`${topic} ${kind}`);
	});
	await listener.query('listen live_events');
	const { virtual } = world.people;
	await db.owner.query(
		`insert into private.run_participants (run_id, person_id, role, is_on_stage, is_promoted) values ($1, $2, 'viewer', true, true)`,
		[world.run, virtual.person]
	);
	await db.owner.query('select private.rotate_person_identity($1)', [virtual.person]);
	await listener.query('select 1');
	expect(received).toContain(`session:${world.sessions.public.id} stage`);
});
