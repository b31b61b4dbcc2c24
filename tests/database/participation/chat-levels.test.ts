/* Chat in sessions without names: nothing identifies authors; and reports, which outlive a message. */
import { expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { endRun } from '../../fixtures/level-runs.ts';
import { type TestPerson } from '../../fixtures/world.ts';
import { useChat } from '../../fixtures/chatting.ts';

const db = useDatabase();
const chat = useChat(db);
const { send, read, bodies, set, remove, later } = chat;

test.each(['chatham_house', 'closed'] as const)(
	'%s: no row identifies an author, people remove their own messages, and nothing is left after the run',
	async (level) => {
		const { listed } = chat.world.people;
		await send(listed, level, 'Quietly');
		const [message] = (await read(chat.runs.chair, level))?.messages ?? [];
		expect([message?.from, (await read(listed, level))?.mine]).toEqual([null, [message?.id]]);
		const rows = await readValue<string>(
			db.owner,
			`select jsonb_agg(to_jsonb(m))::text from private.chat_messages as m where run_id = $1`,
			[chat.runs.of[level]]
		);
		expect(rows.includes(listed.person)).toBe(false);
		// The mute identifies nobody.
		await callAs(db.owner, chat.runs.chair, 'public.mute_author($1, true)', [message?.id]);
		await later();
		expect(await send(listed, level, 'Again')).toBe('muted');
		await endRun(db.owner, chat.runs.of[level]);
		const left = await readValue(
			db.owner,
			`select (select count(*) from private.chat_messages where run_id = $1)::int + (select count(*) from private.chat_mutes where run_id = $1)::int`,
			[chat.runs.of[level]]
		);
		expect(left).toBe(0);
	}
);

test('raising the level makes the current chat nameless, and deletes what earlier runs kept', async () => {
	const { delegate } = chat.world.people;
	await send(delegate, 'members', 'Openly');
	await db.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [
		chat.world.sessions.members.id
	]);
	expect((await read(delegate, 'members'))?.messages).toMatchObject([{ body: 'Openly', from: null }]);
	expect(
		await readValue(
			db.owner,
			`select count(*)::int from private.chat_messages where run_id = $1 and person_id is not null`,
			[chat.runs.of.members]
		)
	).toBe(0);
	await send(delegate, 'public', 'Kept');
	await endRun(db.owner, chat.runs.of.public);
	expect(
		await readValue(db.owner, `select count(*)::int from private.chat_messages where run_id = $1`, [
			chat.runs.of.public
		])
	).toBe(1);
	await db.owner
		.query(`update public.sessions set audience = 'registered', level = 'closed' where id = $1`, [
			chat.world.sessions.public.id
		])
		.catch(() =>
			db.owner.query(`update public.sessions set audience = 'listed', level = 'closed' where id = $1`, [
				chat.world.sessions.public.id
			])
		);
	expect(
		await readValue(db.owner, `select count(*)::int from private.chat_messages where run_id = $1`, [
			chat.runs.of.public
		])
	).toBe(0);
});

test('a report reaches only the safeguarding leads, once, and outlives the message', async () => {
	const { delegate, virtual, stage, safeguarding, newcomer } = chat.world.people;
	await send(virtual, 'members', 'Something that hurts');
	const id = (await read(delegate, 'members'))?.messages[0]?.id;
	const words = (who: TestPerson, message: string | undefined) =>
		readValue<string | null>(db.owner, `select private.reported_message_text($1, $2)`, [who.person, message]);
	const report = (who: TestPerson, message = id) =>
		readValue<string>(db.owner, `select private.report_message($1, $2, 'sealed words', 'key')`, [who.person, message]);
	expect([await words(newcomer, id), await words(delegate, id)]).toEqual([
		null,
		`${virtual.name}: Something that hurts`
	]);
	expect([await report(newcomer), await report(delegate), await report(delegate)]).toEqual([
		'not_found',
		'ok',
		'already'
	]);
	await remove(stage, id);
	const concerns = (who: TestPerson) =>
		callAs<{
			concerns: { session: { code: string }; text_sealed: string; reporter: { display_name: string } | null }[];
		} | null>(db.owner, who, 'public.list_concerns($1)', [chat.world.summit]).then((list) => list?.concerns ?? null);
	expect(await concerns(safeguarding)).toMatchObject([
		{ text_sealed: Buffer.from('sealed words').toString('hex'), reporter: { display_name: delegate.name } }
	]);
	for (const who of [stage, chat.runs.chair, virtual, chat.world.people.owner])
		expect((await concerns(who)) ?? []).toEqual([]);
	// In sessions without names reporters are nameless, too.
	await send(chat.world.people.listed, 'closed', 'Quietly hurting');
	const quiet = (await read(chat.runs.chair, 'closed'))?.messages[0]?.id;
	expect(await words(chat.world.people.speaker, quiet)).toBe('Quietly hurting');
	expect(await report(chat.world.people.speaker, quiet)).toBe('ok');
	expect((await concerns(safeguarding))?.map(({ reporter }) => reporter)).toEqual([
		null,
		{ affiliation: '', display_name: delegate.name }
	]);
});

test.each(['members', 'closed'] as const)(
	'%s: the pause also counts a removed message, and leaves nothing after the run',
	async (level) => {
		const { listed } = chat.world.people;
		await set(level, { chat: 'slow', slow_seconds: 60 });
		expect(await send(listed, level, 'One')).toBe('ok');
		const id = (await read(listed, level))?.mine[0];
		expect(await remove(listed, id)).toBe('ok');
		expect([await send(listed, level, 'Two'), await bodies(listed, level)]).toEqual(['too_soon', []]);
		const rows = await readValue<string>(
			db.owner,
			`select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text from private.withdrawn_items as t`
		);
		expect([rows.includes(listed.person), rows.includes(id ?? '?'), rows.includes('One')]).toEqual([
			false,
			false,
			false
		]);
		await db.owner.query(
			`update private.withdrawn_items set originally_sent_at = originally_sent_at - interval '61 seconds'`
		);
		expect(await send(listed, level, 'Two')).toBe('ok');
		await endRun(db.owner, chat.runs.of[level]);
		expect(
			await readValue(db.owner, `select count(*)::int from private.withdrawn_items where run_id = $1`, [
				chat.runs.of[level]
			])
		).toBe(0);
	}
);
