/* What the interpreters of a booth of a meeting write to each other: who reads it, how much, and that nothing is left. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { acceptWork, createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const names = ['chair', 'member', 'anna', 'bruno', 'carla', 'captioner', 'outsider'] as const;
const people = {} as Record<(typeof names)[number], TestPerson>;
let group: string;
let code: string;
let meeting: string;

const call = <Answer = string>(who: TestPerson | null, name: string, ...args: unknown[]) =>
	callAs<Answer>(db.owner, who, `public.${name}(${args.map((_, at) => `$${at + 1}`).join(', ')})`, args);
const say = (who: TestPerson | null, words: string | null = 'Canary', language = 'fr') =>
	call(who, 'send_meeting_booth_message', code, language, words);
const lines = async (who: TestPerson, language = 'fr') =>
	(
		await call<{ booth: { lines: { by: string; is_mine: boolean; words: string }[] } } | null>(
			who,
			'read_meeting_booth',
			code,
			language
		)
	)?.booth.lines.map(({ by, is_mine, words }) => [by, is_mine, words]) ?? null;
const enter = async (who: TestPerson) =>
	expect(
		await readValue(db.owner, `select private.meeting_staff_pass($1, $2, $3) ->> 'status'`, [who.person, group, code])
	).toBe('ok');
const kept = () =>
	readValue<number>(db.owner, 'select count(*)::int from private.booth_messages where room_id = $1', [meeting]);

// Anna and Bruno interpret into French, Carla into Spanish.
beforeEach(async () => {
	await makeWorld(db.owner);
	const organiser = await makeCommunityOrganiser(db.owner);
	for (const name of names) people[name] = await makePerson(db.owner, `Booth ${name}`);
	group = await createGroup(db.owner, organiser, 'closed');
	await putInGroup(db.owner, people.chair, group, 'chair');
	await putInGroup(db.owner, people.member, group, 'member');
	const made = await db.owner.query<{ id: string; code: string }>(
		`insert into private.meetings (group_id, title, zone, starts_at, ends_at, level)
		select id, '{"original": "en", "en": "Canary"}', 'UTC', now() - interval '1 minute', now() + interval '1 hour', 'closed'
		from private.groups where code = $1 returning id, code`,
		[group]
	);
	({ id: meeting, code } = made.rows[0] ?? { id: '', code: '' });
	await call(people.chair, 'open_meeting_room', code);
	for (const [who, part, language] of [
		[people.anna, 'interpreter', 'fr'],
		[people.bruno, 'interpreter', 'fr'],
		[people.carla, 'interpreter', 'es'],
		[people.captioner, 'captioner', 'fr']
	] as const) {
		const reference = await readValue<string>(db.owner, 'select code from public.people where id = $1', [who.person]);
		expect(await call(people.chair, 'name_meeting_staff', code, part, language, null, reference)).toBe('ok');
		await acceptWork(db.owner, who);
		await enter(who);
	}
});

test('partners read them in their order, and nobody else reads or writes any', async () => {
	expect([await say(people.anna, 'Take over at ten'), await say(people.bruno, 'Yes')]).toEqual(['ok', 'ok']);
	expect(await lines(people.anna)).toEqual([
		['Booth anna', true, 'Take over at ten'],
		['Booth bruno', false, 'Yes']
	]);
	expect(await lines(people.bruno)).toEqual([
		['Booth anna', false, 'Take over at ten'],
		['Booth bruno', true, 'Yes']
	]);
	// Another booth has its own, and those who are in no booth none.
	expect([await lines(people.carla), await lines(people.carla, 'es'), await say(people.carla, 'Hola', 'es')]).toEqual([
		null,
		[],
		'ok'
	]);
	for (const who of [people.chair, people.member, people.captioner, people.carla, people.outsider])
		expect([await say(who), await lines(who)]).toEqual(['not_found', null]);
	await expect(say(null)).rejects.toThrow('permission denied');
	expect((await lines(people.anna))?.length).toBe(2);
	// They are no messages of the room.
	await readValue(db.owner, 'select private.meeting_pass($1, $2, $3)', [people.member.person, group, code]);
	const room = await call<{ messages: unknown[] }>(people.member, 'read_meeting_room', code);
	expect(room.messages).toEqual([]);
});

test('are one line of words, and at most ten within ten seconds', async () => {
	for (const words of [null, '', ' ', 'x'.repeat(501)]) expect(await say(people.anna, words)).toBe('invalid');
	for (let n = 0; n < 10; n += 1) expect(await say(people.anna, `Line ${String(n)}`)).toBe('ok');
	expect([await say(people.anna), await say(people.bruno)]).toEqual(['too_often', 'ok']);
});

test('are closed to who was removed, gives the part back, or whose meeting has another booth', async () => {
	await say(people.anna);
	const participant = (who: TestPerson) =>
		readValue<string>(db.owner, 'select id from private.meeting_participants where room_id = $1 and person_id = $2', [
			meeting,
			who.person
		]);
	expect(await call(people.chair, 'admit_to_meeting', code, await participant(people.bruno), false)).toBe('ok');
	expect([await say(people.bruno), await lines(people.bruno)]).toEqual(['not_found', []]);
	const own = await readValue<string>(db.owner, 'select id from private.meeting_staff where person_id = $1', [
		people.anna.person
	]);
	await call(people.anna, 'answer_meeting_staff', own, false);
	expect([await say(people.anna), await lines(people.anna)]).toEqual(['not_found', null]);
});

test('are deleted with the room, and when its meeting moves', async () => {
	await say(people.anna);
	expect(await kept()).toBe(1);
	await call(people.chair, 'end_meeting_room', code);
	expect([await kept(), await say(people.anna)]).toEqual([0, 'not_found']);
	await call(people.chair, 'open_meeting_room', code);
	await enter(people.anna);
	await say(people.anna);
	await db.owner.query(
		`update private.meetings set starts_at = now() + interval '1 day', ends_at = now() + interval '25 hours' where id = $1`,
		[meeting]
	);
	expect(await kept()).toBe(0);
});
