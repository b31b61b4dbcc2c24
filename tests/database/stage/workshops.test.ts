/* Runs in the meeting format, which pages call workshops: who may be there, with which rights, and what ends them. */
import { beforeEach, expect, test } from 'vitest';
import { inParallel } from '../../fixtures/registering.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
let run: string;

interface Pass {
	status: string;
	room: string;
	identity: string;
	publish: string[];
}
interface Room {
	is_host: boolean;
	may: { camera: boolean; chat: boolean; microphone: boolean; write: string; name: boolean };
	me: { id: string; number: number } | null;
	people: { id: string; identity: string; display_name: string; is_host: boolean; is_me: boolean }[];
	messages: { id: string; from: string; body: string }[];
}

const ask = (who: TestPerson, camera = true) =>
	stage.one<Pass>(stage.app, `select private.run_room_pass($1, $2, null, $3)`, [who.person, run, camera]);
const enter = async (who: TestPerson) => {
	const given = await ask(who);
	expect(given.status).toBe('ok');
	return given;
};
const rightsOf = async ({ room, identity }: Pass) => {
	const { is_open, rights } = await stage.rights(room, identity);
	return { isOpen: is_open, rights: rights?.[identity] };
};
const read = (who: TestPerson) => stage.callAs<Room | null>(who, `select public.read_run_room($1)`, [run]);
const found = (who: TestPerson) =>
	stage.callAs<string | null>(who, `select public.find_run_room($1, 'plenary')`, [stage.world.summit]);
const idOf = async (who: TestPerson) => (await read(who))?.me?.id ?? '';
const say = (who: TestPerson, words = 'Canary') =>
	stage.callAs<string>(who, `select public.write_meeting_message($1, $2)`, [run, words]);
const set = (what: string, level: 'public' | 'members' = 'members') =>
	stage.owner.query(`update public.sessions set ${what} where id = $1`, [stage.world.sessions[level].id]);
const report = ({ room, identity }: Pass, sid: string, joined: Date, left: Date | null = null) =>
	stage.one(stage.app, `select private.apply_livekit_event($1, $2, $3, $4, $5)`, [room, sid, identity, joined, left]);
const close = (level: 'public' | 'members' = 'members') =>
	stage.setState(level === 'members' ? stage.chair : stage.world.people.stage, run, 'ended');
const save = (who: TestPerson, fields: object, session = stage.world.sessions.members.id) =>
	stage.callAs<{ status: string }>(who, `select public.save_session($1, $2, $3)`, [
		stage.world.summit,
		session,
		fields
	]);

const remove = async (who: TestPerson) =>
	expect(await stage.callAs(stage.chair, `select public.admit_to_meeting($1, $2, false)`, [run, await idOf(who)])).toBe(
		'ok'
	);
// The virtual delegate is under 18, with the delegate as guardian.
const makeMinor = () =>
	stage.owner.query(
		`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
		[stage.world.registrations.virtual, stage.world.registrations.delegate]
	);

async function registered(name: string): Promise<TestPerson> {
	const who = await makePerson(stage.owner, name);
	const { summit, member } = stage.world;
	await stage.owner.query(
		`with r as (
			insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at)
			values ($1, $2, $3, 'virtual', 'confirmed', now())
			returning id)
		insert into public.seats (summit_id, registration_id, mode, member_id, state)
		select $1, r.id, 'virtual', $3, 'taken' from r`,
		[summit, who.person, member]
	);
	return who;
}

// The members' session is a workshop, and on air.
beforeEach(async () => {
	await set(`stage_format = 'meeting', is_recorded = false`);
	run = await stage.liveMembersRun();
});

test('who may enter the session speaks and is seen; others have no trace of it', async () => {
	const { people } = stage.world;
	for (const who of [people.delegate, people.virtual, stage.chair]) {
		const given = await enter(who);
		expect(given.publish).toEqual(['camera', 'microphone']);
		expect(await rightsOf(given)).toEqual({ isOpen: true, rights: ['camera', 'microphone'] });
		expect(await found(who)).toBe(run);
	}
	expect((await read(people.delegate))?.is_host).toBe(false);
	expect((await read(stage.chair))?.is_host).toBe(true);
	expect((await read(people.stage))?.is_host).toBe(true);
	const stranger = await makePerson(stage.owner, 'Without registration');
	expect(await ask(stranger)).toEqual({ status: 'none' });
	expect([await read(stranger), await found(stranger)]).toEqual([null, null]);
	for (const act of [
		`public.raise_meeting_hand('${run}', true)`,
		`public.write_meeting_message('${run}', 'Canary')`,
		`public.switch_meeting_camera('${run}', true)`,
		`public.mute_in_meeting('${run}')`,
		`public.start_breakouts('${run}', 2, 5)`
	]) {
		expect(await stage.callAs(stranger, `select ${act}`)).toBe('not_found');
		if (/mute|breakouts/.test(act)) expect(await stage.callAs(people.delegate, `select ${act}`)).toBe('not_found');
	}
	const topic = [`meeting:${run}`];
	expect(await stage.callAs(people.delegate, `select public.allowed_topics($1)`, [topic])).toEqual(topic);
	expect(await stage.callAs(stranger, `select public.allowed_topics($1)`, [topic])).toEqual([]);
	// It has no stage and no green room.
	for (const who of [people.delegate, stage.chair])
		for (const purpose of ['stage', 'green_room'])
			expect(await stage.pass(who, purpose, stage.world.sessions.members.code)).toEqual({ status: 'none' });
});

test('a public workshop asks for a registration, and the mode counts', async () => {
	const { people, sessions } = stage.world;
	await close();
	await set(`stage_format = 'meeting', is_recorded = false`, 'public');
	run = (await stage.openRun(stage.chair, 'public')).run ?? '';
	await stage.setState(stage.chair, run, 'live');
	expect(await enter(people.virtual)).toMatchObject({ status: 'ok' });
	const entry = (who: TestPerson | null) =>
		stage.one(stage.owner, `select private.entry_decision($1, $2, 'stream')`, [who?.person, sessions.public.id]);
	const stranger = await makePerson(stage.owner, 'Without registration');
	expect([await entry(null), await entry(stranger)]).toEqual(['sign_in', 'not_registered']);
	expect(await ask(stranger)).toEqual({ status: 'none' });
	await set(`attendance = 'hall'`, 'public');
	expect(await ask(people.virtual)).toEqual({ status: 'none' });
});

test('a listed workshop is for its audience, and a closed one leaves no trace for others', async () => {
	const { people } = stage.world;
	const before = await enter(people.delegate);
	await set(`audience = 'listed'`);
	expect(await rightsOf(before)).toMatchObject({ rights: null });
	expect(await ask(people.delegate)).toEqual({ status: 'none' });
	await set(`level = 'closed'`);
	expect([await found(people.delegate), await read(people.delegate)]).toEqual([null, null]);
	expect(await ask(stage.chair)).toMatchObject({ status: 'ok' });
});

test('while the run waits, only the people of the session are there; it is not paused', async () => {
	await close();
	run = (await stage.openRun(stage.chair, 'members')).run ?? '';
	expect(await ask(stage.world.people.delegate)).toEqual({ status: 'none' });
	expect(await found(stage.world.people.delegate)).toBeNull();
	await enter(stage.chair);
	await stage.setState(stage.chair, run, 'live');
	await enter(stage.world.people.delegate);
	expect(await stage.setState(stage.chair, run, 'paused')).toBe('not_possible');
});

test('a bar, a removal, a raised level and the end of a registration end the rights at once', async () => {
	const { people, sessions, registrations } = stage.world;
	const delegate = await enter(people.delegate);
	const other = await enter(people.virtual);
	await enter(stage.chair);
	const bar = [sessions.members.id, await stage.code(people.delegate)];
	expect(await stage.callAs(stage.chair, `select public.bar_from_session($1, $2, true)`, bar)).toBe('ok');
	expect(await rightsOf(delegate)).toEqual({ isOpen: false, rights: null });
	expect(await ask(people.delegate)).toEqual({ status: 'none' });
	const moved = await enter(people.virtual);
	expect(moved.room).not.toBe(other.room);
	expect((await stage.rights(moved.room, delegate.identity)).rights).toEqual({ [delegate.identity]: null });

	const admit = `select public.admit_to_meeting($1, $2, false)`;
	expect(await stage.callAs(people.virtual, admit, [run, await idOf(stage.chair)])).toBe('not_found');
	expect(await stage.callAs(stage.chair, admit, [run, await idOf(people.virtual)])).toBe('ok');
	expect(await rightsOf(moved)).toEqual({ isOpen: false, rights: null });
	expect(await ask(people.virtual)).toEqual({ status: 'removed' });
	await stage.callAs(stage.chair, `select public.admit_to_meeting($1, $2, true)`, [run, await idOf(people.virtual)]);

	const again = await enter(people.virtual);
	await set(`level = 'chatham_house'`);
	expect(await rightsOf(again)).toEqual({ isOpen: false, rights: null });
	// The notice of the new level has to be confirmed.
	expect(await ask(people.virtual)).toEqual({ status: 'none' });
	await stage.callAs(people.virtual, `select public.confirm_notice($1)`, [sessions.members.id]);
	const confirmed = await enter(people.virtual);
	expect(confirmed.room).not.toBe(again.room);
	await stage.callAs(people.virtual, `select public.withdraw_registration($1)`, [registrations.virtual]);
	expect((await rightsOf(confirmed)).rights).toBeNull();
	expect(await ask(people.virtual)).toEqual({ status: 'none' });
});

test('attendance is written as on a stage, and never where the level names nobody', async () => {
	const { people } = stage.world;
	const at = (minutes: number) => new Date(Date.now() + minutes * 60_000);
	const presence = () =>
		stage.one<number>(
			stage.owner,
			`select count(*)::integer from public.presence where run_id = $1 and person_id = $2 and kind = 'stream'`,
			[run, people.delegate.person]
		);
	const given = await enter(people.delegate);
	await report(given, 'SID-1', at(-10));
	await report(given, 'SID-1', at(-10), at(-5));
	await report(given, 'SID-2', at(-2));
	expect(await presence()).toBe(2);
	await close();
	expect(
		await stage.one(
			stage.owner,
			`select count(*)::integer from public.presence where run_id = $1 and left_at is null`,
			[run]
		)
	).toBe(0);
	await set(`level = 'chatham_house'`);
	run = (await stage.openRun(stage.chair, 'members')).run ?? '';
	await stage.setState(stage.chair, run, 'live');
	await stage.callAs(people.delegate, `select public.confirm_notice($1)`, [stage.world.sessions.members.id]);
	await report(await enter(people.delegate), 'SID-3', at(-1));
	expect(await presence()).toBe(0);
});

test('messages and who was there are deleted with the run, and messages name nobody at levels without names', async () => {
	const { people } = stage.world;
	const left = () =>
		stage
			.one<number>(
				stage.owner,
				`select (select count(*) from private.meeting_messages where room_id = $1)
				+ (select count(*) from private.meeting_participants where room_id = $1)
				+ (select count(*) from private.meeting_sign_ins where room_id = $1)
				+ (select count(*) from private.chat_messages where run_id = $1)`,
				[run]
			)
			.then(Number);
	await enter(people.delegate);
	await enter(people.virtual);
	expect(await say(people.delegate, 'Canary')).toBe('ok');
	expect((await read(people.virtual))?.messages).toMatchObject([
		{ from: expect.stringContaining('Person delegate') as string, body: 'Canary' }
	]);
	await close();
	expect(await left()).toBe(0);

	run = (await stage.openRun(stage.chair, 'members')).run ?? '';
	await stage.setState(stage.chair, run, 'live');
	await enter(people.delegate);
	await say(people.delegate);
	await set(`level = 'chatham_house'`);
	for (const who of [people.delegate, people.virtual]) {
		await stage.callAs(who, `select public.confirm_notice($1)`, [stage.world.sessions.members.id]);
		await enter(who);
	}
	expect((await read(people.virtual))?.messages).toMatchObject([{ from: '', body: 'Canary' }]);
	await remove(people.virtual);
	const audited = await stage.one<string>(
		stage.owner,
		`select coalesce(string_agg(e::text, ''), '') from audit.entries as e where e.table_name = 'private.meeting_participants'`
	);
	expect(audited).not.toContain(people.virtual.person);
	await close();
	expect(await left()).toBe(0);
});

test('people under 18 have no camera and no chat, are not named, and speak with the consent of their guardian', async () => {
	const { people, registrations } = stage.world;
	await makeMinor();
	const given = await enter(people.virtual);
	expect(given.publish).toEqual([]);
	expect((await read(people.virtual))?.may).toEqual({
		camera: false,
		chat: false,
		microphone: false,
		write: 'off',
		name: false
	});
	for (const act of [
		`public.switch_meeting_camera('${run}', true)`,
		`public.share_meeting_screen('${run}', true)`,
		`public.raise_meeting_hand('${run}', true)`,
		`public.write_meeting_message('${run}', 'Canary')`
	])
		expect(await stage.callAs(people.virtual, `select ${act}`)).toBe('invalid');
	await enter(people.delegate);
	await say(people.delegate);
	expect((await read(people.virtual))?.messages).toEqual([]);
	const names = async (who: TestPerson) =>
		(await read(who))?.people.map(({ display_name }) => display_name.replace(/ [0-9a-f]{8}$/, '')).sort();
	await enter(stage.chair);
	// Who only listens is not listed for others.
	expect(await names(people.delegate)).toEqual(['Person chair', 'Person delegate']);
	expect(await names(stage.chair)).toEqual(['Person chair', 'Person delegate', 'Person virtual']);
	await stage.callAs(people.delegate, `select public.agree_for_minor($1, true, false)`, [registrations.virtual]);
	expect((await rightsOf(given)).rights).toEqual(['microphone']);
	expect(await names(people.delegate)).toEqual(['', 'Person chair', 'Person delegate']);
});

test('people under 18 are in a breakout room only with a host or their guardian', async () => {
	const { people } = stage.world;
	await makeMinor();
	const moment = new Date(Date.now() - 60_000);
	const other = await registered('Person other');
	const places = [people.delegate, people.virtual, other, stage.chair];
	for (const [index, who] of places.entries()) await report(await enter(who), `SID-${index}`, moment);
	const numberOf = async (who: TestPerson) => (await read(who))?.me?.number;
	const move = async (who: TestPerson, number: number) =>
		stage.callAs<string>(stage.chair, `select public.move_to_breakout($1, $2, $3)`, [run, await idOf(who), number]);
	expect(await stage.callAs(stage.chair, `select public.start_breakouts($1, 2, 30)`, [run])).toBe('ok');
	expect(await numberOf(people.virtual)).toBe(0);
	expect(await move(other, 2)).toBe('ok');
	expect(await move(people.delegate, 1)).toBe('ok');
	expect(await move(people.virtual, 2)).toBe('invalid');
	expect(await move(people.virtual, 1)).toBe('ok');
	// The guardian is moved away.
	expect(await move(people.delegate, 2)).toBe('ok');
	expect(await numberOf(people.virtual)).toBe(0);
	expect(await move(stage.chair, 1)).toBe('ok');
	expect(await move(people.virtual, 1)).toBe('ok');
	const before = await enter(people.virtual);
	// The host has been away for longer than a move takes.
	await stage.owner.query(
		`update private.meeting_participants set left_at = now() - interval '25 seconds' where room_id = $1 and person_id = $2`,
		[run, stage.chair.person]
	);
	await report(before, 'SID-9', new Date());
	expect(await numberOf(people.virtual)).toBe(0);
	expect((await rightsOf(before)).isOpen).toBe(false);
});

test('an alias that is taken during a workshop gives a new id and identity, and everybody moves', async () => {
	const { people } = stage.world;
	const before = await enter(people.delegate);
	await enter(people.virtual);
	const listed = async () => (await read(people.virtual))?.people.find(({ is_me }) => !is_me);
	const was = await listed();
	expect(was?.identity).toBe(before.identity);
	await stage.owner.query(`select private.rotate_person_identity($1)`, [people.delegate.person]);
	const is = await listed();
	expect(is?.id).toBeTypeOf('string');
	expect([is?.id === was?.id, is?.identity === was?.identity]).toEqual([false, false]);
	expect(await rightsOf(before)).toEqual({ isOpen: false, rights: undefined });
});

test('captions of a workshop are not kept: not all who speak were asked', async () => {
	await stage.callAs(stage.chair, `select public.write_caption($1, 'en', 'Canary')`, [run]);
	const kept = () =>
		stage.one<boolean[] | null>(stage.owner, `select array_agg(is_kept) from private.caption_lines where run_id = $1`, [
			run
		]);
	expect(await kept()).toEqual([false]);
	await close();
	expect(await kept()).toBeNull();
});

test('who was removed, or waits before a locked room, does not follow what is said', async () => {
	const { people, summit } = stage.world;
	const captions = (who: TestPerson) =>
		stage.callAs<unknown>(who, `select public.read_captions($1, 'plenary', $2)`, [summit, run]);
	const topics = (who: TestPerson) => stage.callAs(who, `select public.allowed_topics($1)`, [[`run:${run}`]]);
	const ask = (who: TestPerson) => stage.callAs(who, `select public.send_message($1, 'Canary')`, [run]);
	await enter(people.delegate);
	expect(await captions(people.delegate)).toMatchObject({ may_write: false });
	expect(await topics(people.delegate)).toEqual([`run:${run}`]);
	expect(await ask(people.virtual)).toBe('not_found');
	await enter(people.virtual);
	await remove(people.virtual);
	await stage.callAs(stage.chair, `select public.set_meeting_room_lock($1, true)`, [run]);
	const late = await registered('Person late');
	expect(await stage.one(stage.app, `select private.run_room_pass($1, $2)`, [late.person, run])).toEqual({
		status: 'waiting'
	});
	for (const who of [people.virtual, late])
		expect([await captions(who), await topics(who), await ask(who)]).toEqual([null, [], 'not_found']);
	expect(await captions(people.delegate)).not.toBeNull();
	expect(await captions(stage.chair)).toMatchObject({ may_write: true });
});

test('the settings of the chat and its mutes hold; authors and hosts delete messages', async () => {
	const { people, sessions } = stage.world;
	for (const who of [people.delegate, people.virtual, stage.chair]) await enter(who);
	const choose = (chat: string) =>
		stage.callAs(stage.chair, `select public.save_participation_settings($1, $2)`, [
			sessions.members.id,
			{ chat, slow_seconds: 60 }
		]);
	const may = async (who: TestPerson) => (await read(who))?.may;
	expect(await say(people.delegate)).toBe('ok');
	await choose('people');
	expect([await say(people.delegate), await say(stage.chair)]).toEqual(['invalid', 'ok']);
	expect(await may(people.delegate)).toMatchObject({ chat: true, write: 'people' });
	await choose('off');
	expect([await say(people.delegate), await say(stage.chair)]).toEqual(['invalid', 'invalid']);
	expect(await may(people.delegate)).toMatchObject({ chat: false, write: 'off' });
	expect((await read(people.delegate))?.messages).toEqual([]);
	await choose('slow');
	expect([await say(people.delegate), await say(people.virtual), await say(people.virtual)]).toEqual([
		'conflict',
		'ok',
		'conflict'
	]);
	await stage.owner.query(`insert into private.chat_mutes values ($1, private.hash_participant($2, $3))`, [
		run,
		sessions.members.id,
		people.virtual.person
	]);
	await choose('open');
	expect(await say(people.virtual)).toBe('invalid');
	expect(await may(people.virtual)).toMatchObject({ write: 'muted' });

	const messages = async () => (await read(stage.chair))?.messages ?? [];
	const unsay = (who: TestPerson, message: string) =>
		stage.callAs<string>(who, `select public.delete_meeting_message($1, $2)`, [run, message]);
	const [first, second, third] = (await messages()).map(({ id }) => id);
	expect(await unsay(people.virtual, first ?? '')).toBe('not_found');
	expect(await unsay(people.delegate, first ?? '')).toBe('ok');
	expect(await unsay(people.delegate, second ?? '')).toBe('not_found');
	expect(await unsay(stage.chair, third ?? '')).toBe('ok');
	expect((await messages()).map(({ id }) => id)).toEqual([second]);
});

test('a page of one workshop does nothing in the next one, whose people meet in its own room', async () => {
	const { people, summit } = stage.world;
	const named = (who: TestPerson, which = run) =>
		stage.callAs<string | null>(who, `select public.find_run_room($1, 'plenary', $2)`, [summit, which]);
	await enter(people.delegate);
	const first = run;
	await set(`stage_format = 'meeting', is_recorded = false, audience = 'registered'`, 'public');
	const second = (await stage.openRun(stage.chair, 'public')).run ?? '';
	// The one that is on comes first, unless the address names the one that waits.
	expect([await found(stage.chair), await named(stage.chair, second)]).toEqual([first, second]);
	expect(await named(people.delegate, second)).toBeNull();
	await close();
	expect(await stage.setState(stage.chair, second, 'live')).toBe('ok');
	expect([await found(people.delegate), await named(people.delegate, first)]).toEqual([second, null]);
	expect(await ask(people.delegate)).toEqual({ status: 'closed' });
	expect(await say(people.delegate)).toBe('not_found');
});

test('a changed content note is confirmed at the next entry, and moves nobody', async () => {
	const { people, sessions } = stage.world;
	const given = await enter(people.delegate);
	await report(given, 'SID-1', new Date(Date.now() - 120_000));
	await stage.owner.query(`update public.sessions set content_note = $2 where id = $1`, [
		sessions.members.id,
		{ original: 'en', en: 'Changed note' }
	]);
	expect(await rightsOf(given)).toEqual({ isOpen: true, rights: ['camera', 'microphone'] });
	expect(await found(people.delegate)).toBe(run);
	expect(await ask(people.virtual)).toEqual({ status: 'none' });
	expect(await found(people.virtual)).toBeNull();
	await stage.callAs(people.virtual, `select public.confirm_notice($1)`, [sessions.members.id]);
	await enter(people.virtual);
	// Who left a while ago confirms it too.
	await report(given, 'SID-1', new Date(Date.now() - 120_000), new Date(Date.now() - 90_000));
	expect(await ask(people.delegate)).toEqual({ status: 'none' });
});

test('who has a pass counts for the limit before LiveKit reports the connection', async () => {
	const { people } = stage.world;
	await stage.owner.query(`create or replace function private.room_limit() returns integer
		language sql immutable set search_path = '' as $$ select 1 $$`);
	await enter(people.delegate);
	expect(await ask(people.virtual)).toEqual({ status: 'full' });
	await stage.owner.query(`update private.meeting_participants set asked_at = now() - interval '1 minute'`);
	await enter(people.virtual);
	await stage.owner.query(`create or replace function private.room_limit() returns integer
		language sql immutable set search_path = '' as $$ select 300 $$`);
});

test('of many who enter at once no more than the limit get a pass, and hosts are not refused', async () => {
	const limit = (to: number) =>
		stage.owner.query(`create or replace function private.room_limit() returns integer
			language sql immutable set search_path = '' as $$ select ${to} $$`);
	expect(await stage.one(stage.owner, 'select private.room_limit()')).toBe(300);
	await limit(1);
	const { people } = stage.world;
	const all = [people.delegate, people.virtual, await registered('Person other')];
	const clients = await Promise.all(all.map(() => stage.db.connect(stage.db.appUrl)));
	const given = await inParallel(clients, all, async (client, { person }) =>
		stage.one<Pass>(client, 'select private.run_room_pass($1, $2)', [person, run])
	);
	expect(given.map(({ status }) => status).sort()).toEqual(['full', 'full', 'ok']);
	// Who has a place comes back to it, and a refused one has no rights.
	const within = all.filter((_, at) => given[at]?.status === 'ok');
	for (const who of within) expect((await ask(who)).status).toBe('ok');
	await enter(stage.chair);
	expect((await read(stage.chair))?.people).toHaveLength(2);
	await limit(300);
});

test('a run that opens while the format is being changed has the new one', async () => {
	const { sessions } = stage.world;
	await close();
	const [organiser, clock] = [await stage.db.connect(), await stage.db.connect()];
	const pid = await stage.one<number>(clock, 'select pg_backend_pid()');
	await organiser.query('begin');
	await organiser.query(`update public.sessions set stage_format = 'stage' where id = $1`, [sessions.members.id]);
	const opening = clock.query<{ stage_format: string }>(
		`insert into public.runs (session_id, summit_id, room_id, level) values ($1, $2, $3, 'members') returning stage_format`,
		[sessions.members.id, stage.world.summit, stage.world.room]
	);
	const waits = `select exists (select from pg_locks where pid = $1 and not granted)`;
	await expect.poll(() => stage.one<boolean>(stage.owner, waits, [pid])).toBe(true);
	await organiser.query('commit');
	expect((await opening).rows).toEqual([{ stage_format: 'stage' }]);
});

test('the end of lost connections waits for a run before it takes its room', async () => {
	const { people } = stage.world;
	await report(await enter(people.delegate), 'SID-1', new Date(Date.now() - 120_000));
	await stage.owner.query(
		`update private.meeting_participants set seen_at = now() - interval '1 minute' where room_id = $1`,
		[run]
	);
	const [ending, losing] = [await stage.db.connect(), await stage.db.connect(stage.db.appUrl)];
	const pid = await stage.one<number>(losing, 'select pg_backend_pid()');
	await ending.query('begin');
	await ending.query(`select from public.runs where id = $1 for update`, [run]);
	const lost = losing.query(`select private.end_lost_connections('{}')`);
	const waits = `select exists (select from pg_locks where pid = $1 and not granted)`;
	await expect.poll(() => stage.one<boolean>(stage.owner, waits, [pid])).toBe(true);
	await ending.query(`select from private.meeting_rooms where run_id = $1 for update nowait`, [run]);
	await ending.query('commit');
	await lost;
});

test('a workshop has no stage and no encoder', async () => {
	const { people } = stage.world;
	expect(await stage.setOnStage(stage.chair, run, stage.chair, true)).toBe('not_a_speaker');
	expect(await stage.callAs(people.stage, `select public.make_ingress($1)`, [run])).toEqual({ status: 'not_found' });
});

test('the format is chosen by programme organisers, frozen while the room is open, and excludes a recording', async () => {
	const { people, sessions } = stage.world;
	const version = () =>
		stage.one<number>(stage.owner, `select version from public.sessions where id = $1`, [sessions.members.id]);
	const change = async (who: TestPerson, fields: object) =>
		(await save(who, { version: await version(), ...fields })).status;
	expect(await change(people.programme, { stage_format: 'stage' })).toBe('wrong_state');
	expect(await change(people.programme, { stage_format: 'meeting' })).toBe('ok');
	await expect(set(`stage_format = 'stage'`)).rejects.toMatchObject({ code: '23514' });
	await close();
	expect(await change(people.delegate, { stage_format: 'stage' })).toBe('not_allowed');
	expect(await change(people.programme, { is_recorded: true })).toBe('invalid');
	await expect(set(`is_recorded = true`)).rejects.toThrow('no_recording_of_meetings');
	expect(await change(people.programme, { stage_format: 'stage', is_recorded: true })).toBe('ok');
	// The next run is a stage; the one before stays what it was.
	const { run: next } = await stage.openRun(stage.chair, 'members');
	expect(
		await stage.one(
			stage.owner,
			`select array_agg(stage_format::text order by created_at) from public.runs where id = any ($1)`,
			[[run, next]]
		)
	).toEqual(['meeting', 'stage']);
	expect(
		await stage.one(stage.owner, `select count(*)::integer from private.meeting_rooms where run_id = $1`, [next])
	).toBe(0);
});

test('undo does not change the format of an open room', async () => {
	const { people, summit, sessions } = stage.world;
	await close();
	const version = await stage.one<number>(stage.owner, `select version from public.sessions where id = $1`, [
		sessions.members.id
	]);
	const edit = `select public.edit_session($1, $2, $3)`;
	const edited = await stage.callAs(people.programme, edit, [
		summit,
		sessions.members.id,
		{ version, stage_format: 'stage' }
	]);
	expect(edited).toMatchObject({ status: 'ok' });
	await stage.openRun(stage.chair, 'members');
	expect(
		await stage.callAs(people.programme, `select public.undo_or_redo_placement($1, false)`, [summit])
	).toMatchObject({
		status: 'edited_meanwhile'
	});
});
