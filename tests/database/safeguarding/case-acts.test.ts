/* What the lead of a case does from it: each act has its real effect, is noted once, and is for nobody else. */
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { concernActs } from '../../fixtures/raising-concerns.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const { hex, raise, mark, newLead } = concernActs(stage);

let lead: TestPerson;
let concern: string;
let id: string;
beforeEach(async () => {
	lead = stage.world.people.safeguarding;
	concern = await raise({ reporter: stage.world.people.virtual });
	await mark(lead, concern, stage.world.people.delegate);
	const opened = await stage.callAs<{ case: string }>(
		lead,
		`select public.open_case(array[$1]::uuid[], 'high', 'harassment', $2, 'key')`,
		[concern, hex('case key')]
	);
	id = opened.case;
});

const act = (who: TestPerson | null, what: string, target: string | undefined, form?: string) =>
	stage.callAs<string>(who, `select public.act_on_case($1, $2, $3, $4, $5)`, [
		id,
		what,
		target,
		hex('canary act'),
		createHash('sha256')
			.update(form ?? randomBytes(8).toString('hex'))
			.digest('hex')
	]);
const noted = () =>
	stage.one<number>(
		stage.owner,
		`select count(*)::integer from private.case_entries where case_id = $1 and kind = 'act' and author_id = $2`,
		[id, lead.person]
	);
const logged = () =>
	stage.one<number>(
		stage.owner,
		`select count(*)::integer from audit.entries where table_name = 'case.acted' and row_id = $1`,
		[id]
	);
const held = (what: string, values: unknown[]) => stage.one<boolean>(stage.owner, `select ${what}`, values);

async function message(session = stage.world.sessions.public.id): Promise<string> {
	return stage.one(
		stage.owner,
		`insert into private.chat_messages (run_id, session_id, person_id, body) values ($1, $2, $3, 'canary message') returning id`,
		[stage.world.run, session, stage.world.people.delegate.person]
	);
}

/** A recording of a session, with its file. */
async function recording(session = stage.world.sessions.public.id): Promise<string> {
	const name = randomBytes(16).toString('hex');
	await stage.owner.query(
		`insert into private.stored_objects (name, media_type, size, sha256, state, scan)
		values ($1, 'video/webm', 10, sha256('x'), 'kept', 'clean')`,
		[name]
	);
	return stage.one(
		stage.owner,
		`insert into private.recordings (run_id, session_id, summit_id, level, state, object_name, length_ms, stopped_at)
		values ($1, $2, $3, 'public', 'ready', $4, 1000, now()) returning id`,
		[stage.world.run, session, stage.world.summit, name]
	);
}

test('a message of the chat and a question of the session are hidden', async () => {
	const chat = await message();
	expect(await act(lead, 'hide_message', chat)).toBe('ok');
	expect(await held(`exists (select from private.chat_messages where id = $1)`, [chat])).toBe(false);
	const question = await stage.one<string>(
		stage.owner,
		`insert into private.session_questions (session_id, summit_id, person_id, body, state, shown_as)
		values ($1, $2, $3, 'canary question', 'approved', 'name') returning id`,
		[stage.world.sessions.public.id, stage.world.summit, stage.world.people.delegate.person]
	);
	expect(await act(lead, 'hide_question', question)).toBe('ok');
	expect(await held(`state = 'declined' from private.session_questions where id = $1`, [question])).toBe(true);
	expect(await act(lead, 'hide_question', question)).toBe('already');
	expect([await noted(), await logged()]).toEqual([2, 2]);
});

test('a stream ends with its LiveKit rooms, and one that is over already is not noted', async () => {
	await stage.pass(stage.world.people.virtual);
	expect(await act(lead, 'end_stream', stage.world.sessions.public.id)).toBe('ok');
	expect(await held(`state = 'ended' from public.runs where id = $1`, [stage.world.run])).toBe(true);
	expect(
		await held(`exists (select from private.livekit_rooms where run_id = $1 and closed_at is null)`, [stage.world.run])
	).toBe(false);
	expect(await act(lead, 'end_stream', stage.world.sessions.public.id)).toBe('already');
	expect(await noted()).toBe(1);
});

test('a recording is sealed and held: nobody deletes it, nor does its period', async () => {
	const { people } = stage.world;
	const one = await recording();
	expect(await act(lead, 'freeze_recording', one)).toBe('ok');
	expect(await held(`state = 'sealed' and object_name is not null from private.recordings where id = $1`, [one])).toBe(
		true
	);
	expect(await stage.callAs(people.programme, `select public.delete_recording($1)`, [one])).toBe('held');
	const rule = await stage.one<string>(
		stage.owner,
		`select only_if from private.retention_rules where table_name = 'private.recordings'`
	);
	const isDue = () => held(`(${rule}) from private.recordings as t where t.id = $1`, [one]);
	expect(await isDue()).toBe(false);
	expect(await act(lead, 'freeze_recording', one)).toBe('already');
	// The hold ends with the case.
	await stage.owner.query(`delete from private.cases where id = $1`, [id]);
	expect(await isDue()).toBe(true);
});

test('a recording without its file is stopped first', async () => {
	const one = await stage.one<string>(
		stage.owner,
		`insert into private.recordings (run_id, session_id, summit_id, level, state) values ($1, $2, $3, 'public', 'running') returning id`,
		[stage.world.run, stage.world.sessions.public.id, stage.world.summit]
	);
	expect(await act(lead, 'freeze_recording', one)).toBe('not_possible');
	expect(await noted()).toBe(0);
});

test('the wish not to be photographed is set for a person of the case, at once at the door', async () => {
	const { people, registrations } = stage.world;
	const forbids = () => held(`private.forbids_photographs($1, $2)`, [people.virtual.person, registrations.virtual]);
	expect(await forbids()).toBe(false);
	expect(await act(lead, 'no_photographs', people.virtual.person)).toBe('ok');
	expect(await forbids()).toBe(true);
	expect(await act(lead, 'no_photographs', people.virtual.person)).toBe('already');
});

test('walking out withdraws the badge and ends every stream; letting in again gives a new badge', async () => {
	const { people, registrations, summit, room } = stage.world;
	const delegate = people.delegate.person;
	const { room: stream, identity } = await stage.pass(people.delegate);
	const checkpoint = await stage.one<string>(
		stage.owner,
		`insert into public.checkpoints (summit_id, kind, room_id) values ($1, 'room', $2) returning id`,
		[summit, room]
	);
	await stage.owner.query(
		`insert into private.door_scans (id, summit_id, checkpoint_id, place, person_id, direction, scanned_at, answer, is_counted, day)
		values (gen_random_uuid(), $1, $2, $3, $4, 'in', now(), 'welcome', true, private.door_day($1))`,
		[summit, checkpoint, room, delegate]
	);
	await stage.owner.query(`select private.derive_door_periods($1, $2, private.door_day($1))`, [summit, delegate]);
	const inside = () =>
		held(`exists (select from private.door_periods where person_id = $1 and left_at is null)`, [delegate]);
	const badges = () =>
		stage.one<number>(
			stage.owner,
			`select count(*)::integer from public.badges where registration_id = $1 and revoked_at is null`,
			[registrations.delegate]
		);
	expect([await inside(), await badges()]).toEqual([true, 1]);

	expect(await act(lead, 'walk_out', delegate)).toBe('ok');
	expect([await inside(), await badges()]).toEqual([false, 0]);
	const door = () =>
		stage.one<string>(
			stage.owner,
			`select private.check_door_entry(c, b, r, now())
			from public.checkpoints as c, public.registrations as r
			join public.badges as b on b.registration_id = r.id
			where c.id = $1 and r.id = $2 order by b.issued_at desc limit 1`,
			[checkpoint, registrations.delegate]
		);
	expect(await door()).toBe('stop');
	expect((await stage.pass(people.delegate)).status).toBe('barred');
	expect((await stage.rights(stream, identity)).is_open ?? false).toBe(false);
	expect(await held(`state = 'confirmed' from public.registrations where id = $1`, [registrations.delegate])).toBe(
		true
	);
	expect(await act(lead, 'walk_out', delegate)).toBe('already');

	expect(await act(lead, 'let_in_again', delegate)).toBe('ok');
	expect([await badges(), await door()]).toEqual([1, 'ok']);
	expect((await stage.pass(people.delegate)).status).toBe('ok');
	expect([await noted(), await logged()]).toEqual([2, 2]);
});

test('nobody of the staff is walked out, nor who reported it', async () => {
	const { people } = stage.world;
	expect(await act(lead, 'walk_out', people.virtual.person)).toBe('not_found');
	await mark(lead, concern, people.stage);
	expect(await act(lead, 'walk_out', people.stage.person)).toBe('not_allowed');
});

test('only the lead of an open case acts, on what its concerns are about, and once for a form', async () => {
	const { people, sessions } = stage.world;
	const other = await newLead();
	const chat = await message();
	expect(await act(other, 'hide_message', chat)).toBe('not_lead');
	for (const who of Object.values(people).filter((one) => one !== lead))
		expect([who.name, await act(who, 'hide_message', chat)]).toEqual([who.name, 'not_found']);
	await expect(act(null, 'hide_message', chat)).rejects.toThrow(/permission denied/);
	for (const [what, target] of [
		['hide_message', await message(sessions.members.id)],
		['end_stream', sessions.members.id],
		['freeze_recording', await recording(sessions.members.id)],
		['no_photographs', people.speaker.person],
		['walk_out', people.speaker.person],
		['anything', chat]
	] as const)
		expect([what, await act(lead, what, target)]).toEqual([what, 'not_found']);
	expect(await noted()).toBe(0);
	const form = randomBytes(8).toString('hex');
	expect(await act(lead, 'hide_message', chat, form)).toBe('ok');
	expect(await act(lead, 'hide_message', chat, form)).toBe('ok');
	expect(await noted()).toBe(1);
	await stage.owner.query(
		`update private.cases set state = 'closed', closed_at = now(), outcome = 'resolved' where id = $1`,
		[id]
	);
	expect(await act(lead, 'end_stream', sessions.public.id)).toBe('not_possible');
});

test('what can be acted on is read by the lead of the case alone, messages without their author', async () => {
	const { people, sessions } = stage.world;
	const chat = await message();
	await recording();
	const targets = (who: TestPerson) =>
		stage.callAs<Record<string, { id: string }[]> | null>(who, `select public.read_case_targets($1)`, [id]);
	const read = await targets(lead);
	expect(read?.['messages']).toMatchObject([{ id: chat, act: 'hide_message', words: 'canary message' }]);
	expect(read?.['sessions']).toMatchObject([{ id: sessions.public.id, is_on: true }]);
	expect(read?.['recordings']).toHaveLength(1);
	expect(read?.['people']).toMatchObject([
		{ id: people.delegate.person, is_reporter: false, is_out: false },
		{ id: people.virtual.person, is_reporter: true, is_out: false }
	]);
	expect(JSON.stringify(read?.['messages'])).not.toContain(people.delegate.person);
	for (const who of [await newLead(), ...Object.values(people).filter((one) => one !== lead)])
		expect([who.name, await targets(who)]).toEqual([who.name, null]);
});
