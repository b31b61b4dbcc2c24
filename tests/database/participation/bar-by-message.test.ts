/*
 * A person known only from the chat is barred by a message. In sessions without names, the answer never reveals who was
 * barred.
 */
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { openRuns, roomOf, type Level, type Runs } from '../../fixtures/level-runs.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let runs: Runs;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	runs = await openRuns(db.owner, world);
});

interface Chat {
	may: string;
	messages: { id: string; body: string }[];
	muted: string[] | null;
	barred: string[] | null;
}

async function write(who: TestPerson, level: Level, body: string): Promise<string> {
	expect(await callAs(db.owner, who, 'public.send_message($1, $2)', [runs.of[level], body])).toBe('ok');
	return readValue(db.owner, 'select id from private.chat_messages where run_id = $1 and body = $2', [
		runs.of[level],
		body
	]);
}
const bar = (who: TestPerson, message: string, barred = true) =>
	callAs<string>(db.owner, who, 'public.bar_author($1, $2)', [message, barred]);
const entry = (who: TestPerson, level: Level) =>
	readValue<string>(db.owner, `select private.entry_decision($1, $2, 'stream')`, [
		who.person,
		world.sessions[level].id
	]);
const chat = async (who: TestPerson, level: Level) =>
	(await callAs<{ chat: Chat }>(db.owner, who, 'public.read_stage_sidebar($1, $2)', [world.summit, roomOf(level)]))
		.chat;
const stageRoom = (level: Level) =>
	readValue<string>(db.owner, `select private.ensure_livekit_room($1, 'stage')`, [runs.of[level]]);
const pass = (who: TestPerson, level: Level) =>
	readValue<{ status: string; room: string }>(db.app, 'select private.stage_pass($1, $2, $3)', [
		who.person,
		world.summit,
		roomOf(level)
	]);

test('with names: people who run the session bar an author who never joined, and admit them again', async () => {
	const { virtual, delegate, speaker, safeguarding } = world.people;
	const message = await write(virtual, 'members', 'Something that hurts');
	for (const who of [virtual, delegate, speaker]) expect(await bar(who, message)).toBe('not_found');
	expect([await bar(runs.chair, message), await bar(runs.chair, message)]).toEqual(['ok', 'already']);
	expect([await entry(virtual, 'members'), (await chat(runs.chair, 'members')).barred]).toEqual(['barred', [message]]);
	expect((await chat(delegate, 'members')).barred).toBeNull();
	expect([await bar(runs.chair, message, false), await entry(virtual, 'members')]).toEqual(['ok', 'ok']);
	// The rules of a bar apply.
	const own = await write(runs.chair, 'members', 'From the chair');
	const lead = await write(safeguarding, 'members', 'From a lead');
	expect([await bar(runs.chair, own), await bar(runs.chair, lead)]).toEqual(['not_allowed', 'not_allowed']);
});

test.each(['chatham_house', 'closed'] as const)(
	'%s: the author is removed, and everybody gets the same answer',
	async (level) => {
		const { listed, speaker, stage } = world.people;
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed') on conflict do nothing`,
			[world.sessions[level].id, world.summit, speaker.person]
		);
		await callAs(db.owner, listed, 'public.confirm_notice($1)', [world.sessions[level].id]);
		const given = await pass(listed, level);
		expect(given.status).toBe('ok');
		const messages = {
			viewer: await write(listed, level, 'A viewer'),
			speaker: await write(speaker, level, 'A speaker'),
			stage: await write(stage, level, 'A stage organiser')
		};
		const rooms = [await stageRoom(level)];
		for (const each of Object.values(messages)) {
			expect(await bar(runs.chair, each)).toBe('ok');
			rooms.push(await stageRoom(level));
		}
		// The room moves each time, and each time they can no longer write.
		expect(new Set(rooms).size).toBe(4);
		expect((await chat(runs.chair, level)).muted?.toSorted()).toEqual(Object.values(messages).toSorted());
		expect([await entry(listed, level), await entry(speaker, level), await entry(stage, level)]).toEqual([
			'barred',
			'ok',
			'ok'
		]);
		// A host reads the same in both cases.
		const read = await chat(runs.chair, level);
		expect(read.barred).toEqual([]);
		const people = JSON.stringify(
			await callAs(db.owner, runs.chair, 'public.read_backstage($1, $2)', [world.summit, world.sessions[level].code])
		);
		expect([people.includes('"is_barred": true'), people.includes('"is_barred":true')]).toEqual([false, false]);
		for (const each of Object.values(messages)) expect(await bar(runs.chair, each, false)).toBe('ok');
		expect([await entry(listed, level), (await chat(runs.chair, level)).muted]).toEqual(['ok', []]);
		expect(await bar(runs.chair, await write(runs.chair, level, 'Mine'))).toBe('not_allowed');
	}
);

test('a person with a raised hand is named to the host, and their nameless message does not remove them from the queue', async () => {
	const { listed } = world.people;
	const message = await write(listed, 'chatham_house', 'Nameless');
	await callAs(db.owner, listed, 'public.raise_hand($1)', [runs.of.chatham_house]);
	expect(await bar(runs.chair, message)).toBe('ok');
	const { hands } = await callAs<{ hands: { queue: { name: string }[] } }>(
		db.owner,
		runs.chair,
		'public.read_stage_sidebar($1, $2)',
		[world.summit, roomOf('chatham_house')]
	);
	expect(hands.queue.map(({ name }) => name)).toEqual([listed.name]);
	expect((await chat(listed, 'chatham_house')).may).toBe('muted');
});
