/* Portraits: who uploads and sees them, and when there is none. */
import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { putObject } from '../../fixtures/uploading.ts';
import { actAs, makePerson, makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let speaker: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	speaker = world.people.speaker;
});

async function give(who: TestPerson, person = who.person) {
	const [large, small] = [
		await putObject(db.owner, 'clean', 'image/webp'),
		await putObject(db.owner, 'clean', 'image/webp')
	];
	const portrait = randomBytes(16).toString('hex');
	const status = await callAs<string>(db.owner, who, 'public.save_portrait($1, $2, $3, $4, $5)', [
		world.summit,
		person,
		portrait,
		large,
		small
	]);
	return { status, portrait, large, small };
}

const sees = async (who: TestPerson | null, portrait: string) =>
	(await callAs(db.owner, who, 'public.open_portrait($1, true)', [portrait])) !== null;
const states = async (...names: string[]) =>
	(
		await db.owner.query<{ state: string }>('select state from private.stored_objects where name = any ($1)', [names])
	).rows.map(({ state }) => state);
const path = (person: string) => readValue(db.owner, 'select portrait_path from public.people where id = $1', [person]);

test('is uploaded by the speaker or their assistant, and a new one replaces the former', async () => {
	const first = await give(speaker);
	expect([first.status, await path(speaker.person)]).toEqual(['ok', first.portrait]);
	const second = await give(speaker);
	expect([second.status, await sees(null, first.portrait), await sees(null, second.portrait)]).toEqual([
		'ok',
		false,
		true
	]);
	expect(await states(first.large, first.small)).toEqual(['deletable', 'deletable']);
	for (const kind of ['delegate', 'programme', 'owner'] as PersonKind[]) {
		expect((await give(world.people[kind])).status).toBe('not_found');
		expect((await give(world.people[kind], speaker.person)).status).toBe('not_found');
	}
	const page = await callAs<{ portraits: object }>(db.owner, null, 'public.read_session($1, $2)', [
		world.summit,
		world.sessions.public.code
	]);
	const code = await readValue<string>(db.owner, 'select code from public.people where id = $1', [speaker.person]);
	expect(page.portraits).toEqual({ [code]: second.portrait });
	expect(await callAs(db.owner, null, 'public.read_speaker($1, $2)', [world.summit, code])).toMatchObject({
		portrait: second.portrait
	});
	expect(await callAs(db.owner, speaker, 'public.remove_portrait($1, $2)', [world.summit, speaker.person])).toBe('ok');
	expect([await sees(null, second.portrait), await states(second.large, second.small)]).toEqual([
		false,
		['deletable', 'deletable']
	]);
});

test('is visible where its person is named, and nowhere else', async () => {
	const hidden = await makePerson(db.owner, 'Only In A Closed Session');
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
		[world.sessions.closed.id, world.summit, hidden.person]
	);
	await actAs(db.owner, world.people.programme, 'select public.publish_release($1)', [world.summit]);
	const { portrait } = await give(hidden);
	const seeing: string[] = [];
	for (const kind of Object.keys(world.people) as PersonKind[])
		if (await sees(world.people[kind], portrait)) seeing.push(kind);
	expect(await sees(null, portrait)).toBe(false);
	expect(seeing.sort()).toEqual(['listed', 'programme', 'safeguarding', 'speaker', 'stage']);
	expect(await sees(hidden, portrait)).toBe(true);
	const helper = await makePerson(db.owner, 'Aino Berg');
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'speaking')`,
		[helper.account, hidden.person]
	);
	expect(await sees(helper, portrait)).toBe(true);
	expect((await give(helper, hidden.person)).status).toBe('ok');
});

test.each([
	['another name', `insert into private.protections (person_id, kind) values ($1, 'alias')`],
	['the wish to talk first', `insert into private.protections (person_id, kind) values ($1, 'talk_first')`],
	[
		'less than 18 years',
		`insert into public.registrations (summit_id, person_id, category, mode, is_minor) values ($2, $1, 'speaker', 'in_person', true)`
	]
])('is neither accepted nor shown for a person with %s', async (_what, sql) => {
	const somebody = await makePerson(db.owner, 'Somebody');
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
		[world.sessions.public.id, world.summit, somebody.person]
	);
	const { portrait, status } = await give(somebody);
	expect([status, await sees(somebody, portrait)]).toEqual(['ok', true]);
	await db.owner.query(sql, sql.includes('$2') ? [somebody.person, world.summit] : [somebody.person]);
	expect([
		(await give(somebody)).status,
		await sees(somebody, portrait),
		await sees(world.people.programme, portrait)
	]).toEqual(['protected', false, false]);
});

test('is deleted when the person takes an alias, and stays with one of two merged people', async () => {
	const somebody = await makePerson(db.owner, 'Somebody Else');
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
		[world.sessions.public.id, world.summit, somebody.person]
	);
	const before = await give(somebody);
	await db.owner.query(`select private.set_alias($1, $2)`, [
		somebody.person,
		{
			alias: { display_name: 'Marta Ilves', country: '' },
			real_name_sealed: 'ab'.repeat(30),
			key_id: 'k1',
			name_hashes: []
		}
	]);
	expect([await sees(world.people.programme, before.portrait), await states(before.large, before.small)]).toEqual([
		false,
		['deletable', 'deletable']
	]);
	expect(
		await readValue(db.owner, 'select count(*)::integer from private.portraits where id = $1', [before.portrait])
	).toBe(0);

	const [keep, drop] = [await makePerson(db.owner, 'Same'), await makePerson(db.owner, 'Same')];
	for (const each of [keep, drop])
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
			[each === keep ? world.sessions.public.id : world.sessions.members.id, world.summit, each.person]
		);
	const theirs = await give(drop);
	await db.owner.query(`select private.merge_people($1, $2, 'Same')`, [keep.person, drop.person]);
	expect([await path(keep.person), await sees(world.people.programme, theirs.portrait)]).toEqual([
		theirs.portrait,
		true
	]);
});
