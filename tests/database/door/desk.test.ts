import { beforeEach, describe, expect, it } from 'vitest';
import { Doors, openDoors, type Device, type DoorBadge } from '../../fixtures/door.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type PersonKind } from '../../fixtures/world.ts';

const db = useDatabase();
let doors: Doors;
let entrance: Device;
let room: Device;
let badge: DoorBadge;

beforeEach(async () => {
	({ doors, entrance, room, badge } = await openDoors(db.owner));
});

const minutes = (person: string) =>
	doors.value<number>('private.attended_minutes($1, $2)', [person, doors.world.sessions.public.id]);
const othersThan = (...may: PersonKind[]) => personKinds.filter((kind) => !may.includes(kind));

describe('minutes in a session’s room', () => {
	it('count towards attendance while its run is on; simultaneous watching counts once', async () => {
		const { people, run, sessions, summit } = doors.world;
		await doors.enrolledHoursAgo(3);
		await db.owner.query(`update public.runs set started_at = now() - interval '20 min' where id = $1`, [run]);
		await doors.sync(room, [doors.offline(badge, 30), doors.offline(badge, 8, { direction: 'out', answer: 'left' })]);
		expect(await minutes(people.delegate.person)).toBe(12);
		await db.owner.query(
			`insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at) values ($1, $2, $3, $4, 'stream', now() - interval '15 min', now() - interval '3 min')`,
			[summit, people.delegate.person, sessions.public.id, run]
		);
		expect(await minutes(people.delegate.person)).toBe(17);
	});

	it('in a session without a run count within its scheduled time, once it is over', async () => {
		const { people, run, sessions } = doors.world;
		await doors.enrolledHoursAgo(3);
		await db.owner.query(`delete from public.runs where id = $1`, [run]);
		await doors.scan(room, { badge: badge.id });
		expect(await minutes(people.delegate.person)).toBe(0);
		await db.owner.query(`update private.door_scans set scanned_at = now() - interval '50 min' where badge_id = $1`, [
			badge.id
		]);
		await db.owner.query(
			`update public.slots set during = tstzrange(now() - interval '61 min', now() - interval '1 min') where session_id = $1`,
			[sessions.public.id]
		);
		await doors.callAs(people.programme, 'public.publish_release($1)', [doors.world.summit]);
		await db.owner.query(
			`update private.door_periods set entered_at = now() - interval '50 min' where person_id = $1`,
			[badge.person]
		);
		expect(await doors.value<number>('private.sweep_door()')).toBe(1);
		expect(await minutes(people.delegate.person)).toBe(49);
	});
});

describe('the door desk', () => {
	it('counts everybody inside, by any door, and names them to people with the right, which is logged', async () => {
		const { people, summit, registrations } = doors.world;
		await doors.scan(entrance, { badge: badge.id });
		await doors.scan(room, { badge: badge.id });
		await doors.scan(room, { badge: (await doors.badgeOf(registrations.speaker)).id });
		const desk = await doors.callAs<{ building: number; came: number; places: { kind: string; inside: number }[] }>(
			people.registration,
			'public.read_door_desk($1)',
			[summit]
		);
		expect([desk.building, desk.came, desk.places.map(({ inside }) => inside)]).toEqual([2, 2, [1, 2]]);
		const inside = await doors.callAs<{ name: string; needs_help: boolean }[]>(
			people.safeguarding,
			'public.list_people_inside($1)',
			[summit]
		);
		expect(inside.map(({ name }) => name)).toEqual([people.delegate.name, people.speaker.name]);
		const written = `(select count(*)::int from audit.entries where table_name = 'door.inside' and actor_person = $1)`;
		expect(await doors.value(written, [people.safeguarding.person])).toBe(1);
		// A person who leaves the building has left its rooms.
		await doors.scan(entrance, { badge: badge.id, direction: 'out' });
		expect((await doors.callAs<unknown[]>(people.registration, 'public.list_people_inside($1)', [summit])).length).toBe(
			1
		);
		for (const kind of othersThan('registration', 'safeguarding', 'owner')) {
			expect(await doors.callAs(people[kind], 'public.list_people_inside($1)', [summit]), kind).toBeNull();
			expect(await doors.callAs(people[kind], 'public.read_door_desk($1)', [summit]), kind).toBeNull();
		}
	});

	it('finds people by name for registration organisers only, which is logged', async () => {
		const { people, summit } = doors.world;
		const find = (who: PersonKind, name: string) =>
			doors.callAs<{ badge_code: string }[] | null>(people[who], 'public.find_badges_by_name($1, $2)', [summit, name]);
		expect((await find('registration', people.delegate.name))?.map((found) => found.badge_code)).toEqual([
			badge.badge_code
		]);
		expect([await find('registration', 'x'), await find('registration', '%_')]).toEqual([[], []]);
		for (const kind of othersThan('registration', 'owner'))
			expect(await find(kind, people.delegate.name), kind).toBeNull();
		// Typed on a keyboard without these letters, and in any order.
		await db.owner.query(`update public.people set display_name = 'Nguyễn Thị Thuỳ Dương' where id = $1`, [
			badge.person
		]);
		expect((await find('registration', 'duong nguyen'))?.map((found) => found.badge_code)).toEqual([badge.badge_code]);
		expect(
			await doors.value(
				`(select count(*)::int from audit.entries where table_name = 'door.searched' and summit_id = $1)`,
				[summit]
			)
		).toBe(3);
	});

	it('moves a device, and reports the unsent scans of a device that was shut out', async () => {
		const { people, summit } = doors.world;
		const to = await doors.checkpoint('room');
		const move = (who: PersonKind, device: Device) =>
			doors.callAs(people[who], 'public.move_door_device($1, $2)', [device.id, to]);
		expect([await move('delegate', entrance), await move('stage', entrance), await move('door', entrance)]).toEqual([
			'not_found',
			'not_found',
			'ok'
		]);
		expect(await doors.sync(entrance, [], { queued: 3 })).toMatchObject({ checkpoint: { id: to } });
		await doors.callAs(people.registration, 'public.revoke_door_device($1)', [entrance.id]);
		expect(await doors.conflicts()).toEqual(['shut_out']);
		const other = new Doors(db.owner, await makeWorld(db.owner));
		await other.open();
		expect(
			await doors.callAs(people.door, 'public.move_door_device($1, $2)', [room.id, await other.checkpoint('room')])
		).toBe('not_found');
		expect(await other.callAs(other.world.people.registration, 'public.revoke_door_device($1)', [room.id])).toBe(
			'not_found'
		);
		expect(await doors.callAs(people.owner, 'public.list_checkpoints($1)', [summit])).toHaveLength(2);
	});
});
