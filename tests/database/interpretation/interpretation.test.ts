import { beforeEach, describe, expect, test } from 'vitest';
import { callFunction, codeOf, interpretInto, joinSession, makeInterpreter } from '../../fixtures/interpreting.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let anna: TestPerson;
let bruno: TestPerson;
let spanish: TestPerson;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	chair = await makePerson(db.owner, 'Person chair');
	await joinSession(db.owner, world, chair, 'chair');
	await interpretInto(db.owner, world, 'fr', 'es', 'ils');
	anna = await makeInterpreter(db.owner, world, 'Anna', 'fr');
	bruno = await makeInterpreter(db.owner, world, 'Bruno', 'fr');
	spanish = await makeInterpreter(db.owner, world, 'Carla', 'es');
});

const callAs = <Value = string>(who: TestPerson | null, name: string, ...values: unknown[]) =>
	callFunction<Value>(db.owner, who, name, world.run, ...values);
const take = (who: TestPerson, language = 'fr') => callAs(who, 'take_booth', language);
const sendHeartbeat = (who: TestPerson, language = 'fr') => callAs(who, 'send_booth_heartbeat', language);

interface Language {
	language: string;
	is_signed: boolean;
	identity: string | null;
	is_staffed: boolean;
}
const languages = async (who: TestPerson | null = null) =>
	(await callFunction<{ languages: Language[] } | null>(db.owner, who, 'read_languages', world.summit, 'plenary'))
		?.languages ?? null;
const voiceOf = async (language: string) =>
	(await languages())?.find((each) => each.language === language)?.identity ?? null;

async function pass(who: TestPerson): Promise<{ identity: string; publish: string[]; room: string; status: string }> {
	const { rows } = await db.app.query<{ pass: { identity: string; publish: string[]; room: string; status: string } }>(
		`select private.stage_pass($1, $2, 'plenary', 'stage', null) as pass`,
		[who.person, world.summit]
	);
	return rows[0]?.pass ?? { identity: '', publish: [], room: '', status: '' };
}

describe('booths of a run', () => {
	test('follow the languages of its session, and show which are silent', async () => {
		expect(await languages()).toEqual([
			{ language: 'es', is_signed: false, identity: null, is_staffed: true },
			{ language: 'fr', is_signed: false, identity: null, is_staffed: true },
			{ language: 'ils', is_signed: true, identity: null, is_staffed: false }
		]);
		expect(await take(anna)).toBe('ok');
		expect((await languages(world.people.virtual))?.[1]).toEqual({
			language: 'fr',
			is_signed: false,
			identity: (await pass(anna)).identity,
			is_staffed: true
		});
	});

	test('are hidden from people who may not enter', async () => {
		await take(anna);
		await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
			world.sessions.public.id
		]);
		expect(await languages(null)).toBeNull();
		expect(await languages(world.people.newcomer)).toBeNull();
		expect(await languages(world.people.delegate)).toHaveLength(3);
	});

	test('give the microphone to the interpreter on air only, and a camera for a sign language', async () => {
		const signer = await makeInterpreter(db.owner, world, 'Dora', 'ils');
		expect((await pass(anna)).publish).toEqual([]);
		expect([await take(anna), await take(signer, 'ils')]).toEqual(['ok', 'ok']);
		expect((await pass(anna)).publish).toEqual(['microphone']);
		expect((await pass(signer)).publish).toEqual(['camera']);
		expect((await pass(bruno)).publish).toEqual([]);
		await callFunction(db.owner, world.people.stage, 'set_run_state', world.run, 'paused');
		expect((await pass(anna)).publish).toEqual([]);
		const { rows } = await db.owner.query(`select * from private.on_stage($1)`, [world.run]);
		expect(rows).toEqual([]);
	});

	test('can be entered by their interpreters only', async () => {
		const { people } = world;
		const elsewhere = await makeInterpreter(db.owner, world, 'Emil', 'fr', 'members');
		const wordless = await makeInterpreter(db.owner, world, 'Femi', null);
		for (const who of [
			spanish,
			elsewhere,
			wordless,
			chair,
			people.delegate,
			people.speaker,
			people.newcomer,
			people.stage
		])
			expect([await take(who), await sendHeartbeat(who), await callAs(who, 'offer_booth', 'fr', true)]).toEqual([
				'not_found',
				'not_found',
				'not_found'
			]);
		expect(await take(anna, 'de')).toBe('not_found');
		expect(await voiceOf('fr')).toBeNull();
		for (const who of [spanish, elsewhere, people.delegate, people.programme, people.safeguarding])
			expect(await callFunction(db.owner, who, 'read_booth', world.summit, 'plenary', 'fr')).toBeNull();
		expect(await callFunction(db.owner, anna, 'read_booth', world.summit, 'plenary', 'fr')).toMatchObject({
			may_interpret: true
		});
	});
});

describe('handing over', () => {
	test('takes an offer and an acceptance, or is immediate when the partner is gone', async () => {
		await take(anna);
		await sendHeartbeat(anna);
		expect(await take(bruno)).toBe('busy');
		expect(await callAs(bruno, 'offer_booth', 'fr', true)).toBe('not_found');
		expect(await callAs(anna, 'offer_booth', 'fr', true)).toBe('ok');
		expect(await take(bruno)).toBe('ok');
		expect(await voiceOf('fr')).toBe((await pass(bruno)).identity);
		expect((await pass(anna)).publish).toEqual([]);
		// Bruno's page was never open.
		expect(await take(anna)).toBe('ok');
		expect((await pass(bruno)).publish).toEqual([]);
	});

	test('gives the microphone to one of two who take it at once, and informs the other', async () => {
		const other = await db.connect();
		await sendHeartbeat(anna);
		await sendHeartbeat(bruno);
		const answers = await Promise.all([take(anna), callFunction<string>(other, bruno, 'take_booth', world.run, 'fr')]);
		expect(answers.sort()).toEqual(['busy', 'ok']);
	});

	test('ends by leaving also for an interpreter whom the session no longer admits', async () => {
		const leave = (who: TestPerson) => callAs(who, 'leave_booth', 'fr');
		expect([await leave(anna), await leave(spanish), await leave(world.people.delegate)]).toEqual([
			'already',
			'not_found',
			'not_found'
		]);
		await take(anna);
		expect([await leave(bruno), await leave(spanish)]).toEqual(['already', 'not_found']);
		const onAir = async () =>
			(await db.owner.query(`select from private.booths where run_id = $1 and on_air is not null`, [world.run])).rows
				.length;
		// She is no interpreter of this booth any more, and still on air in it.
		await db.owner.query(`delete from public.interpreter_languages where person_id = $1`, [anna.person]);
		expect([await take(anna), await onAir()]).toEqual(['not_found', 1]);
		expect([await leave(anna), await onAir(), await leave(anna)]).toEqual(['ok', 0, 'not_found']);
	});

	test('lets nobody interpret into two languages at once', async () => {
		const both = await makeInterpreter(db.owner, world, 'Gerd', 'fr');
		await db.owner.query(
			`insert into public.interpreter_languages (person_id, summit_id, source, target) values ($1, $2, 'en', 'es')`,
			[both.person, world.summit]
		);
		await take(both);
		await take(both, 'es');
		expect([await voiceOf('fr'), await voiceOf('es')]).toEqual([null, (await pass(both)).identity]);
	});
});

describe('people who run the stage', () => {
	test('assign, replace and remove interpreters, and open and close booths', async () => {
		const { stage, delegate } = world.people;
		const wordless = await makeInterpreter(db.owner, world, 'Femi', null);
		expect(await callAs(anna, 'seat_in_booth', 'fr', await codeOf(db.owner, wordless), true)).toBe('not_found');
		expect(await callAs(stage, 'seat_in_booth', 'fr', await codeOf(db.owner, delegate), true)).toBe('not_found');
		expect(await callAs(stage, 'seat_in_booth', 'fr', await codeOf(db.owner, wordless), true)).toBe('ok');
		await take(anna);
		await sendHeartbeat(anna);
		expect(await callAs(chair, 'put_on_air', 'fr', await codeOf(db.owner, wordless))).toBe('ok');
		expect(await voiceOf('fr')).toBe((await pass(wordless)).identity);
		expect(await callAs(stage, 'seat_in_booth', 'fr', await codeOf(db.owner, wordless), false)).toBe('ok');
		expect([await voiceOf('fr'), await take(wordless)]).toEqual([null, 'not_found']);
		expect(await callAs(stage, 'save_booth', 'pt-BR', null, 20)).toBe('ok');
		expect(await callAs(stage, 'save_booth', 'no language', null, 20)).toBe('invalid');
		expect(await callAs(stage, 'save_booth', 'de', null, 1)).toBe('invalid');
		expect(await callAs(anna, 'save_booth', 'de', null, 30)).toBe('not_found');
		expect(await callAs(stage, 'close_booth', 'pt-BR')).toBe('ok');
		expect(await callAs(stage, 'close_booth', 'pt-BR')).toBe('not_found');
	});

	test('end an interpreter’s turn by a bar, by bringing them on stage, and by the end of the run', async () => {
		await take(anna);
		await callFunction(
			db.owner,
			chair,
			'bar_from_session',
			world.sessions.public.id,
			await codeOf(db.owner, anna),
			true
		);
		expect([await voiceOf('fr'), await take(anna)]).toEqual([null, 'not_found']);
		expect((await pass(anna)).status).toBe('barred');
		expect(await take(bruno)).toBe('ok');
		await joinSession(db.owner, world, bruno, 'speaker');
		await callFunction(db.owner, chair, 'set_on_stage', world.run, await codeOf(db.owner, bruno), true);
		expect([await voiceOf('fr'), await take(bruno)]).toEqual([null, 'on_stage']);
		await callAs(spanish, 'send_booth_message', 'es', 'Two more minutes');
		await take(spanish, 'es');
		await sendHeartbeat(spanish, 'es');
		await callFunction(db.owner, chair, 'set_run_state', world.run, 'ended');
		for (const table of ['booth_messages', 'booth_heartbeats'])
			expect(
				(
					await db.owner.query(
						`select from private.${table} as t join private.booths as b on b.id = t.booth_id where b.run_id = $1`,
						[world.run]
					)
				).rows
			).toEqual([]);
		expect(
			(await db.owner.query(`select from private.booths where run_id = $1 and on_air is not null`, [world.run])).rows
		).toEqual([]);
		expect(await take(spanish, 'es')).toBe('not_found');
	});

	test('read and answer the partners’ messages; others do neither', async () => {
		expect(await callAs(anna, 'send_booth_message', 'fr', ' Take over\nsoon? ')).toBe('ok');
		expect(await callAs(chair, 'send_booth_message', 'fr', 'Yes')).toBe('ok');
		expect(await callAs(spanish, 'send_booth_message', 'fr', 'Hello')).toBe('not_found');
		expect(await callAs(anna, 'send_booth_message', 'fr', 'x'.repeat(501))).toBe('invalid');
		const page = await callFunction<{ booth: { lines: { words: string; by: string; is_mine: boolean }[] } }>(
			db.owner,
			bruno,
			'read_booth',
			world.summit,
			'plenary',
			'fr'
		);
		expect(page.booth.lines.map(({ words, by, is_mine }) => [words, by, is_mine])).toEqual([
			['Take over soon?', 'Anna', false],
			['Yes', 'Person chair', false]
		]);
		expect(await callAs(world.people.delegate, 'read_booths')).toBeNull();
		expect(await callAs<unknown[]>(spanish, 'read_booths')).toHaveLength(1);
		expect(await callAs<unknown[]>(world.people.stage, 'read_booths')).toHaveLength(3);
		for (let line = 0; line < 9; line++)
			expect(await callAs(anna, 'send_booth_message', 'fr', `line ${line}`)).toBe('ok');
		expect(await callAs(anna, 'send_booth_message', 'fr', 'one more')).toBe('too_often');
	});
});

test('a raised level keeps the booth and deletes its messages', async () => {
	await take(anna);
	await callAs(anna, 'send_booth_message', 'fr', 'Take over soon?');
	const before = (await pass(anna)).room;
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
		world.sessions.public.id
	]);
	const after = await pass(anna);
	expect(after.room).not.toBe(before);
	expect(after.publish).toEqual(['microphone']);
	expect(await languages(world.people.delegate)).toBeNull();
	expect(
		(
			await db.owner.query(
				`select from private.booth_messages as l join private.booths as b on b.id = l.booth_id where b.run_id = $1`,
				[world.run]
			)
		).rows
	).toEqual([]);
});
