/*
 * Live events of the overview of the day: who may subscribe, what sends them, and that all readers share one reading.
 */
import type pg from 'pg';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { OnTheDay } from '../../../src/lib/door/today.ts';
import { Doors, type Device, type DoorBadge } from '../../fixtures/door.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();
let client: pg.Client;
let listener: pg.Client;
let doors: Doors;
let device: Device;
let badge: DoorBadge;
let topic: string;
const received: string[] = [];

beforeAll(async () => {
	[client, listener] = [await db.connect(), await db.connect()];
	listener.on('notification', ({ payload }) => received.push((JSON.parse(payload ?? '{}') as { topic: string }).topic));
	await listener.query('listen live_events');
});
beforeEach(async () => {
	doors = new Doors(client, await makeWorld(client));
	await doors.open();
	device = await doors.enrol(await doors.checkpoint('entrance'));
	badge = await doors.badgeOf(doors.world.registrations.delegate);
	topic = `door:${doors.world.summit}`;
});

/** How many events an act sends on the topic. */
async function countEvents(work: () => Promise<unknown>): Promise<number> {
	await listener.query('select 1');
	received.length = 0;
	await work();
	await listener.query('select 1');
	return received.filter((each) => each === topic).length;
}

const eventOf = () => doors.value<Omit<OnTheDay, 'soon'>>('private.today_event($1, null)', [doors.world.summit]);

test('is open to people who may read the overview, and to nobody else', async () => {
	const allowed: string[] = [];
	for (const kind of personKinds)
		if ((await doors.callAs<string[]>(doors.world.people[kind], 'public.allowed_topics($1)', [[topic]])).length > 0)
			allowed.push(kind);
	expect(allowed).toEqual(['programme', 'registration', 'stage', 'safeguarding', 'owner']);
	const { rows } = await client.query<{ id: string }>(
		`select person_id as id from private.list_stale_subscribers($1, $2)`,
		[topic, [doors.world.people.registration.person, doors.world.people.door.person, null]]
	);
	expect(rows.map(({ id }) => id)).toEqual([doors.world.people.door.person, null]);
});

test('scans, sync, conflicts and devices send events; a device that repeats its state does not', async () => {
	expect(await countEvents(() => doors.scan(device, { badge: badge.id }))).toBe(1);
	expect(await countEvents(() => doors.sync(device, [doors.offline(badge, 1)], { queued: 1 }))).toBe(1);
	expect(await countEvents(() => doors.sync(device, [], { queued: 0 }))).toBe(0);
	expect(await countEvents(() => doors.sync(device, [], { queued: 4 }))).toBe(1);
	const minute = () => client.query('select private.notify_door_by_clock()');
	expect(await countEvents(minute)).toBe(1);
});

test('the shared content equals what each reader reads, except for sessions', async () => {
	await doors.scan(device, { badge: badge.id });
	const { soon, ...read } = await doors.callAs<OnTheDay>(
		doors.world.people.registration,
		'public.read_on_the_day($1)',
		[doors.world.summit]
	);
	expect(soon).not.toEqual([]);
	expect(await eventOf()).toEqual(read);
	expect(read).toMatchObject({ came: 1, building: 1 });
	expect(JSON.stringify(await eventOf())).not.toContain(doors.world.people.speaker.name);
});

test('the version changes when a person of a session arrives, and stays when others do', async () => {
	const before = (await eventOf()).mark;
	await doors.scan(device, { badge: badge.id });
	expect((await eventOf()).mark).toBe(before);
	await client.query(`update public.session_people set person_id = $1 where person_id = $2 and session_id = $3`, [
		badge.person,
		doors.world.people.speaker.person,
		doors.world.sessions.public.id
	]);
	expect((await eventOf()).mark).not.toBe(before);
});
