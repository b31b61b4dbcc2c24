/* Lowering a level opens nothing that was made before: nothing that was written, asked, voted on or said. */
import { expect, test } from 'vitest';
import { inTurn } from '../../fixtures/registering.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

interface Participation {
	chat: { messages: { body: string }[] } | null;
	questions: { shown: { body: string }[] };
	polls: { polls: { question: string }[] };
}

/** What a person reads of the current run. */
async function reads(who: TestPerson | null): Promise<string[]> {
	const { summit } = stage.world;
	const beside = await stage.callAs<Participation | null>(who, `select public.read_stage_sidebar($1, 'plenary')`, [
		summit
	]);
	const captions = await stage.callAs<{ lines: { words: string }[] } | null>(
		who,
		`select public.read_captions($1, 'plenary')`,
		[summit]
	);
	return [
		...(beside?.chat?.messages ?? []).map(({ body }) => body),
		...(beside?.questions.shown ?? []).map(({ body }) => body),
		...(beside?.polls.polls ?? []).map(({ question }) => question),
		...(captions?.lines ?? []).map(({ words }) => words)
	];
}

async function say(run: string, who: TestPerson, mark: string): Promise<string[]> {
	const session = await stage.one<string>(stage.owner, `select session_id from public.runs where id = $1`, [run]);
	await stage.callAs(stage.chair, `select public.save_participation_settings($1, '{"approve_first":false}')`, [
		session
	]);
	const texts = ['message', 'question', 'poll', 'caption'].map((kind) => `${mark} ${kind}`);
	await stage.owner.query(`update private.chat_messages set sent_at = sent_at - interval '1 minute'`);
	const answers = [
		await stage.callAs(who, `select public.send_message($1, $2)`, [run, texts[0]]),
		await stage.callAs(who, `select public.ask_question($1, $2, 'nobody')`, [run, texts[1]]),
		await stage.callAs(stage.chair, `select public.create_poll($1, $2, 'single', '{A,B}', false, true, true)`, [
			session,
			texts[2]
		]),
		(await stage.callAs<{ status: string }>(stage.chair, `select public.write_caption($1, 'en', $2)`, [run, texts[3]]))
			.status
	];
	expect(answers).toEqual(['ok', 'ok', 'ok', 'ok']);
	return texts;
}

async function setLevel(session: string, level: string, audience: string): Promise<void> {
	const { people, summit } = stage.world;
	await stage.owner.query(
		`update public.sessions set level = $2::public.confidentiality, audience = $3::public.session_audience where id = $1`,
		[session, level, audience]
	);
	await stage.callAs(people.programme, `select public.publish_release($1)`, [summit]);
	expect(await stage.one(stage.owner, `select private.level_in_force($1)`, [session])).toBe(level);
}

test('members to public: registered people keep reading, visitors read only what follows', async () => {
	const { people, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	const before = await say(run, people.delegate, 'Before');
	await setLevel(sessions.members.id, 'public', 'everyone');
	for (const who of [null, people.newcomer]) expect(await reads(who)).toEqual([]);
	for (const who of [people.virtual, people.speaker, people.stage, stage.chair])
		expect((await reads(who)).toSorted()).toEqual(before.toSorted());
	const after = await say(run, people.delegate, 'After');
	for (const who of [null, people.newcomer]) expect((await reads(who)).toSorted()).toEqual(after.toSorted());
	expect((await reads(people.virtual)).toSorted()).toEqual([...before, ...after].toSorted());
	// Events of the run go to all of them, without earlier content.
	const eventOf = async (name: string, table: string, column: string) => {
		const { rows } = await stage.owner.query<{ id: string; words: string }>(
			`select id, ${column} as words from private.${table} where ${table === 'caption_lines' || table === 'chat_messages' ? 'run_id' : 'session_id'} = $1`,
			[table === 'caption_lines' || table === 'chat_messages' ? run : sessions.members.id]
		);
		const found = [];
		for (const { id, words } of rows) {
			const content = await stage.one<object | null>(stage.app, `select private.${name}_event($1, $2)`, [run, id]);
			// For an older row the event says only that it changed.
			if (content && JSON.stringify(content) !== '{"older":true}') found.push(words);
		}
		return found;
	};
	expect([
		...(await eventOf('message', 'chat_messages', 'body')),
		...(await eventOf('question', 'session_questions', 'body')),
		...(await eventOf('poll', 'polls', 'question')),
		...(await eventOf('caption', 'caption_lines', 'words'))
	]).toEqual(after);
});

test('earlier content changes on the pages of its readers, and is not reported as removed', async () => {
	const { people, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	await say(run, people.delegate, 'Before');
	await setLevel(sessions.members.id, 'public', 'everyone');
	const [question, poll, option, caption] = await inTurn(
		[
			`select id from private.session_questions where session_id = $1`,
			`select id from private.polls where session_id = $1`,
			`select o.id from private.poll_options as o join private.polls as x on x.id = o.poll_id where x.session_id = $1 limit 1`,
			`select c.id from private.caption_lines as c join public.runs on runs.id = c.run_id where runs.session_id = $1`
		],
		(sql) => stage.one<string>(stage.owner, sql, [sessions.members.id])
	);
	const eventOf = (kind: string, id: string | undefined) =>
		stage.one<object | null>(stage.app, `select private.${kind}_event($1, $2)`, [run, id]);
	const older = { older: true };
	expect(await stage.callAs(people.virtual, `select public.vote_for_question($1, true)`, [question])).toBe('ok');
	expect(await stage.callAs(people.virtual, `select public.vote_in_poll($1, $2)`, [poll, [option]])).toBe('ok');
	expect([await eventOf('question', question), await eventOf('poll', poll), await eventOf('caption', caption)]).toEqual(
		[older, older, older]
	);
	expect((await reads(people.virtual)).includes('Before question')).toBe(true);
	// People who may not read it cannot act on it either; a hidden row is removed for everybody.
	expect(await stage.callAs(people.newcomer, `select public.vote_for_question($1, true)`, [question])).toBe(
		'not_found'
	);
	await stage.callAs(stage.chair, `select public.set_question_state($1, 'declined')`, [question]);
	expect(await eventOf('question', question)).toBeNull();
});

test('a poll that was prepared before and opened afterwards is for everybody present then', async () => {
	const { people, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	await stage.callAs(stage.chair, `select public.create_poll($1, 'Prepared', 'single', '{A,B}', false, true, false)`, [
		sessions.members.id
	]);
	const poll = await stage.one(stage.owner, `select id from private.polls where session_id = $1`, [
		sessions.members.id
	]);
	await setLevel(sessions.members.id, 'public', 'everyone');
	expect(await stage.callAs(stage.chair, `select public.set_poll_state($1, 'open')`, [poll])).toBe('ok');
	expect([await reads(null), await reads(people.newcomer)]).toEqual([['Prepared'], ['Prepared']]);
	expect(await stage.one(stage.app, `select private.poll_event($1, $2)`, [run, poll])).not.toBeNull();
});

test('closed to members: only listed people read what was said before', async () => {
	const { people, sessions } = stage.world;
	await stage.setState(people.stage, stage.world.run, 'ended');
	const { run } = await stage.openRun(stage.chair, 'closed');
	await stage.setState(stage.chair, run, 'live');
	const before = await say(run ?? '', people.listed, 'Before');
	await setLevel(sessions.closed.id, 'members', 'registered');
	expect(await reads(people.delegate)).toEqual([]);
	expect((await reads(people.listed)).toSorted()).toEqual(before.toSorted());
});

test('after raising and lowering again, earlier content stays with registered people', async () => {
	const { people, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	await setLevel(sessions.members.id, 'public', 'everyone');
	await say(run, people.delegate, 'Openly');
	expect(await reads(null)).toHaveLength(4);
	await setLevel(sessions.members.id, 'members', 'registered');
	await setLevel(sessions.members.id, 'public', 'everyone');
	expect([(await reads(null)).length, (await reads(people.virtual)).length]).toEqual([0, 4]);
});

test('a transcript stays with people who could follow the session', async () => {
	const { people, sessions, summit } = stage.world;
	const run = await stage.liveMembersRun();
	await stage.owner.query(
		`update public.session_people set consent_record = true, consent_publish = true where session_id = $1`,
		[sessions.members.id]
	);
	await stage.callAs(stage.chair, `select public.write_caption($1, 'en', 'Among members')`, [run]);
	await stage.setState(stage.chair, run, 'ended');
	await setLevel(sessions.members.id, 'public', 'everyone');
	const read = async (who: TestPerson | null) => [
		(
			await stage.callAs<object[] | null>(who, `select public.read_transcript($1, $2, 'en')`, [
				summit,
				sessions.members.code
			])
		)?.length ?? null,
		await stage.callAs(who, `select public.list_transcripts($1, $2)`, [summit, sessions.members.code])
	];
	for (const who of [null, people.newcomer, people.waiting]) expect(await read(who)).toEqual([null, []]);
	for (const who of [people.virtual, people.stage]) expect(await read(who)).toEqual([1, ['en']]);
});

test.each([
	['chat:', `select public.send_message($1, 'At this moment')`],
	['ask:', `select public.ask_question($1, 'At this moment?', 'nobody')`]
])('a level is raised while somebody writes (%s), and neither is refused', async (key, act) => {
	const { people, sessions } = stage.world;
	const run = await stage.liveMembersRun();
	const [holder, writer, raiser] = [await stage.db.connect(), await stage.db.connect(), await stage.db.connect()];
	const waits = async (client: typeof holder) => {
		const pid = await stage.one<number>(client, 'select pg_backend_pid()');
		return () =>
			stage.one<boolean>(stage.owner, 'select exists (select from pg_locks where pid = $1 and not granted)', [pid]);
	};
	const [writerWaits, raiserWaits] = [await waits(writer), await waits(raiser)];
	// The writer's next lock is held for a moment.
	await holder.query('begin');
	await holder.query(`select pg_advisory_xact_lock(hashtextextended($1 || $2::text || $3::text, 7))`, [
		key,
		key === 'chat:' ? run : sessions.members.id,
		people.delegate.person
	]);
	const writing = actAs(writer, people.delegate, act, [run]);
	await expect.poll(writerWaits).toBe(true);
	const raising = raiser.query(`update public.sessions set level = 'chatham_house' where id = $1`, [
		sessions.members.id
	]);
	await expect.poll(raiserWaits).toBe(true);
	await holder.query('commit');
	const [wrote] = await writing;
	await raising;
	expect(['ok', 'waiting']).toContain(Object.values(wrote ?? {})[0]);
	expect(await stage.one(stage.owner, `select level from public.runs where id = $1`, [run])).toBe('chatham_house');
	expect(
		await stage.one(
			stage.owner,
			`select (select count(*) from private.chat_messages where run_id = $1 and person_id is not null)::int
				+ (select count(*) from private.session_questions where session_id = $2 and person_id is not null)::int`,
			[run, sessions.members.id]
		)
	).toBe(0);
});
