/* The overview while a Summit is held: each number is that of its own page, and a role reads no more than that page shows it. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { Doors } from '../../fixtures/door.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

interface Overview {
	came: number;
	building: number;
	expected: number;
	rooms: {
		room: { slug: string };
		code: string;
		has_stage: boolean;
		state: string | null;
		interpreters: { needed: number; assigned: number };
		inside: number | null;
		capacity: number | null;
	}[];
}

const db = useDatabase();
let world: World;
const overview = (who: TestPerson) =>
	callAs<Overview | null>(db.owner, who, 'public.read_live_overview($1)', [world.summit]);
const put = (sql: string, ...values: unknown[]) => db.owner.query(sql, [world.summit, ...values]);
const publish = () => callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit]);

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

test('who does not read the day at the doors reads nothing', async () => {
	for (const kind of ['programme', 'registration', 'stage', 'safeguarding', 'owner'] as const)
		expect([kind, await overview(world.people[kind])]).toEqual([kind, expect.objectContaining({ came: 0 })]);
	const other = await makeWorld(db.owner);
	for (const who of [world.people.finance, world.people.door, world.people.delegate, other.people.owner])
		expect(await overview(who)).toBeNull();
});

test('arrivals are those of the day at the doors, of the confirmed for the hall', async () => {
	const doors = new Doors(db.owner, world);
	await doors.open();
	const delegate = await doors.badgeOf(world.registrations.delegate);
	const speaker = await doors.badgeOf(world.registrations.speaker);
	for (const kind of ['entrance', 'room'])
		await doors.scan(await doors.enrol(await doors.checkpoint(kind)), { badge: delegate.id, direction: 'in' });
	// Who came yesterday does not count today.
	await doors.scan(await doors.enrol(await doors.checkpoint('entrance')), { badge: speaker.id, direction: 'in' });
	await put('update private.door_periods set day = day - 1 where summit_id = $1 and person_id = $2', speaker.person);
	const read = await overview(world.people.registration);
	const today = await callAs<Overview>(db.owner, world.people.registration, 'public.read_on_the_day($1)', [
		world.summit
	]);
	const desk = await callAs<Overview>(db.owner, world.people.registration, 'public.read_door_desk($1)', [world.summit]);
	const door = await callAs(db.owner, world.people.door, 'public.count_arrivals_today($1)', [world.summit]);
	expect([read?.came, today.came, desk.came, door]).toEqual([1, 1, 1, 1]);
	expect([read?.building, today.building, desk.building]).toEqual([1, 1, 1]);
	expect(read?.expected).toBe(2);
	expect(read?.rooms[0]).toEqual(expect.objectContaining({ inside: 1, capacity: 300 }));
});

test('each room has its session of now or next, with its stage, and none that the reader does not see', async () => {
	const now = async (kind: 'stage' | 'registration') =>
		(await overview(world.people[kind]))?.rooms.map(({ room, code, state }) => [room.slug, code, state]);
	expect(await now('stage')).toEqual([['plenary', world.sessions.public.code, 'live']]);
	// The public one is over: what is next for a reader who sees closed sessions, and for one who does not.
	const later = await readValue<string>(
		db.owner,
		`insert into public.rooms (summit_id, slug, name) values ($1, 'studio', '{"original":"en","en":"Studio"}') returning id`,
		[world.summit]
	);
	const slot = await readValue<string>(db.owner, 'select id from public.slots where session_id = $1', [
		world.sessions.closed.id
	]);
	await db.owner.query('update public.slot_rooms set room_id = $2 where slot_id = $1', [slot, later]);
	await publish();
	expect(await now('stage')).toEqual([
		['plenary', world.sessions.public.code, 'live'],
		['studio', world.sessions.closed.code, null]
	]);
	expect(await now('registration')).toEqual([['plenary', world.sessions.public.code, 'live']]);
	await db.owner.query(`update public.sessions set attendance = 'hall' where id = $1`, [world.sessions.closed.id]);
	expect((await overview(world.people.stage))?.rooms.map(({ has_stage }) => has_stage)).toEqual([true, false]);
});

test('interpreters are needed in pairs, as the check of the agenda counts them', async () => {
	const session = world.sessions.public.id;
	await db.owner.query(`update public.sessions set spoken = '{en}', interpreted = '{en,fr,es}' where id = $1`, [
		session
	]);
	for (const [kind, target] of [
		['listed', 'fr'],
		['virtual', 'fr'],
		['delegate', 'fr'],
		['waiting', 'es']
	] as const) {
		const { person } = world.people[kind];
		await put(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($2, $1, $3, 'interpreter', 'confirmed')`,
			session,
			person
		);
		await put(
			`insert into public.interpreter_languages (person_id, summit_id, source, target) values ($2, $1, 'en', $3)`,
			person,
			target
		);
	}
	expect((await overview(world.people.stage))?.rooms[0]?.interpreters).toEqual({ needed: 4, assigned: 3 });
	const { rows } = await put(`select detail from private.findings($1) where code = 'interpreter_pairs'`);
	expect(rows.map(({ detail }) => detail as unknown)).toEqual([{ language: 'es', count: 1 }]);
});
