/* Open tasks of speakers, who is reminded of them, and that no reminder is sent twice. */
import { beforeEach, describe, expect, test } from 'vitest';
import { proveAddress } from '../../fixtures/inviting.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { givePart, addAssistant, setAlias } from '../../fixtures/speaking.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { upload } from '../../fixtures/uploading.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { inDays, sweepAt } from '../../fixtures/retention.ts';

const db = useDatabase();
let world: World;
let speaker: TestPerson;

beforeEach(async () => {
	await db.owner.query('delete from private.speaker_settings');
	world = await makeWorld(db.owner);
	speaker = world.people.speaker;
	await proveAddress(db.owner, speaker, `${speaker.person}@people.example`);
});

const settings = async (days: Partial<Record<'profile' | 'texts' | 'availability' | 'check', number>>) => {
	// All use one timestamp: tasks that are due at the same time are sorted by name.
	const now = Date.now();
	const due = Object.fromEntries(
		Object.entries(days).map(([name, day]) => [`${name}_due_at`, new Date(now + day * 86_400_000).toISOString()])
	);
	// No deadline is set after the Summit.
	await db.owner.query('update public.summits set ends_on = starts_on + 25 where id = $1', [world.summit]);
	const status = await callAs(db.owner, world.people.programme, 'public.save_speaker_settings($1, $2)', [
		world.summit,
		JSON.stringify({ first_reminder_days: 14, last_reminder_days: 3, questions_per_person: 3, ...due })
	]);
	expect(status).toBe('ok');
};
const sweep = (on = db.owner, inDays = 0) =>
	on.query(`select private.sweep_speakers(now() + make_interval(days => $1))`, [inDays]);
const mails = () =>
	db.owner
		.query<{ person_id: string; params: { tasks: { task: string }[]; acts: boolean } }>(
			`select person_id, params from private.outbox where template = 'speaker_reminder' and summit_id = $1 order by created_at, id`,
			[world.summit]
		)
		.then(({ rows }) =>
			rows.map(({ person_id, params }) => [person_id, params.acts, params.tasks.map(({ task }) => task)])
		);
const open = async (who: TestPerson, of = who) => {
	const people = await callAs<{ id: string; tasks: { task: string; is_done: boolean }[] }[]>(
		db.owner,
		who,
		'public.list_my_speaker_tasks($1)',
		[world.summit]
	);
	return people
		.find(({ id }) => id === of.person)
		?.tasks.filter((task) => !task.is_done)
		.map(({ task }) => task);
};

test('tasks are readable by the person only, and disappear when they are done', async () => {
	expect(await open(speaker)).toEqual(['profile', 'texts', 'texts', 'consents', 'consents', 'availability']);
	// Nobody tests a camera in the hall; remote speakers do.
	await db.owner.query(`update public.sessions set attendance = 'online' where id = $1`, [world.sessions.public.id]);
	expect(await open(speaker)).toContain('check');
	expect(await callAs(db.owner, world.people.delegate, 'public.list_my_speaker_tasks($1)', [world.summit])).toEqual([]);
	const check = { device: 'phone', camera: 'off', microphone: 'ok', loudspeaker: 'ok', line: 'ok' };
	const save = (who: TestPerson, outcome: object) =>
		callAs(db.owner, who, 'public.save_device_check($1, $2)', [world.summit, JSON.stringify(outcome)]);
	expect([
		await save(world.people.delegate, check),
		await save(speaker, { ...check, camera: 'lovely' }),
		await save(speaker, { ...check, line: 'blocked' })
	]).toEqual(['not_found', 'invalid', 'ok']);
	expect(await open(speaker)).toContain('check');
	expect(await save(speaker, check)).toBe('ok');
	expect(await open(speaker)).not.toContain('check');
	const parts = await db.owner.query<{ id: string }>('select id from public.session_people where person_id = $1', [
		speaker.person
	]);
	for (const { id } of parts.rows)
		await callAs(db.owner, speaker, 'public.save_participation_consents($1, false, false, false, false)', [id]);
	await callAs(db.owner, speaker, `public.save_availability($1, $2, 'Asia/Tokyo', '[]')`, [
		world.summit,
		speaker.person
	]);
	expect(await open(speaker)).toEqual(['profile', 'texts', 'texts']);
	// People with an alias need not write about themselves.
	const hidden = await setAlias(db.owner, speaker, 'Noor Field');
	expect(await open(hidden)).toEqual(['texts', 'texts']);
});

test('interpreters enter their languages, and invited people answer first', async () => {
	const sign = await makePerson(db.owner, 'Ines Booth');
	const part = await givePart(db.owner, world.sessions.public.id, sign, 'interpreter', 'invited');
	expect(await open(sign)).toEqual(['answer']);
	await callAs(db.owner, sign, 'public.answer_participation($1, true)', [part]);
	expect(await open(sign)).toEqual(['availability', 'languages', 'check']);
});

describe('reminders', () => {
	test('are sent at two times each, to people with open tasks and their assistants', async () => {
		const { delegate } = world.people;
		await proveAddress(db.owner, delegate, `${delegate.person}@people.example`);
		await addAssistant(db.owner, delegate, speaker);
		await settings({ profile: 20, texts: 10 });
		await sweep();
		const both = [
			[speaker.person, false, ['texts']],
			[delegate.person, true, ['texts']]
		];
		expect((await mails()).sort()).toEqual(both.sort());
		await sweep();
		expect(await mails()).toHaveLength(2);
		// Three days before, open tasks are due once more; the profile has its first reminder in between.
		await sweep(db.owner, 8);
		await sweep(db.owner, 8);
		const reminded = (await mails()).filter(([to]) => to === speaker.person).map(([, , tasks]) => tasks);
		expect(reminded).toEqual([['texts'], ['texts', 'consents', 'profile']]);
		await sweep(db.owner, 21);
		expect(await mails()).toHaveLength(4);
	});

	test('cover slides too, if they have a deadline, and end when the slides are uploaded', async () => {
		await callAs(db.owner, speaker, `public.save_availability($1, $2, 'Asia/Tokyo', '[]')`, [
			world.summit,
			speaker.person
		]);
		expect(await open(speaker)).not.toContain('slides');
		await db.owner.query(
			`insert into private.file_settings (summit_id, due_at) values ($1, now() + interval '10 days')`,
			[world.summit]
		);
		expect((await open(speaker))?.filter((task) => task === 'slides')).toHaveLength(2);
		await sweep();
		expect(await mails()).toEqual([[speaker.person, false, ['slides']]]);
		for (const session of [world.sessions.public.id, world.sessions.closed.id])
			await upload(db.owner, speaker, { session });
		expect(await open(speaker)).not.toContain('slides');
		await sweep(db.owner, 8);
		expect(await mails()).toHaveLength(1);
	});

	test('are sent once, with eight sweeps at once, one of them killed', async () => {
		await settings({ profile: 2, texts: 2, availability: 2 });
		const clients = await connectMany(db, 8);
		const killed = await db.connect();
		killed.on('error', () => undefined);
		await killed.query('begin');
		await sweep(killed);
		const pid = await readValue<number>(killed, 'select pg_backend_pid()');
		const running = Promise.all(clients.map((one) => sweep(one)));
		await db.owner.query('select pg_terminate_backend($1)', [pid]);
		await running;
		await sweep();
		expect(await mails()).toEqual([[speaker.person, false, ['availability', 'consents', 'profile', 'texts']]]);
	});

	test('are not sent after declining, cancelling, completing, or for past sessions', async () => {
		await settings({ texts: 2 });
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [world.sessions.closed.id]);
		await db.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [speaker.person]);
		await sweep();
		await db.owner.query(`update public.session_people set state = 'confirmed' where person_id = $1`, [speaker.person]);
		await db.owner.query(`update public.sessions set abstract = '{"original":"en","en":"Done"}' where id = $1`, [
			world.sessions.public.id
		]);
		await sweep();
		await settings({ texts: -1, profile: -1 });
		await sweep();
		expect(await mails()).toEqual([]);
	});

	test('requested by an organiser are sent once a day, and only by programme organisers', async () => {
		const remind = (who: TestPerson) =>
			callAs(db.owner, who, 'public.remind_speakers($1, $2)', [
				world.summit,
				[speaker.person, world.people.delegate.person]
			]);
		for (const who of [speaker, world.people.stage, world.people.registration])
			expect(await remind(who)).toEqual({ status: 'not_allowed' });
		expect(await remind(world.people.programme)).toEqual({ status: 'ok', mails: 1, people: 1 });
		expect(await remind(world.people.programme)).toEqual({ status: 'ok', mails: 0, people: 0 });
		const other = await makeWorld(db.owner);
		expect(await callAs(db.owner, other.people.programme, 'public.list_speakers($1)', [world.summit])).toBeNull();
		const list = await callAs<{ counts: Record<string, number>; rows: { person_id: string; tasks: object }[] }>(
			db.owner,
			world.people.programme,
			'public.list_speakers($1, $2)',
			[world.summit, 'texts']
		);
		expect(list.counts).toEqual({ profile: 1, texts: 1, consents: 1, availability: 1 });
		expect(list.rows).toMatchObject([{ person_id: speaker.person, tasks: { texts: { done: 0, asked: 2 } } }]);
		const one = await callAs<{ rows: object[] }>(
			db.owner,
			world.people.programme,
			'public.list_speakers(summit => $1, person => $2)',
			[world.summit, speaker.person]
		);
		expect(one.rows).toMatchObject([{ person_id: speaker.person }]);
	});

	test.each([
		{ first_reminder_days: 3, last_reminder_days: 3 },
		{ first_reminder_days: 0, last_reminder_days: 1 },
		{ first_reminder_days: 'soon', last_reminder_days: 1 },
		{ first_reminder_days: 14, last_reminder_days: 3, texts_due_at: 'tomorrow-ish' },
		{ first_reminder_days: 14 }
	])('settings %o are refused', async (values) => {
		expect(
			await callAs(db.owner, world.people.programme, 'public.save_speaker_settings($1, $2)', [
				world.summit,
				JSON.stringify({ questions_per_person: 3, ...values })
			])
		).toBe('invalid');
	});
});

describe('access needs', () => {
	const sealed = { sealed: 'ab'.repeat(40), key_id: 'test' };
	const say = (who: TestPerson, needs: object, of = who) =>
		callAs(db.owner, who, 'public.save_speaker_needs($1, $2, $3)', [world.summit, of.person, JSON.stringify(needs)]);
	const opened = (who: TestPerson) =>
		callAs<{ kind: string }[]>(db.owner, who, 'public.reveal_speaker_needs($1, $2)', [
			world.summit,
			speaker.person
		]).then((rows) => rows.map(({ kind }) => kind));

	test('are read by the roles named beside each, logged, and erased as promised', async () => {
		const { programme, stage, owner, delegate } = world.people;
		expect(await say(delegate, { access: sealed }, speaker)).toBe('not_found');
		expect(await say(speaker, { parking: sealed })).toBe('invalid');
		expect(await say(speaker, { access: { sealed: 'plain', key_id: 'test' } })).toBe('invalid');
		expect(await say(speaker, { access: sealed, equipment: sealed })).toBe('ok');
		expect([await opened(programme), await opened(stage), await opened(owner), await opened(delegate)]).toEqual([
			['access', 'equipment'],
			['equipment'],
			[],
			[]
		]);
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from audit.entries where table_name = 'needs.read' and summit_id = $1`,
				[world.summit]
			)
		).toBe(2);
		await sweepAt(db.owner, inDays(30));
		expect(await opened(programme)).toHaveLength(2);
		await sweepAt(db.owner, inDays(33));
		expect(await opened(programme)).toEqual([]);
	});

	test('are deleted with the last part', async () => {
		await say(speaker, { arrival: sealed });
		await db.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [speaker.person]);
		expect(
			await readValue(db.owner, 'select count(*)::integer from private.speaker_needs where person_id = $1', [
				speaker.person
			])
		).toBe(0);
	});
});
