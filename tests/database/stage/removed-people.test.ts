/* Who was removed from a workshop: nothing of it answers them any more, on air and before it begins. */
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeInterpreter } from '../../fixtures/interpreting.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
let run: string;
let ids: Record<'question' | 'poll' | 'option', string>;
let anna: TestPerson;
let member: TestPerson;
let stranger: TestPerson;

const pass = (who: TestPerson, as: 'run_room_pass' | 'run_staff_pass') =>
	stage.one<{ status: string; room: string; identity: string }>(stage.app, `select private.${as}($1, $2)`, [
		who.person,
		run
	]);
const call = (who: TestPerson | null, act: string) => {
	const words: Record<string, string> = {
		run: `'${run}'`,
		code: `'${run}'`,
		summit: `'${stage.world.summit}'`,
		question: `'${ids.question}'`,
		poll: `'${ids.poll}'`,
		option: `'${ids.option}'`
	};
	return stage.callAs<unknown>(
		who,
		`select public.${act.replace(/(?<!:):(\w+)/g, (_, word: string) => words[word] ?? word)}`
	);
};

// What a function answers to somebody who may not be there.
const forPeople: [string, unknown][] = [
	[`read_languages(:summit, 'plenary')`, null],
	[`read_captions(:summit, 'plenary')`, null],
	[`read_captions(:summit, 'plenary', :run)`, null],
	[`read_stage_sidebar(:summit, 'plenary', :run)`, null],
	[`read_slides(:run)`, null],
	[`read_meeting_room_parts(:code, '{people,messages,breakouts,languages}')`, null],
	[`allowed_topics(array['run:' || :run, 'chat:' || :run])`, []],
	[`read_stage(:summit, 'plenary') -> 'announcement'`, null],
	[`read_run_room(:run) -> 'announcement'`, null],
	[`ask_question(:run, 'Canary?', 'nobody')`, 'not_found'],
	[`vote_for_question(:question, true)`, 'not_found'],
	[`vote_in_poll(:poll, array[:option]::uuid[])`, 'not_found'],
	[`send_message(:run, 'Canary')`, 'not_found'],
	[`raise_hand(:run)`, 'not_found'],
	[`write_meeting_message(:code, 'Canary')`, 'not_found'],
	[`raise_meeting_hand(:code, true)`, 'not_found'],
	[`share_meeting_screen(:code, true)`, 'not_found'],
	[`switch_meeting_camera(:code, true)`, 'not_found']
];
const forInterpreters: [string, unknown][] = [
	[`read_languages(:summit, 'plenary')`, null],
	[`read_captions(:summit, 'plenary')`, null],
	[`read_booth(:summit, 'plenary', 'fr')`, null],
	[`read_booths(:run)`, null],
	[`allowed_topics(array['run:' || :run])`, []],
	[`read_run_booth(:run, 'fr') -> 'languages'`, []],
	[`read_run_booth(:run, 'fr') -> 'booth' -> 'lines'`, []],
	[`read_run_booth(:run, 'fr') -> 'people'`, []],
	[`take_booth(:run, 'fr')`, 'not_found'],
	[`offer_booth(:run, 'fr', true)`, 'not_found'],
	[`send_booth_heartbeat(:run, 'fr')`, 'not_found'],
	[`send_booth_message(:run, 'fr', 'Canary')`, 'not_found'],
	[`leave_booth(:run, 'fr')`, 'not_found'],
	[`ask_question(:run, 'Canary?', 'nobody')`, 'not_found'],
	[`vote_in_poll(:poll, array[:option]::uuid[])`, 'not_found']
];

/** Those of the acts that are refused to somebody. */
async function refusals(who: TestPerson, acts: typeof forPeople): Promise<string[]> {
	const all: string[] = [];
	for (const [act, refused] of acts) if (isDeepStrictEqual(await call(who, act), refused)) all.push(act);
	return all;
}

// Anna interprets, and a speaker of the session is there from before it begins.
async function prepare(state: 'waiting' | 'live'): Promise<void> {
	const { sessions, people } = stage.world;
	await stage.owner.query(
		`update public.sessions set stage_format = 'meeting', is_recorded = false, interpreted = '{fr}' where id = $1`,
		[sessions.members.id]
	);
	anna = await makeInterpreter(stage.owner, stage.world, 'Anna', 'fr', 'members');
	stranger = await makePerson(stage.owner, 'Without registration');
	member = people.virtual;
	await stage.join(member, 'speaker', 'members');
	run = (await stage.openRun(stage.chair, 'members')).run ?? '';
	await stage.setState(people.stage, stage.world.run, 'ended');
	if (state === 'live') await stage.setState(stage.chair, run, 'live');
	for (const who of [member, stage.chair]) {
		const given = await pass(who, 'run_room_pass');
		expect(given).toMatchObject({ status: 'ok' });
		const connected = [given.room, `SID-${given.identity}`, given.identity, new Date()];
		await stage.one(stage.app, `select private.apply_livekit_event($1, $2, $3, $4, null)`, connected);
	}
	expect(await pass(anna, 'run_staff_pass')).toMatchObject({ status: 'ok' });
	ids = { question: '', poll: '', option: '' };
	await call(stage.chair, `announce_on_stage(:run, 'Canary', 5)`);
	await call(stage.chair, `ask_question(:run, 'Canary of a host?', 'nobody')`);
	const poll = `select public.create_poll($1, 'Canary?', 'single', '{A,B}', false, true, true)`;
	expect(await stage.callAs(stage.chair, poll, [sessions.members.id])).toBe('ok');
	ids = await stage.one<typeof ids>(
		stage.owner,
		`select jsonb_build_object('poll', x.id, 'option', o.id, 'question', (
			select q.id from private.session_questions as q where q.session_id = $1))
		from private.polls as x
		join private.poll_options as o on o.poll_id = x.id and o.position = 1
		where x.session_id = $1`,
		[sessions.members.id]
	);
	expect(await call(stage.chair, `set_question_state(:question, 'approved')`)).toBe('ok');
	await call(stage.chair, `send_booth_message(:run, 'fr', 'Canary of a line')`);
}

async function remove(who: TestPerson): Promise<void> {
	const participant = await stage.one<string>(
		stage.owner,
		`select id from private.meeting_participants where room_id = $1 and person_id = $2`,
		[run, who.person]
	);
	expect(await stage.callAs(stage.chair, `select public.admit_to_meeting($1, $2, false)`, [run, participant])).toBe(
		'ok'
	);
}

describe.each(['live', 'waiting'] as const)('of a workshop that is %s', (state) => {
	beforeEach(() => prepare(state));

	test('who was removed reads and does no more than a stranger', async () => {
		expect(await refusals(member, forPeople)).toEqual([]);
		await remove(member);
		for (const [act, refused] of forPeople) expect([act, await call(member, act)]).toEqual([act, refused]);
		for (const [act, refused] of forPeople)
			if (refused !== 'not_found') expect([act, await call(stranger, act)]).toEqual([act, refused]);
		const room = await stage.callAs<Record<string, unknown>>(member, `select public.read_run_room($1)`, [run]);
		expect(room).toMatchObject({
			people: [],
			waiting: [],
			out: [],
			messages: [],
			staff: [],
			languages: [],
			breakouts: null
		});
		expect(
			await stage.one(stage.app, `select private.save_listener($1, $2, 'a page', 'fr', true)`, [member.person, run])
		).toBe('none');
	});

	test('an interpreter who was removed reads and does nothing in booths', async () => {
		await call(anna, `take_booth(:run, 'fr')`);
		await call(anna, `send_booth_heartbeat(:run, 'fr')`);
		// As an interpreter she neither asks nor votes before that either.
		expect(await refusals(anna, forInterpreters)).toEqual([
			`ask_question(:run, 'Canary?', 'nobody')`,
			`vote_in_poll(:poll, array[:option]::uuid[])`
		]);
		await call(anna, `take_booth(:run, 'fr')`);
		await remove(anna);
		for (const [act, refused] of forInterpreters) expect([act, await call(anna, act)]).toEqual([act, refused]);
	});

	test('an interpreter who is there is not among its people: they neither ask nor vote nor write', async () => {
		expect(await call(anna, `read_languages(:summit, 'plenary')`)).toMatchObject({ own: ['fr'] });
		for (const act of [
			`ask_question(:run, 'Canary?', 'nobody')`,
			`vote_for_question(:question, true)`,
			`vote_in_poll(:poll, array[:option]::uuid[])`,
			`send_message(:run, 'Canary')`,
			`raise_hand(:run)`,
			`write_meeting_message(:code, 'Canary')`
		])
			expect([act, await call(anna, act)]).toEqual([act, 'not_found']);
		expect(await call(anna, `read_stage_sidebar(:summit, 'plenary', :run)`)).toMatchObject({ may: 'not_found' });
		expect(await call(member, `ask_question(:run, 'Canary?', 'nobody')`)).not.toBe('not_found');
	});
});
