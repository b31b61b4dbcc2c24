/* The history of sessions: what programme organisers read, and that it opens neither closed sessions nor former names. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { auditReaders, type Entry } from '../../fixtures/reading-audit.ts';
import { readValue } from '../../fixtures/registering.ts';
import { setAlias } from '../../fixtures/speaking.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
const { list, newest } = auditReaders(db, () => world);

const map = (words: string) => JSON.stringify({ original: 'en', en: words });
const write = (sql: string, values: unknown[]) => actAs(db.owner, world.people.programme, sql, values);
const changeSession = (id: string, change: string, values: unknown[] = []) =>
	db.owner.query(`update public.sessions set ${change} where id = $1`, [id, ...values]);
const fields = (entry: Entry | undefined) =>
	Object.fromEntries((entry?.fields ?? []).map(({ name, old, new: value }) => [name, [old, value]]));
const ofSession = async (who: TestPerson, code: string) => (await list(who, { session: code }))?.entries ?? [];

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

beforeEach(async () => {
	await changeSession(world.sessions.public.id, `level = 'public', audience = 'registered'`);
});

/** Places a session from ten to eleven, as the programme organiser; returns the slot. */
async function place(session: string): Promise<string> {
	const id = await readValue<string>(
		db.owner,
		`with slot as (
			insert into public.slots (session_id, summit_id, during) values ($1, $2, '[2030-06-10 10:00Z,2030-06-10 11:00Z)') returning id, summit_id, during
		), placed as (
			insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $3, summit_id, during from slot
		) select id from slot`,
		[session, world.summit, world.room]
	);
	return id;
}

test('programme organisers read who changed a session, its people, times and rooms', async () => {
	const { people, sessions, room } = world;
	const { id, code } = sessions.members;
	await write(`update public.sessions set spoken = '{fr}' where id = $1`, [id]);
	expect(await newest(people.programme, { session: code })).toMatchObject({
		table: 'public.sessions',
		by: { kind: 'person', name: people.programme.name },
		subject: { kind: 'draft', id },
		fields: [{ name: 'spoken', old: ['en'], new: ['fr'] }]
	});
	await write(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'invited')`,
		[id, world.summit, people.virtual.person]
	);
	const added = await newest(people.programme, { session: code });
	expect(added).toMatchObject({ table: 'public.session_people', action: 'insert', person: people.virtual.name });
	expect(fields(added)).toEqual({ role: [null, 'chair'], state: [null, 'invited'] });

	const slot = await place(id);
	const roomName = await readValue<object>(db.owner, `select name from public.rooms where id = $1`, [room]);
	expect(fields(await newest(people.programme, { session: code, kind: 'public.slot_rooms' }))).toEqual({
		room_id: [null, roomName]
	});
	await db.owner.query(`update public.slots set during = '[2030-06-10 12:00Z,2030-06-10 13:00Z)' where id = $1`, [
		slot
	]);
	const moved = await newest(people.programme, { session: code, kind: 'public.slots' });
	expect(moved.subject?.id).toBe(id);
	expect(fields(moved).during?.map((ends) => (ends as string[])[0]?.slice(0, 16))).toEqual([
		'2030-06-10T10:00',
		'2030-06-10T12:00'
	]);
	// What was removed is still found by its session.
	await db.owner.query(`delete from public.slots where id = $1`, [slot]);
	const removed = (await ofSession(people.programme, code)).filter(({ action }) => action === 'delete');
	expect(removed.map(({ table }) => table).sort()).toEqual(['public.slot_rooms', 'public.slots']);
});

test('only programme organisers and owners read it, of their own Summit', async () => {
	const { people, sessions } = world;
	const { code } = sessions.public;
	expect(await ofSession(people.programme, code)).not.toEqual([]);
	expect(await ofSession(people.owner, code)).not.toEqual([]);
	for (const who of [people.registration, people.finance, people.safeguarding])
		expect(await ofSession(who, code)).toEqual([]);
	for (const who of [people.delegate, people.speaker, people.focal])
		expect(await list(who, { session: code })).toBe(null);
	const other = await makeWorld(db.owner);
	expect(await ofSession(people.programme, other.sessions.public.code)).toEqual([]);
	expect(await ofSession(people.programme, 'no such')).toEqual([]);
});

test('what was done while a session was closed stays with those who might enter it', async () => {
	const { people, summit } = world;
	const { id, code } = await db.owner
		.query<{ id: string; code: string }>(
			`insert into public.sessions (summit_id, title, level, audience) values ($1, $2, 'closed', 'listed') returning id, code`,
			[summit, map('Canary closed')]
		)
		.then(({ rows }) => rows[0] ?? { id: '', code: '' });
	const slot = await place(id);
	// An owner sees no closed session; programme organisers do.
	expect(await ofSession(people.owner, code)).toEqual([]);
	expect((await list(people.owner, { query: 'Canary closed' }))?.entries).toEqual([]);
	expect((await ofSession(people.programme, code)).length).toBeGreaterThan(2);
	await changeSession(id, `level = 'members', audience = 'registered'`);
	await changeSession(id, `is_recorded = true`);
	expect((await ofSession(people.owner, code)).map(fields)).toEqual([{ is_recorded: [false, true] }]);
	await db.owner.query(`delete from public.slots where id = $1`, [slot]);
	await changeSession(id, `level = 'closed', audience = 'listed', is_recorded = false`);
	expect(await ofSession(people.owner, code)).toEqual([]);
});

test('it names nobody who took another name, and never opens a text', async () => {
	const { people, sessions, summit } = world;
	const { id, code } = sessions.public;
	const speaker = await makePerson(db.owner, 'Ondina Quillcanary');
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
		[id, summit, speaker.person]
	);
	await changeSession(id, `title = $2`, [map('A talk with Ondina Quillcanary')]);
	expect(await newest(people.programme, { session: code })).toMatchObject({ fields: [], sealed: ['title'] });
	const before = (await ofSession(people.programme, code)).length;

	await setAlias(db.owner, speaker, 'Marta Ilves');
	const after = await ofSession(people.programme, code);
	// Rewriting the title is an entry that nobody reads: it would say who is behind the alias.
	expect(after).toHaveLength(before);
	const part = after.find(({ table, action }) => table === 'public.session_people' && action === 'insert');
	expect(part?.person).toBe(null);
	for (const who of [people.programme, people.owner]) {
		const text = JSON.stringify([await list(who), await list(who, { query: 'Quillcanary' })]);
		expect(text).not.toContain('Quillcanary');
	}
});

test('a time that is kept free has a history without a session', async () => {
	await db.owner.query(
		`insert into public.slots (summit_id, block_reason, during) values ($1, 'Lunch', '[2030-06-11 10:00Z,2030-06-11 11:00Z)')`,
		[world.summit]
	);
	expect(await newest(world.people.programme, { kind: 'public.slots' })).toMatchObject({
		action: 'insert',
		subject: null,
		fields: [{ name: 'during' }]
	});
});
