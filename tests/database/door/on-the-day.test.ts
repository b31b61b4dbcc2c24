/* The overview of the day: who may read it, and what it says about doors, rooms and expected people. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { OnTheDay } from '../../../src/lib/door/today.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query('select private.ensure_checkpoints($1)', [world.summit]);
});

const look = (who: TestPerson) => callAs<OnTheDay | null>(db.owner, who, 'public.read_on_the_day($1)', [world.summit]);
const scan = async (who: TestPerson, kind: 'entrance' | 'room' = 'entrance', ago = '1 minute') => {
	const badge = await readValue<string>(
		db.owner,
		`select b.id from public.badges as b join public.registrations as r on r.id = b.registration_id where r.person_id = $1 and b.revoked_at is null`,
		[who.person]
	);
	await db.owner.query(
		`insert into private.door_scans (id, summit_id, checkpoint_id, place, badge_id, person_id, direction, scanned_at, answer, is_counted, day)
		select $1, $2, c.id, c.place, $3, $4, 'in', now() - $6::interval, 'welcome', true, private.door_day($2) from public.checkpoints as c where c.summit_id = $2 and c.kind::text = $5`,
		[randomUUID(), world.summit, badge, who.person, kind, ago]
	);
	await db.owner.query(`select private.derive_door_periods($1, $2, private.door_day($1))`, [world.summit, who.person]);
};

test('is for organisers of agenda, registration, stage or safeguarding, and owners', async () => {
	const allowed: string[] = [];
	for (const kind of personKinds) if ((await look(world.people[kind])) !== null) allowed.push(kind);
	expect(allowed).toEqual(['programme', 'registration', 'stage', 'safeguarding', 'owner']);
});

test('counts arrivals and people inside, and shows the activity at each door', async () => {
	await scan(world.people.delegate);
	await scan(world.people.speaker);
	await scan(world.people.delegate, 'room');
	const today = await look(world.people.registration);
	expect(today).toMatchObject({ came: 2, building: 2 });
	expect(today?.arrivals.reduce((sum, { people }) => sum + people, 0)).toBe(2);
	expect(today?.doors.map(({ kind, now, inside, capacity }) => ({ kind, now, inside, capacity }))).toEqual(
		expect.arrayContaining([
			{ kind: 'entrance', now: 2, inside: 2, capacity: null },
			{ kind: 'room', now: 1, inside: 1, capacity: 300 }
		])
	);
});

test('shows who was seen at a session that has just begun, and hides a closed one from people who may not see it', async () => {
	const at = (today: OnTheDay | null) => today?.soon.find(({ code }) => code === world.sessions.public.code);
	const seen = async () => at(await look(world.people.programme))?.people.map((person) => person.seen);
	expect(await seen()).toEqual([null]);
	await scan(world.people.speaker);
	expect(await seen()).toEqual(['building']);
	// The closed session is in another room, ten minutes from now.
	for (const table of ['session_people', 'slots'])
		await db.owner.query(`delete from public.${table} where session_id = $1`, [world.sessions.closed.id]);
	await db.owner.query(
		`with room as (
			insert into public.rooms (summit_id, slug, name) values ($1, 'quiet', '{"original":"en","en":"Quiet"}') returning id
		), slot as (
			insert into public.slots (session_id, summit_id, during) values ($2, $1, tstzrange(now() + interval '10 minutes', now() + interval '1 hour')) returning *
		) insert into public.slot_rooms (slot_id, room_id, summit_id, during) select slot.id, room.id, $1, slot.during from slot, room`,
		[world.summit, world.sessions.closed.id]
	);
	await actAs(db.owner, world.people.programme, `select public.publish_release($1)`, [world.summit]);
	const codes = async (who: TestPerson) => (await look(who))?.soon.map(({ code }) => code);
	expect(await codes(world.people.programme)).toContain(world.sessions.closed.code);
	expect(await codes(world.people.registration)).not.toContain(world.sessions.closed.code);
});
