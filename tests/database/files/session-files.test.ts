/* Files of a session: who uploads them, who reads them, withdrawing and publishing. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { documentsOf, filesOf, objectStateOf, putObject, upload, type Answer } from '../../fixtures/uploading.ts';
import { actAs, makePerson, makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let session: string;
let speaker: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	session = world.sessions.public.id;
	speaker = world.people.speaker;
});
beforeEach(() => db.owner.query('delete from private.session_files'));

const filesAs = (who: TestPerson) => filesOf(db.owner, who, session);
const documentsAs = (who: TestPerson | null) => documentsOf(db.owner, who, session);
const stateOf = (object: string) => objectStateOf(db.owner, object);

test('is uploaded by confirmed speakers and programme organisers only', async () => {
	const may: Record<string, string> = {};
	for (const kind of Object.keys(world.people) as PersonKind[]) {
		const object = await putObject(db.owner);
		const begun = await callAs<Answer>(db.owner, world.people[kind], `public.begin_session_file($1, 'slides')`, [
			session
		]);
		const added = await upload(db.owner, world.people[kind], { session, object });
		expect([kind, added.status, await stateOf(object)]).toEqual([
			kind,
			begun.status,
			begun.status === 'ok' ? 'kept' : 'writing'
		]);
		may[kind] = begun.status;
	}
	expect(
		Object.keys(may)
			.filter((kind) => may[kind] === 'ok')
			.sort()
	).toEqual(['owner', 'programme', 'speaker']);
	await expect(callAs(db.owner, null, `public.begin_session_file($1, 'slides')`, [session])).rejects.toThrow(
		'permission denied'
	);
	expect((await upload(db.owner, speaker, { session: randomUUID() })).status).toBe('not_found');
	expect((await upload(db.owner, speaker, { session: world.sessions.members.id })).status).toBe('not_found');
	// Owners see no closed session, so they cannot upload to one.
	expect((await upload(db.owner, world.people.owner, { session: world.sessions.closed.id })).status).toBe('not_found');
});

test('invited, declined, interpreting and barred people cannot upload; an assistant for speaking can', async () => {
	const other = await makePerson(db.owner, 'Tomas Lindqvist');
	const entry = await readValue<string>(
		db.owner,
		`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'speaker') returning id`,
		[session, world.summit, other.person]
	);
	const tries = async () => (await upload(db.owner, other, { session })).status;
	expect([await tries(), (await filesAs(other))?.access]).toEqual(['not_found', 'reader']);
	await db.owner.query(`update public.session_people set state = 'confirmed', role = 'interpreter' where id = $1`, [
		entry
	]);
	expect([await tries(), (await filesAs(other))?.access]).toEqual(['not_found', 'reader']);
	await db.owner.query(`update public.session_people set role = 'speaker' where id = $1`, [entry]);
	expect([await tries(), (await filesAs(other))?.access]).toEqual(['ok', 'person']);

	const helper = await makePerson(db.owner, 'Aino Berg');
	const acts = (scope: string) =>
		db.owner.query(
			`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', $3)
			on conflict (account_id, person_id) do update set scope = excluded.scope`,
			[helper.account, other.person, scope]
		);
	await acts('registration');
	expect((await upload(db.owner, helper, { session })).status).toBe('not_found');
	await acts('speaking');
	expect((await upload(db.owner, helper, { session })).status).toBe('ok');
	expect(
		await readValue(
			db.owner,
			`select principal_person from audit.entries where table_name = 'private.file_versions' order by id desc limit 1`
		)
	).toBe(other.person);

	await db.owner.query('insert into private.entry_bars (summit_id, person_id) values ($1, $2)', [
		world.summit,
		other.person
	]);
	expect([await tries(), await filesAs(other), (await upload(db.owner, helper, { session })).status]).toEqual([
		'not_found',
		null,
		'not_found'
	]);
	await db.owner.query('delete from private.entry_bars');
	await db.owner.query(`update public.session_people set state = 'declined' where id = $1`, [entry]);
	expect([await tries(), await filesAs(other)]).toEqual(['not_found', null]);
});

test('an object is attached once, by the person who got it', async () => {
	const object = await putObject(db.owner);
	expect((await upload(db.owner, speaker, { session, object })).status).toBe('ok');
	expect((await upload(db.owner, world.people.programme, { session, object })).status).toBe('not_found');
	expect((await upload(db.owner, speaker, { session, object: 'f'.repeat(32) })).status).toBe('not_found');
	await expect(
		actAs(db.owner, speaker, 'select private.begin_object($1, $2, 1, $3, $4)', ['a', 'b', 'c', 'clean'])
	).rejects.toThrow('permission denied');
});

test('stage-only files are for people of the session and organisers', async () => {
	const { file } = await upload(db.owner, speaker, { session, publication: 'stage' });
	expect([await documentsAs(null), await documentsAs(world.people.delegate), await documentsAs(speaker)]).toEqual([
		[],
		[],
		[]
	]);
	const open = (who: TestPerson | null) =>
		callAs(db.owner, who, 'public.open_session_file($1, $2)', [world.summit, file]);
	for (const who of [null, world.people.delegate, world.people.registration]) expect(await open(who)).toBeNull();
	for (const kind of ['speaker', 'programme', 'stage', 'safeguarding', 'owner'] as const)
		expect([kind, await open(world.people[kind])]).not.toEqual([kind, null]);
	expect(await callAs(db.owner, world.people.stage, `public.publish_session_file($1, 'session')`, [file])).toBe(
		'not_found'
	);
	expect(await callAs(db.owner, speaker, `public.publish_session_file($1, 'session')`, [file])).toBe('ok');
	expect(await documentsAs(null)).toHaveLength(1);
	// The address of another Summit does not find it.
	expect(await callAs(db.owner, null, 'public.open_session_file($1, $2)', [randomUUID(), file])).toBeNull();
});

test('lowering a level opens no earlier file; publishing it again does', async () => {
	const closed = world.sessions.closed.id;
	const { file } = await upload(db.owner, speaker, { session: closed });
	await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [closed]);
	await actAs(db.owner, world.people.programme, 'select public.publish_release($1)', [world.summit]);
	const open = () =>
		callAs<object | null>(db.owner, world.people.delegate, 'public.open_session_file($1, $2)', [world.summit, file]);
	expect(await callAs(db.owner, world.people.delegate, 'public.can_see($1)', [closed])).toBe(true);
	expect(await open()).toBeNull();
	expect(await callAs(db.owner, speaker, `public.publish_session_file($1, 'session')`, [file])).toBe('ok');
	expect(await open()).not.toBeNull();
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [closed]);
	expect(await open()).toBeNull();
	await actAs(db.owner, world.people.programme, 'select public.publish_release($1)', [world.summit]);
});

test('a person who is removed during an upload adds nothing, in either order', async () => {
	const other = await makePerson(db.owner, 'Mireille Okafor');
	const [one, two] = await connectMany(db, 2);
	if (!one || !two) throw new Error('no connections');
	for (let round = 0; round < 6; round += 1) {
		const entry = await readValue<string>(
			db.owner,
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed') returning id`,
			[session, world.summit, other.person]
		);
		const object = await putObject(db.owner);
		const [added] = await Promise.all([
			upload(db.owner, other, { session, object }, one),
			callAs(two, world.people.programme, 'public.remove_session_person($1)', [entry])
		]);
		expect([added.status, await stateOf(object)]).toEqual(
			added.status === 'ok' ? ['ok', 'kept'] : ['not_found', 'writing']
		);
		expect([(await upload(db.owner, other, { session })).status, await filesAs(other)]).toEqual(['not_found', null]);
	}
});

test('a file of a person with an alias is called by its kind only', async () => {
	const hidden = await makePerson(db.owner, 'Marta Ilves');
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [hidden.person]);
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
		[session, world.summit, hidden.person]
	);
	await upload(db.owner, hidden, { session, name: 'Zoraida CANARY talk.pdf' });
	await upload(db.owner, speaker, { session, name: 'With Zoraida CANARY.docx', kind: 'handout' });
	expect((await documentsAs(null)).map(({ name }) => name)).toEqual(['slides-1.pdf', 'handout-1.docx']);
	expect(
		await readValue(db.owner, `select count(*)::integer from private.file_versions as v where v::text ilike '%CANARY%'`)
	).toBe(0);
	await db.owner.query('delete from public.session_people where person_id = $1', [hidden.person]);
});

test('finds objects without a row among those with one', async () => {
	const [known, unknown] = [await putObject(db.owner), 'f'.repeat(32)];
	const { rows } = await db.owner.query('select private.unknown_objects($1) as name', [[known, unknown]]);
	expect(rows).toEqual([{ name: unknown }]);
});
