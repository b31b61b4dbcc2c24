/* Who else has the board of the draft open: told to its organisers alone, of changes only, and gone soon after the page. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { actAs, makePerson, makeWorld, organiserRoles, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let other: TestPerson;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	other = await makePerson(db.owner, 'Mireille Okafor');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		other.person,
		world.summit
	]);
});

interface Note {
	page: string;
	session?: string | null;
	isDragging?: boolean;
	leaves?: boolean;
}
interface There {
	name: string;
	session: string | null;
	is_dragging: boolean;
}
const note = async (
	who: TestPerson,
	{ page, session = null, isDragging = false, leaves = false }: Note,
	on = db.owner
) =>
	callAs<There[] | null>(on, who, 'public.note_board_presence($1, $2, $3, $4, $5)', [
		world.summit,
		page,
		session,
		isDragging,
		leaves
	]);
const there = async (who: TestPerson) =>
	(await note(who, { page: mine }))?.map(({ name, session, is_dragging }) => [name, session, is_dragging]);
const mine = randomUUID();

test('says who else has a session open or drags it, and that they have left', async () => {
	const [page, session] = [randomUUID(), world.sessions.members.id];
	const { programme } = world.people;
	expect(await there(programme)).toEqual([]);
	expect(await note(other, { page })).toHaveLength(1);
	expect(await there(programme)).toEqual([[other.name, null, false]]);
	await note(other, { page, session });
	expect(await there(programme)).toEqual([[other.name, session, false]]);
	await note(other, { page, session, isDragging: true });
	expect(await there(programme)).toEqual([[other.name, session, true]]);
	await note(other, { page, leaves: true });
	expect(await there(programme)).toEqual([]);
});

test('a page without a heartbeat for 12 seconds is gone, and its row with it', async () => {
	await note(other, { page: randomUUID() });
	await db.owner.query(`update private.board_presence set seen_at = now() - interval '13 seconds'`);
	expect(await there(world.people.programme)).toEqual([]);
	expect(
		await readValue(db.owner, 'select count(*)::integer from private.board_presence where summit_id = $1', [
			world.summit
		])
	).toBe(1);
});

test('is told to programme organisers and owners of the Summit alone', async () => {
	await note(other, { page: randomUUID() });
	const people = [...organiserRoles, 'delegate', 'speaker'] as const;
	const told: string[] = [];
	for (const kind of people) if (await note(world.people[kind], { page: randomUUID() })) told.push(kind);
	expect(told).toEqual(['programme', 'owner']);
	const topics = async (who: TestPerson | null) =>
		(
			await actAs<{ topics: string[] }>(db.owner, who, 'select public.allowed_topics($1) as topics', [
				[`board:${world.summit}`]
			])
		)[0]?.topics.length;
	expect([
		await topics(world.people.programme),
		await topics(world.people.registration),
		await topics(world.people.delegate),
		await topics(null)
	]).toEqual([1, 0, 0, 0]);
	await expect(
		actAs(db.owner, null, 'select public.note_board_presence($1, $2)', [world.summit, randomUUID()])
	).rejects.toThrow('permission denied');
});

test('names no session that the reader does not see, and none of another Summit', async () => {
	await note(other, { page: randomUUID(), session: world.sessions.closed.id });
	const owner = await note(world.people.owner, { page: randomUUID() });
	expect(owner?.find(({ name }) => name === other.name)?.session).toBeNull();
	expect(await there(world.people.programme)).toContainEqual([other.name, world.sessions.closed.id, false]);
	const elsewhere = await makeWorld(db.owner);
	const page = randomUUID();
	await note(other, { page, session: elsewhere.sessions.public.id });
	expect(await readValue(db.owner, 'select session_id from private.board_presence where page = $1', [page])).toBeNull();
});

test('publishes an event for each change, and none for a heartbeat', async () => {
	const heard: string[] = [];
	const listener = await db.connect();
	listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
	await listener.query('listen live_events');
	const page = randomUUID();
	await note(other, { page });
	await note(other, { page });
	await db.owner.query(`update private.board_presence set seen_at = now() - interval '5 seconds'`);
	await note(other, { page });
	await note(other, { page, session: world.sessions.public.id });
	await listener.query('select 1');
	expect(heard.filter((each) => each.includes(`board:${world.summit}`))).toHaveLength(2);
	expect(heard.join()).not.toContain(other.name);
	await listener.end();
});

test('many pages at once note themselves without waiting for each other', async () => {
	const connections = await Promise.all(Array.from({ length: 6 }, () => db.connect()));
	await db.owner.query(
		`insert into private.board_presence (summit_id, person_id, page, seen_at)
		select $1, $2, gen_random_uuid(), now() - interval '1 minute' from generate_series(1, 20)`,
		[world.summit, other.person]
	);
	await Promise.all(connections.map((on) => note(other, { page: randomUUID() }, on)));
	expect(await there(world.people.programme)).toEqual([[other.name, null, false]]);
	await Promise.all(connections.map((on) => on.end()));
});
