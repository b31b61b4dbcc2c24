/* Workshops as stages are: interpreters in booths of the run, questions and polls, and the moderation of messages. */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { makeInterpreter } from '../../fixtures/interpreting.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
let run: string;
let anna: TestPerson;
let bruno: TestPerson;

interface Pass {
	status: string;
	room: string;
	identity: string;
	publish: string[];
}
interface Message {
	id: string;
	is_muted?: boolean;
}
interface Booth {
	is_removed: boolean;
	people: unknown[];
	own: string[];
	languages: unknown[];
	booth: { is_on_air: boolean; people: { code: string; is_here: boolean }[]; lines: { words: string }[] };
}
interface Room {
	may: { write: string };
	me: { id: string; state: string } | null;
	people: { display_name: string }[];
	staff: { id: string; display_name: string; language: string }[];
	languages: { language: string; identity: string | null }[];
	booths: { language: string }[];
	messages: Message[];
	out: { id: string }[];
	announcement: { words: string } | null;
}

const enter = (who: TestPerson) =>
	stage.one<Pass>(stage.app, `select private.run_room_pass($1, $2)`, [who.person, run]);
const staffPass = (who: TestPerson | null, of = run) =>
	stage.one<Pass>(stage.app, `select private.run_staff_pass($1, $2)`, [who?.person ?? null, of]);
const rightsOf = async ({ room, identity }: Pass) => (await stage.rights(room, identity)).rights?.[identity] ?? null;
const read = (who: TestPerson) => stage.callAs<Room>(who, `select public.read_run_room($1)`, [run]);
const booth = (who: TestPerson, language = 'fr') =>
	stage.callAs<Booth | null>(who, `select public.read_run_booth($1, $2)`, [run, language]);
const take = (who: TestPerson, language = 'fr') =>
	stage.callAs<string>(who, `select public.take_booth($1, $2)`, [run, language]);
const voice = async (language = 'fr') =>
	(await read(stage.world.people.delegate)).languages.find((each) => each.language === language)?.identity;
const connect = ({ room, identity }: Pass, sid: string) =>
	stage.one(stage.app, `select private.apply_livekit_event($1, $2, $3, $4, null)`, [room, sid, identity, new Date()]);
const admit = (who: TestPerson, participant: string | undefined, admitted: boolean) =>
	stage.callAs<string>(who, `select public.admit_to_meeting($1, $2, $3)`, [run, participant, admitted]);
const lock = (locked: boolean) =>
	stage.callAs(stage.chair, `select public.set_meeting_room_lock($1, $2)`, [run, locked]);
const write = (who: TestPerson, words = 'Canary words') =>
	stage.callAs<string>(who, `select public.write_meeting_message($1, $2)`, [run, words]);
const sidebar = (who: TestPerson | null, of: string | null = run) =>
	stage.callAs<{ run: string; may: string; runs_it: boolean } | null>(
		who,
		`select public.read_stage_sidebar($1, 'plenary', $2)`,
		[stage.world.summit, of]
	);
const topic = (who: TestPerson) => stage.callAs(who, `select public.allowed_topics($1)`, [[`staff:${run}`]]);

/** Begins an act, and another one at the same moment, which waits for it; then it is done. Returns the answer of the other. */
async function meanwhile(
	first: (client: pg.Client) => Promise<unknown>,
	second: (client: pg.Client) => Promise<unknown>
): Promise<unknown> {
	const [one, other] = [await stage.db.connect(), await stage.db.connect()];
	const pid = await stage.one<number>(other, 'select pg_backend_pid()');
	await one.query('begin');
	expect(await first(one)).toBe('ok');
	await other.query('begin');
	let isOver = false;
	const acted = second(other).finally(() => (isOver = true));
	const waits = `select exists (select from pg_locks where pid = $1 and not granted)`;
	await expect.poll(async () => isOver || (await stage.one<boolean>(stage.owner, waits, [pid]))).toBe(true);
	await one.query('commit');
	const answer = await acted;
	await other.query('commit');
	return answer;
}
const actWith = (who: TestPerson, sql: string, values: unknown[]) => async (client: pg.Client) => {
	await setCaller(client, who);
	return stage.one<unknown>(client, sql, values);
};

// The members' session is a workshop with booths, and on air; Bruno works into Spanish alone.
beforeEach(async () => {
	const { sessions } = stage.world;
	await stage.owner.query(
		`update public.sessions set stage_format = 'meeting', is_recorded = false, interpreted = '{fr,es,ils}' where id = $1`,
		[sessions.members.id]
	);
	anna = await makeInterpreter(stage.owner, stage.world, 'Anna', 'fr', 'members');
	bruno = await makeInterpreter(stage.owner, stage.world, 'Bruno', 'es', 'members');
	run = await stage.liveMembersRun();
	await enter(stage.world.people.delegate);
});

test('an interpreter of the session sends in their own booth alone, while they are on air', async () => {
	const { people } = stage.world;
	const given = await staffPass(anna);
	expect(given).toMatchObject({ status: 'ok', publish: [] });
	await connect(given, 'SID-anna');
	expect(await voice()).toBeNull();
	expect([await take(anna), await take(anna, 'es'), await take(people.delegate)]).toEqual([
		'ok',
		'not_found',
		'not_found'
	]);
	expect(await rightsOf(given)).toEqual(['microphone']);
	expect(await voice()).toBe(given.identity);
	expect((await booth(anna))?.own).toEqual(['fr']);
	expect(await booth(anna, 'es')).toBeNull();
	expect(await topic(anna)).toEqual([`staff:${run}`]);
	// She is not among the people, and does not act as one of them.
	const seen = await read(people.delegate);
	expect(seen.people.map(({ display_name }) => display_name)).toEqual([people.delegate.name]);
	expect(seen.staff).toMatchObject([{ display_name: anna.name, language: 'fr' }]);
	for (const act of [`public.raise_meeting_hand('${run}', true)`, `public.write_meeting_message('${run}', 'Canary')`])
		expect(await stage.callAs(anna, `select ${act}`)).toBe('not_found');
	expect(await stage.callAs(anna, `select public.leave_booth($1, 'fr')`, [run])).toBe('ok');
	expect(await rightsOf(given)).toEqual([]);
	// A seat of the stage manager outranks her languages: she signs into the booth, and no longer speaks.
	await stage.callAs(people.stage, `select public.seat_in_booth($1, 'ils', $2, true)`, [run, await stage.code(anna)]);
	expect(await take(anna, 'ils')).toBe('ok');
	expect(await rightsOf(given)).toEqual(['camera']);
});

test('nobody else finds a booth of a workshop, and no booth is in another room', async () => {
	const { people } = stage.world;
	expect(await staffPass(null)).toEqual({ status: 'none' });
	for (const who of [people.delegate, stage.chair, people.stage])
		expect([await staffPass(who), await booth(who), await topic(who)]).toEqual([{ status: 'none' }, null, []]);
	expect((await read(people.delegate)).booths).toEqual([]);
	expect((await read(anna)).booths).toMatchObject([{ language: 'fr' }]);
	// The run of a stage has no such pass.
	await stage.setState(stage.chair, run, 'ended');
	expect(await staffPass(anna)).toEqual({ status: 'none' });
	expect(await booth(anna)).toBeNull();
	await stage.owner.query(`update public.sessions set stage_format = 'stage' where id = $1`, [
		stage.world.sessions.members.id
	]);
	const { run: next } = await stage.openRun(stage.chair, 'members');
	expect(await staffPass(anna, next)).toEqual({ status: 'none' });
});

test('who goes off the booth, is removed, barred or declined sends no more', async () => {
	const { people, sessions } = stage.world;
	const given = await staffPass(anna);
	await connect(given, 'SID-anna');
	await take(anna);
	// Of the pass of one of the people nothing is left.
	expect((await enter(anna)).status).toBe('ok');
	expect(await voice()).toBeNull();
	expect(await rightsOf(given)).toBeNull();
	const again = await staffPass(anna);
	await connect(again, 'SID-again');
	expect(await rightsOf(again)).toEqual(['microphone']);
	const seat = `select public.seat_in_booth($1, 'fr', $2, $3)`;
	await stage.callAs(people.stage, seat, [run, await stage.code(anna), false]);
	expect([await rightsOf(again), await staffPass(anna), await booth(anna)]).toEqual([null, { status: 'none' }, null]);
	await stage.callAs(people.stage, seat, [run, await stage.code(anna), true]);
	await take(anna);
	await enter(stage.chair);
	const listed = (await read(stage.chair)).staff[0]?.id;
	expect(await admit(people.delegate, listed, false)).toBe('not_found');
	expect(await admit(stage.chair, listed, false)).toBe('ok');
	expect([await rightsOf(again), await staffPass(anna), await voice()]).toEqual([null, { status: 'removed' }, null]);
	expect(await booth(anna)).toMatchObject({ is_removed: true, people: [] });
	const out = (await read(stage.chair)).out[0]?.id;
	expect(await admit(stage.chair, out, true)).toBe('ok');
	const third = await staffPass(anna);
	expect(third.status).toBe('ok');
	await stage.callAs(stage.chair, `select public.bar_from_session($1, $2, true)`, [
		sessions.members.id,
		await stage.code(anna)
	]);
	expect([await rightsOf(third), await staffPass(anna)]).toEqual([null, { status: 'none' }]);
	const spanish = await staffPass(bruno);
	await stage.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [bruno.person]);
	expect([await rightsOf(spanish), await take(bruno, 'es')]).toEqual([null, 'not_found']);
});

test('a removed interpreter leaves the booth, reads nothing of it, and comes back to it off air', async () => {
	const { people, summit } = stage.world;
	const carla = await makeInterpreter(stage.owner, stage.world, 'Carla', 'fr', 'members');
	await connect(await staffPass(anna), 'SID-anna');
	await staffPass(carla);
	await enter(stage.chair);
	const act = async (who: TestPerson) => {
		const answers: unknown[] = [];
		for (const sql of [
			`send_booth_heartbeat($1, 'fr')`,
			`take_booth($1, 'fr')`,
			`send_booth_message($1, 'fr', 'Canary')`,
			`offer_booth($1, 'fr', true)`
		])
			answers.push(await stage.callAs(who, `select public.${sql}`, [run]));
		return answers;
	};
	expect(await act(anna)).toEqual(['ok', 'ok', 'ok', 'ok']);
	await stage.callAs(anna, `select public.offer_booth($1, 'fr', false)`, [run]);
	expect(await take(carla)).toBe('busy');
	expect((await booth(carla))?.booth).toMatchObject({ is_on_air: true, lines: [{ words: 'Canary' }] });
	const listed = (await read(stage.chair)).staff.find(({ display_name }) => display_name === anna.name)?.id;
	expect(await admit(stage.chair, listed, false)).toBe('ok');

	expect(await act(anna)).toEqual(Array(4).fill('not_found'));
	const code = await stage.code(anna);
	expect(await stage.callAs(people.stage, `select public.put_on_air($1, 'fr', $2)`, [run, code])).toBe('not_found');
	expect(await booth(anna)).toMatchObject({
		is_removed: true,
		people: [],
		languages: [],
		own: ['fr'],
		booth: { is_on_air: false, lines: [], people: [{ code }] }
	});
	expect((await booth(anna))?.booth.people).toHaveLength(1);
	expect([
		await stage.callAs(anna, `select public.read_booth($1, 'plenary', 'fr')`, [summit]),
		await stage.callAs(anna, `select public.read_booths($1)`, [run])
	]).toEqual([null, null]);
	// Her page hears when she is let in again.
	expect(await topic(anna)).toEqual([`staff:${run}`]);
	const left = (await booth(carla))?.booth;
	expect(left).toMatchObject({ is_on_air: false, lines: [{ words: 'Canary' }] });
	expect(left?.people.find((each) => each.code === code)).toMatchObject({ is_here: false });

	expect(await admit(stage.chair, listed, true)).toBe('ok');
	const again = await staffPass(anna);
	expect(again).toMatchObject({ status: 'ok', publish: [] });
	expect([await rightsOf(again), await voice()]).toEqual([[], null]);
	expect([await take(carla), await act(anna)]).toEqual(['ok', ['ok', 'ok', 'ok', 'ok']]);
});

test('of a removal and the taking of a booth at once, nobody removed is on air', async () => {
	await connect(await staffPass(anna), 'SID-anna');
	await enter(stage.chair);
	const listed = (await read(stage.chair)).staff[0]?.id;
	const onAir = () =>
		stage.one<number>(
			stage.owner,
			`select count(*)::integer from private.booths where run_id = $1 and on_air is not null`,
			[run]
		);
	const taking = actWith(anna, `select public.take_booth($1, 'fr')`, [run]);
	const removing = actWith(stage.chair, `select public.admit_to_meeting($1, $2, false)`, [run, listed]);
	expect(await meanwhile(taking, removing)).toBe('ok');
	expect(await onAir()).toBe(0);
	expect(await admit(stage.chair, listed, true)).toBe('ok');
	await staffPass(anna);
	expect(await meanwhile(removing, taking)).toBe('not_found');
	expect(await onAir()).toBe(0);
});

test('interpreters in the room read no messages and people of it, whether it is locked or open', async () => {
	const { people } = stage.world;
	await connect(await enter(people.delegate), 'SID-delegate');
	await connect(await staffPass(anna), 'SID-anna');
	expect(await write(people.delegate)).toBe('ok');
	await enter(stage.chair);
	for (const locked of [false, true]) {
		await lock(locked);
		expect(await read(anna)).toMatchObject({
			me: { state: 'waiting' },
			messages: [],
			people: [],
			staff: [],
			languages: []
		});
		const parts = `select public.read_meeting_room_parts($1, '{people,chat,hands}')`;
		expect(await stage.callAs(anna, parts, [run])).toBeNull();
		// What her booth needs she has.
		expect((await booth(anna))?.people).toHaveLength(1);
		expect((await read(people.delegate)).messages).toHaveLength(1);
	}
	// As one of the people she waits before the locked room, and reads with them once she is in.
	expect((await enter(anna)).status).toBe('waiting');
	expect((await read(anna)).messages).toEqual([]);
	await lock(false);
	expect((await read(anna)).messages).toHaveLength(1);
});

test('before it begins interpreters are in the booth and silent; nothing of it can be recorded', async () => {
	const { sessions } = stage.world;
	await stage.setState(stage.chair, run, 'ended');
	run = (await stage.openRun(stage.chair, 'members')).run ?? '';
	const given = await staffPass(anna);
	expect(given).toMatchObject({ status: 'ok', publish: [] });
	await take(anna);
	expect(await rightsOf(given)).toEqual([]);
	await stage.setState(stage.chair, run, 'live');
	expect(await rightsOf(given)).toEqual(['microphone']);
	await expect(
		stage.owner.query(`update public.sessions set is_recorded = true where id = $1`, [sessions.members.id])
	).rejects.toThrow('no_recording_of_meetings');
});

test('questions and polls of a workshop are for those in its room, and hosts moderate them', async () => {
	const { people, sessions } = stage.world;
	const ask = (who: TestPerson) => stage.callAs(who, `select public.ask_question($1, 'Canary?', 'nobody')`, [run]);
	expect(await sidebar(people.delegate)).toMatchObject({ run, may: 'ok', runs_it: false });
	expect(await sidebar(stage.chair)).toMatchObject({ run, runs_it: true });
	expect(['ok', 'waiting']).toContain(await ask(people.delegate));
	// Who is not in the room does not take part, and who was removed no more.
	expect([(await sidebar(people.virtual))?.may, await ask(people.virtual)]).toEqual(['not_found', 'not_found']);
	const poll = `select public.create_poll($1, 'Canary?', 'single', '{A,B}', false, true, false, true)`;
	expect(await stage.callAs(people.delegate, poll, [sessions.members.id])).toBe('not_found');
	expect(await stage.callAs(stage.chair, poll, [sessions.members.id])).toBe('ok');
	const { id } = await read(people.delegate).then(({ me }) => me ?? { id: '' });
	await admit(stage.chair, id, false);
	expect(await ask(people.delegate)).toBe('not_found');
	expect(await sidebar(people.delegate)).toBeNull();
	// A run that ended, or of another room, answers nothing.
	await stage.setState(stage.chair, run, 'ended');
	expect(await sidebar(people.delegate)).toBeNull();
	expect(await sidebar(people.delegate, stage.world.run)).toBeNull();
});

test('who was removed, waits or is locked out reads no question, poll or result', async () => {
	const { people, sessions } = stage.world;
	await enter(stage.chair);
	const asHost = (sql: string, ...values: unknown[]) => stage.callAs(stage.chair, `select public.${sql}`, values);
	await asHost(`ask_question($1, 'Canary of a question?', 'nobody')`, run);
	await asHost(
		`create_poll($1, 'Canary of a poll?', 'single', '{A,B}', false, true, false, true)`,
		sessions.members.id
	);
	const idIn = (table: string) =>
		stage.one(stage.owner, `select id from private.${table} where session_id = $1`, [sessions.members.id]);
	expect(await asHost(`set_question_state($1, 'approved')`, await idIn('session_questions'))).toBe('ok');
	expect(['ok', 'already']).toContain(await asHost(`set_poll_state($1, 'open')`, await idIn('polls')));
	const shown = async (who: TestPerson | null) => {
		const text = JSON.stringify(await sidebar(who));
		return text === 'null' ? null : ['Canary of a question?', 'Canary of a poll?'].map((words) => text.includes(words));
	};
	const everything = [true, true];
	expect(await shown(people.delegate)).toEqual(everything);
	await lock(true);
	// Who never asked to enter, and who waits for a host.
	expect(await shown(people.virtual)).toBeNull();
	expect((await enter(people.virtual)).status).toBe('waiting');
	expect(await shown(people.virtual)).toBeNull();
	const place = (await read(people.virtual)).me?.id;
	expect(await admit(stage.chair, place, true)).toBe('ok');
	expect(await shown(people.virtual)).toEqual(everything);
	expect(await admit(stage.chair, place, false)).toBe('ok');
	expect(await shown(people.virtual)).toBeNull();
	await lock(false);
	expect(await shown(people.virtual)).toBeNull();
	// Those in the room, its interpreters and its hosts, who need not be in it, read on.
	await lock(true);
	await staffPass(anna);
	for (const who of [people.delegate, people.stage, anna]) expect(await shown(who)).toEqual(everything);
	expect(await shown(null)).toBeNull();
	// A removed interpreter reads no more.
	await connect(await staffPass(anna), 'SID-anna');
	expect(await admit(stage.chair, (await read(stage.chair)).staff[0]?.id, false)).toBe('ok');
	expect(await shown(anna)).toBeNull();
});

test('who runs a workshop reads its languages and slides from outside its locked room', async () => {
	const { people, summit } = stage.world;
	const shown = async (who: TestPerson | null) => [
		await stage.callAs(who, `select public.read_languages($1, 'plenary')`, [summit]),
		await stage.callAs(who, `select public.read_slides($1)`, [run]),
		await sidebar(who)
	];
	await lock(true);
	// An owner who is not registered runs the session, and may not enter it.
	for (const who of [stage.chair, people.stage, people.owner]) expect(await shown(who)).not.toContain(null);
	for (const who of [people.virtual, people.newcomer, null]) expect(await shown(who)).toEqual([null, null, null]);
});

test('a message is reported once to safeguarding, by those who read it, and its author is muted by hosts', async () => {
	const { people } = stage.world;
	await enter(people.virtual);
	await enter(stage.chair);
	await stage.callAs(people.delegate, `select public.write_meeting_message($1, 'Canary words')`, [run]);
	const message = (await read(people.virtual)).messages[0]?.id ?? '';
	const report = (who: TestPerson) =>
		stage.one<string>(stage.app, `select private.report_message($1, $2, 'canary', 'key')`, [who.person, message]);
	const words = (who: TestPerson) =>
		stage.one(stage.app, `select private.reported_message_text($1, $2)`, [who.person, message]);
	expect([await report(anna), await words(anna)]).toEqual(['not_found', null]);
	expect(await words(people.virtual)).toBe(`${people.delegate.name}: Canary words`);
	expect([await report(people.virtual), await report(people.virtual)]).toEqual(['ok', 'already']);
	expect(
		await stage.one(
			stage.owner,
			`select jsonb_agg(jsonb_build_array(c.run_id, c.reporter_id, s.source)) from private.concerns as c
			join private.concern_subjects as s on s.concern_id = c.id and s.person_id = $1`,
			[people.delegate.person]
		)
	).toEqual([[run, people.virtual.person, 'author']]);

	const mute = (who: TestPerson, muted: boolean) =>
		stage.callAs(who, `select public.mute_author($1, $2)`, [message, muted]);
	expect(await mute(people.virtual, true)).toBe('not_found');
	expect(await mute(stage.chair, true)).toBe('ok');
	expect((await read(people.delegate)).may.write).toBe('muted');
	expect(await stage.callAs(people.delegate, `select public.write_meeting_message($1, 'More')`, [run])).toBe('invalid');
	expect((await read(stage.chair)).messages).toMatchObject([{ is_muted: true }]);
	expect((await read(people.virtual)).messages[0]).not.toHaveProperty('is_muted');
	expect(await mute(stage.chair, false)).toBe('ok');
	expect((await read(people.delegate)).may.write).toBe('ok');
	// Nothing but the sealed concern is left after the end.
	await stage.setState(stage.chair, run, 'ended');
	expect([await report(people.virtual), await mute(stage.chair, true)]).toEqual(['not_found', 'not_found']);
});

test('of a report of a message and its deletion at once, the second finds what the first did', async () => {
	const { people } = stage.world;
	await enter(people.virtual);
	const raised = () =>
		stage.one<number>(stage.owner, `select count(*)::integer from private.concerns where run_id = $1`, [run]);
	const acts = async () => {
		await write(people.delegate);
		const message = (await read(people.virtual)).messages.at(-1)?.id ?? '';
		return {
			report: (client: pg.Client) =>
				stage.one(client, `select private.report_message($1, $2, 'canary', 'key')`, [people.virtual.person, message]),
			unsay: actWith(people.delegate, `select public.delete_meeting_message($1, $2)`, [run, message])
		};
	};
	const first = await acts();
	expect(await meanwhile(first.unsay, first.report)).toBe('not_found');
	expect(await raised()).toBe(0);
	const second = await acts();
	expect(await meanwhile(second.report, second.unsay)).toBe('ok');
	expect(await raised()).toBe(1);
});

test('where nobody is named, a report names neither the author nor the reporter', async () => {
	const { people, sessions } = stage.world;
	await stage.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [sessions.members.id]);
	for (const who of [people.delegate, people.virtual]) {
		await stage.callAs(who, `select public.confirm_notice($1)`, [sessions.members.id]);
		expect((await enter(who)).status).toBe('ok');
	}
	await stage.callAs(people.delegate, `select public.write_meeting_message($1, 'Canary words')`, [run]);
	const message = (await read(people.virtual)).messages[0]?.id;
	const values = [people.virtual.person, message];
	expect(await stage.one(stage.app, `select private.reported_message_text($1, $2)`, values)).toBe('Canary words');
	expect(await stage.one(stage.app, `select private.report_message($1, $2, 'canary', 'key')`, values)).toBe('ok');
	expect(
		await stage.one(
			stage.owner,
			`select jsonb_build_array(c.reporter_id, c.author_hash is not null, (select count(*) from private.concern_subjects as s
				where s.concern_id = c.id and s.person_id in ($1, $2))) from private.concerns as c where c.run_id = $3`,
			[people.delegate.person, people.virtual.person, run]
		)
	).toEqual([null, true, 0]);
});

test('what is announced to a workshop is shown in its room', async () => {
	const announce = `select public.announce_on_stage($1, 'Canary', 5)`;
	expect(await stage.callAs(stage.world.people.delegate, announce, [run])).toBe('not_found');
	expect(await stage.callAs(stage.chair, announce, [run])).toBe('ok');
	expect((await read(stage.world.people.delegate)).announcement).toMatchObject({ words: 'Canary' });
});
