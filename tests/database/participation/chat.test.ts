/* Chat: who writes, how often, and what is removed. */
import { expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { type Level } from '../../fixtures/level-runs.ts';
import { actAs, personKinds, type TestPerson } from '../../fixtures/world.ts';
import { useChat } from '../../fixtures/chatting.ts';

const db = useDatabase();
const chat = useChat(db);
const { send, read, bodies, set, remove, later } = chat;

const eventOf = (level: Level, id: string | undefined) =>
	readValue<object | null>(db.app, 'select private.message_event($1, $2)', [chat.runs.of[level], id]);

test('people who may enter the stream write; signed-out people read a public chat; people under 18 do neither', async () => {
	const answers = [];
	for (const kind of personKinds) answers.push([kind, await send(chat.world.people[kind], 'members', `From ${kind}`)]);
	expect(answers.filter(([, answer]) => answer === 'ok').map(([kind]) => kind)).toEqual([
		'delegate',
		'virtual',
		'speaker',
		'listed',
		'stage',
		'safeguarding'
	]);
	await send(chat.world.people.delegate, 'public', 'Openly');
	expect([(await read(null, 'public'))?.may, await bodies(null, 'public'), await read(null, 'members')]).toEqual([
		'sign_in',
		['Openly'],
		null
	]);
	await db.owner.query(
		`update public.registrations set guardian_id = $2, guardian_consent_at = now(), is_minor = true where id = $1`,
		[chat.world.registrations.virtual, chat.world.registrations.delegate]
	);
	expect([
		await send(chat.world.people.virtual, 'public', 'Me'),
		await read(chat.world.people.virtual, 'public')
	]).toEqual(['minor', null]);
	const topics = await callAs<string[]>(db.owner, chat.world.people.virtual, 'public.allowed_topics($1)', [
		[`run:${chat.world.run}`, `chat:${chat.world.run}`]
	]);
	expect(topics).toEqual([`run:${chat.world.run}`]);
});

test('slow mode applies across connections; messages have a maximum length', async () => {
	await set('members', { chat: 'slow', slow_seconds: 30 });
	const clients = await connectMany(db, 10);
	const { virtual } = chat.world.people;
	const answers = await Promise.all(clients.map((one, n) => send(virtual, 'members', `Again ${n}`, one)));
	expect(answers.sort()).toEqual(['ok', ...Array(9).fill('too_soon')]);
	await db.owner.query(`update private.chat_messages set sent_at = sent_at - interval '29 seconds'`);
	expect(await send(virtual, 'members', 'Still')).toBe('too_soon');
	await db.owner.query(`update private.chat_messages set sent_at = sent_at - interval '2 seconds'`);
	expect([
		await send(virtual, 'members', 'Now'),
		await send(chat.runs.chair, 'members', 'Host'),
		await send(chat.runs.chair, 'members', 'Host again')
	]).toEqual(['ok', 'ok', 'ok']);
	await later();
	expect([
		await send(virtual, 'members', 'x'.repeat(100_000)),
		await send(virtual, 'members', 'x'.repeat(1001)),
		await send(virtual, 'members', ' \u202e ')
	]).toEqual(['too_long', 'too_long', 'invalid']);
	expect(await send(virtual, 'members', 'x'.repeat(1000))).toBe('ok');
});

test('a removed message leaves no trace, and only its author and people who run the session remove it', async () => {
	const { delegate, virtual, stage } = chat.world.people;
	await send(delegate, 'members', 'First');
	await send(virtual, 'members', 'Second');
	const [first, second] = (await read(virtual, 'members'))?.messages ?? [];
	expect([first?.from, (await eventOf('members', first?.id)) !== null, await eventOf('public', first?.id)]).toEqual([
		delegate.name,
		true,
		null
	]);
	expect([
		await remove(virtual, first?.id),
		await remove(stage, first?.id),
		await remove(stage, first?.id),
		await remove(virtual, second?.id)
	]).toEqual(['not_found', 'ok', 'not_found', 'ok']);
	expect([
		await bodies(virtual, 'members'),
		await eventOf('members', first?.id),
		await readValue(db.owner, 'select count(*)::int from private.chat_messages where run_id = $1', [
			chat.runs.of.members
		])
	]).toEqual([[], null, 0]);
	await expect(actAs(db.owner, chat.world.people.owner, 'select * from private.chat_messages')).rejects.toThrow(
		'permission denied'
	);
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from audit.entries where table_name = 'chat.deleted' and row_id = $1`,
			[first?.id]
		)
	).toBe(1);
});

test('a muted person cannot write until unmuted; one click limits writing to people of the session', async () => {
	const { delegate, virtual, speaker, stage } = chat.world.people;
	await send(virtual, 'public', 'Noise');
	const id = (await read(stage, 'public'))?.messages[0]?.id;
	const mute = (who: TestPerson, on: boolean) => callAs(db.owner, who, 'public.mute_author($1, $2)', [id, on]);
	expect([await mute(delegate, true), await mute(stage, true), await mute(stage, true)]).toEqual([
		'not_found',
		'ok',
		'ok'
	]);
	await later();
	expect([
		await send(virtual, 'public', 'More'),
		(await read(virtual, 'public'))?.may,
		(await read(stage, 'public'))?.muted,
		(await read(virtual, 'public'))?.muted
	]).toEqual(['muted', 'muted', [id], null]);
	await mute(stage, false);
	expect(await send(virtual, 'public', 'Better')).toBe('ok');
	await set('public', { chat: 'people' });
	expect([await send(delegate, 'public', 'Raid'), await send(speaker, 'public', 'Speaker')]).toEqual(['people', 'ok']);
	await set('public', { chat: 'off' });
	await later();
	expect([await send(speaker, 'public', 'Off'), await bodies(delegate, 'public'), await eventOf('public', id)]).toEqual(
		['off', [], null]
	);
});

test('a message without visible characters is refused', async () => {
	const { virtual } = chat.world.people;
	for (const body of [
		'\u200b',
		'\u2060\u00a0\n',
		'\ufeff\u3164',
		'\u2800\u00ad',
		'\u202e\u200f',
		'\u{e0068}\u{e0069}',
		'\u{e0100}\u0085'
	])
		expect([body, await send(virtual, 'members', body)]).toEqual([body, 'invalid']);
	await later();
	expect(await send(virtual, 'members', '👩‍👧 نعم')).toBe('ok');
	expect(await bodies(virtual, 'members')).toEqual(['👩‍👧 نعم']);
});

test('a message is stored in limited space, and never shortened silently', async () => {
	const { virtual } = chat.world.people;
	const wide = `up${'\n'.repeat(400)}down`;
	const lines = Array.from({ length: 300 }, (_, n) => `${n % 10}`).join('\n');
	const tower = `Z${'\u0301'.repeat(300)}algo`;
	for (const body of [wide, lines, tower]) {
		await later();
		expect(await send(virtual, 'members', body)).toBe('ok');
	}
	const read = (await bodies(virtual, 'members')) ?? [];
	expect(read.map((body) => body.split('\n').length - 1)).toEqual([2, 11, 0]);
	expect([read[0], read[2]]).toEqual(['up\n\ndown', `Z${'\u0301'.repeat(4)}algo`]);
	await later();
	// The invisible characters hide no text.
	expect(await send(virtual, 'members', `Hello${'\u202e'.repeat(3995)} and a hundred thousand letters more`)).toBe(
		'too_long'
	);
});
