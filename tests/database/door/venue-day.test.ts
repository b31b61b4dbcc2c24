/* The venue's day at the door: midnight with people inside, clock changes, and people who never scanned out. */
import { beforeEach, expect, it } from 'vitest';
import { Doors, type Device, type DoorBadge } from '../../fixtures/door.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();
let doors: Doors;
let entrance: Device;
let badge: DoorBadge;

beforeEach(async () => {
	doors = new Doors(db.owner, await makeWorld(db.owner));
	await doors.open();
	entrance = await doors.enrol(await doors.checkpoint('entrance'));
	badge = await doors.badgeOf(doors.world.registrations.delegate);
	await doors.enrolledHoursAgo(40);
});

/** Sets the venue's current time between `hour` and an hour later. */
async function itIs(hour: number): Promise<void> {
	const east = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
	await db.owner.query(`update public.summits set zone = $2 where id = $1`, [
		doors.world.summit,
		`Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`
	]);
}

const counts = async () => {
	const { people, summit } = doors.world;
	const callAs = <Value>(sql: string) => doors.callAs<Value>(people.registration, sql, [summit]);
	return [
		(await callAs<{ building: number }>('public.read_door_desk($1)')).building,
		(await callAs<{ building: number }>('public.read_on_the_day($1)')).building,
		(await callAs<unknown[]>('public.list_people_inside($1)')).length
	];
};

it('people inside at midnight stay inside, and leave the evening on which they came', async () => {
	await itIs(0);
	await doors.sync(entrance, [doors.offline(badge, 90)]);
	expect(await counts()).toEqual([1, 1, 1]);
	expect(await doors.scan(entrance, { badge: badge.id })).toMatchObject({ answer: 'already_in' });
	await doors.sync(entrance, [doors.offline(badge, 1, { direction: 'out', answer: 'left' })]);
	expect([await doors.periods(), await counts()]).toEqual([
		[{ person: badge.person, place: 'building', open: false }],
		[0, 0, 0]
	]);
	expect(await doors.scan(entrance, { badge: badge.id })).toMatchObject({ answer: 'welcome' });
	const days = `(select days::int from private.participation_totals($1, $2))`;
	expect(await doors.value(days, [doors.world.summit, badge.person])).toBe(1);
});

it('the night after the last day belongs to it, and the next evening does not', async () => {
	const ends = (days: number) =>
		db.owner.query(
			`update public.summits set starts_on = (now() at time zone zone)::date - 3, ends_on = (now() at time zone zone)::date - $2::int where id = $1`,
			[doors.world.summit, days]
		);
	await itIs(1);
	await ends(1);
	expect(await doors.scan(entrance, { badge: badge.id })).toMatchObject({ answer: 'welcome' });
	await ends(2);
	expect(await doors.scan(entrance, { badge: badge.id })).toMatchObject({ answer: 'other_day' });
});

it('a day has its real hours at a clock change, and each moment belongs to one day', async () => {
	await db.owner.query(`update public.summits set zone = 'Europe/Lisbon' where id = $1`, [doors.world.summit]);
	const day = (at: string) => doors.value(`private.door_day($1, $2)::text`, [doors.world.summit, at]);
	// Forward on 28 March 2027 (04:00 is an hour sooner), and back on 31 October.
	expect(await day('2027-03-28T02:59:59Z')).toBe('2027-03-27');
	expect(await day('2027-03-28T03:00:00Z')).toBe('2027-03-28');
	expect(await day('2027-10-31T03:59:59Z')).toBe('2027-10-30');
	expect(await day('2027-10-31T04:00:00Z')).toBe('2027-10-31');
	for (const date of ['2027-03-28', '2027-10-31'])
		expect(
			await doors.value(
				`private.door_day($1, private.door_day_begins($1, $2::date)) = $2::date and private.door_day($1, private.door_day_begins($1, $2::date) - interval '1 second') = $2::date - 1`,
				[doors.world.summit, date]
			)
		).toBe(true);
});

it('people who never scanned out of a room yesterday attend no session of today', async () => {
	const room = await doors.enrol(await doors.checkpoint('room'));
	await doors.enrolledHoursAgo(40);
	const [today] = await doors.badges(1);
	if (!today) throw new Error('no badge');
	await doors.sync(room, [doors.offline(badge, 26 * 60), doors.offline(today, 0)]);
	// The current session in this room has just begun.
	await db.owner.query(
		`update public.slots set during = tstzrange(now() - interval '1 minute', upper(during)) where session_id = $1`,
		[doors.world.sessions.public.id]
	);
	await doors.callAs(doors.world.people.programme, 'public.publish_release($1)', [doors.world.summit]);
	await db.owner.query(`select private.sweep_door()`);
	const attended = `(select count(*)::int from public.presence where person_id = $1 and session_id is not null)`;
	expect([await doors.value(attended, [badge.person]), await doors.value(attended, [today.person])]).toEqual([0, 1]);
	await db.owner.query(
		`select private.derive_door_periods($1, $2, private.door_day($1, now() - interval '26 hours'))`,
		[doors.world.summit, badge.person]
	);
	expect(await doors.value(attended, [badge.person])).toBe(0);
});
